"""« Voir comme » : a contact's extranet with their eyes, read only, on the record (R8, R11, R18)."""

import time

import pytest

from calypso.accounts.actions.people import set_contact_active
from calypso.accounts.models import AuditEntry, User
from calypso.signin import impersonation
from calypso.tickets.actions import drafts
from calypso.tickets.models import Draft, TicketEvent
from tests.contracts.routes import POST_ONLY
from tests.contracts.walk import address, route_names
from tests.files import PNG
from tests.pages import in_order, words
from tests.world import World, canary

pytestmark = pytest.mark.django_db


@pytest.fixture
def looking(browser, world: World):
    """The manager's browser, looking with the eyes of « dec »."""
    opened = browser("manager")
    answer = opened.post(f"/voir-comme/{world.dec.key}/")
    assert answer["Location"] == "/projets/"
    return opened


def test_r18_the_portal_is_the_contact_s_and_says_so(looking, world: World) -> None:
    page = looking.get("/projets/")
    assert in_order(
        page, "Vous voyez l'extranet comme Denis ECLUSE, en lecture seule.", "Revenir à l'équipe", "Bonjour Denis,"
    )
    ticket = looking.get(address("portal:ticket", world))
    assert "Vous voyez l'extranet comme" in words(ticket)
    assert canary("A1", "note") not in ticket.content.decode()
    assert looking.get(address("portal:ticket", world, "B1")).status_code == 404
    assert "Vous voyez l'extranet comme" in words(looking.get(address("portal:ticket", world, "B1")))


PROBES = ("healthz", "readyz", "status")  # they know nobody


def test_r18_nothing_is_written_and_the_account_stays_shut(looking, world: World) -> None:
    paths = {name: address(name, world) for name in route_names()}  # what they name is made first
    before = (TicketEvent.objects.count(), Draft.objects.count(), User.objects.get(pk=world.dec.pk).stamp)
    for name, path in sorted(paths.items()):
        if name.startswith("desk:") or name in (
            "signin:logout",
            "signin:impersonate",
            "signin:stop_impersonating",
            *PROBES,
        ):
            continue
        answer = looking.post(path, {"act": "comment", "body": "x", "compte": "x", "cle": "k" * 20})
        assert answer.status_code == 403, name
        assert "Lecture seule" in words(answer)
        if name.startswith("signin:") and name not in POST_ONLY and name not in impersonation._READ:
            assert looking.get(path).status_code == 403, name
    assert (TicketEvent.objects.count(), Draft.objects.count(), User.objects.get(pk=world.dec.pk).stamp) == before


def test_what_is_typed_in_their_place_is_not_kept_for_their_account(looking, world: World) -> None:
    html = looking.get(address("portal:ticket", world)).content.decode()
    assert 'name="compte" value=""' in html


def test_r18_what_they_have_not_sent_stays_theirs(looking, world: World, browser) -> None:
    ticket, project = world.ticket("A1"), world.project("A1")
    pages = {f"/tickets/{ticket.reference}/": Draft.Purpose.COMMENT, "/tickets/nouveau/": Draft.Purpose.OPENING}
    pages[f"/projets/{project.key}/tickets/nouveau/"] = Draft.Purpose.OPENING
    for number, (page, purpose) in enumerate(pages.items()):
        key = f"secret{number}"
        fields = {"body": "canari-brouillon", "title": "canari-brouillon"}
        drafts.keep_text(world.dec, form_key=key, purpose=purpose, fields=fields, page=page)
        drafts.add_file(world.dec, form_key=key, purpose=purpose, name="canari-fichier.png", chunks=[PNG])
        mine = browser("dec")
        assert "canari-brouillon" in mine.get(page).text
        assert "canari-fichier" in mine.get(f"{page}?brouillon={key}").text
        for address_of in (page, f"{page}?brouillon={key}"):
            seen = looking.get(address_of)
            assert seen.status_code == 200
            assert "canari-brouillon" not in seen.text
            assert "canari-fichier" not in seen.text


def test_r18_what_was_told_to_them_stays_theirs(looking, world: World) -> None:
    assert 'id="cloche"' not in looking.get("/projets/").text
    assert looking.get("/notifications/").status_code == 403


@pytest.mark.parametrize("member, contact", [(True, False), (False, True), (True, True), (False, False)])
def test_r44_the_second_proof_is_asked_of_who_is_at_the_keyboard(
    member: bool, contact: bool, looking, world: World, settings
) -> None:
    settings.SECOND_FACTOR = "staff"
    User.objects.filter(pk=world.manager.pk).update(two_factor=member)
    User.objects.filter(pk=world.dec.pk).update(two_factor=contact)
    answer = looking.get("/projets/")
    assert (answer.status_code == 200) is member
    if not member:
        assert answer["Location"] == "/profil/double-authentification/"
        assert looking.get(answer["Location"]).status_code == 200


def test_the_desk_stays_one_s_own_meanwhile(looking, world: World) -> None:
    desk = looking.get(f"/equipe/contacts/{world.dec.key}/")
    assert desk.status_code == 200
    assert "Vous voyez l'extranet comme" not in words(desk)


def test_the_way_back_leads_to_the_contact(looking, world: World) -> None:
    assert looking.post("/voir-comme/fin/")["Location"] == f"/equipe/contacts/{world.dec.key}/"
    assert looking.get("/projets/")["Location"] == "/"
    assert looking.post("/voir-comme/fin/")["Location"] == "/"


def test_r128_the_look_is_on_the_record_of_the_contact(looking, world: World, browser) -> None:
    kept = AuditEntry.objects.get(act="seen_as")
    assert (kept.actor, kept.about) == (world.manager, f"person:{world.dec.key}")
    page = browser("admin").get(f"/equipe/contacts/{world.dec.key}/historique/")
    assert in_order(page, "Manager STAFF", "Extranet consulté à sa place")


def test_r8_it_ends_with_the_right_the_account_or_the_half_hour(browser, world: World) -> None:
    def looks() -> bool:
        return opened.get("/projets/").status_code == 200

    opened = browser("manager")
    for end in ("right", "account", "time"):
        User.objects.filter(email="manager@leni.example").update(role_manager=True)
        set_contact_active(world.admin, person=world.dec, active=True)
        opened.post(f"/voir-comme/{world.dec.key}/")
        assert looks()
        if end == "right":
            User.objects.filter(email="manager@leni.example").update(role_manager=False)
        elif end == "account":
            set_contact_active(world.admin, person=world.dec, active=False)
        else:
            session = opened.session
            session[impersonation.SESSION_FIELD] = {**session[impersonation.SESSION_FIELD], "until": time.time() - 1}
            session.save()
        assert not looks(), end
        assert impersonation.SESSION_FIELD not in opened.session


@pytest.mark.parametrize("who, status", [("agent", 403), ("support", 403), ("rd", 404), ("pm", 404)])
def test_r18_who_may_look(who: str, status: int, browser, world: World) -> None:
    assert browser(who).post(f"/voir-comme/{world.dec.key}/").status_code == status
    assert not AuditEntry.objects.filter(act="seen_as").exists()


def test_r18_never_a_colleague_nor_somebody_inactive(browser, world: World) -> None:
    opened = browser("admin")
    assert opened.post(f"/voir-comme/{world.agent.key}/").status_code == 409
    set_contact_active(world.admin, person=world.obs, active=False)
    assert opened.post(f"/voir-comme/{world.obs.key}/").status_code == 409
    assert "Voir comme" not in words(opened.get(f"/equipe/contacts/{world.obs.key}/"))
