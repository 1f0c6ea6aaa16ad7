"""Companies, contacts, the team: who may make them, what a change entails (R7–R9, R13, R18, R42–R45)."""

import pytest

from calypso.accounts import access, queries
from calypso.accounts.actions import memberships, people
from calypso.accounts.actions.people import Identity
from calypso.accounts.capabilities import CLIENT_CAPABILITIES, ROLE_CAPABILITIES, Capability, Role
from calypso.accounts.models import Membership, Organization, Session, User
from calypso.base.errors import Conflict, Forbidden, Invalid, NotVisible
from calypso.outbox import kinds
from calypso.outbox.models import OutgoingEmail
from calypso.projects.access import projects_for
from calypso.projects.actions import set_viewers
from calypso.projects.models import ViewingRight
from calypso.tickets.models import Ticket
from tests.pages import words
from tests.world import ROLELESS, World, address, connect, new_ticket

NEW = Identity("neuf@alpha.example", "Noé", "NEUF", "M.")


@pytest.mark.checklist("S134-S137")
def test_r18_what_each_role_may_do() -> None:
    """The reviewed table: a change of a right is a change of this test."""
    may = {role: {capability.value for capability in capabilities} for role, capabilities in ROLE_CAPABILITIES.items()}
    team = {"see_all", "open_for_client", "work", "take", "note", "keep_contacts"}
    lead = team | {
        "assign",
        "follow_up",
        "close_for_vendor",
        "retain_priority",
        "manage_clients",
        "manage_projects",
        "see_outbox",
        "impersonate",
    }
    assert may == {
        Role.AGENT: team,
        Role.SUPPORT: team | {"assign", "retain_priority", "see_outbox"},
        Role.MANAGER: lead,
        Role.RD: {"note"},
        Role.ADMIN: lead | {"manage_team", "set_levels", "set_up"},
    }
    assert {capability.value for capability in CLIENT_CAPABILITIES} == {"client_write"}


def test_decision_4_roles_combine(world: World) -> None:
    User.objects.filter(email="rd@leni.example").update(role_support=True)
    both = access.capabilities_of(world.rd)
    assert both == ROLE_CAPABILITIES[Role.RD] | ROLE_CAPABILITIES[Role.SUPPORT]
    assert world.rd.roles == [Role.SUPPORT, Role.RD]


def test_an_inactive_person_may_nothing(world: World) -> None:
    User.objects.filter(email="admin@leni.example").update(active=False)
    assert access.capabilities_of(world.admin) == frozenset()


def test_anonymous_is_no_viewer() -> None:
    from django.contrib.auth.models import AnonymousUser

    with pytest.raises(NotVisible):
        access.as_viewer(AnonymousUser())


@pytest.mark.checklist("S10")
def test_a_contact_is_made_and_invited_by_the_team(world: World) -> None:
    person = people.invite_contact(world.manager, organization=world.organization("alpha"), identity=NEW)
    assert (person.is_client, person.has_connected, person.full_name, person.sheet_name) == (
        True,
        False,
        "Noé NEUF",
        "NEUF Noé",
    )
    assert queries.companies_of(person) == ["ALPHA"]
    mail = OutgoingEmail.objects.get(kind="accounts.invitation", recipient=person.email)
    assert "neuf@alpha.example" in mail.text


def test_r45_nobody_registers_alone(world: World, browser) -> None:
    for path in ("/inscription/", "/register/", "/comptes/nouveau/"):
        assert browser().get(path).status_code == 404


@pytest.mark.parametrize(
    "who, refused",
    [("agent", Forbidden), ("support", Forbidden), ("rd", Forbidden), (ROLELESS, Forbidden), ("pm", NotVisible)],
)
@pytest.mark.parametrize("act", ["invite", "company", "rename", "change", "active", "resend", "retry"])
def test_r13_who_manages_clients(who: str, refused: type[Exception], act: str, world: World) -> None:
    """Agents and support, who hold the phone, add contacts; the rest is for who manages clients."""
    if act == "invite" and who in ("agent", "support"):
        people.invite_contact(world.person(who), organization=world.organization("alpha"), identity=NEW)
        return
    by, company, person = world.person(who), world.organization("alpha"), world.dec
    if act == "retry" and who == "support":
        refused = Conflict
    if act == "change" and who in ("agent", "support"):
        refused = Invalid  # the address of who has signed in
    with pytest.raises(refused):
        match act:
            case "invite":
                people.invite_contact(by, organization=company, identity=NEW)
            case "company":
                people.add_organization(by, name="GAMMA")
            case "rename":
                people.change_organization(by, organization=company, name="GAMMA", active=True)
            case "change":
                people.change_contact(by, person=person, identity=NEW)
            case "active":
                people.set_contact_active(by, person=person, active=False)
            case "resend":
                people.resend_invitation(by, person=person)
            case "retry":
                people.retry_email(by, key="inconnu")


def test_only_administrators_touch_the_team(world: World) -> None:
    with pytest.raises(Forbidden):
        people.add_staff(world.manager, identity=NEW, roles=[Role.AGENT])
    with pytest.raises(Forbidden):
        people.set_contact_active(world.manager, person=world.agent, active=False)
    with pytest.raises(Forbidden):
        people.set_contact_active(world.admin, person=world.admin, active=False)
    people.set_contact_active(world.admin, person=world.agent, active=False)
    assert not world.agent.active


@pytest.mark.checklist("S10")
def test_a_known_address_is_not_made_twice(world: World) -> None:
    for email in ("dec@alpha.example", "DEC@alpha.example", "agent@leni.example"):
        with pytest.raises(Invalid):
            people.invite_contact(
                world.manager, organization=world.organization("alpha"), identity=Identity(email, "A", "B")
            )
    with pytest.raises(Invalid):
        people.add_staff(world.admin, identity=Identity("dec@alpha.example", "A", "B"), roles=[])


def test_decision_3_a_contact_joins_a_second_company(world: World) -> None:
    person = people.invite_contact(
        world.manager, organization=world.organization("beta"), identity=Identity("dec@alpha.example", "x", "y")
    )
    assert person == world.dec
    assert queries.companies_of(person) == ["ALPHA", "BETA"]
    assert len(world.dec.organization_ids) == 2
    assert str(Membership.objects.filter(user=person).first()) == f"{person.pk} in {world.organization('alpha').pk}"


@pytest.mark.parametrize(
    "identity, field",
    [
        (Identity("pas une adresse", "A", "B"), "email"),
        (Identity("a@b.example", "", "B"), "first_name"),
        (Identity("a@b.example", "A", " "), "last_name"),
        (Identity("a@b.example", "x" * 101, "B"), "first_name"),
        (Identity("a@b.example", "A", "B", "Dr"), "civility"),
        (Identity("a@b.example", "A", "B", "", "de"), "locale"),
        (Identity("a\x00@b.example", "A", "B"), "email"),
    ],
)
def test_r57_identities_are_checked(identity: Identity, field: str, world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        people.invite_contact(world.manager, organization=world.organization("alpha"), identity=identity)
    assert set(refusal.value.errors) == {field}


def test_r42_a_new_address_ends_sessions_and_tells_the_old_one(world: World, browser) -> None:
    opened = browser("dec")
    person = world.dec
    identity = Identity("denis@alpha.example", person.first_name, person.last_name)
    people.change_contact(world.manager, person=person, identity=identity)
    assert not Session.objects.filter(user=person).exists()
    assert opened.get("/projets/").status_code == 302
    mail = OutgoingEmail.objects.get(kind="accounts.email_changed")
    assert mail.recipient == "dec@alpha.example"
    assert "denis@alpha.example" not in mail.text


def test_a_refused_correction_leaves_the_person_as_they_were(world: World) -> None:
    person = world.dec
    with pytest.raises(Invalid):
        people.change_own_profile(person, civility="M.", first_name="Autre", last_name="", locale="fr")
    assert person.first_name == "Denis"


def test_a_profile_changes_names_and_language_not_the_address(world: World) -> None:
    people.change_own_profile(world.dec, civility="Mme", first_name="Dominique", last_name="Écluse", locale="en")
    after = world.dec
    assert (after.full_name, after.locale, after.civility_in_full, after.addressed) == (
        "Dominique ÉCLUSE",
        "en",
        "Madame",
        "Mme ÉCLUSE",
    )
    assert after.email == "dec@alpha.example"


def test_r8_r9_a_deactivated_contact_loses_everything_at_once(world: World, browser) -> None:
    opened = browser("dec")
    people.set_contact_active(world.manager, person=world.dec, active=False)
    assert opened.get("/projets/").status_code == 302
    assert world.dec not in access.colleagues({world.organization("alpha").pk})
    people.set_contact_active(world.manager, person=world.dec, active=True)
    assert opened.get("/projets/").status_code == 302


def test_r8_r9_a_contact_leaves_one_company_and_keeps_the_other(world: World, browser) -> None:
    beta = world.organization("beta")
    with pytest.raises(NotVisible):
        memberships.leave_organization(world.manager, person=world.dec, organization=beta)
    people.invite_contact(world.manager, organization=beta, identity=Identity("dec@alpha.example", "x", "y"))
    opened = browser("dec")
    desk = browser("manager")
    page = desk.get(f"/equipe/contacts/{world.dec.key}/")
    assert "Changer ou retirer" in words(page)
    alpha = world.organization("alpha")
    left = desk.post(f"/equipe/contacts/{world.dec.key}/societes/{alpha.key}/quitter/")
    assert left["Location"].endswith("?fait=quitte")
    assert opened.get("/projets/").status_code == 302, "the session ended"
    assert queries.companies_of(world.dec) == ["BETA"]
    again = browser("dec")
    assert again.get(f"/projets/{world.project('A1').key}/").status_code == 404
    assert again.get(f"/tickets/{world.ticket('A1').reference}/").status_code == 404
    with pytest.raises(Conflict):
        memberships.leave_organization(world.manager, person=world.dec, organization=beta)


def test_a_contact_who_left_a_company_can_join_it_again(world: World) -> None:
    alpha, beta = world.organization("alpha"), world.organization("beta")
    identity = Identity("dec@alpha.example", "x", "y")
    people.invite_contact(world.manager, organization=beta, identity=identity)
    memberships.leave_organization(world.manager, person=world.dec, organization=alpha)
    people.invite_contact(world.manager, organization=alpha, identity=identity)
    assert queries.companies_of(world.dec) == ["ALPHA", "BETA"]


def test_r9_the_desk_is_told_when_a_project_lost_its_client_manager(world: World, browser) -> None:
    page = f"/equipe/projets/{world.project('A1').key}/"
    assert "chef de projet client :" not in words(browser("manager").get(page))
    people.set_contact_active(world.manager, person=world.pm, active=False)
    assert "À remplacer :" in words(browser("manager").get(page))


def test_r9_who_leaves_a_company_is_nothing_there_any_more(world: World, browser) -> None:
    for who in ("pm", "obs"):
        people.invite_contact(
            world.manager, organization=world.organization("beta"), identity=Identity(address(who), "x", "y")
        )
    followed = new_ticket(world, follower=world.obs.key)
    set_viewers(world.pm, project=world.project("A1"), keys={world.obs.key})
    assert followed.follower == world.obs
    for who in ("obs", "pm"):
        path = f"/equipe/contacts/{world.person(who).key}/societes/{world.organization('alpha').key}/quitter/"
        assert browser("manager").post(path).status_code == 302
    project = world.project("A1")
    assert (project.client_manager, project.restricted) == (None, True)
    assert not ViewingRight.objects.filter(project=project).exists()
    assert Ticket.objects.get(pk=followed.pk).follower is None
    assert not projects_for(world.dec).filter(pk=project.pk).exists()
    page = words(browser("manager").get(f"/equipe/projets/{project.key}/"))
    assert "Ce projet n'a pas de chef de projet client" in page
    people.invite_contact(
        world.manager, organization=world.organization("alpha"), identity=Identity(address("obs"), "x", "y")
    )
    assert not projects_for(world.obs).filter(pk=project.pk).exists()


def test_an_invitation_is_sent_again_until_the_first_connection(world: World) -> None:
    person = people.invite_contact(world.manager, organization=world.organization("alpha"), identity=NEW)
    people.resend_invitation(world.manager, person=person)
    assert OutgoingEmail.objects.filter(kind="accounts.invitation", recipient=person.email).count() == 2
    connect(person)
    with pytest.raises(Conflict):
        people.resend_invitation(world.manager, person=User.objects.get(pk=person.pk))


@pytest.mark.parametrize("name", ["", "  ", "ALPHA", "x" * 101])
def test_company_names_are_checked(name: str, world: World) -> None:
    with pytest.raises(Invalid):
        people.add_organization(world.manager, name=name)


def test_a_company_is_renamed_but_not_into_another(world: World) -> None:
    people.change_organization(world.manager, organization=world.organization("alpha"), name="ALPHA 2", active=True)
    assert Organization.objects.filter(name="ALPHA 2").exists()
    with pytest.raises(Invalid):
        people.change_organization(world.manager, organization=world.organization("beta"), name="ALPHA 2", active=True)
    with pytest.raises(Invalid):
        people.change_organization(world.manager, organization=world.organization("beta"), name="", active=True)


def test_r45_installing_makes_one_administrator_once(world: World) -> None:
    with pytest.raises(Conflict):
        people.install(vendor="Autre", identity=NEW)


def test_who_may_know_of_whom(world: World) -> None:
    assert set(access.people_for(world.dec)) == {world.pm, world.dec, world.obs, world.out}
    assert set(access.organizations_for(world.dec)) == {world.organization("alpha")}
    assert access.people_for(world.agent).count() == User.objects.count()
    assert not access.people_for(world.rd).exists()
    assert not access.organizations_for(world.rd).exists()
    with pytest.raises(NotVisible):
        queries.get_person(world.dec, world.buser.key)
    with pytest.raises(NotVisible):
        queries.get_organization(world.dec, world.organization("beta").key)
    assert not world.agent.organization_ids


def test_the_desk_lists_companies_and_contacts(world: World) -> None:
    people.set_contact_active(world.manager, person=world.out, active=False)
    rows = {row.name: row.contacts for row in queries.organizations_page(world.agent).rows}
    assert rows == {"ALPHA": 3, "BETA": 2}
    contacts = queries.contacts_of(world.agent, world.organization("alpha"))
    assert [row.active for row in contacts] == [True, True, True, False]
    with pytest.raises(NotVisible):
        queries.contacts_of(world.dec, world.organization("alpha"))


def test_r18_no_screen_of_the_outbox_shows_a_link(world: World, browser) -> None:
    people.invite_contact(world.manager, organization=world.organization("alpha"), identity=NEW)
    mail = OutgoingEmail.objects.get(kind="accounts.invitation", recipient=NEW.email)
    shown = browser("admin").get(f"/equipe/courriers/{mail.key}/").content.decode()
    assert "[lien à usage unique]" in shown
    with pytest.raises(NotVisible):
        queries.get_email(world.admin, "inconnu")


def test_words_of_the_model(world: World) -> None:
    assert str(world.dec) == "Denis ECLUSE"
    assert world.dec.initials == "DE"
    assert str(world.organization("alpha")) == "ALPHA"
    assert User(first_name="Sans", last_name="civilité").addressed == "Sans CIVILITÉ"
    assert access.may(world.admin, Capability.MANAGE_TEAM)


def test_two_companies_of_one_name_created_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another member adds the company between our look and our write: the same answer as a moment later."""
    new_key = people.new_key

    def meanwhile() -> str:
        monkeypatch.setattr(people, "new_key", new_key)
        people.add_organization(world.admin, name="DEUX FOIS")
        return new_key()

    monkeypatch.setattr(people, "new_key", meanwhile)
    with pytest.raises(Invalid, match="porte déjà ce nom"):
        people.add_organization(world.manager, name="DEUX FOIS")


def test_two_companies_do_not_differ_by_case_alone(world: World) -> None:
    with pytest.raises(Invalid, match="porte déjà ce nom"):
        people.add_organization(world.manager, name=world.organization("alpha").name.swapcase())


def test_two_accounts_of_one_address_created_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fill = people._fill

    def meanwhile(person: User, identity: Identity) -> None:
        monkeypatch.setattr(people, "_fill", fill)
        fill(person, identity)
        people.invite_contact(world.admin, organization=world.organization("beta"), identity=identity)

    monkeypatch.setattr(people, "_fill", meanwhile)
    with pytest.raises(Invalid, match="déjà un compte"):
        people.invite_contact(world.manager, organization=world.organization("alpha"), identity=NEW)


@pytest.mark.parametrize("address", ["noé@alpha.example", "\u017fam@alpha.example"])
def test_r23_an_address_that_only_resembles_another_is_refused(address: str, world: World) -> None:
    identity = Identity(address, "Noé", "NEUF")
    with pytest.raises(Invalid) as refusal:
        people.invite_contact(world.manager, organization=world.organization("alpha"), identity=identity)
    assert set(refusal.value.errors) == {"email"}


def test_a14_r77_somebody_who_signs_in_is_told_of_their_new_company_while_they_belong_to_it(world: World) -> None:
    dec, other = world.dec, world.organization("beta")
    identity = people.Identity(dec.email, dec.first_name, dec.last_name)
    people.invite_contact(world.manager, organization=other, identity=identity)
    mail = OutgoingEmail.objects.get(kind="accounts.joined")
    assert other.name in mail.subject
    assert other.name in mail.text
    envelope = kinds.Envelope(mail.recipient_key, mail.recipient, mail.about)
    assert kinds.get(mail.kind).still_owed(envelope)
    memberships.leave_organization(world.manager, person=dec, organization=other)
    assert not kinds.get(mail.kind).still_owed(envelope)
