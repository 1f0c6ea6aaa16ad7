"""The bell in the pages: its number, its list, its settings, following a ticket."""

import json
import re

import pytest

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.references import new_key
from calypso.outbox.models import Notification
from tests.pages import words
from tests.world import World, canary, new_ticket, say

BELL = "/notifications/"


def test_the_bell_counts_what_is_unseen_and_the_list_leads_there(world: World, browser) -> None:
    ticket = new_ticket(world, title="Le badge")
    say(world, "agent", ticket, "comment", "Bonjour")
    opened = browser("dec")
    unseen = Notification.objects.filter(recipient_key=world.dec.key, seen_at=None).count()
    assert f"Notifications : {unseen}" in words(opened.get("/projets/"))
    page = opened.get(BELL)
    assert f'href="/tickets/{ticket.reference}/"' in page.content.decode()
    assert "Nouveau : " in words(page)
    assert opened.post("/notifications/vues/")["Location"] == BELL
    again = opened.get(BELL)
    assert "Nouveau : " not in words(again)
    assert "Tout marquer comme vu" not in words(again)


def test_opening_the_list_writes_nothing(world: World, browser) -> None:
    browser("dec").get(BELL)
    assert Notification.objects.filter(recipient_key=world.dec.key, seen_at=None).exists()


def rung(person: User) -> Notification:
    key = new_key()
    said = {"kind": "tickets.closed", "about": "ticket:X", "title": "Clos", "page": "/tickets/"}
    return Notification(key=key, dedupe_key=key, recipient_key=person.key, created_at=clock.now(), **said)


def test_a_bell_that_is_never_opened_tells_no_more_than_ninety_nine(world: World, browser) -> None:
    opened = browser("dec")
    Notification.objects.filter(recipient_key=world.dec.key).delete()
    for told, number in (("99", 99), ("99+", 2)):
        Notification.objects.bulk_create([rung(world.dec) for _ in range(number)])
        assert re.search(rf"Notifications : {re.escape(told)} ", words(opened.get("/projets/"))), told


def test_an_empty_bell_says_so(world: World, browser) -> None:
    Notification.objects.all().delete()
    assert "Rien pour l'instant." in words(browser("norole").get(BELL))


@pytest.mark.parametrize("who", ["dec", "obs", "out", "pm", "bpm"])
def test_r11_no_canary_of_the_team_rings_at_a_client_s(world: World, browser, who: str) -> None:
    say(world, "agent", world.ticket("A1"), "note", f"@{world.manager.full_name} {canary('A1', 'note')}")
    said = browser(who).get(BELL).content.decode()
    for thing in ("note", "fichiernote", "rd"):
        assert canary("A1", thing) not in said
    if who in ("out", "bpm"):
        assert canary("A1", "titre") not in said


def test_wishes_are_kept_and_shown_again(world: World, browser) -> None:
    opened = browser("dec")
    answer = opened.post(
        "/profil/notifications/",
        {"tickets.closed": "none", "tickets.taken": "daily", "bell": ["tickets.closed"]},
    )
    assert answer["Location"].endswith("?fait=avis")
    kept = User.objects.get(pk=world.dec.pk).notification_preferences
    assert kept["tickets.closed"] == {"mail": "none", "bell": True}
    assert kept["tickets.taken"] == {"mail": "daily", "bell": False}
    page = opened.get("/profil/notifications/").content.decode()
    assert '<option value="none" selected>' in page
    assert "Vos choix sont enregistrés." in words(opened.get(answer["Location"]))


def test_c4_a_wish_that_is_not_offered_is_refused_by_name(world: World, browser) -> None:
    answer = browser("dec").post("/profil/notifications/", {"tickets.waiting": "none"})
    assert answer.status_code == 422
    assert "Attente de complément : Ce choix n'est pas proposé." in words(answer)
    assert User.objects.get(pk=world.dec.pk).notification_preferences == {}


def test_a_ticket_is_followed_and_muted_from_its_page(world: World, browser) -> None:
    for who, path in (("obs", "/tickets/"), ("agent", "/equipe/tickets/")):
        reference, opened = world.ticket("A1").reference, browser(who)
        here = f"{path}{reference}/"
        assert "Vous êtes prévenu de ce qui vous concerne." in words(opened.get(here))
        assert opened.post(f"/tickets/{reference}/suivi/", {"following": "mute"})["Location"] == here
        assert "En sourdine" in words(opened.get(here))
        opened.post(f"/tickets/{reference}/suivi/", {"following": "follow"})
        assert "Vous suivez ce ticket" in words(opened.get(here))


def test_the_names_that_a_text_may_mention_are_the_team_s(world: World, browser) -> None:
    names = json.loads(browser("agent").get("/equipe/collegues/").content)["names"]
    assert world.support.full_name in names
    assert world.agent.full_name not in names
    assert world.dec.full_name not in names


def test_what_one_holds_of_oneself_includes_them(world: World, browser) -> None:
    data = json.loads(browser("dec").get("/profil/mes-donnees/").content)
    assert data["notifications"]
    assert data["notification_preferences"] == {}
    assert data["watches"] == []
