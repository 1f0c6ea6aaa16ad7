"""What SQLite needs to be told so that it answers by its indexes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calypso.accounts.audit_log import latest_entry
from calypso.teamwork.queries.change_feed import latest_event
from calypso.teamwork.queries.queue import QueueFilters, queue_page
from tests.world import World, new_ticket

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="plans are SQLite's")


def test_a_queue_of_some_states_is_counted_and_read_by_the_index_of_open_tickets(world: World) -> None:
    ticket = new_ticket(world)
    filters = QueueFilters(phase=ticket.project.phase, states=(ticket.state,), priorities=(ticket.priority,))
    with CaptureQueriesContext(connection) as asked:
        assert ticket.pk in [row.pk for row in queue_page(world.agent, filters, "", 1).page.rows]
    statements = [query["sql"] for query in asked.captured_queries if '"tickets_ticket"."priority" IN' in query["sql"]]
    assert len(statements) == 2
    for statement in statements:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            plan = " ".join(step for *_place, step in cursor.fetchall())
        assert "INDEX ticket_open_state (state=?)" in plan


@pytest.mark.parametrize("newest", [latest_event, latest_entry])
def test_the_newest_entry_is_looked_up_and_not_sorted_out(newest, world: World) -> None:
    """Asked as the first in descending order, SQLite sorted an index of 700,000 entries on every page of the desk."""
    with CaptureQueriesContext(connection) as asked:
        newest()
    (statement,) = [query["sql"] for query in asked.captured_queries]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        plan = " ".join(step for *_place, step in cursor.fetchall())
    assert "SEARCH" in plan
    assert "SCAN" not in plan
