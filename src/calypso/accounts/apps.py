"""Declares the mails of accounts when the applications are ready."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "calypso.accounts"

    def ready(self) -> None:
        from calypso.accounts.notices import register_kinds

        register_kinds()
