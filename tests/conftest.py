"""What every test may use: the world, a strict browserless client for each person, a real SMTP server."""

import os
import time
from collections.abc import Callable, Iterator

import hypothesis
import pytest
from _pytest.nodeid import coerce_node_id
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from calypso.accounts import captcha
from calypso.accounts.models import User
from calypso.accounts.session_store import SessionStore
from calypso.accounts.sessions import SEEN_FIELD, STARTED_FIELD, USER_FIELD
from calypso.outbox.relay import Relay
from tests import world as worlds
from tests.smtp import SmtpServer
from tests.world import World

# No test measures time: a slow machine is not a fault.
hypothesis.settings.register_profile("calypso", deadline=None)
hypothesis.settings.load_profile("calypso")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Names the group of a test at the end of its identity, as pytest-xdist 3.8 means to: pytest 9.2 keeps it elsewhere.

    Without it `--dist loadgroup` groups nothing, and what a file builds once is built by every process.
    """
    if getattr(config.option, "loadgroup", False):
        for item in items:
            for mark in item.iter_markers("xdist_group"):
                item._id = coerce_node_id(f"{item.nodeid}@{mark.args[0]}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Builds the world once a process; each test then runs in a transaction of its own."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        worlds.build()


@pytest.fixture
def world(db: None) -> World:
    """The test world; built again after a test that emptied the database."""
    return worlds.build()


@pytest.fixture
def live_world(transactional_db: None) -> World:
    """The test world for tests that need several connections at once."""
    return worlds.build()


class Browser(Client):
    """A client that is signed in as one person, with CSRF checks as in production when asked."""

    def sign_in(self, person: User) -> "Browser":
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[USER_FIELD] = person.pk
        session[SEEN_FIELD] = session[STARTED_FIELD] = time.time()
        session.save(must_create=True)
        self.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return self


@pytest.fixture
def browser(world: World) -> Callable[[str], Browser]:
    """A browser of the person with this name in the world; the empty name is nobody."""

    def open_for(name: str = "", **options: object) -> Browser:
        opened = Browser(**options)  # type: ignore[arg-type]
        return opened.sign_in(world.person(name)) if name else opened

    return open_for


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    """A real SMTP server on a free port, which remembers what it received."""
    with SmtpServer() as server:
        yield server


@pytest.fixture(autouse=True)
def no_outside_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches beyond this machine: proxies are refused, names that are not local do not resolve."""
    monkeypatch.setattr(
        "calypso.outbox.delivery.relay", Relay()
    )  # what one test learnt of its server is not the next's
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def counted_afresh() -> None:
    """The rows of a test are gone with it, and another's have the same numbers."""
    cache.clear()


@pytest.fixture(autouse=True)
def in_french() -> Iterator[None]:
    """Each test begins in French, whatever language the one before asked its pages in."""
    with translation.override("fr"):
        yield


@pytest.fixture(autouse=True)
def light_captcha(monkeypatch: pytest.MonkeyPatch) -> None:
    """The captcha's work is a browser's: here it is the same work, less of it (the journeys do it whole)."""
    monkeypatch.setattr(captcha, "_COST", 20)


def on_postgresql() -> bool:
    return os.environ.get("CALYPSO_DATABASE_URL", "").startswith("postgres")
