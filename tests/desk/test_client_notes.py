"""What the team keeps in mind about a client: notes on a contact and on a company, which clients never read."""

import pytest

from calypso.accounts.actions.erasing import erase_person
from calypso.accounts.actions.people import set_contact_active
from calypso.base.errors import Forbidden, NotVisible
from calypso.teamwork.actions.client_notes import MOST, add_client_note, remove_client_note
from calypso.teamwork.models import ClientNote
from tests.pages import fill, form, in_order, words
from tests.world import World, canary


def page_of(world: World, about: str) -> str:
    if about == "contact":
        return f"/equipe/contacts/{world.pm.key}/"
    return f"/equipe/societes/{world.organization('BETA').key}/"


@pytest.mark.parametrize("about", ["contact", "company"])
def test_a_note_is_written_read_by_a_colleague_and_removed(about: str, browser, world: World) -> None:
    page, opened = page_of(world, about), browser("agent")
    posted = opened.post(f"{page}notes/", fill(form(opened.get(page), f"{page}notes/"), note="Préfère\nle téléphone"))
    assert posted["Location"] == f"{page}?fait=note-client"
    note = ClientNote.objects.get(text="Préfère\nle téléphone")
    seen = browser("support").get(page)
    assert in_order(seen, "Notes de l'équipe", "Préfère", "Agent STAFF")
    assert f"{page}notes/{note.key}/retirer/" not in seen.text
    removed = opened.post(f"{page}notes/{note.key}/retirer/")
    assert removed["Location"] == f"{page}?fait=note-retiree"
    assert "Préfère" not in words(opened.get(page))
    assert opened.post(f"{page}notes/{note.key}/retirer/").status_code == 302  # gone already, in another window


def test_a_refused_note_stays_on_screen(browser, world: World) -> None:
    page, opened = page_of(world, "company"), browser("agent")
    refused = opened.post(f"{page}notes/", {"note": "x" * 1001})
    assert refused.status_code == 422
    assert "x" * 1001 in refused.text
    assert opened.post(f"{page}notes/", {"note": " "}).status_code == 422
    for number in range(MOST):
        add_client_note(world.agent, about=world.organization("BETA"), text=f"Note {number}")
    assert "Cinquante notes au plus" in words(opened.post(f"{page}notes/", {"note": "une de trop"}))


@pytest.mark.parametrize("who, may", [("agent", True), ("support", False), ("manager", True), ("admin", True)])
def test_one_removes_their_own_notes_and_who_manages_clients_any(who: str, may: bool, world: World) -> None:
    note = add_client_note(world.agent, about=world.pm, text="À rappeler")
    if may:
        remove_client_note(world.person(who), key=note.key)
    else:
        with pytest.raises(Forbidden):
            remove_client_note(world.person(who), key=note.key)
    assert ClientNote.objects.filter(pk=note.pk).exists() is not may


@pytest.mark.parametrize("who, error", [("rd", Forbidden), ("pm", NotVisible)])
def test_who_does_not_keep_contacts_writes_none(who: str, error: type[Exception], world: World) -> None:
    note = add_client_note(world.agent, about=world.pm, text="Oui")
    with pytest.raises(error):
        add_client_note(world.person(who), about=world.dec, text="Non")
    with pytest.raises(error):
        remove_client_note(world.person(who), key=note.key)


def test_a_note_goes_with_the_person_it_is_about(world: World) -> None:
    about = world.obs
    note = add_client_note(world.agent, about=about, text="À effacer")
    assert str(note) == "À effacer"
    kept = ClientNote.objects.get(organization=world.organization("ALPHA"))
    set_contact_active(world.admin, person=about, active=False)
    erase_person(world.admin, person=about)
    assert not ClientNote.objects.filter(pk=note.pk).exists()
    assert ClientNote.objects.get(pk=kept.pk).text == canary("A1", "societe")


def test_r103_a_second_click_writes_no_second_note(browser, world: World) -> None:
    page, opened = page_of(world, "contact"), browser("agent")
    for _click in "12":
        assert opened.post(f"{page}notes/", {"note": "Rappeler lundi"}).status_code == 302
    assert ClientNote.objects.filter(text="Rappeler lundi").count() == 1
    add_client_note(world.support, about=world.pm, text="Rappeler lundi")
    assert ClientNote.objects.filter(text="Rappeler lundi").count() == 2
