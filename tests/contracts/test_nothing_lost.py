"""What somebody wrote comes back whatever refuses it: conflict, lost right, error of ours, limits (C4–C8)."""

import html

import pytest
from django.db import OperationalError

from calypso.projects import actions as projects
from calypso.tickets.models import Ticket, TicketEvent
from tests.contracts.routes import ROUTES
from tests.contracts.walk import address, reader
from tests.pages import words
from tests.world import World, say

TEXT = "Une longue phrase que l'on ne veut pas récrire.\nEt sa seconde ligne."
# Fields that hold what somebody writes, wherever they stand.
FIELDS = ("body", "description", "note", "reason", "text", "context")
# Acts that write nothing a person typed, or whose page shows the text as its own.
WITHOUT_TEXT = {"healthz", "readyz", "robots", "favicon", "gallery", "live:since"}


def given_back(answer) -> bool:
    return TEXT in html.unescape(answer.content.decode())


@pytest.mark.parametrize("who, path", [("dec", "/tickets/{}/envoyer/"), ("agent", "/equipe/tickets/{}/envoyer/")])
@pytest.mark.parametrize("act", ["comment", "return", "close", "process", "note"])
def test_c5_the_text_of_a_ticket_whose_project_was_archived(
    act: str, who: str, path: str, browser, world: World
) -> None:
    ticket, opened = world.ticket("A1"), browser(who)
    projects.set_archived(world.manager, project=world.project("A1"), archived=True)
    answer = opened.post(path.format(ticket.reference), {"act": act, "body": TEXT, "version": str(ticket.version)})
    assert answer.status_code in (403, 404, 409, 422)
    assert given_back(answer)


@pytest.mark.parametrize("who, path", [("dec", "/tickets/{}/envoyer/"), ("agent", "/equipe/tickets/{}/envoyer/")])
def test_c5_the_text_of_a_ticket_closed_meanwhile(who: str, path: str, browser, world: World) -> None:
    ticket, opened = world.ticket("A1"), browser(who)
    say(world, "pm", ticket, "close")
    answer = opened.post(path.format(ticket.reference), {"act": "comment", "body": TEXT, "version": "1"})
    assert answer.status_code == 409
    assert given_back(answer)


def test_r8_the_text_of_a_ticket_lost_from_sight(browser, world: World) -> None:
    ticket, opened = world.ticket("A1"), browser("obs")
    projects.set_viewers(world.manager, project=world.project("A1"), keys={world.dec.key})
    answer = opened.post(f"/tickets/{ticket.reference}/envoyer/", {"act": "comment", "body": TEXT, "version": "1"})
    missing = opened.post("/tickets/ABCDEFG/envoyer/", {"act": "comment", "body": TEXT, "version": "1"})
    assert answer.status_code == missing.status_code == 404
    assert given_back(answer)
    assert given_back(missing)
    assert len(answer.content) == len(missing.content)


def test_c6_c7_the_text_when_something_of_ours_breaks(browser, world: World, monkeypatch) -> None:
    opened = browser("dec", raise_request_exception=False)
    for failure, status in ((OperationalError("away"), 503), (RuntimeError("a defect"), 500)):

        def broken(*_: object, failure: Exception = failure, **__: object) -> None:
            raise failure

        monkeypatch.setattr("calypso.portal.views.composing.act", broken)
        path = f"/tickets/{world.ticket('A1').reference}/envoyer/"
        answer = opened.post(path, {"act": "comment", "body": TEXT, "version": "1"})
        assert answer.status_code == status
        assert given_back(answer)


def test_r127_an_error_page_shows_no_secret(browser, world: World, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("calypso.accounts.actions.passwords.change_password", broken)
    opened = browser("dec", raise_request_exception=False)
    secret = "phrase de passe secrète"
    posted = {"current": secret, "password": secret, "confirmation": secret}
    answer = opened.post("/profil/mot-de-passe/", posted)
    assert answer.status_code == 500
    assert secret not in answer.content.decode()


@pytest.mark.parametrize("name", sorted(set(ROUTES) - WITHOUT_TEXT))
def test_c8_no_refusal_of_any_form_loses_a_text(name: str, browser, world: World) -> None:
    """Posted with an act or a key that nothing knows: what is not written comes back, or the form had no such field."""
    path, opened = address(name, world), browser(reader(name), raise_request_exception=False)
    before = TicketEvent.objects.count()
    posted = dict.fromkeys(FIELDS, TEXT) | {"act": "inconnu", "version": "1", "kind": "reply"}
    answer = opened.post(path, posted)
    if answer.status_code >= 400:
        assert TicketEvent.objects.count() == before
        shown = html.unescape(answer.content.decode())
        assert TEXT in shown or TEXT.replace("\n", " ") in shown or 'name="body"' not in shown, name


@pytest.mark.parametrize("act", ["comment", "process", "start", "ask_client"])
def test_r11_what_was_written_as_a_note_never_leaves_for_a_client(act: str, browser, world: World) -> None:
    ticket, opened = world.ticket("A1"), browser("agent")
    before = TicketEvent.objects.count()
    path = f"/equipe/tickets/{ticket.reference}/envoyer/"
    posted = {"act": act, "kind": "note", "body": TEXT, "version": str(ticket.version)}
    answer = opened.post(path, posted)
    assert answer.status_code == 422
    assert "Vous écriviez une note interne" in words(answer)
    assert given_back(answer)
    assert 'data-kind="note" checked' in answer.content.decode(), "the form keeps its kind"
    refused = opened.post(path, {**posted, "act": "note", "kind": "reply"})
    assert refused.status_code == 422
    assert "Vous répondiez au client" in words(refused)
    assert TicketEvent.objects.count() == before
    assert Ticket.objects.get(pk=ticket.pk).state == ticket.state
