"""Registers, when the applications are ready, the mail kinds of tickets, their personal data and `ticket:` subjects."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "calypso.tickets"

    def ready(self) -> None:
        from calypso.accounts import privacy, subjects
        from calypso.base import files
        from calypso.tickets.access import tickets_for
        from calypso.tickets.held_data import TICKETS, stored_names
        from calypso.tickets.notices import register_kinds

        register_kinds()
        privacy.declare("tickets", TICKETS)
        files.declare_names(stored_names)
        subjects.declare("ticket", "reference", tickets_for)
