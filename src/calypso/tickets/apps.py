"""What follows tickets, and the mails about them, once the applications are ready."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "calypso.tickets"

    def ready(self) -> None:
        from calypso.tickets import decisions, events, indexing, service
        from calypso.tickets.notices import register_kinds

        register_kinds()
        for subscriber in (indexing.follow, service.follow, decisions.follow):
            events.subscribe(subscriber)
