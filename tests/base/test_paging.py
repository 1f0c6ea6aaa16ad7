"""The end of a table: what came after, and the numbers that were passed over, each by a question of its own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calypso.base.paging import rows_after
from calypso.tickets.models import TicketEvent
from tests.world import World

pytestmark = pytest.mark.django_db


def test_what_was_passed_over_is_asked_apart(world: World) -> None:
    """Asked in one « or », a kept plan of PostgreSQL read seven million entries at each look: open pages heard nothing."""
    numbers = sorted(TicketEvent.objects.values_list("pk", flat=True))
    rows = TicketEvent.objects.values_list("pk", flat=True)
    with CaptureQueriesContext(connection) as asked:
        assert rows_after(rows, numbers[-4], [numbers[0], numbers[1], numbers[-1] + 50], 2) == [
            *numbers[:2],
            *numbers[-3:-1],
        ]
    assert len(asked) == 2
    assert not [query for query in asked.captured_queries if " OR " in query["sql"]]
    with CaptureQueriesContext(connection) as asked:
        assert rows_after(rows, numbers[-1], [], 2) == []
    assert len(asked) == 1
