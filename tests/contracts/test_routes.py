"""Every route × every kind of person (architecture, section 4). A route without a row fails."""

import pytest
from django.urls import get_resolver, resolve, reverse

from tests.contracts.routes import BATCH, COLUMNS, DESK, HOME, LOGIN, POST_ONLY, PUBLIC, ROUTES
from tests.contracts.walk import address, reader, route_names

WHO = {"nobody": "", "stranger": "bpm"}


def test_r2_every_route_has_its_row() -> None:
    assert sorted(route_names()) == sorted(ROUTES)


@pytest.mark.checklist("S138")
@pytest.mark.parametrize("name", sorted(ROUTES))
def test_r2_route_by_person(name: str, world, browser) -> None:
    path = address(name, world)
    got = {}
    for column in COLUMNS:
        opened = browser(WHO.get(column, column))
        response = opened.post(path) if name in POST_ONLY else opened.get(path)
        got[column] = _said(response)
    assert got == dict(zip(COLUMNS, ROUTES[name], strict=True))


def _said(response) -> object:
    if response.status_code != 302:
        return response.status_code
    to = response["Location"]
    if to == "/connexion/" or to.startswith("/connexion/?next="):
        return LOGIN
    if to in ("/", "/projets/", "/equipe/"):
        return HOME
    if to.startswith("/equipe/tickets/") and "fait=" not in to:
        return DESK
    if to.startswith("/equipe/lots/"):
        return BATCH
    return 302


def test_public_pages_are_exactly_these(world, browser) -> None:
    """Sign-in is required by default; the pages that opt out are listed."""
    open_views = set()
    for name in route_names():
        view = resolve(address(name, world)).func
        if not getattr(view, "login_required", True):
            open_views.add(name)
    assert open_views == PUBLIC


@pytest.mark.parametrize("project", ["B1"])
@pytest.mark.parametrize(
    "name", ["portal:project", "portal:ticket", "portal:attachment", "portal:rights", "portal:closed"]
)
def test_r2_hidden_and_missing_answer_alike(name: str, project: str, world, browser) -> None:
    """Same status, same headers, same size: nothing tells what exists (C1)."""
    hidden = address(name, world, project)
    missing = reverse(name, kwargs=dict.fromkeys(resolve(hidden).kwargs, "ZZZZZZZ"))
    opened = browser("dec")
    answers = [opened.get(path) for path in (hidden, missing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert len(answers[0].content) == len(answers[1].content)
    headers = [{key: value for key, value in answer.items() if key != "X-Request-Id"} for answer in answers]
    assert headers[0] == headers[1]


def test_r3_a_file_is_reached_through_its_own_ticket_only(world, browser) -> None:
    mine = resolve(address("portal:attachment", world, "A1")).kwargs
    other = world.ticket("A2")
    path = reverse("portal:attachment", kwargs={"reference": other.reference, "key": mine["key"]})
    assert browser("pm").get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/.git/config", "/media/x", "/files/x", "/debug/", "/projets/..%2f..%2fetc/", "/static/../calypso.sqlite3"]
)
def test_r123_nothing_extra_is_served(path: str, browser) -> None:
    assert browser("dec").get(path).status_code == 404


def test_r123_unsupported_methods_are_refused(world, browser) -> None:
    for name in ROUTES:
        opened = browser(reader(name))
        assert opened.put(address(name, world)).status_code in (302, 405), name
        assert opened.generic("TRACE", address(name, world)).status_code in (302, 405), name


def test_the_resolver_has_no_anonymous_route() -> None:
    assert all(pattern.name for pattern in get_resolver().url_patterns if hasattr(pattern, "name"))
