"""The outbox against a real SMTP server (R76–R83, R142, R144)."""

import smtplib
from datetime import timedelta
from email import message_from_bytes, message_from_string
from email.policy import default

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.db.models import F

from calypso.base import clock
from calypso.outbox import delivery, kinds, maintenance
from calypso.outbox.enqueue import MailRequest, OutsideTransaction, Recipient, enqueue
from calypso.outbox.mime import mime_message
from calypso.outbox.models import OutgoingEmail, State
from calypso.outbox.queries import emails, emails_about
from calypso.outbox.rendering import Message
from tests.world import World, address, drop_waiting, new_ticket, say

TO = Recipient("k", "dec@alpha.example", "fr")


@pytest.fixture
def quiet(world: World) -> World:
    """The world with nothing waiting."""
    drop_waiting()
    return world


def letter(world: World, event: str = "e1", **changes: object) -> MailRequest:
    person = world.dec
    context = {"person": person, "at": clock.now(), "network": "10.0.0.1"}
    return MailRequest(
        "accounts.password_changed", Recipient(person.key, person.email, "fr"), "account:x", event, context, **changes
    )


def test_r76_posting_needs_a_transaction(live_world: World) -> None:
    with pytest.raises(OutsideTransaction):
        enqueue([letter(live_world)])


def test_r76_a_rolled_back_act_leaves_no_mail(quiet: World) -> None:
    before = OutgoingEmail.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue([letter(quiet)])
        raise RuntimeError
    assert OutgoingEmail.objects.count() == before


def test_the_same_event_to_the_same_person_is_posted_once(quiet: World) -> None:
    before = OutgoingEmail.objects.count()
    for letters in ([letter(quiet), letter(quiet)], [letter(quiet)], []):
        enqueue(letters)
        assert OutgoingEmail.objects.count() == before + 1


def test_a_mail_without_a_kind_cannot_be_posted(quiet: World) -> None:
    with pytest.raises(KeyError):
        enqueue([MailRequest("inconnu", TO, "x", "e")])


@pytest.mark.checklist("S121", "S129")
def test_r82_r83_a_real_message(quiet: World, smtp, settings) -> None:
    settings.MAILERS = smtp.mailers
    ticket = new_ticket(quiet, title="Été « accents » œuvre")
    assert delivery.deliver() == 4
    message = smtp.to(address("dec"))[0]
    assert message["Subject"] == f"[{ticket.reference}] Été « accents » œuvre"
    assert message["From"] == "Léni - Calypso <extranet@leni.example>"
    assert message["To"] == address("dec")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-Calypso-Loop"] == "testserver"
    assert message["References"] == message["In-Reply-To"] == f"<ticket.{ticket.reference}@testserver>"
    assert message["Message-ID"].endswith("@testserver>")
    text, html = (part.get_content() for part in message.iter_parts())
    link = f"http://testserver/tickets/{ticket.reference}/"
    assert link in text
    assert f'href="{link}"' in html
    assert '<p style="margin: 0 0 14px">' in html.replace(';"', '"')
    assert "<img" not in html
    assert "Été « accents » œuvre" in text
    assert set(OutgoingEmail.objects.filter(about=f"ticket:{ticket.reference}").values_list("state", flat=True)) == {
        "sent"
    }


@pytest.mark.parametrize(
    "title",
    [
        "Export Excel des commandes du salon : la colonne Prénom décalée à droite – à revoir",
        "Le bouton « Imprimer » du téléphone — Donaudampfschifffahrt élevée à Besançon, encore",
        "é à ù – € " * 18,
        "Plain words only, long enough to stand on two lines of the header of this message",
        "Un seul mot : " + "é" * 120,
    ],
)
def test_a_subject_arrives_as_it_was_typed(title: str, quiet: World, smtp, settings) -> None:
    """Long subjects came with their words glued together, where the library folds between two encoded words."""
    settings.MAILERS = smtp.mailers
    new_ticket(quiet, title=title)
    delivery.deliver()
    message = smtp.to(address("dec"))[0]
    assert str(message["Subject"]).partition("] ")[2] == title.strip()


def test_a_mail_reads_the_same_as_text_and_as_bytes(quiet: World) -> None:
    title = "Export Excel des commandes du salon : la colonne Prénom décalée à droite – à revoir"
    ticket = new_ticket(quiet, title=title)
    email = OutgoingEmail.objects.filter(about=f"ticket:{ticket.reference}").first()
    made = mime_message(email, Message(email.title, email.subject, email.text, email.html)).message()
    both = [message_from_string(made.as_string(), policy=default), message_from_bytes(made.as_bytes(), policy=default)]
    for name in ("Subject", "From", "To", "Message-ID"):
        assert len({str(read[name]) for read in both}) == 1
    assert str(both[0]["Subject"]) == f"[{ticket.reference}] {title}"


def test_without_a_server_mails_wait_and_stay_readable(quiet: World) -> None:
    ticket = new_ticket(quiet)
    assert delivery.deliver() == 0
    assert {mail.state for mail in emails_about(f"ticket:{ticket.reference}")} == {State.WAITING}
    assert emails(state="waiting").count() == 4
    assert emails(state="inconnu").count() == emails().count()


def test_what_stops_between_two_messages_leaves_the_next_unclaimed(quiet: World, smtp, settings) -> None:
    settings.MAILERS = smtp.mailers
    new_ticket(quiet)
    assert delivery.deliver(until=lambda: len(smtp.messages) == 1) == 1
    assert OutgoingEmail.objects.filter(state="waiting", claimed_at=None, attempts=0).count() == 3


def test_a_message_around_which_something_breaks_waits_alone(quiet: World, smtp, settings) -> None:
    settings.MAILERS = smtp.mailers
    enqueue([letter(quiet, "1"), letter(quiet, "2")])
    first, second = OutgoingEmail.objects.order_by("-pk")[:2][::-1]
    OutgoingEmail.objects.filter(pk=first.pk).update(kind="accounts.of_before")
    assert delivery.deliver() == 1
    assert smtp.messages[0]["Message-ID"] == second.headers["Message-ID"]
    kept = OutgoingEmail.objects.get(pk=first.pk)
    assert (kept.state, kept.claimed_at, kept.error) == (State.WAITING, None, "KeyError : 'accounts.of_before'")
    assert kept.next_try > clock.now()


def test_a_database_that_is_away_is_nobodys_fault(quiet: World, settings, smtp, monkeypatch) -> None:
    settings.MAILERS = smtp.mailers
    enqueue([letter(quiet)])

    def away(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(delivery, "_over_cap", away)
    with pytest.raises(DatabaseError):
        delivery.deliver()
    assert not OutgoingEmail.objects.exclude(error="").filter(state="waiting").exists()


def test_r78_a_temporary_refusal_waits_longer_each_time(quiet: World, smtp, settings) -> None:
    settings.MAILERS, smtp.answer = smtp.mailers, "451 plus tard"
    enqueue([letter(quiet)])
    waits = []
    with time_machine.travel(clock.now() + timedelta(seconds=1), tick=False) as traveller:
        for _ in range(4):
            delivery.deliver()
            mail = OutgoingEmail.objects.latest("id")
            waits.append((mail.next_try - clock.now()).total_seconds())
            assert (mail.state, mail.claimed_at) == (State.WAITING, None)
            assert "451" in mail.error
            traveller.move_to(mail.next_try + timedelta(seconds=1))
        smtp.answer = "250 OK"
        assert delivery.deliver() == 1
    assert waits == [30, 60, 120, 240]
    assert OutgoingEmail.objects.latest("id").attempts == 5


def test_r78_a_permanent_refusal_is_shown_and_can_be_tried_again(quiet: World, smtp, settings) -> None:
    settings.MAILERS, smtp.answer = smtp.mailers, "554 refusé"
    enqueue([letter(quiet)])
    assert delivery.deliver() == 0
    mail = OutgoingEmail.objects.latest("id")
    assert (mail.state, mail.tone, mail.get_state_label()) == (State.FAILED, "red", "Échec")
    smtp.answer = "250 OK"
    assert delivery.deliver() == 0
    assert maintenance.retry(mail.key)
    assert not maintenance.retry(mail.key)
    assert delivery.deliver() == 1
    assert smtp.messages[0]["Message-ID"] == mail.headers["Message-ID"]


@pytest.mark.parametrize("answer, state", [("550 inconnu", State.FAILED), ("450 boîte pleine", State.WAITING)])
def test_r78_a_refused_address(answer: str, state: State, quiet: World, smtp, settings) -> None:
    settings.MAILERS, smtp.refuse = smtp.mailers, {"dec@alpha.example": answer}
    enqueue([letter(quiet)])
    delivery.deliver()
    assert OutgoingEmail.objects.latest("id").state == state


@pytest.mark.parametrize(
    "failure",
    [smtplib.SMTPAuthenticationError(535, b"mot de passe"), smtplib.SMTPConnectError(554, b"pas maintenant")],
)
def test_r78_a_fault_of_the_server_is_not_one_of_the_message(
    failure: Exception, quiet: World, smtp, settings, monkeypatch
) -> None:
    settings.MAILERS = smtp.mailers
    enqueue([letter(quiet)])
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda *a, **k: (_ for _ in ()).throw(failure))
    delivery.deliver()
    mail = OutgoingEmail.objects.latest("id")
    assert (mail.state, mail.attempts, mail.claimed_at) == (State.WAITING, 0, None)
    assert mail.next_try <= clock.now()


def test_r78_a_message_that_cannot_be_written_stops_no_other(quiet: World, smtp, settings) -> None:
    settings.MAILERS = smtp.mailers
    enqueue([letter(quiet, "1")])
    broken = OutgoingEmail.objects.latest("id")
    OutgoingEmail.objects.filter(pk=broken.pk).update(subject="deux\nlignes")
    enqueue([letter(quiet, "2")])
    assert delivery.deliver() == 1
    broken.refresh_from_db()
    assert (broken.state, broken.claimed_at) == (State.FAILED, None)


def test_r152_a_worker_that_lost_its_claim_writes_nothing(quiet: World, smtp, settings, monkeypatch) -> None:
    settings.MAILERS = smtp.mailers
    enqueue([letter(quiet)])
    mail = OutgoingEmail.objects.latest("id")

    def reclaimed_and_refused(*args: object, **options: object) -> None:
        OutgoingEmail.objects.filter(pk=mail.pk).update(state=State.SENT, claimed_at=None, sent_at=clock.now())
        raise smtplib.SMTPDataError(554, "refusé".encode())

    monkeypatch.setattr(smtplib.SMTP, "sendmail", reclaimed_and_refused)
    delivery.deliver()
    mail.refresh_from_db()
    assert mail.state == State.SENT


def test_r144_a_server_that_is_down_loses_nothing(quiet: World, smtp, settings) -> None:
    settings.MAILERS = {
        "default": {**smtp.mailers["default"], "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 2}}
    }
    for event in "123":
        enqueue([letter(quiet, event)])
    assert delivery.deliver() == 0
    assert emails(state="waiting").count() == 3
    settings.MAILERS = smtp.mailers
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        assert delivery.deliver() == 3
    assert [mail.sent_at is not None for mail in emails(state="sent")[:3]] == [True] * 3


def test_r78_two_days_of_failures_are_the_end(quiet: World, smtp, settings) -> None:
    settings.MAILERS, smtp.answer = smtp.mailers, "451 plus tard"
    enqueue([letter(quiet)])
    OutgoingEmail.objects.filter(state=State.WAITING).update(attempts=delivery.MAX_ATTEMPTS)
    delivery.deliver()
    assert OutgoingEmail.objects.latest("id").state == State.FAILED


def test_r80_no_silent_downgrade(quiet: World, smtp, settings) -> None:
    """The server offers no STARTTLS while the setting asks for it: the mail waits."""
    options = {**smtp.mailers["default"]["OPTIONS"], "use_tls": True}
    settings.MAILERS = {"default": {**smtp.mailers["default"], "OPTIONS": options}}
    enqueue([letter(quiet)])
    assert delivery.deliver() == 0
    assert smtp.messages == []
    assert OutgoingEmail.objects.latest("id").state == State.WAITING


def test_r8_r77_a_right_lost_before_sending_drops_the_mail(quiet: World, smtp, settings) -> None:
    from calypso.projects.actions import set_viewers

    settings.MAILERS = smtp.mailers
    new_ticket(quiet, who="obs")
    set_viewers(quiet.pm, project=quiet.project("A1"), keys={quiet.dec.key})
    delivery.deliver()
    assert smtp.to(address("obs")) == []
    assert OutgoingEmail.objects.filter(recipient=address("obs")).latest("id").state == State.DROPPED


def test_r152_a_claimed_mail_is_not_sent_by_another_worker(quiet: World, smtp, settings) -> None:
    settings.MAILERS = smtp.mailers
    enqueue([letter(quiet)])
    OutgoingEmail.objects.filter(state=State.WAITING).update(claimed_at=clock.now())
    assert delivery.deliver() == 0
    with time_machine.travel(clock.now() + timedelta(seconds=settings.MAIL_LEASE + 1)):
        assert delivery.deliver() == 1


def test_r152_a_mail_claimed_in_between_is_left(quiet: World, smtp, settings, monkeypatch) -> None:
    """Another worker takes the row between our look and our claim: the compare-and-set misses."""
    settings.MAILERS = smtp.mailers
    enqueue([letter(quiet)])

    def steal(name: str) -> object:
        OutgoingEmail.objects.filter(state=State.WAITING).update(claimed_at=clock.now())
        return F(name)

    monkeypatch.setattr(delivery, "F", steal)
    assert delivery.deliver() == 0
    assert smtp.messages == []


def test_r80_nothing_fails_silently(quiet: World, smtp, settings, monkeypatch) -> None:
    settings.MAILERS = smtp.mailers
    enqueue([letter(quiet)])
    monkeypatch.setattr(
        smtplib.SMTP, "sendmail", lambda *a, **k: (_ for _ in ()).throw(smtplib.SMTPServerDisconnected("coupé"))
    )
    delivery.deliver()
    assert "coupé" in OutgoingEmail.objects.latest("id").error


@pytest.mark.checklist("S18", "S24", "S20")
def test_r26_r79_the_link_is_minted_when_the_mail_leaves(quiet: World, smtp, settings) -> None:
    from calypso.accounts.links import Purpose
    from calypso.accounts.notices import link_asked

    settings.MAILERS = smtp.mailers
    link_asked(quiet.dec, "lien")
    kept = OutgoingEmail.objects.latest("id")
    assert "[lien à usage unique]" in kept.text
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        delivery.deliver()
        text = smtp.messages[0].get_body(("plain",)).get_content()
        token = text.split("/mot-de-passe/lien/reinitialisation/")[1].split()[0]
        from calypso.accounts.actions.passwords import person_behind

        assert person_behind(purpose=Purpose.RESET, token=token) == quiet.dec
    kept.refresh_from_db()
    assert token not in kept.text + kept.html
    html = smtp.messages[0].get_body(("html",)).get_content()
    assert token in html


def test_r79_a_link_that_serves_no_more_is_not_sent(quiet: World, smtp, settings) -> None:
    from calypso.accounts.actions.people import Identity, invite_contact
    from tests.world import connect

    settings.MAILERS = smtp.mailers
    person = invite_contact(
        quiet.admin, organization=quiet.organization("alpha"), identity=Identity("n@alpha.example", "N", "N")
    )
    connect(person)
    delivery.deliver()
    assert [mail["Subject"] for mail in smtp.to("n@alpha.example")] == [
        "Calypso\u202f: votre mot de passe a été modifié"
    ]


def test_every_kind_says_what_it_is(quiet: World) -> None:
    assert [kind.key for kind in kinds.all_kinds()] == sorted(kind.key for kind in kinds.all_kinds())
    say(quiet, "agent", quiet.ticket("A2"), "comment", "x")
    mail = OutgoingEmail.objects.latest("id")
    assert mail.kind_label == "Commentaire de l'équipe"
    assert str(mail).startswith("tickets.vendor_comment to ")


def test_a_project_mail_needs_sight_too(quiet: World, smtp, settings) -> None:
    from calypso.projects.actions import set_viewers
    from calypso.projects.models import Project

    settings.MAILERS = smtp.mailers
    set_viewers(quiet.manager, project=quiet.project("A1"), keys=set(), open_to_all=True)
    assert delivery.deliver() == 1
    assert len(smtp.to(address("pm"))) == 1
    set_viewers(quiet.manager, project=quiet.project("A1"), keys={quiet.dec.key})
    set_viewers(quiet.manager, project=quiet.project("A1"), keys=set(), open_to_all=True)
    set_viewers(quiet.manager, project=quiet.project("A1"), keys={quiet.dec.key})
    Project.objects.filter(pk=quiet.project("A1").pk).update(client_manager=None)
    assert delivery.deliver() == 0


def test_a_made_up_history_has_left_when_it_was_written(quiet: World) -> None:
    enqueue([letter(quiet)])
    assert maintenance.count_as_sent() == 1
    mail = OutgoingEmail.objects.latest("id")
    assert (mail.state, mail.sent_at) == (State.SENT, mail.created_at)
