"""Registers the personal data, the mail kinds and the mail subjects of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "calypso.accounts"

    def ready(self) -> None:
        from calypso.accounts import privacy, subjects
        from calypso.accounts.access import organizations_for
        from calypso.accounts.held_data import ACCOUNTS
        from calypso.accounts.notices import register_kinds

        register_kinds()
        privacy.declare("accounts", ACCOUNTS)
        subjects.declare("organization", "key", organizations_for)
