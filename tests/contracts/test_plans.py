"""At 100,000 tickets PostgreSQL answers the desk by its indexes: no page reads the whole table of tickets or events."""

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calypso.accounts.actions.teams import save_team
from calypso.base import clock
from calypso.base.period import latest
from calypso.projects.visible import VisibleProject
from calypso.reporting.dashboard import dashboard
from calypso.search.closed_tickets import closed_page
from calypso.search.nearby import nearby
from calypso.search.palette import find
from calypso.search.results import search_page
from calypso.sla.figures import side_days
from calypso.teamwork.queries.board import board
from calypso.teamwork.queries.change_feed import changed_since, events_after, latest_event
from calypso.teamwork.queries.queue import QUEUE_SORTS, QueueFilters, matching, named, place_in_queue, queue_page
from calypso.teamwork.queries.queue_counts import queue_counts
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.queries.figures import Figure
from calypso.tickets.queries.lists import my_tickets_page, projects_page
from calypso.tickets.queries.membership_impact import leaving_impact, merge_impact
from calypso.tickets.queries.sections import section_page, sections_page
from calypso.tickets.queries.ticket import ticket_page
from calypso.tickets.workflow import State
from tests.world import World, add_project

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="plans are PostgreSQL's")

# Copies of one ticket and of one comment, whatever their columns. Nine tickets of ten are closed, as in a vendor's third
# year; the open ones spread over the other states.
FILL = """
INSERT INTO tickets_ticket
SELECT made.* FROM tickets_ticket base
CROSS JOIN generate_series(1, 100000) n
CROSS JOIN LATERAL (SELECT now() - n * interval '15 minutes' AS at, n %% 10 > 0 AS closed) one
JOIN projects_project p ON p.id = (%(projects)s::bigint[])[1 + n %% %(many)s]
CROSS JOIN LATERAL jsonb_populate_record(base, jsonb_build_object(
    'id', base.id + 1000 + n, 'reference', 'X' || lpad(n::text, 6, '0'), 'project_id', p.id,
    'assignee_id', CASE WHEN n %% 3 > 0 THEN %(agent)s END, 'title', 'Sujet ' || n,
    'search_text', 'x' || lpad(n::text, 6, '0') || ' sujet ' || n,
    'state', CASE WHEN closed THEN 'closed' ELSE (%(states)s::text[])[1 + (n / 10) %% 8] END,
    'created_at', at, 'activity_at', at + interval '3 hours', 'turn_since', at,
    'closed_at', CASE WHEN closed THEN at + interval '2 days' END,
    'due_at', CASE WHEN NOT closed THEN now() + (n %% 1000 - 30) * interval '1 hour' END
)) made
WHERE base.id = %(ticket)s
"""
TALK = """
INSERT INTO tickets_ticketevent
SELECT made.* FROM tickets_ticketevent base
CROSS JOIN (SELECT id FROM tickets_ticket WHERE reference LIKE 'X0%%' OR reference = 'X100000') t
CROSS JOIN LATERAL jsonb_populate_record(base, jsonb_build_object(
    'id', 1000000 + t.id, 'key', 'k' || t.id, 'ticket_id', t.id, 'once_key', NULL
)) made
WHERE base.id = %(event)s
"""
# What the search would have written of them, with a common word.
DOCUMENTS = """
INSERT INTO search_searchdocument (ticket_id, terms)
SELECT id, '#' || lower(reference) || ' =sujet @n' || id / 1024 || ' @w' || id / 131072
    || CASE WHEN state = 'closed' THEN '' ELSE ' @open' END || ' @p' || project_id || ' sujet ' || (id % 5000)
FROM tickets_ticket ON CONFLICT DO NOTHING
"""


@pytest.fixture
def full(world: World) -> World:
    """A hundred thousand tickets over forty projects, a comment each, as the planner counts them."""
    projects = [add_project(world, f"Salon {number}", "Alpha").pk for number in range(40)]
    states = sorted(state.value for state in State if state.is_open)
    with connection.cursor() as cursor:
        ticket = world.ticket("A1")
        asked = {"ticket": ticket.pk, "agent": world.agent.pk, "projects": projects, "many": 40, "states": states}
        cursor.execute(FILL, asked)
        event = TicketEvent.objects.filter(ticket=ticket, kind="commented", internal=False).get()
        cursor.execute(TALK, {"event": event.pk})
        cursor.execute(DOCUMENTS)
        cursor.execute("ANALYZE tickets_ticket, tickets_ticketevent, projects_project, search_searchdocument")
    return world


def scans(plan: dict) -> set[str]:
    """The tables that a plan reads from end to end."""
    found = {plan["Relation Name"]} if plan["Node Type"] == "Seq Scan" else set()
    return found.union(*(scans(part) for part in plan.get("Plans", [])))


def read_whole(page: Callable[[], object]) -> list[str]:
    """The queries of a page that read the tickets or the events from end to end."""
    with CaptureQueriesContext(connection) as asked:
        page()
    guilty = []
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (FORMAT JSON) " + query["sql"])
            (plan,) = cursor.fetchone()
        tree = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
        if scans(tree) & {"tickets_ticket", "tickets_ticketevent", "search_searchdocument"}:
            guilty.append(query["sql"])
    assert asked.captured_queries
    return guilty


def test_the_planner_knows_how_many_entries_a_ticket_has(world: World) -> None:
    """Side by side, they mislead its samples: it believed in thirty, and read all accounts to name their authors."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticketevent")
        cursor.execute(
            "SELECT n_distinct FROM pg_stats WHERE tablename = 'tickets_ticketevent' AND attname = 'ticket_id'"
        )
        assert cursor.fetchone()[0] == pytest.approx(-0.15)


def test_no_page_of_the_desk_reads_every_ticket(full: World) -> None:
    agent, project = full.agent, Ticket.objects.filter(reference="X000010").get().project
    filters = {
        "all": QueueFilters(),
        "mine": QueueFilters(assignee="moi"),
        "unassigned": QueueFilters(assignee="personne"),
        "someone": QueueFilters(assignee=full.support.key),
        "project": QueueFilters(project=project.key),
        "company": QueueFilters(organization=project.organization.key),
        "phase": QueueFilters(phase="live"),
        "quiet": QueueFilters(quiet_days="30"),
        "author": QueueFilters(author=full.dec.key),
        "words": QueueFilters(words="sujet 4210"),
        "soon": QueueFilters(due="proche"),
        "late": QueueFilters(due="depassee"),
        "team": QueueFilters(team=save_team(full.admin, name="Nuit", members={agent.key}).key),
        "priority": QueueFilters(priorities=("4",)),
        **{state.value: QueueFilters(states=(state.value,)) for state in State},
    }
    pages: dict[str, Callable[[], object]] = {
        "counts": lambda: queue_counts(agent),
        "board": lambda: board(agent, QueueFilters()),
        "place": lambda: place_in_queue(agent, QueueFilters(), "", "", "X000010"),
        "matching": lambda: matching(agent, QueueFilters(), 200),
        "named": lambda: named(agent, ["X000010", "X000020"]),
        "ticket": lambda: ticket_page(agent, "X000010"),
        "nearby": lambda: nearby(agent, project=project, title="Sujet 4210 du salon", page_url="https://a.example"),
        "dashboard": lambda: dashboard(agent, latest(90), QueueFilters()),
        **{
            f"behind {figure}": lambda figure=figure: queue_page(agent, QueueFilters(figure=figure), "", 1)
            for figure in Figure
        },
        "leaving": lambda: leaving_impact(full.manager, full.dec, project.organization),
        "merging": lambda: merge_impact(full.manager, full.dec, full.obs),
        "palette": lambda: find(agent, "sujet 4210"),
        "sides": lambda: side_days(agent, project),
        **{f"queue {name}": lambda asked=asked: queue_page(agent, asked, "", 1) for name, asked in filters.items()},
        **{f"queue by {sort}": lambda sort=sort: queue_page(agent, QueueFilters(), sort, 3) for sort in QUEUE_SORTS},
    }
    guilty = {name: queries for name, page in pages.items() if (queries := read_whole(page))}
    assert guilty == {}


def test_no_page_of_a_client_and_no_search_reads_every_ticket_or_document(full: World) -> None:
    agent, client = full.agent, full.pm
    visible = VisibleProject(client, Ticket.objects.filter(reference="X000010").get().project.key)
    words = (
        "sujet",
        "sujet 4210",
        "introuvable",
        "X00001",
        "sujet 4210 etat:ouvert",
        "sujet 4210 apres:2026",
        "etat:clos",
    )
    pages: dict[str, Callable[[], object]] = {
        "projects": lambda: projects_page(client, "", 1),
        "project": lambda: sections_page(visible),
        "section": lambda: section_page(visible, "in_progress", 2),
        "closed": lambda: closed_page(visible, "", "", 3),
        "closed search": lambda: closed_page(visible, "sujet 4210", "", 1),
        "mine": lambda: my_tickets_page(client, "", "", 1),
        "my closed": lambda: my_tickets_page(client, "clos", "", 2),
        "changed": lambda: changed_since(client, "tickets", clock.ago(days=1)),
        "changed for the team": lambda: changed_since(agent, "tickets", clock.ago(days=1)),
        "news": lambda: events_after(latest_event() - 3, [], 500),
        **{f"client: {text}": lambda text=text: search_page(client, text) for text in words},
        **{f"agent: {text}": lambda text=text: search_page(agent, text) for text in words},
    }
    guilty = {name: queries for name, page in pages.items() if (queries := read_whole(page))}
    assert guilty == {}
