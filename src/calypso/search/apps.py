"""Subscribes the search index to the events of tickets and registers the personal data that it holds."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "calypso.search"

    def ready(self) -> None:
        from calypso.accounts import privacy
        from calypso.search.held_data import SEARCH
        from calypso.search.indexing import follow
        from calypso.tickets import events

        events.subscribe(follow)
        privacy.declare("search", SEARCH)
