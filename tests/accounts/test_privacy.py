"""A person's data: handed over, kept so long, erased everywhere (R130)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.apps import apps

from calypso.accounts import erasures
from calypso.accounts.actions.erasing import erase_again, erase_person
from calypso.accounts.actions.memberships import move_to_organization
from calypso.accounts.actions.people import set_contact_active
from calypso.accounts.models import User
from calypso.accounts.privacy import personal_data
from calypso.base import clock, files
from calypso.base.errors import Conflict, Forbidden, NotVisible
from calypso.outbox.models import OutgoingEmail, State
from calypso.projects.actions import set_viewers
from calypso.projects.models import Project
from calypso.teamwork.actions.canned_replies import save_reply
from calypso.teamwork.actions.saved_views import save_view
from calypso.teamwork.models import CannedReply, SavedView
from calypso.tickets.models import Attachment, Draft, Ticket, TicketEvent
from calypso.tickets.tasks import retain, sweep_files
from tests.world import World, address, canary, drop_waiting, new_ticket, say, upload

pytestmark = pytest.mark.django_db
FIRST, LAST, MAIL = "Prénomcanari", "L'Œuvrecanari", address("obs")


@pytest.fixture
def known(world: World, settings, tmp_path: Path) -> World:
    """The world where « obs » carries names that are found nowhere else, wrote, was written to and left a draft."""
    settings.VAR = tmp_path
    obs = world.person("obs")
    User.objects.filter(pk=obs.pk).update(first_name=FIRST, last_name=LAST)
    obs = world.person("obs")
    set_viewers(world.pm, project=world.project("A1"), keys={obs.key, world.dec.key})
    ticket = new_ticket(world, "obs", title=f"Vu par {obs.full_name}", context=MAIL, priority="4")
    say(world, "obs", ticket, "comment", f"Bien à vous, {obs.full_name} ({MAIL})")
    say(world, "agent", ticket, "comment", f"Merci {FIRST} {LAST}")
    key = upload(world.dec, "nomme", Draft.Purpose.COMMENT, f"Plan de {obs.full_name}.png")
    say(world, "dec", ticket, "comment", f"pour {obs.full_name.lower()}", form_key=key)
    save_reply(world.support, name="Relance", body=f"Voir avec {obs.full_name}", shared=True)
    upload(obs, "brouillon", Draft.Purpose.COMMENT, "b.png")
    return world


def _stores() -> Iterator[str]:
    """Every row of every table as text, and every line of the state folder."""
    for model in apps.get_models():
        for row in model._default_manager.values():
            yield f"{model.__name__} {row}"


def _holding(*words: str) -> list[str]:
    return [row[:300] for row in _stores() if any(word.casefold() in row.casefold() for word in words)]


def test_r130_erase_then_search_every_store(known: World, settings) -> None:
    obs = known.person("obs")
    assert len(_holding(MAIL, FIRST)) > 5
    set_contact_active(known.admin, person=obs, active=False)
    erase_person(known.admin, person=obs)
    assert _holding(MAIL, FIRST, "Œuvrecanari", "oeuvrecanari", "prenomcanari") == []
    assert erasures.noted() == [obs.key]
    assert FIRST not in (settings.VAR / "erasures.jsonl").read_text()
    erased = User.objects.get(pk=obs.pk)
    assert (erased.full_name, erased.is_erased, erased.active) == ("Personne EFFACÉE", True, False)


def test_r130_the_thread_stays_readable(known: World, browser) -> None:
    obs = known.person("obs")
    ticket = Ticket.objects.get(author=obs, title__startswith="Vu par")
    set_contact_active(known.admin, person=obs, active=False)
    erase_person(known.admin, person=obs)
    page = browser("dec").get(f"/tickets/{ticket.reference}/").text
    assert "Personne EFFACÉE" in page
    assert "Bien à vous, [effacé]" in page
    assert "Merci [effacé]" in page


def test_r130_the_mails_of_others_still_leave_with_all_their_other_words(known: World) -> None:
    waiting = OutgoingEmail.objects.filter(state=State.WAITING, text__contains=FIRST).exclude(recipient=MAIL)
    keys = list(waiting.values_list("key", flat=True))
    assert keys
    set_contact_active(known.admin, person=known.person("obs"), active=False)
    erase_person(known.admin, person=known.person("obs"))
    for mail in OutgoingEmail.objects.filter(key__in=keys):
        assert "[effacé]" in mail.text
        assert len(mail.text) > 200
        assert "<html" in mail.html


def test_r130_a_member_of_the_team_leaves_what_is_shared_and_takes_what_was_theirs(known: World) -> None:
    save_reply(known.support, name="À moi", body="x", shared=False)
    save_view(known.support, name="À moi", query="q=Support+STAFF", shared=False)
    save_view(known.support, name="À nous", query="q=Support+STAFF", shared=True)
    support = known.person("support")
    Project.objects.update(support=None)
    set_contact_active(known.admin, person=support, active=False)
    erase_person(known.admin, person=support)
    assert list(CannedReply.objects.values_list("name", flat=True)) == ["Relance"]
    assert list(SavedView.objects.values_list("name", "query")) == [("À nous", "q=[effacé]")]


def test_r130_who_may_erase_and_when(known: World) -> None:
    obs = known.person("obs")
    with pytest.raises(Conflict):
        erase_person(known.admin, person=obs)
    set_contact_active(known.admin, person=obs, active=False)
    for name, refusal in (("manager", Forbidden), ("agent", Forbidden), ("pm", NotVisible)):
        with pytest.raises(refusal):
            erase_person(known.person(name), person=obs)
    leader = known.person("pm")
    set_contact_active(known.admin, person=leader, active=False)
    with pytest.raises(Conflict):
        erase_person(known.admin, person=leader)
    assert erasures.noted() == []


def test_r130_an_old_copy_that_comes_back_forgets_again(known: World) -> None:
    erasures.note(known.person("obs").key)
    erasures.note(known.person("obs").key)
    assert erase_again() == 1
    assert _holding(FIRST, MAIL) == []
    assert erase_again() == 0


def test_r130_everyone_gets_their_own_data_and_nobody_else_s(known: World, browser) -> None:
    obs = known.person("obs")
    OutgoingEmail.objects.filter(recipient=MAIL).update(state=State.SENT, sent_at=clock.now())
    answer = browser("obs").get("/profil/mes-donnees/")
    assert "attachment" in answer.headers["Content-Disposition"]
    data = answer.json()
    assert data["account"]["email"] == MAIL
    assert [ticket["context"] for ticket in data["tickets"] if ticket["context"]] == [MAIL]
    assert any("Bien à vous" in comment["body"] for comment in data["comments"])
    assert data["mails"]
    assert not any("Merci" in comment["body"] for comment in data["comments"])
    with pytest.raises(NotVisible):
        personal_data(known.dec, obs)
    with pytest.raises(Forbidden):
        personal_data(known.person("agent"), obs)


def test_r130_r131_the_desk_hands_over_and_erases(known: World, browser, caplog) -> None:
    obs, opened = known.person("obs"), browser("admin")
    assert opened.get(f"/equipe/contacts/{obs.key}/donnees/").json()["account"]["email"] == MAIL
    page = f"/equipe/contacts/{obs.key}/"
    assert "Effacer la personne" not in opened.get(page).text
    set_contact_active(known.admin, person=obs, active=False)
    assert "Effacer la personne" in opened.get(page).text
    assert "Effacer la personne" not in browser("manager").get(page).text
    answer = opened.post(f"{page}effacement/", follow=True)
    assert "La personne est effacée." in answer.text
    assert "Réactiver" not in answer.text


def test_r130_mails_are_kept_so_long(world: World, settings) -> None:
    new_ticket(world)
    waiting = OutgoingEmail.objects.filter(state=State.WAITING).count()
    assert waiting
    with time_machine.travel(clock.now() + timedelta(days=settings.KEEP_MAILS_DAYS + 1)):
        assert retain.func() == (0, 0)
        drop_waiting()
        assert retain.func()[0] >= waiting
    assert not OutgoingEmail.objects.exists()


def test_r130_closed_tickets_leave_with_their_files_when_asked(world: World, settings) -> None:
    settings.KEEP_CLOSED_MONTHS = 6
    key = upload(world.dec, "retenu", Draft.Purpose.COMMENT, "r.png")
    old = say(world, "dec", new_ticket(world), "comment", "Avec fichier", form_key=key)
    say(world, "dec", old, "close", "Fini")
    stored = Attachment.objects.get(ticket=old).stored
    Ticket.objects.filter(pk=old.pk).update(closed_at=clock.ago(days=190))
    recent = say(world, "dec", new_ticket(world), "close", "Fini")
    assert retain.func()[1] == 1
    assert not Ticket.objects.filter(pk=old.pk).exists()
    assert not TicketEvent.objects.filter(ticket_id=old.pk).exists()
    assert Ticket.objects.filter(pk=recent.pk).exists()
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        sweep_files.func()
    assert not files.path_of(stored).exists()


@pytest.fixture
def leaver(world: World) -> User:
    """`obs`, who declared a ticket and wrote on it, to whom one mail left and one waits; then they lost something."""
    ticket = new_ticket(world, "obs", title="mots-de-obs", description="texte-de-obs")
    say(world, "agent", ticket, "comment", "paroles-parties")
    OutgoingEmail.objects.filter(recipient=MAIL, kind="tickets.vendor_comment").update(
        state=State.SENT, sent_at=clock.now()
    )
    say(world, "obs", ticket, "comment", "reponse-de-obs")
    say(world, "agent", ticket, "comment", "paroles-en-attente")
    say(world, "dec", ticket, "comment", "paroles-de-collegue")
    OutgoingEmail.objects.filter(recipient=MAIL, text__contains="paroles-de-collegue").update(state=State.DROPPED)
    return world.obs


def lose_nothing(world: World) -> None:
    pass


def lose_project(world: World) -> None:
    set_viewers(world.manager, project=world.project("A1"), keys={world.dec.key})


def change_company(world: World) -> None:
    company, other = world.organization("alpha"), world.organization("beta")
    move_to_organization(world.admin, person=world.obs, origin=company, destination=other)


def lose_account(world: World) -> None:
    set_contact_active(world.admin, person=world.obs, active=False)


@pytest.mark.parametrize("loss", [lose_nothing, lose_project, change_company, lose_account])
def test_r8_r130_of_what_one_no_longer_sees_only_one_s_own_words(loss, leaver: User, world: World, browser) -> None:
    loss(world)
    if loss is lose_account:
        answer = browser("admin").get(f"/equipe/contacts/{leaver.key}/donnees/")
    else:
        answer = browser("obs").get("/profil/mes-donnees/")
    assert answer.status_code == 200
    text, data = answer.text, answer.json()
    for own in ("mots-de-obs", "texte-de-obs", "reponse-de-obs"):
        assert own in text
    assert "paroles-en-attente" not in text, "never sent"
    assert "paroles-de-collegue" not in text, "dropped"
    assert ("paroles-parties" in text) is (loss is lose_nothing)
    assert (canary("A1", "projet") in text) is (loss is lose_nothing)
    mine = next(row for row in data["tickets"] if row["title"] == "mots-de-obs")
    assert ("state" in mine) is (loss is lose_nothing)
    assert [mail["kind"] for mail in data["mails"]].count("tickets.vendor_comment") == 1
    assert bool(data["notifications"]) is (loss is lose_nothing)
