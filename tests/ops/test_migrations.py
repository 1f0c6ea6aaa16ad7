"""A landed migration is never changed (rule of release 0.1.0), and a database of another version is refused in words."""

import hashlib
import json
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
LANDED = Path(__file__).with_name("landed_migrations.json")
MIGRATIONS = {
    str(file.relative_to(ROOT / "src" / "calypso")): hashlib.sha256(file.read_bytes()).hexdigest()
    for file in sorted((ROOT / "src" / "calypso").glob("*/migrations/[0-9]*.py"))
}


def test_a_landed_migration_is_never_changed_nor_removed() -> None:
    """`scripts/land` adds new ones to the list; one that is there already is what installations have run."""
    landed = json.loads(LANDED.read_text(encoding="utf-8"))
    changed = sorted(name for name, digest in landed.items() if MIGRATIONS.get(name) != digest)
    assert changed == []


def test_every_migration_is_in_the_list() -> None:
    assert sorted(MIGRATIONS.keys() - json.loads(LANDED.read_text(encoding="utf-8")).keys()) == []


@pytest.mark.django_db
def test_a_database_of_another_version_is_refused_in_words() -> None:
    assert [found for found in run_checks(databases=["default"]) if found.id == "calypso.E009"] == []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('tickets', '0002_saved_views', '2026-11-01')"
        )
    (refusal,) = [found for found in run_checks(databases=["default"]) if found.id == "calypso.E009"]
    assert "tickets.0002_saved_views" in refusal.msg
    assert "Rien n'a été touché." in refusal.msg
