"""Break each thing, watch the health turn; the public answer is only ok or ko (R155)."""

import json
from collections import namedtuple
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django_ox.models import OxTask

from calypso.base import clock
from calypso.ops import backup, health
from calypso.ops.supervisor import STATE
from calypso.ops.tasks import prune_tasks
from calypso.outbox import pause
from calypso.outbox.models import OutgoingEmail
from calypso.vendor.actions.choices import save_choices
from tests.world import World, new_ticket


def dying(settings, **_: object) -> None:
    said = {"web 1": {"deaths": 3, "at": clock.now().isoformat()}}
    (settings.VAR / STATE).write_text(json.dumps(said))


def late_task(**_: object) -> None:
    task = OxTask.objects.order_by("-enqueued_at")[0]
    OxTask.objects.filter(pk=task.pk).update(enqueued_at=clock.now() - timedelta(minutes=11), status="READY")


def late_mail(settings, **_: object) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    OutgoingEmail.objects.filter(state="waiting").update(created_at=clock.now() - timedelta(minutes=16))


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
    assert [point.label for point in health.look() if point.health is health.Health.BROKEN] == [name]
    page = browser("support").get("/equipe/etat/").text
    assert page.count("En panne") == 1


@pytest.mark.parametrize(
    "name, ready",
    [("E-mails", "mails"), ("Sauvegarde", "backup"), ("Noms et adresses", "names")],
)
def test_what_nobody_has_set_up_is_to_do_and_never_said_to_be_good(
    name: str, ready: str, service: World, browser, settings
) -> None:
    """A fresh installation said « Bon » with no mail server and no backup ever made."""
    points = {point.label: point for point in health.look()}
    assert points[name].health is health.Health.TO_DO
    assert browser().get("/readyz").content == b"ok", "it keeps nobody from working"
    page = browser("support").get("/equipe/etat/").text
    assert page.count("À faire") == 3
    settings.MAIL_FROM_GIVEN = True
    save_choices(service.admin, values={"vendor": "Orvault", "support": "aide@orvault.example"})
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    (settings.VAR / backup.LAST).write_text(clock.now().isoformat())
    assert {point.health for point in health.look()} == {health.Health.GOOD}


def test_13_4_a_restored_installation_that_waits_is_to_do_not_broken(service: World, browser, settings) -> None:
    late_task()
    late_mail(settings)
    pause.pause()
    points = {point.label: point.health for point in health.look()}
    assert (points["E-mails"], points["Tâches de fond"]) == (health.Health.TO_DO, health.Health.TO_DO)
    call_command("doctor", skip_checks=True)
    pause.resume()
    assert browser().get("/readyz").content == b"ko"
    with pytest.raises(CommandError):
        call_command("doctor", skip_checks=True)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_r155_a_probe_asks_by_number_without_host_session_or_few_parameters(path: str, browser, world: World) -> None:
    asked = browser("dec")
    for host in ("10.0.0.5", "10.0.0.5:8000", "[::1]", "inconnu.example"):
        assert asked.get(path, dict.fromkeys(map(str, range(300)), "1"), headers={"Host": host}).content == b"ok"
    assert asked.get("/connexion/", headers={"Host": "10.0.0.5"}).status_code == 400
    with CaptureQueriesContext(connection) as queries:
        asked.get("/healthz")
    assert len(queries) == 0
    assert asked.post("/healthz").status_code == 405


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
