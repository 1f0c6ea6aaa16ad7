"""Provides the frame of the team's pages."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "calypso.desk"

    def ready(self) -> None:
        from calypso.desk.decorators import desk_frame
        from calypso.ui.frames import provide_frame

        provide_frame(desk_frame)
