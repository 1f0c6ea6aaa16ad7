"""Commands run in this process."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django_ox.models import OxTask

from calypso.ops import catalogues, documentation
from calypso.ops.tasks import prune_tasks, refresh_statistics


def test_docs_are_written_then_checked(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="settings.md"):
        call_command("docs", check=True, folder=tmp_path)
    call_command("docs", folder=tmp_path)
    call_command("docs", check=True, folder=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(documentation.PAGES)


def test_catalogues_compile() -> None:
    assert catalogues.compile_catalogues() == 1


def test_finished_tasks_leave_after_two_days(world) -> None:
    refresh_statistics.enqueue()
    before = OxTask.objects.count()
    prune_tasks.func()
    assert OxTask.objects.count() == before


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its statistics by itself")
def test_the_statistics_of_a_table_that_was_made_again_come_back(world) -> None:
    def known() -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
            return {table for (table,) in cursor.fetchall()}

    refresh_statistics.call()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'tickets_ticket'")
    assert "tickets_ticket" not in known()
    refresh_statistics.call()
    assert known() >= {"tickets_ticket", "projects_project"}
