"""Subscribes batches to ticket events, and declares their mail kinds and their visibility for notifications."""

from django.apps import AppConfig


class AcceptanceConfig(AppConfig):
    name = "calypso.acceptance"

    def ready(self) -> None:
        from calypso.acceptance.access import batches_for
        from calypso.acceptance.decisions import follow
        from calypso.acceptance.notices import register_kinds
        from calypso.accounts import subjects
        from calypso.tickets import events

        events.subscribe(follow)
        register_kinds()
        subjects.declare("batch", "key", batches_for)
