"""Declares the personal data, the mail kinds and the visibility of projects, when the applications are ready."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "calypso.projects"

    def ready(self) -> None:
        from calypso.accounts import privacy, subjects
        from calypso.projects.access import projects_for
        from calypso.projects.held_data import PROJECTS
        from calypso.projects.notices import register_kinds

        register_kinds()
        privacy.declare("projects", PROJECTS)
        subjects.declare("project", "key", projects_for)
