"""Declares the personal data that teamwork holds."""

from django.apps import AppConfig


class TeamworkConfig(AppConfig):
    name = "calypso.teamwork"

    def ready(self) -> None:
        from calypso.accounts import privacy
        from calypso.teamwork.held_data import TEAMWORK

        privacy.declare("teamwork", TEAMWORK)
