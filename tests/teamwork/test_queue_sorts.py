"""The queue in each of its orders: four tickets that no two orders put alike."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from calypso.base import clock
from calypso.search import ranking
from calypso.teamwork.queries import queue as queues
from calypso.teamwork.queries.queue import QUEUE_SORTS, QueueFilters, queue_page
from calypso.tickets.models import Ticket
from tests.world import World, new_ticket, say

ORDERS = {
    "reference": "B1 A1 A3 A2",
    "-reference": "A2 A3 A1 B1",
    "libelle": "A1 A3 B1 A2",
    "-libelle": "A2 B1 A3 A1",
    "projet": "A1 A2 A3 B1",
    "-projet": "B1 A3 A2 A1",
    "etat": "A3 B1 A2 A1",
    "-etat": "A1 A2 B1 A3",
    "priorite": "A3 B1 A1 A2",  # of the two that are alike, the one that moved last
    "-priorite": "A2 A1 B1 A3",
    "intervenant": "A2 B1 A1 A3",  # by family name, then first name; nobody's last, both ways
    "-intervenant": "A1 B1 A2 A3",
    "echeance": "A3 A1 B1 A2",
    "-echeance": "B1 A1 A3 A2",  # what waits for a client is owed by nobody: last, both ways, on both engines
    "creation": "B1 A2 A3 A1",
    "-creation": "A1 A3 A2 B1",
    "activite": "A1 B1 A3 A2",
    "-activite": "A2 A3 B1 A1",
    "": "A2 A3 B1 A1",
}


def day(number: int) -> datetime:
    return datetime(2030, 1, number, 12, tzinfo=UTC)


def seen(answer) -> list[str]:
    return re.findall(r'class="c-ref"><span class="ref">(\w+)<', answer.content.decode())


@pytest.fixture
def queue(world: World) -> dict[str, str]:
    """The ticket of each project, its columns chosen so that every order differs; the project by the reference."""
    chosen = {
        # title, state, priority, assignee, due, created, active
        "A1": ("2222222", "Allée", "processed", "2", world.support, day(2), day(4), day(1)),
        "A2": ("5555555", "Toile", "waiting", "4", world.admin, None, day(2), day(4)),
        "A3": ("3333333", "Badge", "new", "1", None, day(1), day(3), day(3)),
        "B1": ("1111111", "Salle", "rd", "2", world.agent, day(3), day(1), day(2)),
    }
    for project, (reference, title, state, priority, assignee, due, created, active) in chosen.items():
        Ticket.objects.filter(pk=world.ticket(project).pk).update(
            reference=reference,
            title=title,
            state=state,
            priority=priority,
            declared_priority=priority,
            assignee=assignee,
            due_at=due,
            created_at=created,
            activity_at=active,
        )
    return {reference: project for project, (reference, *_rest) in chosen.items()}


def test_every_order_is_written_here_both_ways() -> None:
    assert set(ORDERS) - {""} == {sign + key for key in QUEUE_SORTS for sign in ("", "-")}


@pytest.mark.parametrize("sort", ORDERS)
def test_the_queue_in_this_order(sort: str, queue: dict[str, str], browser: Callable) -> None:
    answer = browser("agent").get(f"/equipe/?tri={sort}")
    assert " ".join(queue[reference] for reference in seen(answer)) == ORDERS[sort]


@pytest.mark.parametrize("sort", ORDERS)
def test_its_pages_follow_each_other_in_the_same_order(
    sort: str, queue: dict[str, str], browser: Callable, settings
) -> None:
    settings.LIST_PAGE_SIZE = 3
    opened = browser("agent")
    pages = [seen(opened.get(f"/equipe/?tri={sort}&page={number}")) for number in (1, 2)]
    assert [len(page) for page in pages] == [3, 1]
    assert " ".join(queue[reference] for page in pages for reference in page) == ORDERS[sort]


def test_a_list_that_is_cut_holds_the_tickets_that_moved_last_whatever_its_order(world: World, monkeypatch) -> None:
    """To sort the closed tickets of ten years to show fifty of them costs more each year."""
    monkeypatch.setattr(queues, "MOST", 2)
    for number, title in enumerate(("Zoé", "Abel", "Marc", "Louis")):
        made = say(world, "dec", new_ticket(world, title=title), "close")
        Ticket.objects.filter(pk=made.pk).update(activity_at=clock.now() + timedelta(hours=number))
    asked = QueueFilters(states=("closed",))
    shown = [row.title for row in queue_page(world.support, asked, "libelle", 1).page.rows]
    assert shown == ["Abel", "Louis", "Marc"]


def test_words_among_closed_tickets_find_the_newest_of_them(world: World, monkeypatch) -> None:
    """To collect every match of a common word costs more the older the installation is."""
    made = [say(world, "dec", new_ticket(world, title=f"Girouette {number}"), "close") for number in range(4)]
    monkeypatch.setattr(ranking, "MANY", 2)
    monkeypatch.setattr(queues, "MANY", 2)
    page = queue_page(world.support, QueueFilters(states=("closed",), words="girouette"), "libelle", 1).page
    assert ([row.pk for row in page.rows], page.more) == ([made[1].pk, made[2].pk], True)
    monkeypatch.undo()
    page = queue_page(world.support, QueueFilters(states=("closed",), words="girouette"), "", 1).page
    assert ({row.pk for row in page.rows}, page.more) == ({ticket.pk for ticket in made}, False)
