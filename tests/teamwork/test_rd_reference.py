"""Where R&D follows a ticket, and its way back, through the ticket's page."""

import pytest

from calypso.base.errors import Forbidden
from calypso.teamwork.actions.rd_reference import refer
from calypso.tickets.models import Ticket, TicketEvent
from tests.pages import fill, form, words
from tests.world import World, new_ticket, say


def sent(browser, who: str, ticket: Ticket, **values: str):
    """What `who` posts to the R&D card of the ticket."""
    page = browser(who).get(f"/equipe/tickets/{ticket.reference}/")
    address = f"/equipe/tickets/{ticket.reference}/rd/"
    return browser(who).post(address, fill(form(page, f"/equipe/tickets/{ticket.reference}/envoyer/"), **values))


@pytest.fixture
def ticket(world: World) -> Ticket:
    return say(world, "agent", say(world, "agent", new_ticket(world), "start"), "hand_to_rd")


def test_r_d_says_where_it_follows_the_ticket(browser, world: World, ticket: Ticket) -> None:
    answer = sent(browser, "rd", ticket, rd_reference="RD-4182", rd_url="forge.example/rd/4182")
    assert answer.status_code == 302
    page = browser("agent").get(f"/equipe/tickets/{ticket.reference}/")
    assert '<a href="https://forge.example/rd/4182"' in page.content.decode()
    assert "RD-4182 · https://forge.example/rd/4182" in words(page), "the timeline of the team says it"
    assert "RD-4182" not in words(browser("dec").get(f"/tickets/{ticket.reference}/"))
    assert Ticket.objects.get(pk=ticket.pk).comment_count == 0


def test_what_was_being_written_beside_is_kept(browser, world: World, ticket: Ticket) -> None:
    answer = sent(browser, "agent", ticket, rd_reference="RD-1", body="Je vous réponds dem")
    assert "Je vous réponds dem" in words(browser("agent").get(answer.url))


def test_coming_back_is_one_gesture(browser, world: World, ticket: Ticket) -> None:
    page = browser("agent").get(f"/equipe/tickets/{ticket.reference}/")
    assert "Retour de R&D" in words(page)
    address = f"/equipe/tickets/{ticket.reference}/envoyer/"
    browser("agent").post(address, fill(form(page, f"/equipe/tickets/{ticket.reference}/envoyer/"), act="start"))
    assert Ticket.objects.get(pk=ticket.pk).state == "in_progress"
    assert "Retour de R&D" not in words(browser("rd").get(f"/equipe/tickets/{ticket.reference}/"))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://a:b@forge.example/", "ftp://forge.example/1"])
def test_r48_a_bad_address_is_refused_and_shown_again(browser, world: World, ticket: Ticket, address: str) -> None:
    answer = sent(browser, "agent", ticket, rd_reference="RD-1", rd_url=address)
    assert answer.status_code == 422
    assert address in answer.content.decode()
    assert not Ticket.objects.get(pk=ticket.pk).rd_reference


def test_nothing_new_is_refused_and_an_emptied_reference_is_said(browser, world: World, ticket: Ticket) -> None:
    assert sent(browser, "agent", ticket, rd_reference="RD-1").status_code == 302
    assert sent(browser, "agent", ticket, rd_reference="RD-1").status_code == 422
    assert sent(browser, "agent", ticket, rd_reference="").status_code == 302
    last = TicketEvent.objects.filter(ticket=ticket).latest("id")
    assert (last.kind, last.internal, last.body) == ("referred", True, "Référence R&D retirée")


def test_r102_r104_a_changed_or_closed_ticket_refuses_it(browser, world: World, ticket: Ticket) -> None:
    page = browser("agent").get(f"/equipe/tickets/{ticket.reference}/")
    address, typed = (
        f"/equipe/tickets/{ticket.reference}/rd/",
        fill(form(page, f"/equipe/tickets/{ticket.reference}/envoyer/"), rd_reference="RD-2"),
    )
    say(world, "agent", ticket, "start")
    answer = browser("agent").post(address, typed)
    assert answer.status_code == 409
    assert "RD-2" in answer.content.decode()
    say(world, "dec", ticket, "close")
    assert browser("agent").post(address, typed).status_code == 409
    assert not Ticket.objects.get(pk=ticket.pk).rd_reference


def test_r11_it_is_the_teams_alone(world: World, ticket: Ticket) -> None:
    with pytest.raises(Forbidden):
        refer(world.dec, ticket=ticket, reference="RD-3", url="", seen_version=ticket.version)
