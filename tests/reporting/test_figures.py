"""The dashboard says what plain SQL counts, on whatever happened; each figure leads to the tickets that it counts."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calypso.base import clock
from calypso.base.errors import Forbidden, Invalid, NotVisible
from calypso.base.period import MOST_DAYS, Period, latest, parse_period
from calypso.reporting.dashboard import Dashboard, dashboard, measured_page
from calypso.reporting.measures import Measures
from calypso.teamwork.queries.queue import QueueFilters, queue_page
from calypso.tickets.access import steps_for
from calypso.tickets.models import Ticket
from calypso.tickets.queries.figures import Figure
from calypso.tickets.satisfaction import Satisfaction
from tests.recount import recount, recount_states
from tests.world import World, new_ticket, say

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
MARCH = Period(date(2026, 3, 9), date(2026, 4, 5))  # the clock changes in it
FIGURES = (
    "open",
    "created",
    "closed",
    "answered",
    "measured",
    "in_time",
    "processed",
    "returned",
    "answer_median",
    "processing_median",
    "vendor_seconds",
    "client_seconds",
    "rated",
    "satisfied",
)
WRITERS = (("dec", "A1"), ("out", "A2"), ("bpm", "B1"))
acts = st.lists(
    st.tuples(st.integers(0, 60 * 24), st.sampled_from(["open", "step", "comment"]), st.integers(0, 10**6)),
    min_size=5,
    max_size=40,
)


def told(measures: Measures) -> dict[str, object]:
    return {name: getattr(measures, name) for name in FIGURES}


def happen(world: World, done: list[tuple[int, str, int]]) -> None:
    """Acts, each at an hour of the sixty days from a Monday of March 2026, on the tickets that they opened."""
    opened: list[tuple[str, Ticket]] = []
    for hour, what, luck in sorted(done):
        with clock.set_to(MONDAY + timedelta(hours=hour)):
            if what == "open" or not opened:
                who, project = WRITERS[luck % 3]
                asked = {"title": f"Hasard {luck}", "priority": str(1 + luck % 4), "context": "Contexte"}
                opened.append((who, new_ticket(world, who, project, **asked)))
                continue
            writer, ticket = opened[luck % len(opened)]
            who = ("manager", "agent", writer)[luck // 7 % 3]
            ticket = Ticket.objects.select_related("project").get(pk=ticket.pk)
            steps = [step.name.value for step in steps_for(world.person(who), ticket) if step.name != "assign"]
            names = ["comment"] if what == "comment" and ticket.is_open else steps
            if names:
                after = say(world, who, ticket, names[luck // 21 % len(names)], "Des mots")
                if not after.is_open:
                    answer = ("", *Satisfaction)[luck // 3 % 4]
                    Ticket.objects.filter(pk=after.pk).update(satisfaction=answer)


def check(board: Dashboard, period: Period, within: str = "1 = 1", *, aims: bool = True) -> None:
    """Every figure of a dashboard, all together and by group, against the recount."""
    since, until = period.instants

    def counted(where: str) -> dict[str, object]:
        found = recount(since, until, f"{within} AND {where}")
        return found if aims else {**found, "measured": 0, "in_time": 0}

    assert told(board.overall) == counted("1 = 1")
    assert {state.value: number for state, number in board.states if number} == recount_states(within)
    for ranking, column in (
        (board.projects, "project_id"),
        (board.organizations, "organization_id"),
        (board.assignees, "assignee_id"),
    ):
        groups = ranking.groups if ranking else []
        for group in groups:
            where = f"t.{column} = {group.row.pk}" if group.row else f"t.{column} IS NULL"
            assert told(group.measures) == counted(where), (column, group.row)
        if groups:
            assert sum(group.measures.created for group in groups) == board.overall.created
    for part in board.parts:
        start, end = part.period.instants
        found = recount(start, end, within)
        assert (part.created, part.closed) == (found["created"], found["closed"])


def agree(world: World) -> None:
    """Every dashboard of a few periods is what SQL counts, and each figure leads to as many tickets."""
    for period in (MARCH, latest(30), Period(date(2026, 2, 1), date(2026, 6, 30))):
        board = dashboard(world.manager, period, QueueFilters())
        check(board, period)
        days = {"since": str(period.first), "until": str(period.last)}
        for figure, name in (
            (Figure.CREATED, "created"),
            (Figure.CLOSED, "closed"),
            (Figure.ANSWERED, "answered"),
            (Figure.PROCESSED, "processed"),
            (Figure.RETURNED, "returned"),
            (Figure.RATED, "rated"),
            (Figure.SATISFIED, "satisfied"),
        ):
            asked = QueueFilters(figure=figure, **days)
            assert queue_page(world.manager, asked, "", 1).page.total == getattr(board.overall, name)
        managed = f"t.project_id IN (SELECT id FROM projects_project WHERE client_manager_id = {world.pm.pk})"
        check(dashboard(world.pm, period, QueueFilters()), period, managed, aims=False)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_figures_equal_a_recount_on_a_random_world(world: World, done: list[tuple[int, str, int]]) -> None:
    with transaction.atomic():
        happen(world, done)
        agree(world)
        transaction.set_rollback(True)


def test_a_processed_ticket_that_came_back_is_one_return_whatever_follows(world: World) -> None:
    ticket = new_ticket(world)
    for step, who in (("start", "agent"), ("process", "agent"), ("return", "dec"), ("process", "agent")):
        say(world, who, ticket, step, "Des mots")
    overall = dashboard(world.manager, latest(1), QueueFilters(project=ticket.project.key)).overall
    assert (overall.processed, overall.returned, overall.return_share) == (1, 1, 1.0)


def test_the_share_of_the_satisfied_is_of_those_who_answered(world: World, browser) -> None:
    for answer in (Satisfaction.SATISFIED, Satisfaction.MIXED, ""):
        ticket = say(world, "dec", new_ticket(world), "close", "Merci")
        Ticket.objects.filter(pk=ticket.pk).update(satisfaction=answer)
    overall = dashboard(world.manager, latest(1), QueueFilters()).overall
    assert (overall.rated, overall.satisfied, overall.satisfied_share) == (2, 1, 0.5)
    assert Measures().satisfied_share is None


def test_a_return_from_a_question_is_no_refusal(world: World) -> None:
    ticket = new_ticket(world)
    for step, who in (("start", "agent"), ("ask_client", "agent"), ("return", "dec")):
        say(world, who, ticket, step, "Des mots")
    overall = dashboard(world.manager, latest(1), QueueFilters(project=ticket.project.key)).overall
    assert (overall.processed, overall.returned, overall.return_share) == (0, 0, None)


def test_the_figures_are_narrowed_like_the_queue(world: World) -> None:
    beta = world.organization("beta")
    new_ticket(world, "bpm", "B1")
    say(world, "manager", new_ticket(world), "start")
    for filters, own in (
        (QueueFilters(organization=beta.key), lambda t: t.organization_id == beta.pk),
        (QueueFilters(assignee="moi"), lambda t: t.assignee_id == world.manager.pk),
        (QueueFilters(assignee="personne"), lambda t: t.assignee_id is None),
        (QueueFilters(phase="setup"), lambda t: t.project.phase == "setup"),
    ):
        found = dashboard(world.manager, latest(30), filters).overall.open
        assert found == sum(own(ticket) for ticket in Ticket.objects.exclude(state="closed"))
        assert found


def test_r1_who_reads_no_figures(world: World) -> None:
    with pytest.raises(Forbidden):
        dashboard(world.rd, latest(30), QueueFilters())
    for read in (
        lambda: dashboard(world.dec, latest(30), QueueFilters()),
        lambda: measured_page(world.dec, QueueFilters(), "", 1),
    ):
        with pytest.raises(NotVisible):
            read()


def test_r1_a_client_manager_measures_their_own_projects_only(world: World) -> None:
    board = dashboard(world.pm, latest(30), QueueFilters())
    assert {group.row.organization.name for group in board.projects.groups} == {world.organization("alpha").name}
    assert board.assignees is None
    beta = dashboard(world.pm, latest(30), QueueFilters(organization=world.organization("beta").key))
    assert told(beta.overall) == told(Measures())
    assert measured_page(world.pm, QueueFilters(project=world.project("B1").key), "", 1).page.total == 0


@pytest.mark.parametrize(
    "first, last, field",
    [
        ("2026-02-30", "", "since"),
        ("", "demain", "until"),
        ("0001-01-01", "0001-01-02", "until"),
        ("2026-03-02", "2026-03-01", "until"),
        ("2024-01-01", "2026-01-01", "since"),
        ("2026-W10-1x", "", "since"),
    ],
)
def test_c4_a_period_that_is_none_is_refused_by_name(first: str, last: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_period(first, last)
    assert list(refused.value.errors) == [field]


def test_r107_a_period_is_whole_days_where_the_installation_lives(world: World) -> None:
    since, until = Period(date(2026, 3, 29), date(2026, 3, 29)).instants
    assert until - since == timedelta(hours=23)


@pytest.mark.parametrize(
    "days, unit", [(1, "day"), (31, "day"), (32, "week"), (183, "week"), (184, "month"), (MOST_DAYS, "month")]
)
def test_the_parts_of_a_period_cover_it_once(days: int, unit: str) -> None:
    period = Period(date(2026, 1, 14), date(2026, 1, 14) + timedelta(days=days - 1))
    parts = period.parts()
    assert period.unit == unit
    assert sum(part.days for part in parts) == days
    assert (parts[0].first, parts[-1].last) == (period.first, period.last)
    assert all(later.first - part.last == timedelta(days=1) for part, later in pairwise(parts))
    assert len(parts) <= 31
