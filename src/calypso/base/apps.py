"""Registers the system checks."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "calypso.base"

    def ready(self) -> None:
        from calypso.base import checks  # noqa: F401 - importing registers them
