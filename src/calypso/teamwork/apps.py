"""Declares the personal data that teamwork holds, and what it rings for."""

from django.apps import AppConfig


class TeamworkConfig(AppConfig):
    name = "calypso.teamwork"

    def ready(self) -> None:
        from calypso.accounts import privacy
        from calypso.teamwork.held_data import TEAMWORK
        from calypso.teamwork.notices import register_kinds

        privacy.declare("teamwork", TEAMWORK)
        register_kinds()
