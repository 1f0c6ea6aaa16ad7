"""Registers the mails that answer received ones, what settles these, and the files and personal data that they hold."""

from django.apps import AppConfig


class MailinConfig(AppConfig):
    name = "calypso.mailin"

    def ready(self) -> None:
        from calypso.accounts import privacy
        from calypso.base import files
        from calypso.mailin.following import follow
        from calypso.mailin.held_data import RECEIVED, stored_names
        from calypso.mailin.notices import register_kinds
        from calypso.tickets import events

        events.subscribe(follow)
        register_kinds()
        privacy.declare("mailin", RECEIVED)
        files.declare_names(stored_names)
