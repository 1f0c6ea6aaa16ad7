"""Registers the system checks, and teaches SQLite what it lacks."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "calypso.base"

    def ready(self) -> None:
        from calypso.base import aggregates, checks  # noqa: F401 - importing registers them
