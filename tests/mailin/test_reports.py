"""Reports on our mails: what they say of the mail and of its address (R78, R90)."""

from pathlib import Path

import pytest

from calypso.mailin.models import ReceivedEmail
from calypso.mailin.processing import process_waiting
from calypso.outbox import bounces
from calypso.outbox.models import Notification, OutgoingEmail, State
from tests.mailin.mails import CORPUS, answer, arrive, sent
from tests.world import World, address, say

pytestmark = pytest.mark.usefixtures("read_here")
KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"


@pytest.fixture
def mail(world: World) -> OutgoingEmail:
    row = sent(world, "dec", world.ticket("A1"))
    OutgoingEmail.objects.filter(pk=row.pk).update(key=KEY)
    return OutgoingEmail.objects.get(pk=row.pk)


def report(name: str, **changes: str) -> bytes:
    raw = Path(CORPUS / f"{name}.eml").read_text(encoding="utf-8").replace("<0a1b2c@", f"<{KEY}@")
    for before, after in changes.values():
        raw = raw.replace(before, after)
    return raw.encode()


@pytest.mark.parametrize("name,dead", [("bounce-postfix", True), ("bounce-exchange", False)])
def test_r78_a_report_of_failure_is_read(world: World, mail: OutgoingEmail, name: str, dead: bool) -> None:
    row = arrive(report(name))
    mail.refresh_from_db()
    assert (row.state, row.reason, row.answers_mail) == ("ignored", "bounce", KEY)
    assert (mail.state, bounces.is_dead(address("dec"))) == (State.BOUNCED, dead)
    told = Notification.objects.get(kind="mailin.bounced")
    assert (told.recipient_key, told.page) == (world.manager.key, f"/equipe/courriers/{KEY}/")


def test_a_report_about_another_address_says_nothing_of_the_contact_s(world: World, mail: OutgoingEmail) -> None:
    """Somebody forwards their mails to an address that is gone."""
    arrive(report("bounce-postfix", who=("rfc822; dec@alpha.example", "rfc822; ancien@ailleurs.example")))
    mail.refresh_from_db()
    assert (mail.state, bounces.is_dead(address("dec"))) == (State.BOUNCED, False)


def test_a_report_of_a_delay_changes_nothing(mail: OutgoingEmail) -> None:
    raw = report("bounce-postfix", action=("Action: failed", "Action: delayed"))
    arrive(raw)
    mail.refresh_from_db()
    assert (mail.state, Notification.objects.filter(kind="mailin.bounced").exists()) == (State.SENT, False)


@pytest.mark.parametrize("about", ["account:abc", "ticket:AAAAAAA"])
def test_a_mail_about_no_ticket_rings_nobody(mail: OutgoingEmail, about: str) -> None:
    OutgoingEmail.objects.update(about=about)
    arrive(report("bounce-postfix"))
    assert not Notification.objects.filter(kind="mailin.bounced").exists()


def test_a_report_on_a_mail_that_is_gone_is_kept(world: World) -> None:
    assert arrive(report("bounce-postfix")).reason == "bounce"
    assert ReceivedEmail.objects.count() == 1


def test_an_answer_is_found_from_the_mail_that_it_answers(world: World, mail: OutgoingEmail, browser) -> None:
    raw = answer(world, "dec", world.ticket("A1"), "Oui.", In_Reply_To=f"<{KEY}@extranet.leni.example>")
    row = arrive(raw)
    page = browser("manager").get(f"/equipe/courriers/{KEY}/").content.decode()
    assert f"/equipe/courriers/recus/{row.key}/" in page


class TestTrial:
    """Without a mail server, a message is answered in its reader's place, to see what becomes of it."""

    def test_the_answer_is_read_like_any_other(self, world: World, browser, settings) -> None:
        say(world, "agent", world.ticket("A1"), "ask_client", "Quelle borne ?")
        email = OutgoingEmail.objects.filter(recipient=address("dec"), kind="tickets.waiting").latest("id")
        page = f"/equipe/courriers/{email.key}/"
        support = browser("support")
        assert "répondre à sa place" in support.get(page).content.decode()
        assert support.post(f"{page}repondre/", {"answer": " "}).status_code == 422
        assert support.post(f"{page}repondre/", {"answer": "La borne 4.\nHall B."}).status_code == 302
        process_waiting()
        row = ReceivedEmail.objects.get()
        assert (row.state, row.words, world.ticket("A1").state) == ("applied", "La borne 4.\nHall B.", "returned")

    @pytest.mark.parametrize("setting", ["MAILERS", "PRODUCTION"])
    def test_not_where_mails_leave(self, world: World, browser, settings, setting: str) -> None:
        say(world, "agent", world.ticket("A1"), "ask_client", "Quelle borne ?")
        email = OutgoingEmail.objects.filter(recipient=address("dec"), kind="tickets.waiting").latest("id")
        setattr(settings, setting, {"default": {}} if setting == "MAILERS" else True)
        support = browser("support")
        assert "répondre à sa place" not in support.get(f"/equipe/courriers/{email.key}/").content.decode()
        assert support.post(f"/equipe/courriers/{email.key}/repondre/", {"answer": "Oui"}).status_code == 404
