"""The checks of a database, run before anything is done to it."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.migrations.loader import MigrationLoader


@register(Tags.database)
def migrations_are_known(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuses a database of another version: a later one, or one before 0.1.0. Run by `migrate`."""
    return [error for alias in databases or () for error in _unknown(alias)]


def _unknown(alias: str) -> list[CheckMessage]:
    loader = MigrationLoader(connections[alias], ignore_no_migrations=True)
    unknown = sorted(f"{app}.{name}" for app, name in set(loader.applied_migrations) - set(loader.disk_migrations))
    if not unknown:
        return []
    return [
        Error(
            f"Cette base contient des migrations que cette version ne connaît pas ({', '.join(unknown[:3])}…) : "
            "elle vient d'une version plus récente, ou d'avant la version 0.1.0. Rien n'a été touché.",
            hint="Revenez à la version qui l'a créée, ou commencez une installation neuve (docs/exploitation).",
            id="calypso.E009",
        )
    ]
