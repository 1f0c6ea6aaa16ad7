"""Every compiled query gives what its plain queryset gives, to every persona, whoever asked before (R1, ADR 0013)."""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import product
from typing import Any

import pytest
from django.db.models import Model
from django.urls import NoReverseMatch

import calypso
from calypso.acceptance.models import BatchItem
from calypso.acceptance.queries import batch_of
from calypso.base.errors import NotVisible
from calypso.internals.compiled_query import CompiledQuery
from calypso.live.change_polling import ChangePoller
from calypso.search.reindexing import reindex
from calypso.tickets.models import Draft
from calypso.tickets.queries.ticket import ticket_page
from tests.contracts.routes import POST_ONLY, ROUTES
from tests.contracts.walk import address
from tests.world import CLIENTS, PERSONAS, World, canary, new_ticket, reviewed_batch, say, upload

ASKED = {  # what makes a page ask otherwise than plainly
    "desk:queue": ("q=canari", "phase=live&priorite=2&etat=new", "tri=-activite&page=1", "vue=mine"),
    "desk:board": ("phase=setup",),
    "desk:search": ("q=canari", "q=canari etat:ouvert", "q=canarri", "q=introuvable", "q=lumineuse"),
    "portal:search": ("q=canari", "q=canari etat:ouvert", "q=canarri", "q=lumineuse"),
    "portal:closed": ("q=canari", "page=1&tri=libelle"),
    "portal:project": ("tri=reference",),
    "portal:my_tickets": ("etat=clos", "tri=projet"),
    "desk:palette": ("q=canari",),
    "desk:pick": ("q=canari", "q=canari&dans=etat%3Dnew"),
}


def registered() -> dict[str, CompiledQuery]:
    """Every compiled query of the product, by module and name."""
    found = {}
    for module in pkgutil.walk_packages(calypso.__path__, "calypso."):
        if ".management." in module.name or ".migrations" in module.name or ".config" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, CompiledQuery):
                found[f"{module.name}:{name}"] = value
    return found


def plain(value: Any) -> Any:
    """A row as values, those of its relations and annotations too: two models are equal by their number alone."""
    if not isinstance(value, Model):
        return value
    own = {name: held for name, held in vars(value).items() if name != "_state"}
    return own | {name: plain(related) for name, related in value._state.fields_cache.items()}


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> dict[int, int]:
    """Has each query answer twice, compiled and plain; how often each was compared, by identity."""
    counts: dict[int, int] = {}
    fetch, count = CompiledQuery.fetch, CompiledQuery.count

    def both(answer: Callable[..., Any], plainly: Callable[..., Any]) -> Callable[..., Any]:
        def compare(self: CompiledQuery, *values: Any) -> Any:
            expected, found = plainly(self.build(*values)), answer(self, *values)
            assert shown(found) == shown(expected), (self.build, values)
            counts[id(self)] = counts.get(id(self), 0) + 1
            return found

        return compare

    def shown(found: Any) -> Any:
        return [plain(row) for row in found] if isinstance(found, Sequence) else found

    monkeypatch.setattr(CompiledQuery, "fetch", both(fetch, list))
    monkeypatch.setattr(CompiledQuery, "count", both(count, lambda rows: rows.count()))
    return counts


def _walk(world: World, browser: Callable[[str], Any], persona: str) -> None:
    opened = browser(persona)
    for name in ROUTES:
        if name in POST_ONLY or name.startswith(("signin:logout", "signin:open_link", "portal:record_pdf")):
            continue
        with suppress(NoReverseMatch):
            paths = dict.fromkeys(address(name, world, project) for project in ("A1", "B1"))  # most name no project
            for path, query in product(paths, ("", *ASKED.get(name, ()))):
                assert opened.get(f"{path}?{query}" if query else path).status_code < 500, (persona, path, query)


def _act(world: World, persona: str) -> None:
    """A ticket's life by this persona as far as they may, its mails and its index included."""
    if persona in CLIENTS and persona != "out":
        project = "B1" if CLIENTS[persona][2] == "beta" else "A1"
        ticket = new_ticket(world, persona, project, title=f"Vie {canary(persona, 'vie')}")
        key = upload(world.person(persona), f"compiledquery{persona}", Draft.Purpose.COMMENT, "plan.png")
        say(world, persona, ticket, "comment", "Une enseigne lumineuse", key)
        say(world, persona, ticket, "comment", "Une enseigne lumineuse", key)
        say(world, "support", ticket, "start")
        say(world, "support", ticket, "process", "Fait")
        say(world, persona, ticket, "close")


def test_r1_every_registered_query_gives_the_plain_rows_to_every_persona(
    world: World, browser: Callable[[str], Any], compared: dict[int, int]
) -> None:
    """Personas come one after the other over the same statements: a cache key that forgot something of the viewer
    gives somebody the rows of who came before."""
    queries = registered()
    for query in queries.values():
        query._statements.clear()
    reviewed_batch(world, "A1")
    waiting = BatchItem.objects.select_related("ticket").first()
    assert waiting is not None
    reindex()
    for persona in PERSONAS:
        _act(world, persona)
        _walk(world, browser, persona)
        batch_of(world.person(persona), waiting.ticket)
        with suppress(NotVisible):
            ticket_page(world.person(persona), waiting.ticket.reference, most=1)
    ChangePoller().look([])
    left = sorted(name for name, query in queries.items() if id(query) not in compared)
    assert left == []
    assert len(queries) > 30
