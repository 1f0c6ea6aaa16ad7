"""A copy is consistent, provable, and comes back in an empty place, paused (13.4)."""

import json
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from calypso.ops import backup, postgresql
from calypso.tickets.models import Attachment, Draft
from tests.installation import Installation, installation, prepared
from tests.smtp import SmtpServer
from tests.world import World, say, upload

COUNTS = """
from calypso.accounts.models import Session, User
from calypso.outbox.models import OutgoingEmail
from calypso.tickets.models import Attachment, Ticket, TicketEvent
print(Ticket.objects.count(), TicketEvent.objects.count(), Attachment.objects.count(), User.objects.count(),
      OutgoingEmail.objects.count(), Session.objects.count())
"""
OPEN_TICKET = """
from calypso.accounts.models import User
from calypso.projects.models import Project
from calypso.tickets.actions.opening import Request, open_ticket
by = User.objects.get(email="dec@alpha.example")
open_ticket(by, project=Project.objects.get(name__startswith="A1 "), request=Request(title="Avant", priority="1"))
"""
SIGN_IN = """
from calypso.accounts.models import Session, User
from calypso.base import clock
from datetime import timedelta
Session.objects.create(session_key='x' * 32, session_data='', started_at=clock.now(), seen_at=clock.now(), expire_date=clock.now() + timedelta(days=1))
from calypso.accounts.links import Purpose, mint
print(mint(User.objects.get(email='dec@alpha.example'), Purpose.RESET))
"""
IS_ALIVE = """
from calypso.accounts.links import Purpose, is_alive, person_of
from calypso.accounts.models import User
print(is_alive(User.objects.get(key=person_of('{0}')), Purpose.RESET, '{0}'))
"""
DELIVER = "from calypso.outbox.delivery import deliver; print(deliver())"


def refused(made: Installation, *command: str) -> str:
    with pytest.raises(AssertionError) as failure:
        made.run(*command)
    return str(failure.value)


def test_a_copy_comes_back_whole_paused_with_its_doors_closed(tmp_path: Path, tmp_path_factory) -> None:
    copy = tmp_path / "copy"
    with SmtpServer() as smtp:
        mail = f"smtp://127.0.0.1:{smtp.port}"
        with installation(tmp_path / "old", like=prepared("world", tmp_path_factory)) as old:
            old.python(OPEN_TICKET)
            link = old.python(SIGN_IN).splitlines()[-1]
            before = old.python(COUNTS).split()
            assert "Tickets : " in old.run("backup", str(copy))
            assert "n'est pas vide" in refused(old, "backup", str(copy))
            assert "n'est pas vide" in refused(old, "restore", str(copy))
            secret = (tmp_path / "old" / "secret").read_text()
        assert not any(secret.encode() in file.read_bytes() for file in copy.rglob("*") if file.is_file())
        with installation(tmp_path / "new", CALYPSO_EMAIL_URL=mail, CALYPSO_SECRET_KEY=secret) as new:
            assert "resume" in new.run("restore", str(copy))
            after = new.python(COUNTS).split()
            assert after[:5] == before[:5]
            assert (before[5], after[5]) == ("1", "0")
            assert new.python(IS_ALIVE.format(link)) == "False"
            assert new.python(DELIVER) == "0"
            assert "à faire   E-mails : en pause" in new.run("doctor")
            new.run("resume")
            assert int(new.python(DELIVER)) > 0
            assert "bon       Fichiers" in new.run("doctor")
            assert new.run("backup", "--verify", str(copy)).startswith("Sauvegarde intacte")


@pytest.fixture
def copy(world: World, tmp_path: Path, settings) -> Path:
    """A folder that looks like a copy; the database's own copy is tried in the test above, outside a transaction."""
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a").write_text("contenu")
    manifest = {
        "version": "0",
        "engine": "sqlite",
        "made_at": "2026-01-01T00:00:00+00:00",
        "migrations": [],
        "tickets": 0,
        "people": 0,
        "files": {"files/a": "ddf72e3a0155f6c4e3fb3e0ac4a9db5b26e5ea0d26b3fd1cdd98a4a9b1b03c1f"},
    }
    (tmp_path / backup.MANIFEST).write_text(json.dumps(manifest))
    return tmp_path


def _declare(copy: Path, **changes: object) -> None:
    manifest = json.loads((copy / backup.MANIFEST).read_text())
    manifest["files"] = {"files/a": backup._digest(copy / "files" / "a")}
    (copy / backup.MANIFEST).write_text(json.dumps({**manifest, **changes}))


def test_verify_names_what_changed_what_is_missing_and_what_is_unknown(copy: Path) -> None:
    _declare(copy)
    assert backup.verify(copy) == []
    (copy / "files" / "a").write_text("autre")
    (copy / "files" / "b").write_text("en trop")
    assert backup.verify(copy) == ["files/b : inconnu du manifeste", "files/a : contenu changé"]
    (copy / "files" / "a").unlink()
    assert "files/a : absent" in backup.verify(copy)
    with pytest.raises(CommandError, match="absent"):
        call_command("backup", str(copy), verify=True)


def test_a_damaged_newer_or_foreign_copy_is_refused_before_anything_is_touched(copy: Path, world: World) -> None:
    from django.db import connection

    _declare(copy, engine=connection.vendor)
    with pytest.raises(backup.Refused, match="n'est pas vide"):
        backup.restore(copy)
    _declare(copy, engine=connection.vendor, migrations=["tickets.9999_future"])
    with pytest.raises(backup.Refused, match="plus récente"):
        backup.restore(copy)
    _declare(copy, engine="oracle")
    with pytest.raises(backup.Refused, match="oracle"):
        backup.restore(copy)
    (copy / "files" / "a").write_text("autre")
    with pytest.raises(backup.Refused, match="endommagée"):
        backup.restore(copy)
    (copy / backup.MANIFEST).write_text("{")
    with pytest.raises(CommandError, match="lisible"):
        call_command("restore", str(copy), skip_checks=True)


def test_r149_the_doctor_reads_every_file_again(world: World) -> None:
    from calypso.base import files

    key = upload(world.person("dec"), "medecin", Draft.Purpose.COMMENT, "plan.png")
    say(world, "dec", world.ticket("A1"), "comment", "Avec pièce", form_key=key)
    assert backup.damaged_files() == []
    stored = Attachment.objects.latest("id").stored
    files.path_of(stored).write_bytes(b"autre chose")
    assert backup.damaged_files() == [stored]
    files.remove(stored)
    assert backup.damaged_files() == [stored]
    with pytest.raises(CommandError, match="attention"):
        call_command("doctor")


def test_a_missing_program_is_named(monkeypatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(FileNotFoundError, match="pg_inconnu"):
        postgresql._find("pg_inconnu")


def test_the_age_of_the_last_copy_is_known(world: World, settings, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    assert backup.last_made() == ""
    (tmp_path / backup.LAST).write_text(time.strftime("%Y-%m-%dT%H:%M:%S+00:00"))
    assert backup.last_made().startswith("20")
