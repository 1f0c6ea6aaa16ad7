"""Declares the mail kinds of phase changes, and their visibility for notifications."""

from django.apps import AppConfig


class PhasesConfig(AppConfig):
    name = "calypso.phases"

    def ready(self) -> None:
        from calypso.accounts import subjects
        from calypso.phases.access import phase_changes_for
        from calypso.phases.notices import register_kinds

        register_kinds()
        subjects.declare("phase", "key", phase_changes_for)
