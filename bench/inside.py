"""The parts of a page, measured in one process: its number of queries, their time, the time of its template."""

import json
import statistics
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from calypso.accounts.models import User
from calypso.accounts.sessions import SEEN_FIELD, STARTED_FIELD, USER_FIELD
from calypso.demo.vocabulary import CLIENT, MEMBER, PROBE
from calypso.projects.models import Project
from calypso.tickets.models import Ticket

TIMES = 15


def tell() -> None:
    """Prints the figures of each page as one line of JSON."""
    project = Project.objects.get(name=PROBE)
    reference = Ticket.objects.filter(project=project, state="waiting").order_by("-created_at").first().reference
    pages = {
        "projects": (CLIENT, "/projets/"),
        "project": (CLIENT, f"/projets/{project.key}/"),
        "ticket": (CLIENT, f"/tickets/{reference}/"),
        "my tickets": (CLIENT, "/tickets/"),
        "queue": (MEMBER, "/equipe/"),
        "board": (MEMBER, "/equipe/tableau/"),
        "desk ticket": (MEMBER, f"/equipe/tickets/{reference}/"),
    }
    print(json.dumps({name: _floors(email, path) for name, (email, path) in pages.items()}))


def _floors(email: str, path: str) -> dict[str, float]:
    browser = _signed_in(email)
    browser.get(path)
    drawn: list[tuple[Any, dict[str, Any], Any]] = []
    backend = "django.template.backends.jinja2.Template.render"

    def draw(template: Any, context: dict[str, Any], request: Any) -> str:
        drawn.append((template, context, request))
        return ""

    with mock.patch(backend, draw):
        browser.get(path)
    with CaptureQueriesContext(connection) as asked:
        browser.get(path)
    statements = [query["sql"] for query in asked.captured_queries if query["sql"].lstrip("(").startswith("SELECT")]
    template, context, request = drawn[-1]
    return {
        "queries": len(statements),
        "sql": round(_median(lambda: _run(statements)), 2),
        "html": round(_median(lambda: template.render(context, request)), 2),
    }


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


def _median(act: Callable[[], object]) -> float:
    """Returns milliseconds, the median of `TIMES` calls."""
    spent = []
    for _ in range(TIMES):
        started = time.perf_counter()
        act()
        spent.append(time.perf_counter() - started)
    return statistics.median(spent) * 1000


def _signed_in(email: str) -> Client:
    person = User.objects.get(email=email)
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(person)
    session = browser.session
    session[USER_FIELD] = person.pk
    session[SEEN_FIELD] = session[STARTED_FIELD] = time.time()
    session.save()
    return browser
