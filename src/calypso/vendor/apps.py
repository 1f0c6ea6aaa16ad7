"""Says how the choices of the vendor are read, and names them in the history."""

from django.apps import AppConfig


class VendorConfig(AppConfig):
    name = "calypso.vendor"

    def ready(self) -> None:
        from calypso.accounts import audit_log
        from calypso.base import chosen
        from calypso.vendor.catalogue import CHOICES
        from calypso.vendor.notices import register_kinds
        from calypso.vendor.queries import saved_texts

        register_kinds()
        chosen.provide(saved_texts)
        audit_log.declare_fields({choice.key: choice.label for choice in CHOICES.values()})
