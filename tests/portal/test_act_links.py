"""Acting from a mail: personal links that end, change nothing by being opened, and ask the rights again (R75, R87)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from calypso.base import clock
from calypso.outbox import delivery
from calypso.outbox.models import OutgoingEmail
from calypso.projects import actions as projects
from calypso.tickets import act_links
from calypso.tickets.models import Ticket, TicketEvent
from tests.smtp import SmtpServer
from tests.world import World, address, drop_waiting, say

LINK = re.compile(r"http://testserver(/agir/[^\s\"<]+)")


def links(smtp: SmtpServer, settings: Any, who: str) -> list[str]:
    """The paths of the links of the latest mail that a person received."""
    settings.MAILERS = smtp.mailers
    delivery.deliver()
    return LINK.findall(smtp.to(address(who))[-1].get_body(("plain",)).get_content())


@pytest.fixture
def processed(world: World) -> Ticket:
    ticket = world.ticket("A1")
    say(world, "agent", ticket, "start")
    drop_waiting()
    return say(world, "agent", ticket, "process", "Corrigé")


def test_a_mail_offers_what_the_ticket_waits_for(
    processed: Ticket, smtp: SmtpServer, settings: Any, browser: Callable[..., Any]
) -> None:
    closing, returning = links(smtp, settings, "dec")
    page = browser("dec").get(closing)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Corrigé" in text
    assert 'value="close"' in text
    assert 'value="return"' not in text
    assert 'value="return"' in browser("dec").get(returning).content.decode()


def test_opening_it_changes_nothing_and_one_click_acts(
    processed: Ticket, smtp: SmtpServer, settings: Any, browser: Callable[..., Any]
) -> None:
    client, count = browser("dec"), TicketEvent.objects.count()
    page = client.get(links(smtp, settings, "dec")[0]).content.decode()
    assert (TicketEvent.objects.count(), Ticket.objects.get(pk=processed.pk).state) == (count, "processed")
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    done = client.post(f"/tickets/{processed.reference}/envoyer/", {**fields, "act": "close", "body": ""})
    assert "fait=clos" in done["Location"]
    assert Ticket.objects.get(pk=processed.pk).state == "closed"


def test_r75_it_is_no_credential(
    processed: Ticket, smtp: SmtpServer, settings: Any, browser: Callable[..., Any]
) -> None:
    path = links(smtp, settings, "dec")[0]
    assert browser().get(path)["Location"].startswith("/connexion/?next=/agir/")
    other = browser("pm").get(path)
    assert (other.status_code, "quelqu’un d’autre" in other.content.decode()) == (403, True)
    assert browser("agent").get(path)["Location"] == f"/equipe/tickets/{processed.reference}/"


def test_r87_a_right_lost_since_shows_nothing(
    processed: Ticket, smtp: SmtpServer, settings: Any, browser: Callable[..., Any], world: World
) -> None:
    path = links(smtp, settings, "dec")[0]
    projects.set_viewers(world.manager, project=processed.project, keys={world.obs.key})
    assert browser("dec").get(path).status_code == 404


def test_an_act_that_the_ticket_no_longer_allows_leads_to_its_page(
    processed: Ticket, smtp: SmtpServer, settings: Any, browser: Callable[..., Any], world: World
) -> None:
    path = links(smtp, settings, "dec")[0]
    say(world, "pm", processed, "close")
    assert browser("dec").get(path)["Location"] == f"/tickets/{processed.reference}/?fait=lien-depasse"


def test_it_ends_after_thirty_days(
    processed: Ticket, smtp: SmtpServer, settings: Any, browser: Callable[..., Any]
) -> None:
    path = links(smtp, settings, "dec")[0]
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert browser("dec").get(path)["Location"] == f"/tickets/{processed.reference}/?fait=lien-fini"


@pytest.mark.parametrize("token", ["abc", "a:b:c", "WyJBIl0:1xYz:abc"])
def test_another_token_is_nothing(token: str, browser: Callable[..., Any]) -> None:
    assert browser("dec").get(f"/agir/{token}/").status_code == 404
    assert act_links.read(token) is None


def test_a_waiting_ticket_offers_to_return_it_and_others_to_answer(
    world: World, smtp: SmtpServer, settings: Any, browser: Callable[..., Any]
) -> None:
    ticket = world.ticket("A1")
    drop_waiting()
    say(world, "agent", ticket, "comment", "Un point")
    [path] = links(smtp, settings, "dec")
    assert 'value="comment"' in browser("dec").get(path).content.decode()
    say(world, "agent", ticket, "ask_client", "Quoi ?")
    [path] = links(smtp, settings, "dec")
    assert 'value="return"' in browser("dec").get(path).content.decode()
    drop_waiting()
    say(world, "pm", ticket, "close")
    assert OutgoingEmail.objects.filter(state="waiting", text__contains="/agir/").exists() is False


def test_messages_sent_together_have_their_links_too(
    world: World, smtp: SmtpServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "HOURLY_CAP", 0)
    ticket = world.ticket("A1")
    drop_waiting()
    for number in range(3):
        say(world, "agent", ticket, "comment", f"Un point {number}")
    settings.MAILERS = smtp.mailers
    delivery.deliver()
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        monkeypatch.setattr(delivery, "HOURLY_CAP", 60)
        delivery.deliver()
    [together] = smtp.to(address("dec"))
    text = together.get_body(("plain",)).get_content()
    assert len(set(LINK.findall(text))) >= 1
    assert "[lien-personnel" not in text
