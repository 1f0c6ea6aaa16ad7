"""Tickets linked to one another and to a known issue, for the team alone (I3, R11, R12)."""

import pytest
from django.db import IntegrityError, transaction

from calypso.base.errors import Forbidden, Invalid, NotVisible
from calypso.teamwork.actions import links
from calypso.teamwork.models import IssueTicket, KnownIssue, TicketLink, Todo
from calypso.teamwork.queries.links import related
from calypso.teamwork.queries.queue import QueueFilters, queue_page
from calypso.tickets.models import Ticket
from tests.pages import words
from tests.world import World, canary, new_ticket, say


@pytest.fixture
def two(world: World) -> tuple[Ticket, Ticket]:
    return new_ticket(world, title="Le premier"), new_ticket(world, "bpm", "B1", title="Le second")


@pytest.mark.parametrize(
    "kind, there, back",
    [
        ("duplicate", "doublon de", "a pour doublon"),
        ("follows", "fait suite à", "a pour suite"),
        ("blocks", "bloque", "est bloqué par"),
    ],
)
def test_a_link_reads_from_both_ends(world: World, two, kind: str, there: str, back: str) -> None:
    first, second = two
    links.link(world.agent, ticket=first, kind=kind, reference=f" {second.reference.lower()} ")
    assert [(row.label, row.ticket.pk) for row in related(world.agent, first).links] == [(there, second.pk)]
    assert [(row.label, row.ticket.pk) for row in related(world.agent, second).links] == [(back, first.pk)]


def test_two_tickets_are_linked_once_whichever_way(world: World, two) -> None:
    first, second = two
    links.link(world.agent, ticket=first, kind="follows", reference=second.reference)
    made = links.link(world.support, ticket=second, kind="blocks", reference=first.reference)
    assert TicketLink.objects.filter(source__in=two).get() == made
    with pytest.raises(IntegrityError), transaction.atomic():
        TicketLink.objects.create(
            key="x", source=first, target=second, kind="follows", author=world.agent, created_at=made.created_at
        )
    links.unlink(world.agent, ticket=first, key=made.key)
    links.unlink(world.agent, ticket=first, key=made.key)
    assert not TicketLink.objects.filter(source__in=two).exists()


def test_c4_what_is_no_link_is_refused_by_name(world: World, two) -> None:
    first, second = two
    for kind, reference, name in (
        ("friend", second.reference, "link_kind"),
        ("follows", "ZZZZZZZ", "link_reference"),
        ("follows", "", "link_reference"),
        ("follows", first.reference, "link_reference"),
    ):
        with pytest.raises(Invalid) as refused:
            links.link(world.agent, ticket=first, kind=kind, reference=reference)
        assert list(refused.value.errors) == [name]


def test_r1_rd_links_only_what_it_sees_and_reads_no_other(world: World, two) -> None:
    first, second = two
    say(world, "agent", first, "start")
    say(world, "agent", first, "hand_to_rd")
    with pytest.raises(Invalid):
        links.link(world.rd, ticket=first, kind="follows", reference=second.reference)
    with pytest.raises(NotVisible):
        links.link(world.rd, ticket=second, kind="follows", reference=first.reference)
    links.link(world.agent, ticket=first, kind="follows", reference=second.reference)
    assert related(world.rd, first).links == []


def test_the_rows_speak_for_themselves_in_a_log(world: World) -> None:
    ticket = world.ticket("A1")
    link = TicketLink.objects.get(source=ticket)
    of_issue = IssueTicket.objects.get(ticket=ticket)
    assert str(link) == f"{ticket.pk} follows {link.target_id}"
    assert str(of_issue) == f"{ticket.pk} of {of_issue.issue_id}"
    assert str(of_issue.issue) == canary("A1", "panne")
    assert str(Todo.objects.get(ticket=ticket)) == canary("A1", "tache")


@pytest.mark.parametrize("who", ["pm", "dec"])
def test_r12_a_client_relates_nothing(world: World, two, who: str) -> None:
    first, second = two
    for act in (
        lambda: links.link(world.person(who), ticket=first, kind="follows", reference=second.reference),
        lambda: links.open_issue(world.person(who), ticket=first, title="x"),
        lambda: links.leave_issue(world.person(who), ticket=first),
        lambda: links.unlink(world.person(who), ticket=first, key="x"),
    ):
        with pytest.raises(NotVisible):
            act()
    with pytest.raises(Forbidden):
        related(world.person(who), first)


def test_a_known_issue_gathers_tickets_of_several_companies_until_all_are_closed(world: World, two) -> None:
    first, second = two
    issue = links.open_issue(world.agent, ticket=first, title="Le prestataire de paiement est en panne")
    links.join_issue(world.agent, ticket=second, key=issue.key)
    found = queue_page(world.agent, QueueFilters(issue=issue.key), "", 1).page
    assert {row.pk for row in found.rows} == {first.pk, second.pk}
    assert related(world.agent, first).issue_tickets == 2
    third = new_ticket(world)
    assert issue in related(world.agent, third).issues
    links.leave_issue(world.agent, ticket=second)
    say(world, "dec", first, "close")
    assert issue not in related(world.agent, third).issues
    assert queue_page(world.agent, QueueFilters(issue=issue.key), "", 1).page.total == 1
    with pytest.raises(Invalid):
        links.join_issue(world.agent, ticket=third, key="rien")
    with pytest.raises(Invalid):
        links.open_issue(world.agent, ticket=third, title=" ")


def test_from_the_page_of_a_ticket_what_is_being_written_is_kept(world: World, browser, two) -> None:
    first, second = two
    opened, here = browser("agent"), f"/equipe/tickets/{first.reference}/"
    form = {"link_kind": "blocks", "link_reference": second.reference, "body": "Une phrase en cours", "cle": "liens"}
    answer = opened.post(f"{here}liens/", form)
    assert "fait=lie" in answer["Location"]
    page = opened.get(answer["Location"])
    assert "Une phrase en cours" in page.content.decode()
    assert second.reference in words(page)
    made = TicketLink.objects.get(source=first)
    assert "fait=delie" in opened.post(f"{here}liens/", {"unlink": made.key})["Location"]
    assert "fait=probleme" in opened.post(f"{here}probleme/", {"issue_title": "Panne"})["Location"]
    issue = KnownIssue.objects.get(title="Panne")
    assert f"probleme={issue.key}" in opened.get(here).content.decode()
    assert "Panne" in words(opened.get(f"/equipe/?probleme={issue.key}"))
    opened.post(f"/equipe/tickets/{second.reference}/probleme/", {"issue": issue.key})
    opened.post(f"{here}probleme/", {"leave": "1"})
    assert IssueTicket.objects.filter(issue=issue).get().ticket == second
    assert opened.post(f"{here}liens/", {"link_kind": "blocks", "link_reference": "RIEN"}).status_code == 422


def test_r11_r12_a_client_s_ticket_says_nothing_of_it(world: World, browser) -> None:
    said = browser("pm").get(f"/tickets/{world.ticket('A1').reference}/").content.decode()
    assert world.ticket("B1").reference not in said
    assert canary("A1", "panne") not in said
    team = browser("agent").get(f"/equipe/tickets/{world.ticket('A1').reference}/").content.decode()
    assert world.ticket("B1").reference in team
    assert canary("A1", "panne") in team
