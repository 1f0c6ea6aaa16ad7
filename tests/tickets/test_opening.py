"""Opening a ticket (S59–S69, decision 5)."""

import itertools

import pytest
from django.db import IntegrityError

from calypso.base.errors import Conflict, Forbidden, Invalid
from calypso.tickets.access import may_open
from calypso.tickets.actions import opening
from calypso.tickets.actions.opening import Request, open_ticket
from calypso.tickets.models import Attachment, Draft, Ticket, TicketEvent
from tests.files import PDF
from tests.world import World, new_ticket, upload


def asked(**changes: str) -> Request:
    return Request(**{"title": "Sujet", "priority": "2", **changes})


@pytest.mark.checklist("S109", "S100")
def test_a_client_opens_a_ticket_with_its_files(world: World) -> None:
    for number in range(5):
        upload(world.dec, "formcinq", Draft.Purpose.OPENING, f"f{number}.pdf", PDF)
    ticket = open_ticket(
        world.dec,
        project=world.project("A1"),
        request=asked(
            description="Ligne 1\r\nLigne 2",
            page_url="site.example/x",
            priority="4",
            context="Urgent",
            follower=world.obs.key,
        ),
        form_key="formcinq",
    )
    ticket.refresh_from_db()
    assert (ticket.state, ticket.description, ticket.page_url) == ("new", "Ligne 1\nLigne 2", "https://site.example/x")
    assert (ticket.priority, ticket.declared_priority, ticket.context) == ("4", "4", "Urgent")
    assert (ticket.organization, ticket.follower) == (world.organization("alpha"), world.obs)
    event = TicketEvent.objects.get(ticket=ticket)
    assert (event.kind, event.actor, event.state, event.internal) == ("opened", world.dec, "new", False)
    assert Attachment.objects.filter(event=event).count() == 5
    assert not Draft.objects.filter(key="formcinq").exists()


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "x\x00"}, "title"),
        ({"description": "x" * 20_001}, "description"),
        ({"page_url": "javascript:alert(1)"}, "page_url"),
        ({"page_url": "https://a.example/" + "x" * 2000}, "page_url"),
        ({"priority": ""}, "priority"),
        ({"priority": "5"}, "priority"),
        ({"priority": "3"}, "context"),
        ({"priority": "4", "context": "  "}, "context"),
        ({"priority": "4", "context": "x" * 1001}, "context"),
        ({"follower": "inconnu"}, "follower"),
    ],
)
@pytest.mark.checklist("S61", "S66")
def test_r57_bad_fields_are_named_and_nothing_is_made(changes: dict[str, str], field: str, world: World) -> None:
    before = Ticket.objects.count()
    with pytest.raises(Invalid) as refusal:
        open_ticket(world.dec, project=world.project("A1"), request=asked(**changes))
    assert set(refusal.value.errors) == {field}
    assert Ticket.objects.count() == before


@pytest.mark.checklist("S62", "S63", "S67")
def test_only_the_object_and_the_priority_are_compulsory(world: World) -> None:
    ticket = open_ticket(world.dec, project=world.project("A1"), request=Request(title="Seul", priority="1"))
    assert (ticket.description, ticket.page_url, ticket.context, ticket.follower) == ("", "", "", None)


@pytest.mark.parametrize("who", ["out", "buser", "dec"])
def test_r4_r5_a_follower_sees_the_project_and_is_somebody_else(who: str, world: World) -> None:
    """`out` is no viewer, `buser` of another company, `dec` the author: the same answer as for nobody."""
    with pytest.raises(Invalid) as refusal:
        open_ticket(world.dec, project=world.project("A1"), request=asked(follower=world.person(who).key))
    with pytest.raises(Invalid) as unknown:
        open_ticket(world.dec, project=world.project("A1"), request=asked(follower="personne"))
    assert refusal.value.errors == unknown.value.errors


def test_r103_one_form_makes_one_ticket(world: World) -> None:
    made = {
        open_ticket(world.dec, project=world.project("A1"), request=asked(), form_key="unefois").pk for _ in range(3)
    }
    assert len(made) == 1
    other = open_ticket(world.obs, project=world.project("A1"), request=asked(), form_key="unefois")
    assert other.pk not in made


def test_r10_an_archived_project_takes_no_ticket(world: World) -> None:
    assert not may_open(world.dec, world.project("A3"))
    with pytest.raises(Conflict):
        open_ticket(world.dec, project=world.project("A3"), request=asked())


def test_the_team_opens_for_a_client_and_the_event_says_who_typed(world: World) -> None:
    ticket = open_ticket(world.support, project=world.project("A1"), request=asked(), author=world.dec)
    event = TicketEvent.objects.get(ticket=ticket)
    assert (ticket.author, event.actor) == (world.dec, world.support)


@pytest.mark.parametrize("author", ["out", "buser", None])
def test_the_author_must_see_the_project(author: str | None, world: World) -> None:
    person = world.person(author) if author else None
    with pytest.raises(Invalid) as refusal:
        open_ticket(world.support, project=world.project("A1"), request=asked(), author=person)
    assert "author" in refusal.value.errors


@pytest.mark.parametrize("who", ["rd", "norole"])
def test_r_and_d_opens_nothing(who: str, world: World) -> None:
    with pytest.raises(Forbidden):
        open_ticket(world.person(who), project=world.project("A1"), request=asked(), author=world.dec)


def test_a_client_cannot_write_in_the_name_of_another(world: World) -> None:
    ticket = open_ticket(world.dec, project=world.project("A1"), request=asked(), author=world.obs)
    assert ticket.author == world.dec


def test_r106_a_taken_reference_is_drawn_again(world: World) -> None:
    drawn = itertools.cycle(["AAAAAAA", "AAAAAAA", "BBBBBBB"])
    references = [
        open_ticket(world.dec, project=world.project("A1"), request=asked(), reference=lambda: next(drawn)).reference
        for _ in "12"
    ]
    assert references == ["AAAAAAA", "BBBBBBB"]


def test_r106_no_free_reference_is_a_refusal_not_a_loop(world: World) -> None:
    open_ticket(world.dec, project=world.project("A1"), request=asked(), reference=lambda: "CCCCCCC")
    with pytest.raises(Invalid):
        open_ticket(world.dec, project=world.project("A1"), request=asked(), reference=lambda: "CCCCCCC")


def test_the_database_holds_the_rule_of_the_context_too(world: World, monkeypatch) -> None:
    """Another broken promise than the reference's is not taken for one."""
    monkeypatch.setattr(opening, "needs_context", lambda priority: False)
    with pytest.raises(IntegrityError):
        open_ticket(world.dec, project=world.project("A1"), request=asked(priority="4"))


def test_r66_more_files_than_allowed_are_refused_whole(world: World, settings) -> None:
    for number in range(2):
        upload(world.dec, "formtrop", Draft.Purpose.OPENING, f"f{number}.pdf", PDF)
    settings.OPENING_FILES = 1
    with pytest.raises(Invalid, match="1"):
        open_ticket(world.dec, project=world.project("A1"), request=asked(), form_key="formtrop")
    assert Draft.objects.filter(key="formtrop").exists()
    assert not Ticket.objects.filter(title="Sujet").exists()


def test_r66_the_company_s_quota_is_kept(world: World, settings) -> None:
    settings.ORGANIZATION_QUOTA_MB = 0
    upload(world.dec, "formquota", Draft.Purpose.OPENING, "f.pdf", PDF)
    with pytest.raises(Invalid, match="espace"):
        open_ticket(world.dec, project=world.project("A1"), request=asked(), form_key="formquota")


def test_r50_user_text_is_never_a_template(world: World) -> None:
    from calypso.outbox.models import OutgoingEmail

    payload = "{{7*7}} {0.__class__} %(x)s ${x} {% raw %}"
    ticket = new_ticket(world, title=payload, description=payload)
    mail = OutgoingEmail.objects.filter(about=f"ticket:{ticket.reference}").first()
    assert mail is not None
    assert payload in mail.subject
    assert payload in mail.text
    assert ticket.title == payload


@pytest.mark.parametrize("separator", ["\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
def test_r51_a_title_can_always_be_mailed(separator: str, world: World) -> None:
    from calypso.outbox.models import OutgoingEmail

    ticket = new_ticket(world, title=f"un{separator}Bcc: x@evil.example")
    assert ticket.title == "un Bcc: x@evil.example"
    subjects = OutgoingEmail.objects.filter(about=f"ticket:{ticket.reference}").values_list("subject", flat=True)
    assert subjects
    assert [subject for subject in subjects if len(subject.splitlines()) != 1] == []
