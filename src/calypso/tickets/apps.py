"""Declares the mails of tickets when the applications are ready."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "calypso.tickets"

    def ready(self) -> None:
        from calypso.tickets.notices import register_kinds

        register_kinds()
