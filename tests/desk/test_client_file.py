"""The file of a client: their tickets, projects, telephone; who corrects a contact; the queue of one's own projects."""

import pytest

from calypso.accounts.actions.people import Identity, change_contact, invite_contact
from calypso.accounts.models import User
from calypso.base.errors import Forbidden, Invalid
from calypso.teamwork.queries.queue import QueueFilters, queue_page
from tests.pages import fill, form, in_order, words
from tests.world import World, new_ticket, say


def identity(person: User, **changes: str) -> Identity:
    names = ("email", "first_name", "last_name", "civility", "locale", "phone")
    return Identity(**({name: getattr(person, name) for name in names} | changes))


class TestPages:
    def test_a_contact_s_page_shows_their_tickets_projects_and_phone(self, browser, world: World) -> None:
        User.objects.filter(pk=world.dec.pk).update(phone="+33 1 23 45 67 89")
        closed = say(world, "dec", new_ticket(world, title="Déjà réglé"), "close")
        page = browser("agent").get(f"/equipe/contacts/{world.dec.key}/")
        assert in_order(page, "Denis ECLUSE", "Tickets (", "Déjà réglé", closed.reference, "Clôturé", "Téléphone")
        assert 'href="tel:+33123456789"' in page.text
        assert world.project("A1").name in words(page)
        assert f'href="/equipe/?auteur={world.dec.key}"' in page.text
        assert f'href="/equipe/tickets/nouveau/?personne={world.dec.key}"' in page.text

    def test_a_company_s_page_shows_its_tickets(self, browser, world: World) -> None:
        page = browser("agent").get(f"/equipe/societes/{world.organization('ALPHA').key}/")
        assert in_order(page, "Tickets (3 ouverts)", world.ticket("A1").reference, "Contacts")
        assert world.ticket("B1").reference not in page.text

    def test_a_company_of_many_shows_a_page_of_its_contacts_and_its_first_projects(
        self, browser, world: World, monkeypatch
    ) -> None:
        monkeypatch.setattr("calypso.accounts.queries.CONTACTS_SHOWN", 2)
        monkeypatch.setattr("calypso.desk.views.clients.PROJECTS_SHOWN", 2)
        company = f"/equipe/societes/{world.organization('ALPHA').key}/"
        first, second = (browser("agent").get(f"{company}?page={number}") for number in (1, 2))
        contacts = [person.key for person in (world.obs, world.dec, world.pm, world.out)]
        shown = [[key for key in contacts if f"/equipe/contacts/{key}/" in page.text] for page in (first, second)]
        assert [len(keys) for keys in shown] == [2, 2]
        assert sorted(shown[0] + shown[1]) == sorted(contacts)
        assert "Voir les 3 projets" in words(first)
        assert 'href="/equipe/projets/?q=ALPHA"' in first.text

    def test_on_a_ticket_the_requester_leads_there(self, browser, world: World) -> None:
        User.objects.filter(pk=world.dec.pk).update(phone="01 02 03")
        page = browser("agent").get(f"/equipe/tickets/{new_ticket(world).reference}/")
        assert f'href="/equipe/contacts/{world.dec.key}/"' in page.text
        assert "01 02 03" in words(page)
        assert world.dec.key not in browser("rd").get(f"/equipe/tickets/{world.ticket('A1').reference}/").text

    @pytest.mark.parametrize("who", ["agent", "support", "manager", "admin"])
    def test_whoever_holds_the_phone_corrects_a_contact(self, who: str, browser, world: World) -> None:
        opened, page = browser(who), f"/equipe/contacts/{world.dec.key}/"
        fields = fill(form(opened.get(page), ""), last_name="Ecluzé", phone="06 11 22 33 44")
        assert opened.post(page, fields).status_code == 302
        changed = User.objects.get(pk=world.dec.pk)
        assert (changed.last_name, changed.phone) == ("Ecluzé", "06 11 22 33 44")

    def test_an_agent_invites_a_contact_with_a_phone(self, browser, world: World) -> None:
        opened, page = browser("agent"), f"/equipe/societes/{world.organization('ALPHA').key}/"
        fields = fill(
            form(opened.get(page), f"{page}contacts/"),
            email="lea@alpha.example",
            first_name="Léa",
            last_name="Petit",
            phone="0102030405",
        )
        assert opened.post(f"{page}contacts/", fields).status_code == 302
        assert User.objects.get(email="lea@alpha.example").phone == "0102030405"


class TestWho:
    @pytest.mark.parametrize("who", ["rd", "norole"])
    def test_r2_nobody_else_corrects_or_invites(self, who: str, world: World) -> None:
        by = world.person(who)
        with pytest.raises(Forbidden):
            change_contact(by, person=world.obs, identity=identity(world.obs, first_name="X"))
        with pytest.raises(Forbidden):
            invite_contact(by, organization=world.organization("ALPHA"), identity=Identity("x@x.example", "X", "Y"))

    @pytest.mark.parametrize("who", ["agent", "support"])
    def test_r42_the_address_of_who_signed_in_is_for_who_manages_clients(self, who: str, world: World) -> None:
        """Whoever holds an address holds the account: a link to it opens the door."""
        with pytest.raises(Invalid, match="un chef de projet corrige son adresse"):
            change_contact(world.person(who), person=world.dec, identity=identity(world.dec, email="moi@x.example"))
        assert User.objects.get(pk=world.dec.pk).email == world.dec.email
        key, new = world.dec.pk, identity(world.dec, email="neuf@alpha.example")
        change_contact(world.manager, person=world.dec, identity=new)
        assert User.objects.get(pk=key).email == "neuf@alpha.example"

    def test_an_agent_corrects_the_address_of_who_never_signed_in(self, world: World) -> None:
        new = invite_contact(
            world.agent, organization=world.organization("ALPHA"), identity=Identity("faut@alpha.example", "Léa", "P")
        )
        change_contact(world.agent, person=new, identity=identity(new, email="lea@alpha.example"))
        assert User.objects.get(pk=new.pk).email == "lea@alpha.example"

    def test_an_agent_never_corrects_a_colleague(self, world: World) -> None:
        with pytest.raises(Forbidden):
            change_contact(world.agent, person=world.support, identity=identity(world.support, first_name="X"))


def test_a_phone_too_long_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        change_contact(world.agent, person=world.dec, identity=identity(world.dec, phone="0" * 41))


def test_my_projects_is_a_queue_of_project_managers(browser, world: World) -> None:
    asked = queue_page(world.manager, QueueFilters(manager="moi"), "", 1)
    mine = {world.ticket(name).reference for name in ("A1", "A2", "A3", "B1")}
    assert {row.reference for row in asked.page.rows} == mine
    assert asked.counts["my_projects"] == len(mine)
    assert queue_page(world.admin, QueueFilters(manager="moi"), "", 1).page.total == 0
    assert "Mes projets" in words(browser("manager").get("/equipe/"))
    assert "Mes projets" not in words(browser("agent").get("/equipe/"))
    assert browser("manager").get("/equipe/?chef=autre").status_code == 422
