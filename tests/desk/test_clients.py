"""Companies and contacts at the desk: found by any word, moved, united, with the history of their changes (R9, I8, I12)."""

import pytest

from calypso.accounts import access, audit_log
from calypso.accounts.actions import people
from calypso.accounts.actions.memberships import leave_organization, move_to_organization
from calypso.accounts.actions.merging import merge_people
from calypso.accounts.actions.people import Identity
from calypso.accounts.capabilities import Role
from calypso.accounts.models import AuditEntry, Membership, Session, User
from calypso.accounts.privacy import holdings
from calypso.accounts.queries import doubles_of, find_contacts, organizations_of, organizations_page
from calypso.base.errors import Conflict, Forbidden, Invalid, NotVisible
from calypso.outbox.models import Notification, OutgoingEmail
from calypso.projects import actions as projects
from calypso.projects.access import projects_for
from calypso.projects.models import Project, ViewingRight
from calypso.projects.queries import projects_page
from calypso.tickets.access import tickets_for
from calypso.tickets.actions.following import set_following
from calypso.tickets.models import Ticket, TicketEvent, TicketFollow
from calypso.tickets.queries.membership_impact import joining_impact, leaving_impact, merge_impact
from tests.pages import in_order, words
from tests.world import World, add_project, address, connect, new_ticket, say

pytestmark = pytest.mark.django_db


def told(about: str) -> list[tuple[str, str, str, str]]:
    """The history of a thing, oldest first: act, field, before, after."""
    return list(AuditEntry.objects.filter(about=about).order_by("id").values_list("act", "field", "before", "after"))


class TestHistory:
    def test_a_company(self, world: World) -> None:
        company = people.add_organization(world.manager, name="GAMMA")
        people.change_organization(world.admin, organization=company, name="GAMMA 2", active=False)
        people.change_organization(world.admin, organization=company, name="GAMMA 2", active=False)
        assert told(f"organization:{company.key}") == [
            ("added", "", "", ""),
            ("changed", "name", "GAMMA", "GAMMA 2"),
            ("changed", "active", "oui", "non"),
        ]
        last = AuditEntry.objects.latest("id")
        assert (last.actor, str(last)) == (world.admin, f"changed of organization:{company.key}")

    def test_a_contact(self, world: World) -> None:
        alpha, dec = world.organization("alpha"), world.dec
        identity = Identity("d2@alpha.example", "Denis", "ÉCLUSE", "M.", "en")
        people.change_contact(world.manager, person=dec, identity=identity)
        people.set_contact_active(world.manager, person=dec, active=False)
        assert told(f"person:{dec.key}") == [
            ("invited", "company", "", "ALPHA"),
            ("changed", "email", "dec@alpha.example", "d2@alpha.example"),
            ("changed", "last_name", "ECLUSE", "ÉCLUSE"),
            ("changed", "locale", "Français", "English"),
            ("changed", "active", "oui", "non"),
        ]
        people.invite_contact(world.manager, organization=world.organization("beta"), identity=identity)
        leave_organization(world.manager, person=dec, organization=alpha)
        assert told(f"person:{dec.key}")[-2:] == [("joined", "company", "", "BETA"), ("left", "company", "ALPHA", "")]

    def test_what_somebody_changes_in_their_own_profile_is_kept_too(self, world: World) -> None:
        people.change_own_profile(world.dec, civility="", first_name="Denis", last_name="ECLUSE", locale="fr")
        assert told(f"person:{world.dec.key}")[-1] == ("changed", "civility", "M.", "")

    def test_a_member_of_the_team(self, world: World) -> None:
        agent = world.agent
        people.change_roles(world.admin, person=agent, roles=[Role.SUPPORT, Role.RD])
        assert told(f"person:{agent.key}") == [
            ("added", "roles", "", "Intervenant"),
            ("changed", "roles", "Intervenant", "Support, R&D"),
        ]

    def test_a_project(self, world: World) -> None:
        project = world.project("A2")
        facts = projects.Facts(name="A2 bis", event_date=None, vendor_manager=world.manager, by_batch=True)
        projects.change_project(world.manager, project=project, facts=facts)
        projects.set_viewers(world.manager, project=project, keys={world.dec.key, world.obs.key})
        projects.change_phase(world.manager, project=project, phase=Project.Phase.LIVE)
        projects.set_archived(world.manager, project=project, archived=True)
        about = told(f"project:{project.key}")
        assert about[0] == ("added", "company", "", "ALPHA")
        assert ("changed", "client_manager", "Paule MERCIER", "") in about
        assert ("changed", "by_batch", "non", "oui") in about
        assert about[-3:] == [
            ("viewers", "viewers", "", "Denis ECLUSE, Odile BSAINT"),
            ("phase", "phase", "Paramétrage", "Exploitation"),
            ("changed", "archived", "non", "oui"),
        ]

    def test_the_words_of_every_change_are_in_the_tables(self) -> None:
        assert set(projects.FACT_FIELDS) - {"search_text"} <= set(audit_log.FIELDS)
        assert set(audit_log.FIELDS) >= audit_log.WORDS | audit_log.DAYS

    def test_pages_say_who_when_before_and_after(self, browser, world: World) -> None:
        project, dec, opened = world.project("A2"), world.dec, browser("manager")
        opened.post(
            f"/equipe/projets/{project.key}/",
            {"name": "A2 bis", "event_date": "2027-01-28", "vendor_manager": world.manager.key},
        )
        page = opened.get(f"/equipe/projets/{project.key}/historique/")
        assert in_order(page, "Historique des modifications", "Manager STAFF", "Date évènement", "—", "28/01/2027")
        people.set_contact_active(world.manager, person=dec, active=False)
        assert in_order(opened.get(f"/equipe/contacts/{dec.key}/historique/"), "Manager STAFF", "Actif", "oui", "non")
        company = project.organization
        assert in_order(opened.get(f"/equipe/societes/{company.key}/historique/"), "Ada ADMIN", "Ajout", "—")
        assert "Rôles" in words(browser("admin").get(f"/equipe/contacts/{world.agent.key}/historique/"))

    def test_r130_an_erased_person_leaves_no_history(self, world: World, settings, tmp_path) -> None:
        from calypso.accounts.actions.erasing import erase_person

        settings.VAR = tmp_path
        obs = world.obs
        projects.set_viewers(world.manager, project=world.project("A2"), keys={obs.key})
        people.set_contact_active(world.admin, person=obs, active=False)
        erase_person(world.admin, person=obs)
        assert told(f"person:{obs.key}") == []
        assert not AuditEntry.objects.filter(after__contains=obs.full_name).exists()
        assert User.objects.get(pk=obs.pk).search_text.startswith("personne effacee")


class TestFinding:
    def test_companies_and_contacts_are_found_whatever_the_accents_and_the_order(self, world: World) -> None:
        people.add_organization(world.manager, name="Évènements & Cie")
        identity = Identity("zoe@alpha.example", "Zoé", "LŒUVRE")
        people.invite_contact(world.manager, organization=world.organization("alpha"), identity=identity)
        assert [row.name for row in organizations_page(world.agent, "evenements").rows] == ["Évènements & Cie"]
        for said in ("zoe loeuvre", "LŒUVRE zoé", "zoe@alpha"):
            assert [person.email for person in find_contacts(world.agent, said)] == ["zoe@alpha.example"], said
        assert find_contacts(world.agent, " ") == []
        with pytest.raises(NotVisible):
            find_contacts(world.dec, "zoe")

    def test_projects_are_found_by_name_company_phase_and_archive(self, world: World) -> None:
        live = add_project(world, "Été des métiers", "beta", phase="live")
        assert list(projects_page(world.agent, "metiers beta", "", False, 1).rows) == [live]
        assert live not in projects_page(world.agent, "", "setup", False, 1).rows
        assert [row.name[:2] for row in projects_page(world.agent, "", "", True, 1).rows] == ["A3"]
        with pytest.raises(Invalid):
            projects_page(world.agent, "", "autre", False, 1)

    def test_the_lists_of_the_desk(self, browser, world: World, settings) -> None:
        settings.LIST_PAGE_SIZE = 1
        opened = browser("agent")
        page = opened.get("/equipe/societes/?q=ecluse")
        assert in_order(page, "Contacts (1)", "Denis ECLUSE", "Sociétés (0)", "Aucune société ne correspond.")
        assert in_order(opened.get("/equipe/societes/?page=2"), "BETA", "2–2 sur 2")
        page = opened.get("/equipe/projets/?q=alpha&page=2")
        assert in_order(page, "2–2 sur 2")
        assert "q=alpha" in page.content.decode().split("pager")[1]
        assert "Aucun projet ne correspond." in words(opened.get("/equipe/projets/?q=rien"))
        assert "canariA3projet" in words(opened.get("/equipe/projets/?archives=1"))


class TestMoving:
    def test_r9_what_it_entails_is_shown_first(self, browser, world: World) -> None:
        pm, alpha, beta = world.pm, world.organization("alpha"), world.organization("beta")
        new_ticket(world, "pm", "A2")
        new_ticket(world, "dec", "A2", follower=pm.key)
        found = leaving_impact(world.manager, pm, alpha)
        assert [row.name[:2] for row in found.led] == ["A1", "A2"]
        assert (found.declared, found.followed) == (1, 1)
        assert [row.name[:2] for row in leaving_impact(world.manager, world.obs, alpha).listed] == ["A1"]
        assert [row.name[:2] for row in joining_impact(world.manager, beta)] == ["B1"]
        opened, path = browser("manager"), f"/equipe/contacts/{pm.key}/societes/{alpha.key}/quitter/"
        page = opened.get(path)
        assert in_order(page, "Ces projets n'auront plus de chef de projet client :", "A1", "C'est sa seule société")
        assert "Retirer de la société" not in words(page)
        page = opened.get(path, {"destination": beta.key})
        assert in_order(
            page,
            "Chez ALPHA",
            "1 ticket déclaré, encore ouvert",
            "1 ticket suivi",
            "Chez BETA",
            "B1",
            "Passer chez BETA",
        )
        assert projects_for(world.pm).filter(organization=alpha).count() == 3, "looking changes nothing"
        assert opened.post(path, {"destination": beta.key})["Location"].endswith("fait=deplace")
        assert [company.name for company in organizations_of(world.pm)] == ["BETA"]

    def test_r9_a_moved_contact_sees_the_new_company_and_nothing_of_the_old(self, world: World) -> None:
        dec, alpha, beta = world.dec, world.organization("alpha"), world.organization("beta")
        mine = new_ticket(world, "dec", "A2")
        Session.objects.create(
            session_key="s" * 32,
            session_data="",
            expire_date=mine.created_at,
            user=dec,
            started_at=mine.created_at,
            seen_at=mine.created_at,
        )
        stamp = dec.stamp
        move_to_organization(world.manager, person=dec, origin=alpha, destination=beta)
        dec = world.dec
        assert {row.organization for row in projects_for(dec)} == {beta}
        assert not tickets_for(dec).filter(pk=mine.pk).exists()
        assert dec.stamp > stamp
        assert not Session.objects.filter(user=dec).exists()
        assert not ViewingRight.objects.filter(user=dec).exists()
        assert Ticket.objects.get(pk=mine.pk).author == dec
        assert OutgoingEmail.objects.filter(kind="accounts.joined", recipient=dec.email).count() == 1

    def test_c4_the_new_company_is_one_of_the_list_and_another(self, browser, world: World) -> None:
        dec, alpha, beta = world.dec, world.organization("alpha"), world.organization("beta")
        opened, path = browser("manager"), f"/equipe/contacts/{dec.key}/societes/{alpha.key}/quitter/"
        assert opened.post(path, {"destination": "inconnue"}).status_code == 422
        assert opened.post(path, {"destination": alpha.key}).status_code == 422
        people.change_organization(world.manager, organization=beta, name="BETA", active=False)
        assert opened.post(path, {"destination": beta.key}).status_code == 422
        assert opened.post(path, {"destination": ""}).status_code == 409, "the last company is kept"
        assert opened.get(f"/equipe/contacts/{dec.key}/societes/{beta.key}/quitter/").status_code == 404
        assert [company.name for company in organizations_of(world.dec)] == ["ALPHA"]

    @pytest.mark.parametrize("who", ["agent", "support"])
    def test_r18_only_who_manages_clients_moves_them(self, who: str, world: World) -> None:
        with pytest.raises(Forbidden):
            leaving_impact(world.person(who), world.dec, world.organization("alpha"))
        with pytest.raises(Forbidden):
            move_to_organization(
                world.person(who),
                person=world.dec,
                origin=world.organization("alpha"),
                destination=world.organization("beta"),
            )


@pytest.fixture
def double(world: World) -> User:
    """Denis again, under the address of the other company, with tickets, words, rights and messages of his own."""
    person = people.invite_contact(
        world.manager, organization=world.organization("beta"), identity=Identity("dec@beta.example", "Denis", "Écluse")
    )
    connect(person)
    return User.objects.get(pk=person.pk)


class TestMerging:
    def test_everything_of_one_is_the_other_s(self, world: World, double: User) -> None:
        from calypso.tickets.actions.opening import Request, open_ticket

        beta = world.project("B1")
        projects.set_viewers(world.manager, project=beta, keys={double.key, world.buser.key})
        ticket = open_ticket(double, project=beta, request=Request(title="De l'autre compte", priority="2"))
        followed = open_ticket(
            world.buser, project=beta, request=Request(title="Suivi", priority="2", follower=double.key)
        )
        set_following(double, ticket=world.ticket("B1"), following="follow")
        projects.change_project(
            world.manager,
            project=beta,
            facts=projects.Facts(name=beta.name, event_date=None, vendor_manager=world.manager, client_manager=double),
        )
        merge_people(world.manager, kept=world.dec, gone=double)
        dec = world.dec
        assert not User.objects.filter(key=double.key).exists()
        assert {company.name for company in organizations_of(dec)} == {"ALPHA", "BETA"}
        assert Ticket.objects.get(pk=ticket.pk).author == dec
        assert Ticket.objects.get(pk=followed.pk).follower == dec
        assert TicketEvent.objects.filter(ticket=ticket, actor=dec).exists()
        assert ViewingRight.objects.filter(user=dec).count() == 2
        assert TicketFollow.objects.filter(person=dec, ticket=world.ticket("B1")).exists()
        assert Project.objects.get(pk=beta.pk).client_manager == dec
        assert not OutgoingEmail.objects.filter(recipient_key=double.key).exclude(kind="accounts.merged").exists()
        assert not Notification.objects.filter(recipient_key=double.key).exists()
        assert told(f"person:{dec.key}")[-1] == ("merged", "account", "", "Denis ÉCLUSE (dec@beta.example)")
        told_to = OutgoingEmail.objects.filter(kind="accounts.merged")
        assert {mail.recipient for mail in told_to} == {"dec@alpha.example", "dec@beta.example"}
        assert all("dec@beta.example ne sert plus" in mail.text for mail in told_to)

    def test_what_both_had_is_had_once(self, world: World, double: User) -> None:
        identity = Identity(double.email, "x", "y")
        people.invite_contact(world.manager, organization=world.organization("alpha"), identity=identity)
        projects.set_viewers(world.manager, project=world.project("A1"), keys={world.dec.key, double.key})
        ticket = new_ticket(world, "dec", "A1", follower=double.key)
        for person in (world.dec, double):
            set_following(person, ticket=ticket, following="follow")
        merge_people(world.manager, kept=world.dec, gone=double)
        assert Membership.objects.filter(user=world.dec, active=True).count() == 2
        assert ViewingRight.objects.filter(user=world.dec, project=world.project("A1")).count() == 1
        assert TicketFollow.objects.filter(person=world.dec, ticket=ticket).count() == 1
        assert Ticket.objects.get(pk=ticket.pk).follower is None, "nobody follows their own ticket"

    def test_a_company_left_is_joined_again_only_when_the_other_is_there(self, world: World, double: User) -> None:
        beta = world.organization("beta")
        Membership.objects.create(user=world.dec, organization=beta, active=False)
        merge_people(world.manager, kept=world.dec, gone=double)
        assert Membership.objects.get(user=world.dec, organization=beta).active

    def test_every_link_to_a_person_is_handed_over(self) -> None:
        """A table that names people, added tomorrow, is handed over as a whole unless it is listed here."""
        unique = {
            relation.related_model
            for relation in User._meta.get_fields(include_hidden=True)
            if relation.auto_created and relation.one_to_many
            for constraint in relation.related_model._meta.constraints
            if relation.field.name in getattr(constraint, "fields", ())
        }
        said = {model.__name__ for holding in holdings() for model in (*holding.ends, *holding.once)}
        assert {model.__name__ for model in unique} - {"Draft", "Presence", "TeamMember"} <= said

    def test_c4_c5_only_two_different_living_contacts(self, browser, world: World, double: User) -> None:
        for other in (world.dec, world.agent):
            with pytest.raises(Invalid):
                merge_people(world.manager, kept=world.dec, gone=other)
        people.set_contact_active(world.manager, person=world.dec, active=False)
        with pytest.raises(Conflict):
            merge_people(world.manager, kept=world.dec, gone=double)
        opened, path = browser("manager"), f"/equipe/contacts/{world.dec.key}/reunir/"
        assert opened.post(path, {"other": double.key}).status_code == 409
        for wrong in ("", "inconnu", world.dec.key, world.agent.key):
            assert opened.post(path, {"other": wrong}).status_code == 422, wrong
        with pytest.raises(Forbidden):
            merge_people(world.agent, kept=world.obs, gone=double)

    def test_r9_the_page_finds_the_double_and_shows_what_it_entails(self, browser, world: World, double: User) -> None:
        assert doubles_of(world.manager, world.dec) == [double]
        opened, path = browser("manager"), f"/equipe/contacts/{world.dec.key}/reunir/"
        assert in_order(opened.get(path), "Trouver l'autre compte", "Denis ÉCLUSE", "dec@beta.example")
        assert "Berthe PMARIN" in words(opened.get(path, {"q": "pmarin"}))
        union = merge_impact(world.manager, world.dec, double)
        assert [row.name[:2] for row in union.projects] == ["B1"]
        page = opened.get(path, {"other": double.key})
        assert in_order(
            page, "Reste", "dec@alpha.example", "Disparaît", "dec@beta.example", "BETA", "Réunir, sans retour possible"
        )
        assert User.objects.filter(pk=double.pk).exists(), "looking changes nothing"
        assert opened.post(path, {"other": double.key})["Location"].endswith("fait=reunis")
        assert opened.post(path, {"other": double.key}).status_code == 422, "the second click finds nobody"

    def test_the_account_that_never_served_is_not_the_one_to_keep(self, browser, world: World) -> None:
        identity = Identity("dec@beta.example", "Denis", "Écluse")
        person = people.invite_contact(world.manager, organization=world.organization("beta"), identity=identity)
        page = browser("manager").get(f"/equipe/contacts/{person.key}/reunir/", {"other": world.dec.key})
        assert in_order(page, "le compte qui disparaît a déjà servi", "Garder l'autre")

    def test_the_account_that_goes_no_longer_signs_in(self, world: World, double: User, client) -> None:
        say(world, "dec", world.ticket("A1"), "comment", "Avant")
        merge_people(world.manager, kept=world.dec, gone=double)
        from tests.world import PASSWORD

        answer = client.post("/connexion/", {"email": "dec@beta.example", "password": PASSWORD})
        assert answer.status_code == 422
        assert access.people_for(world.pm).filter(email=address("dec")).exists()
