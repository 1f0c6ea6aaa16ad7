"""Many tickets at once: each is checked and done on its own, and the page says what became of each."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from calypso.base.errors import Forbidden, Invalid
from calypso.outbox.models import OutgoingEmail
from calypso.teamwork.actions import bulk, orders
from calypso.teamwork.actions.bulk import Chosen
from calypso.teamwork.actions.orders import place_export, place_order
from calypso.teamwork.actions.saved_views import save_view
from calypso.teamwork.models import BulkOrder
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.workflow import State
from tests.pages import words
from tests.world import World, new_ticket


@pytest.fixture
def three(world: World) -> list[Ticket]:
    """Three new tickets, on two companies."""
    return [
        new_ticket(world, title="Un"),
        new_ticket(world, title="Deux"),
        new_ticket(world, "bpm", "B1", title="Trois"),
    ]


def seen(tickets: list[Ticket]) -> str:
    return ",".join(f"{ticket.reference}:{ticket.version}" for ticket in tickets)


def ordered(opened, order: dict[str, str]):
    """The page to which an order leads."""
    placed = opened.post("/equipe/lot/", order)
    assert placed.status_code == 302
    return opened.get(placed["Location"])


def states(tickets: list[Ticket]) -> list[str]:
    return [Ticket.objects.get(pk=ticket.pk).state for ticket in tickets]


def test_ticked_tickets_are_shown_before_anything_is_done(three, browser) -> None:
    opened = browser("support")
    answer = opened.post("/equipe/lot/", {"act": "step", "ref": [ticket.reference for ticket in three]})
    page = words(answer)
    assert all(title in page for title in ("Un", "Deux", "Trois"))
    assert "Démarrer possible pour 3 tickets" in page
    assert "le client reçoit l'e-mail « Prise en charge »" in page
    assert states(three) == ["new"] * 3


def test_the_page_of_an_order_opens_for_who_keeps_views_too(three, browser, world: World) -> None:
    save_view(world.manager, name="Bloquants", query="priorite=4", shared=True)
    answer = browser("manager").post("/equipe/lot/", {"act": "retain", "ref": [three[0].reference]})
    assert answer.status_code == 200
    assert "Bloquants" in words(answer)


def test_a_step_is_taken_on_each_and_each_has_its_mail(three, browser, world: World) -> None:
    before = OutgoingEmail.objects.filter(kind="tickets.waiting").count()
    order = {"act": "step", "chosen": seen(three), "step": "ask_client", "body": "Quel navigateur ?"}
    assert "3 tickets ont changé d'état" in words(ordered(browser("support"), order))
    assert states(three) == ["waiting"] * 3
    for ticket in three:
        assert TicketEvent.objects.filter(ticket=ticket, step="ask_client").count() == 1
        about = f"ticket:{ticket.reference}"
        assert OutgoingEmail.objects.filter(about=about).exclude(subject__contains="ouvert").exists()
    assert OutgoingEmail.objects.filter(kind="tickets.waiting").count() >= before


def test_r101_r102_what_is_refused_says_why_and_the_rest_is_done(three, browser, world: World) -> None:
    order = {"act": "step", "chosen": seen(three), "step": "hand_to_rd", "body": "Voir le journal."}
    Ticket.objects.filter(pk=three[0].pk).update(state=State.ASSIGNED)
    Ticket.objects.filter(pk=three[1].pk).update(state=State.ASSIGNED, version=9)
    page = words(ordered(browser("support"), order))
    assert "1 ticket a changé d'état" in page
    assert "2 refusés" in page
    assert "Ce ticket a changé" in page
    assert "Cette étape n'est pas possible depuis l'état" in page
    assert "Voir le journal." in page
    assert states(three) == ["rd", "assigned", "new"]


def test_r102_the_same_order_twice_acts_once(three, browser) -> None:
    order = {"act": "step", "chosen": seen(three), "step": "start"}
    opened = browser("support")
    ordered(opened, order)
    assert "3 refusés" in words(ordered(opened, order))
    assert TicketEvent.objects.filter(ticket__in=three, step="start").count() == 3


@pytest.mark.parametrize(
    "order, title",
    [
        ({"act": "step", "step": "start"}, "3 tickets ont changé d'état"),
        ({"act": "assign"}, "3 tickets affectés"),
        ({"act": "retain", "priority": "4", "reason": "Le salon ouvre demain"}, "Priorité retenue pour 3 tickets"),
    ],
)
def test_r103_a_second_click_tells_what_the_first_did(
    order: dict[str, str], title: str, three, browser, world: World
) -> None:
    """Found by a double click: the page said that all was refused, when all was done."""
    opened = browser("support")
    shown = opened.post("/equipe/lot/", {"act": order["act"], "ref": [ticket.reference for ticket in three]}).text
    (key,) = re.findall(r'name="cle" value="(\w+)"', shown)
    asked = {**order, "chosen": seen(three), "assignee": world.agent.key, "cle": key}
    for _click in "12":
        page = words(ordered(opened, asked))
        assert title in page
        assert "refusé" not in page
    assert TicketEvent.objects.filter(ticket__in=three).exclude(kind="opened").count() == 3


def test_who_has_a_ticket_already_is_not_given_it_again(three, browser, world: World) -> None:
    Ticket.objects.filter(pk=three[0].pk).update(state=State.IN_PROGRESS, assignee=world.agent)
    order = {"act": "assign", "chosen": seen(three), "assignee": world.agent.key}
    page = words(ordered(browser("support"), order))
    assert "2 tickets affectés, 1 refusé" in page
    assert "Ce ticket est déjà affecté à Agent STAFF." in page
    assert TicketEvent.objects.filter(ticket=three[0], kind="assigned").count() == 0


def test_assigning_and_retaining(three, browser, world: World) -> None:
    opened = browser("support")
    page = words(opened.post("/equipe/lot/", {"act": "assign", "ref": [ticket.reference for ticket in three]}))
    assert world.agent.full_name in page
    opened.post("/equipe/lot/", {"act": "assign", "chosen": seen(three), "assignee": world.agent.key})
    assert set(Ticket.objects.filter(pk__in=[ticket.pk for ticket in three]).values_list("assignee", flat=True)) == {
        world.agent.pk
    }
    now = list(Ticket.objects.filter(pk__in=[ticket.pk for ticket in three]))
    order = {"act": "retain", "chosen": seen(now), "priority": "4", "reason": "Le salon ouvre demain"}
    opened.post("/equipe/lot/", order)
    assert {ticket.priority for ticket in Ticket.objects.filter(pk__in=[row.pk for row in now])} == {"4"}


@pytest.mark.parametrize(
    "order, message",
    [
        ({"act": "assign", "assignee": "inconnu"}, "Choisissez un intervenant"),
        ({"act": "step", "step": "rien"}, "Choisissez une étape"),
        ({"act": "step", "step": "assign"}, "Choisissez une étape"),
        ({"act": "step", "step": "ask_client"}, "obligatoire"),
        ({"act": "retain", "priority": "9", "reason": "x"}, "Choisissez une priorité"),
        ({"act": "retain", "priority": "4"}, "obligatoire"),
    ],
)
def test_c4_a_bad_order_does_nothing_and_keeps_what_was_typed(order, message, three, browser) -> None:
    answer = browser("support").post("/equipe/lot/", {**order, "chosen": seen(three)})
    assert answer.status_code == 422
    assert message in words(answer)
    assert states(three) == ["new"] * 3


@pytest.mark.parametrize("order", [{"act": "rien"}, {}, {"act": "step", "step": "start", "chosen": "A:b"}])
def test_r14_an_unreadable_order_is_refused(order, world: World, browser) -> None:
    assert browser("support").post("/equipe/lot/", order).status_code == 422


def test_r1_r101_nobody_acts_beyond_their_rights(three, world: World, browser) -> None:
    chosen = [Chosen(ticket.reference, ticket.version) for ticket in three]
    for who, act, fields in (
        (world.rd, "step", {"step": "ask_client", "body": "x"}),
        (world.agent, "retain", {"priority": "4", "reason": "x"}),
    ):
        with pytest.raises(Forbidden):
            place_order(who, act=act, fields=fields, chosen=chosen)
    with pytest.raises(Invalid):  # R&D sees no colleague to whom to assign
        place_order(world.rd, act="assign", fields={"assignee": world.agent.key}, chosen=chosen)
    with pytest.raises(Forbidden):
        place_export(world.dec, references=[three[0].reference])
    assert not BulkOrder.objects.exists()
    assert browser("dec").post("/equipe/lot/", {"act": "step"}).status_code == 404
    assert browser("dec").post("/equipe/export/", {"tout": "1"}).status_code == 404
    unknown = [Chosen("ZZZZZZZ", 1)]
    placed = place_order(world.agent, act="step", fields={"step": "start", "body": ""}, chosen=unknown)
    assert placed.outcomes == [["ZZZZZZZ", "Ce ticket n\u2019est pas visible avec votre compte."]]


def test_a_forbidden_ticket_among_others_is_said(three, world: World, monkeypatch) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise Forbidden if not done.append(1) and len(done) == 2 else Invalid({"a": ["Un"], "b": ["Deux"]})

    done: list[int] = []
    monkeypatch.setattr(bulk, "take_step", refuse)
    chosen = [Chosen(ticket.reference, ticket.version) for ticket in three[:2]]
    placed = place_order(world.support, act="step", fields={"step": "start", "body": ""}, chosen=chosen)
    assert [said for _reference, said in placed.outcomes] == ["Un Deux", "Votre compte ne permet pas cette action."]


def test_all_that_match_are_taken_within_the_limit(three, world: World, browser, monkeypatch) -> None:
    opened = browser("support")
    question = {"tout": "1", "question": f"societe={world.organization('beta').key}"}
    page = words(opened.post("/equipe/lot/", {"act": "assign", **question}))
    assert "Trois" in page
    assert "Deux" not in page
    monkeypatch.setattr("calypso.desk.views.bulk.MOST", 1)
    assert opened.post("/equipe/lot/", {"act": "assign", "tout": "1"}).status_code == 422
    monkeypatch.setattr(orders, "MOST", 2)
    answer = opened.post("/equipe/lot/", {"act": "step", "step": "start", "chosen": seen(three)})
    assert answer.status_code == 422
    assert states(three) == ["new"] * 3


def test_r60_an_export_holds_texts_and_no_formula(world: World, browser) -> None:
    new_ticket(world, title="=cmd|' /C calc'!A0")
    answer = browser("support").post("/equipe/export/", {"tout": "1", "question": "etat=new"})
    assert "tickets.xlsx" in answer.headers["Content-Disposition"]
    book = ZipFile(BytesIO(answer.content))
    sheet, texts = (book.read(f"xl/{name}").decode() for name in ("worksheets/sheet1.xml", "sharedStrings.xml"))
    assert "<f>" not in sheet
    assert "=cmd|" in texts
    assert "Libellé" in texts
    one = Ticket.objects.latest("id")
    few = browser("support").post("/equipe/export/", {"ref": [one.reference, "ZZZZZZZ", one.reference]})
    assert ZipFile(BytesIO(few.content)).read("xl/worksheets/sheet1.xml").count(b"<row") == 2


def test_an_order_that_changed_nothing_says_so(three, browser) -> None:
    """The heading counted none: « Priorité retenue pour 0 ticket »."""
    order = {"act": "step", "chosen": seen(three), "step": "start"}
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in three]).update(version=9)
    page = words(ordered(browser("support"), order))
    assert "Rien n'a changé, 3 refusés" in page
