"""An order on many tickets is carried out by the worker: it can be left, goes on where it stopped, and rings the bell."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from calypso.accounts.bell import bell
from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.errors import Invalid
from calypso.outbox import kinds
from calypso.outbox.enqueue import ring
from calypso.outbox.models import OutgoingEmail
from calypso.search import ranking
from calypso.teamwork.actions import orders
from calypso.teamwork.actions.bulk import Chosen
from calypso.teamwork.actions.orders import carry_out, place_export, place_order, sweep_orders
from calypso.teamwork.models import BulkOrder
from calypso.teamwork.queries import exports
from calypso.teamwork.queries import queue as queues
from calypso.tickets.models import Ticket, TicketEvent
from tests.pages import words
from tests.world import World, new_ticket, say

START = {"step": "start", "body": ""}


@pytest.fixture
def many(world: World, monkeypatch) -> list[Ticket]:
    """Five new tickets, where more than three are many."""
    monkeypatch.setattr(orders, "AT_ONCE", 3)
    return [new_ticket(world, title=f"Ticket {number}") for number in range(5)]


def chosen(tickets: list[Ticket]) -> list[Chosen]:
    return [Chosen(ticket.reference, ticket.version) for ticket in tickets]


def states(tickets: list[Ticket]) -> list[str]:
    return [Ticket.objects.get(pk=ticket.pk).state for ticket in tickets]


def test_an_order_on_many_waits_for_the_worker_and_says_how_far_it_is(many, browser, world: World) -> None:
    opened = browser("support")
    said = ",".join(f"{ticket.reference}:{ticket.version}" for ticket in many)
    placed = opened.post("/equipe/lot/", {"act": "step", "step": "start", "chosen": said, "cle": "unformulaire"})
    page = opened.get(placed["Location"])
    assert "0 sur 5" in words(page)
    assert 'hx-trigger="every 1s"' in page.text
    assert states(many) == ["new"] * 5
    carry_out.func(key=BulkOrder.objects.get().key)
    part = opened.get(placed["Location"], headers={"HX-Request": "true", "HX-Target": "ordre"})
    assert "5 tickets ont changé d'état" in words(part)
    assert "<html" not in part.text
    page = opened.get(placed["Location"])
    assert "5 tickets ont changé d'état" in words(page)
    assert 'hx-trigger="every 1s"' not in page.text
    assert states(many) == ["in_progress"] * 5
    (note,) = [note for note in bell(world.support) if note.kind == "teamwork.order"]
    assert (note.title, note.page) == ("Votre ordre sur 5 tickets est terminé", placed["Location"].partition("?")[0])
    assert not OutgoingEmail.objects.filter(kind="teamwork.order").exists()
    assert not kinds.get("teamwork.order").still_owed(kinds.Envelope("", "", "")), "it is never mailed"
    assert "Ordre sur plusieurs tickets" in words(opened.get("/notifications/"))
    with pytest.raises(KeyError):
        ring(world.support.key, kind="inconnu", about="", event="x", title="x", page="/")


def test_r103_an_order_stopped_halfway_goes_on_and_acts_once_on_each(many, world: World, monkeypatch) -> None:
    placed = place_order(world.support, act="step", fields=START, chosen=chosen(many), form_key="unformulaire")
    take, taken = orders.apply, []

    def die_at_the_third(by: User, **what: object) -> str:
        taken.append(what)
        if len(taken) == 3:
            take(by, **what)  # done, and dead before it was written down
            raise KeyboardInterrupt
        return take(by, **what)

    monkeypatch.setattr(orders, "apply", die_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        carry_out.func(key=placed.key)
    assert BulkOrder.objects.get().done == 2
    assert carry_out.func(key=placed.key) == 5
    assert carry_out.func(key=placed.key) == 0
    assert TicketEvent.objects.filter(ticket__in=many, step="start").count() == 5
    assert [said for _reference, said in BulkOrder.objects.get().outcomes] == [""] * 5
    again = place_order(world.support, act="step", fields=START, chosen=chosen(many), form_key="unformulaire")
    assert again.key == placed.key


def test_r8_who_lost_their_rights_meanwhile_does_nothing(many, world: World) -> None:
    placed = place_order(world.support, act="step", fields=START, chosen=chosen(many))
    User.objects.filter(pk=world.support.pk).update(role_support=False)
    carry_out.func(key=placed.key)
    assert states(many) == ["new"] * 5
    assert {said for _reference, said in BulkOrder.objects.get().outcomes} == {
        "Votre compte ne permet pas cette action."
    }


def test_an_export_of_many_is_made_by_the_worker_and_downloaded_by_who_ordered_it(
    many, browser, world: World, monkeypatch
) -> None:
    monkeypatch.setattr(exports, "CHUNK", 2)
    opened = browser("support")
    placed = opened.post("/equipe/export/", {"tout": "1", "question": "q=Ticket&etat=new"})
    assert opened.get(f"{placed['Location'].partition('?')[0]}fichier/").status_code == 404
    order = BulkOrder.objects.get()
    assert carry_out.func(key=order.key) == order.total
    page = opened.get(placed["Location"])
    assert f"Export de {order.total} tickets" in words(page)
    made = opened.get(f"{placed['Location'].partition('?')[0]}fichier/")
    rows = ZipFile(BytesIO(made.content)).read("xl/worksheets/sheet1.xml").count(b"<row")
    assert (rows, "tickets.xlsx" in made["Content-Disposition"]) == (order.total + 1, True)
    assert bell(world.support)[0].title == f"Votre export de {order.total} tickets est prêt"
    for who in ("manager", "admin", "agent"):
        assert browser(who).get(placed["Location"]).status_code == 404
        assert browser(who).get(f"{placed['Location']}fichier/").status_code == 404


def test_more_than_an_export_holds_is_refused_in_words(many, world: World, browser, monkeypatch) -> None:
    monkeypatch.setattr("calypso.desk.views.bulk.MOST_EXPORTED", 2)
    monkeypatch.setattr(orders, "MOST_EXPORTED", 2)
    answer = browser("support").post("/equipe/export/", {"tout": "1", "question": "q=Ticket"})
    assert (answer.status_code, "Au plus 2 tickets à la fois." in words(answer)) == (422, True)
    assert not BulkOrder.objects.exists()


def test_r130_orders_are_forgotten_after_three_days(many, world: World) -> None:
    placed = place_export(world.support, references=[many[0].reference])
    assert str(placed) == "export of 1 tickets"
    assert sweep_orders.func() == 0
    BulkOrder.objects.update(created_at=clock.now() - timedelta(days=3, minutes=1))
    assert sweep_orders.func() == 1


def test_an_export_of_too_many_is_refused_whoever_asks(world: World, monkeypatch) -> None:
    monkeypatch.setattr(orders, "MOST_EXPORTED", 1)
    with pytest.raises(Invalid, match="Au plus 1 tickets"):
        place_export(world.support, references=["A", "B"])


def test_an_export_of_closed_tickets_is_whole_or_refused(many, browser, world: World, monkeypatch) -> None:
    """A search among closed tickets is cut: an export of its first part alone would not say so."""
    for ticket in many:
        say(world, "dec", ticket, "close")
    monkeypatch.setattr(ranking, "MANY", 2)
    monkeypatch.setattr(queues, "MANY", 2)
    opened, asked = browser("support"), {"tout": "1", "question": "q=Ticket&etat=closed"}
    refused = opened.post("/equipe/export/", asked)
    assert (refused.status_code, "Plus de 2 tickets correspondent" in words(refused)) == (422, True)
    monkeypatch.undo()
    assert opened.post("/equipe/export/", asked).status_code == 200
    assert BulkOrder.objects.get().total == 5
