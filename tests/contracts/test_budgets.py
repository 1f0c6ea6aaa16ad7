"""Query budgets: a committed number a page, the same with three times the rows (must show 6)."""

import json
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from calypso.base import process_cache
from calypso.tickets.models import Draft
from tests import world as worlds
from tests.conftest import Browser
from tests.contracts.routes import POST_ONLY, ROUTES
from tests.contracts.walk import address, reader
from tests.world import World, new_ticket, say, upload

BUDGETS = Path(__file__).with_name("budgets.json")
PAGES = sorted(set(ROUTES) - POST_ONLY)
# Run alone, this file would find no database; run by two processes, it would count everything twice.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("budgets")]


def _grow(world: World) -> None:
    """More of everything that a page may show: tickets in every section, comments, files."""
    for name in ("A1", "A2"):
        who = "dec" if name == "A1" else "out"
        for number in range(8):
            ticket = new_ticket(world, who, name, title=f"Plus {number}", priority="4", context="x")
            if number % 4 == 1:
                say(world, "agent", ticket, "ask_client", "Quoi ?")
            if number % 4 == 2:
                say(world, who, ticket, "close", "Fini")
    for number in range(6):
        key = upload(world.person("dec"), f"plus{number}", Draft.Purpose.COMMENT, f"p{number}.png")
        say(world, "dec", world.ticket("A1"), "comment", "Encore", form_key=key)


def _count(opened, path: str) -> int:
    opened.get(path)
    with CaptureQueriesContext(connection) as captured:
        opened.get(path)
    return sum(query["sql"].lstrip("(").startswith("SELECT") for query in captured.captured_queries)


@pytest.fixture(scope="module")
def costs(django_db_setup: None, django_db_blocker) -> dict[str, tuple[int, int]]:
    """Queries of every page on the world as it is, then with three times the rows."""
    patched = pytest.MonkeyPatch()
    patched.setattr(
        process_cache, "LIFETIME", 3600
    )  # what pages share is not worked out again by the clock of a slow machine
    cache.clear()  # what an earlier test had worked out would end with its short life, on any page
    with django_db_blocker.unblock(), transaction.atomic():
        world = worlds.build()
        pages = {name: address(name, world) for name in PAGES}
        people = {who: Browser().sign_in(world.person(who)) for who in ("admin", "pm", "dec")}
        opened = {name: people[reader(name)] for name in PAGES}
        few = {name: _count(opened[name], path) for name, path in pages.items()}
        _grow(world)
        found = {name: (few[name], _count(opened[name], path)) for name, path in pages.items()}
        transaction.set_rollback(True)
    patched.undo()
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_what_the_budget_says_and_no_more_when_it_fills(name: str, costs) -> None:
    few, many = costs[name]
    assert few == many
    assert few == json.loads(BUDGETS.read_text())[name]


def test_every_page_has_a_budget() -> None:
    assert sorted(json.loads(BUDGETS.read_text())) == PAGES
