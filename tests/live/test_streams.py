"""Streams through the real server: opened by a session, told in time, closed with it (R36), refused to strangers."""

import http.client
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.installation import Installation, installation, prepared

SESSION = """
import time
from django.test import Client
from calypso.accounts.models import User
from calypso.accounts.sessions import SEEN_FIELD, STARTED_FIELD, USER_FIELD
person = User.objects.get(email="%s")
browser = Client()
browser.force_login(person)
session = browser.session
session[USER_FIELD], session[STARTED_FIELD], session[SEEN_FIELD] = person.pk, time.time(), time.time()
session.save()
print(session.session_key)
"""
COMMENT = """
from calypso.accounts.models import User
from calypso.tickets.actions.conversation import comment
from calypso.tickets.models import Ticket
comment(User.objects.get(email="agent@leni.example"), ticket=Ticket.objects.get(reference="%s"), body="Bonjour")
"""
REFERENCE = "from tests.world import World; print(World().ticket('A1').reference)"
END = "from calypso.accounts.models import Session; Session.objects.filter(session_key='%s').delete()"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    like = prepared("world", tmp_path_factory)
    with installation(tmp_path_factory.mktemp("streams") / "var", like=like) as served:
        served.serve(demo=False)
        yield served


def opened(made: Installation, session: str, *topics: str) -> http.client.HTTPResponse:
    link = http.client.HTTPConnection("127.0.0.1", made.port, timeout=20)
    link.request(
        "GET", f"/direct/?{urlencode([('sujet', topic) for topic in topics])}", headers={"Cookie": f"calypso={session}"}
    )
    return link.getresponse()


def until(answer: http.client.HTTPResponse, name: str) -> None:
    """Reads to the event; the connection's own patience fails the test."""
    while (line := answer.readline().decode().strip()) != f"event: {name}":
        assert line or not answer.isclosed()


@pytest.mark.xdist_group("streams")
def test_r36_a_stream_tells_that_something_happened_and_ends_with_its_session(made: Installation) -> None:
    session, reference = made.python(SESSION % "dec@alpha.example"), made.python(REFERENCE)
    answer = opened(made, session, f"ticket:{reference}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    made.python(COMMENT % reference)
    until(answer, "change")
    assert answer.readline().decode() == f"data: ticket:{reference}\n"  # nothing of what happened goes through
    made.python(END % session)
    until(answer, "fin")
    answer.read()
    assert opened(made, session, f"ticket:{reference}").status == 404


@pytest.mark.xdist_group("streams")
def test_r1_a_stream_is_refused_to_who_does_not_see_its_topic_and_pages_go_on(made: Installation) -> None:
    reference = made.python(REFERENCE)
    stranger = made.python(SESSION % "buser@beta.example")
    assert opened(made, stranger, f"ticket:{reference}").status == 404
    assert opened(made, "", "tickets").status == 404
    assert opened(made, "x" * 32, "tickets").status == 404
    held = [opened(made, stranger, "tickets") for _ in range(14)]
    assert [answer.status for answer in held] == [200] * 12 + [404] * 2
    assert made.answers()


@pytest.mark.xdist_group("streams")
def test_the_pages_of_a_browser_share_a_stream_that_says_which_changed(made: Installation) -> None:
    reference = made.python(REFERENCE)
    topics = [f"ticket:{reference}", "tickets", "moi", "ticket:ABCDEFG"]
    answer = opened(made, made.python(SESSION % "pm@alpha.example"), *topics)
    assert answer.status == 200
    until(answer, "fin")
    assert answer.readline() == b"data: ticket:ABCDEFG\n"  # not seen: the others are heard
    made.python(COMMENT % reference)
    heard = set()
    for _topic in topics[:3]:
        until(answer, "change")
        heard.add(answer.readline().decode().removeprefix("data: ").strip())
    assert heard == set(topics[:3])
    answer.close()


@pytest.mark.xdist_group("streams")
@pytest.mark.parametrize("topics", [["tickets"] * 61, ["x" * 61], ["tickets\ndata: x"], [""]])
def test_r58_r59_a_question_out_of_measure_is_refused(topics: list[str], made: Installation) -> None:
    assert opened(made, made.python(SESSION % "pm@alpha.example"), *topics).status == 404


@pytest.mark.xdist_group("streams")
def test_the_streams_of_a_session_are_counted_before_they_are_admitted(made: Installation) -> None:
    """Opened all at once, sixteen of twenty passed a cap of twelve: check, wait, act."""
    session = made.python(SESSION % "obs@alpha.example")
    with ThreadPoolExecutor(20) as pool:
        held = list(pool.map(lambda _: opened(made, session, "moi"), range(20)))
    assert sorted(answer.status for answer in held) == [200] * 12 + [404] * 8
    for answer in held:
        answer.close()


@pytest.mark.xdist_group("streams")
def test_a_stop_ends_the_streams_at_once_and_answers_what_was_being_sent(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A page that is looked at would otherwise hold each stop until the server is killed."""
    with installation(tmp_path / "var", like=prepared("world", tmp_path_factory)) as made:
        process = made.serve(demo=False)
        stream = opened(made, made.python(SESSION % "dec@alpha.example"), "tickets")
        assert stream.status == 200
        sending = http.client.HTTPConnection("localhost", made.port, timeout=20)
        sending.putrequest("POST", "/connexion/")
        sending.putheader("Content-Length", "4")
        sending.endheaders(b"ab")
        process.send_signal(signal.SIGTERM)
        told = stream.read().decode()  # to its end, which is a whole one
        assert "fin" not in told  # the page still has its reason, and opens it again
        sending.send(b"cd")
        assert "Calypso" in sending.getresponse().read().decode()
        assert process.wait(30) == 0
        assert "refused to gracefully stop" not in made.said(process)
