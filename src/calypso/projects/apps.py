"""Declares the mails of projects when the applications are ready."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "calypso.projects"

    def ready(self) -> None:
        from calypso.projects.notices import register_kinds

        register_kinds()
