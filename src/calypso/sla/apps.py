"""Subscribes the service clock to the events of tickets, and registers its mail kinds."""

from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "calypso.sla"

    def ready(self) -> None:
        from calypso.sla.clock import follow
        from calypso.sla.notices import register_kinds
        from calypso.tickets import events

        events.subscribe(follow)
        register_kinds()
