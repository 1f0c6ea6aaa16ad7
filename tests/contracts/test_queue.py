"""What we ask of the task queue, on both engines: it can be changed for another that passes these (ADR 0003, R118, R152)."""

import pytest
from django.db import transaction
from django_ox.models import OxTask
from django_ox.testing import run_tasks

from calypso.ops import tasks
from tests.conftest import Browser
from tests.installation import installation, prepared, wait_for
from tests.smtp import SmtpServer
from tests.world import World


def test_r76_a_task_lives_and_dies_with_its_transaction(live_world: World) -> None:
    before = OxTask.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        tasks.prune_tasks.enqueue()
        raise RuntimeError
    assert OxTask.objects.count() == before
    with transaction.atomic():
        tasks.prune_tasks.enqueue()
    assert OxTask.objects.count() == before + 1


def test_a_task_that_fails_is_tried_again_later(world: World, monkeypatch) -> None:
    OxTask.objects.all().delete()
    monkeypatch.setattr(tasks, "call_command", lambda *_args, **_options: 1 / 0)
    tasks.prune_tasks.enqueue()
    run_tasks()
    row = OxTask.objects.get()
    assert (row.status, row.attempts) == ("READY", 1)
    assert row.run_after is not None


COUNT = "from calypso.outbox.models import OutgoingEmail as M; print(M.objects.filter(state='waiting').count())"


def test_r152_two_workers_send_each_mail_once(tmp_path, tmp_path_factory) -> None:
    """Two worker processes by mistake: no double effect."""
    with (
        SmtpServer() as smtp,
        installation(
            tmp_path, like=prepared("world", tmp_path_factory), CALYPSO_EMAIL_URL=f"smtp://127.0.0.1:{smtp.port}"
        ) as made,
    ):
        made.python(
            "from calypso.accounts.models import User\n"
            "from calypso.projects.models import Project\n"
            "from calypso.tickets.actions.opening import Request, open_ticket\n"
            "by = User.objects.get(email='dec@alpha.example')\n"
            "project = Project.objects.get(name__startswith='A1 ')\n"
            "for number in range(8): open_ticket(by, project=project, request=Request(title=f'Deux {number}', priority='1'))"
        )
        owed = int(made.python(COUNT))
        assert owed >= 8
        for _ in "12":
            made.start("worker")
        wait_for(lambda: len(smtp.messages) >= owed)
        wait_for(lambda: made.python(COUNT) == "0")
        assert len({str(mail["Message-ID"]) for mail in smtp.messages}) == len(smtp.messages) == owed


def test_r22_r144_a_mail_server_down_changes_no_answer(world: World, settings) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9},
        }
    }
    opened = Browser().sign_in(world.dec)
    path = f"/projets/{world.project('A1').key}/tickets/nouveau/"
    assert opened.post(path, {"title": "Sans courrier", "priority": "1"}).status_code == 302
