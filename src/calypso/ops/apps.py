"""Registers the checks of a database."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "calypso.ops"

    def ready(self) -> None:
        from calypso.ops import checks  # noqa: F401 - importing registers them
