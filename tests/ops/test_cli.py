"""What the command line says when it cannot do its work: one line that names what is at fault, nothing of the code."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from calypso.ops.release import commit_of
from tests.conftest import on_postgresql

ONCE = pytest.mark.skipif(on_postgresql(), reason="what cannot be used is said alike on both engines")
REFUSED = [
    ("CALYPSO_TIME_ZONE", "Paris"),
    ("CALYPSO_EMAIL_URL", "smtp://h:abc"),
    ("CALYPSO_EMAIL_URL", "smtp://me:p/w@h:25"),
    ("CALYPSO_SECRET_KEY_FILE", "/nulle/part"),
    ("CALYPSO_VAR", "/proc/x"),
    ("CALYPSO_MAIL_FROM", "Vendeur <extranet@v.example>"),
    ("CALYPSO_MAIL_FROM", "extranet"),
    ("CALYPSO_SUPPORT_ADDRESS", "sup"),
    ("CALYPSO_FILE_MAX_MB", "beaucoup"),
    ("CALYPSO_FILE_MAX_MB", "0"),
    ("CALYPSO_SITE_URL", "ailleurs"),
    ("CALYPSO_DATABASE_URL", "mysql://h/x"),
    ("CALYPSO_BUSINESS_HOURS", "tôt"),
    ("CALYPSO_TRUSTED_PROXIES", "proxy"),
]


def calypso(tmp_path: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "CALYPSO_VAR": str(tmp_path), **settings}
    asked = [sys.executable, "-m", "calypso.ops.cli", *command]
    return subprocess.run(asked, env=environment, capture_output=True, text=True, check=False, timeout=120)


@ONCE
@pytest.mark.parametrize("name, value", REFUSED)
def test_r137_a_setting_that_cannot_be_used_is_named_in_one_line(name: str, value: str, tmp_path: Path) -> None:
    ended = calypso(tmp_path, "check", **{name: value})
    assert ended.returncode == 1
    assert name.removesuffix("_FILE") in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    assert "p/w" not in ended.stderr, "half a password is a secret too"


@ONCE
@pytest.mark.parametrize("asked", ["--version", "version"])
def test_it_says_which_calypso_it_is(asked: str, tmp_path: Path) -> None:
    ended = calypso(tmp_path, asked, CALYPSO_TIME_ZONE="Paris")
    assert re.fullmatch(r"Calypso \d+\.\d+\.\d+( \([0-9a-f]{12}\))?\n", ended.stdout), "whatever the settings"


@ONCE
def test_the_commit_of_a_checkout_is_read_from_its_files(tmp_path: Path) -> None:
    assert commit_of(tmp_path) == ""
    (tmp_path / "HEAD").write_text("ref: refs/heads/main\n")
    assert commit_of(tmp_path) == ""
    (tmp_path / "packed-refs").write_text("# pack-refs\n" + "a" * 40 + " refs/heads/main\n")
    assert commit_of(tmp_path) == "a" * 12
    (tmp_path / "refs/heads").mkdir(parents=True)
    (tmp_path / "refs/heads/main").write_text("b" * 40 + "\n")
    assert commit_of(tmp_path) == "b" * 12
    (tmp_path / "HEAD").write_text("c" * 40 + "\n")
    assert commit_of(tmp_path) == "c" * 12


@ONCE
def test_r139_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 50)
    both = {"CALYPSO_SECRET_KEY": "s" * 50, "CALYPSO_SECRET_KEY_FILE": str(tmp_path / "key")}
    assert "CALYPSO_SECRET_KEY_FILE" in calypso(tmp_path, "check", **both).stderr


@ONCE
@pytest.mark.parametrize("command", [("init", "a@b.example", "A", "B"), ("link", "a@b.example"), ("recount",)])
def test_a_command_before_migrate_says_so(command: tuple[str, ...], tmp_path: Path) -> None:
    ended = calypso(tmp_path, *command)
    assert ended.returncode == 1
    assert "calypso migrate" in ended.stderr
    assert "Traceback" not in ended.stderr


@ONCE
def test_r155_the_doctor_looks_at_the_rest_without_a_database(tmp_path: Path) -> None:
    ended = calypso(tmp_path, "doctor", CALYPSO_DATABASE_URL="postgres://u:p@127.0.0.1:1/x")
    assert ended.returncode == 1
    assert "Base de données" in ended.stdout
    assert "Disque" in ended.stdout
    assert "Traceback" not in ended.stderr


@ONCE
def test_r149_a_backup_in_what_it_copies_or_where_nobody_writes_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path / "files/copie", Path("/proc/nulle-part")):
        ended = calypso(tmp_path, "backup", str(folder))
        assert ended.returncode == 1
        assert str(folder) in ended.stderr
        assert "Traceback" not in ended.stderr
