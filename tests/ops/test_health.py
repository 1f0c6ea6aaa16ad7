"""Break each thing, watch the health turn; the public answer is only ok or ko (R155)."""

import json
from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django_ox.models import OxTask

from calypso.base import clock
from calypso.ops import backup, health
from calypso.ops.supervisor import STATE
from calypso.ops.tasks import prune_tasks
from calypso.outbox import pause
from calypso.outbox.models import OutgoingEmail
from tests.world import World, new_ticket


def dying(settings, **_: object) -> None:
    said = {"web 1": {"deaths": 3, "at": clock.now().isoformat()}}
    (settings.VAR / STATE).write_text(json.dumps(said))


def late_task(**_: object) -> None:
    task = OxTask.objects.order_by("-enqueued_at")[0]
    OxTask.objects.filter(pk=task.pk).update(enqueued_at=clock.now() - timedelta(minutes=11), status="READY")


def late_mail(settings, **_: object) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    OutgoingEmail.objects.filter(state="waiting").update(next_try=clock.now() - timedelta(minutes=16))


def paused(**_: object) -> None:
    pause.pause()


def full_disk(monkeypatch, **_: object) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: usage(500 * 2**20 - 1))


def no_backup(settings, **_: object) -> None:
    settings.BACKUP_MAX_HOURS = 26


def old_backup(settings, **_: object) -> None:
    settings.BACKUP_MAX_HOURS = 26
    (settings.VAR / backup.LAST).write_text(clock.ago(hours=27).isoformat())


def pending_migration(monkeypatch, **_: object) -> None:
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])


def no_database(monkeypatch, **_: object) -> None:
    def broken(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(health, "MigrationExecutor", broken)


@pytest.fixture
def service(world: World, settings, tmp_path) -> World:
    """The world on a state folder of its own, with a ticket just opened: mails wait; and a task is queued."""
    settings.VAR = tmp_path
    new_ticket(world)
    prune_tasks.enqueue()
    return world


@pytest.mark.parametrize(
    "break_it, name",
    [
        (dying, "Processus"),
        (late_task, "Tâches de fond"),
        (late_mail, "E-mails"),
        (paused, "E-mails"),
        (full_disk, "Disque"),
        (no_backup, "Sauvegarde"),
        (old_backup, "Sauvegarde"),
        (pending_migration, "Base de données"),
        (no_database, "Base de données"),
    ],
)
def test_r155_each_thing_that_breaks_turns_the_answer(
    break_it, name: str, service: World, browser, settings, monkeypatch
) -> None:
    assert (answer := browser().get("/readyz")).content == b"ok", answer
    break_it(settings=settings, monkeypatch=monkeypatch)
    answer = browser().get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"ko")
    assert [point.label for point in health.look() if not point.well] == [name]
    page = browser("support").get("/equipe/etat/").text
    assert page.count("À voir") == 1


def test_r156_what_failed_is_counted(service: World, browser, settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    OutgoingEmail.objects.filter(state="waiting").update(state="failed")
    OxTask.objects.update(status="FAILED")
    page = browser("support").get("/equipe/etat/").text
    assert "messages en échec" in page
    assert "en échec" in page.split("Tâches de fond")[1].split("</tr>")[0]
    assert browser().get("/readyz").content == b"ok"


def test_13_4_while_paused_the_team_reads_why_nothing_leaves(service: World, browser) -> None:
    pause.pause()
    assert "restaurée" in browser("support").get("/equipe/courriers/").text
    pause.resume()
    pause.resume()
    assert "restaurée" not in browser("support").get("/equipe/courriers/").text


def test_a_recent_copy_is_well(service: World, settings) -> None:
    settings.BACKUP_MAX_HOURS = 26
    (settings.VAR / backup.LAST).write_text(clock.ago(hours=2).isoformat())
    assert health.is_well()
