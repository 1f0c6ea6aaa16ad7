"""Subscribes the service clock to the events of tickets and to the calendar, and registers its mail kinds."""

from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "calypso.sla"

    def ready(self) -> None:
        from calypso.accounts import audit_log
        from calypso.sla.actions.recount import recount_later
        from calypso.sla.clock import follow
        from calypso.sla.levels import LEVEL_FIELDS
        from calypso.sla.notices import register_kinds
        from calypso.tickets import events
        from calypso.vendor import following

        events.subscribe(follow)
        audit_log.declare_fields(LEVEL_FIELDS)
        register_kinds()
        calendar = {"BUSINESS_DAYS", "BUSINESS_HOURS", "HOLIDAYS", "CLOSED_DAYS"}
        following.follow(calendar, recount_later.enqueue)
