"""What an installation needs to be well, looked at each time it is asked (R155, R156)."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from django_ox.models import OxTask

from calypso.base import clock
from calypso.base.i18n import gettext as _
from calypso.base.i18n import ngettext
from calypso.ops import backup
from calypso.ops.supervisor import STATE, keep_dying
from calypso.outbox import pause
from calypso.outbox.models import OutgoingEmail, State
from calypso.ui.formats import as_instant, as_size

LATE_TASK = timedelta(minutes=10)
LATE_MAIL = timedelta(minutes=15)
LEAST_DISK = 500 * 2**20  # bytes


@dataclass(frozen=True, slots=True)
class Point:
    """One thing looked at: its name in the reader's words, whether it is well, and what was seen."""

    label: str
    well: bool
    detail: str


def look() -> list[Point]:
    """Every point, the database first; when it does not answer, it is the only one."""
    try:
        return [point() for point in _POINTS]
    except DatabaseError as failure:
        return [Point(_("Base de données"), False, type(failure).__name__)]


def is_well() -> bool:
    """Whether every point is well."""
    return all(point.well for point in look())


def _database() -> Point:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Point(_("Base de données"), not pending, _("à migrer") if pending else connection.vendor)


def _tasks() -> Point:
    limit = clock.now() - LATE_TASK
    due = Q(run_after__lt=limit) | Q(run_after__isnull=True, enqueued_at__lt=limit)
    late = OxTask.objects.filter(due, status=OxTask.Status.READY).exists()
    failed = OxTask.objects.filter(status__in=[OxTask.Status.FAILED, OxTask.Status.LOST]).count()
    detail = _("l'ouvrier est en retard de plus de dix minutes") if late else _("à l'heure")
    if failed:
        detail += " · " + ngettext("%(count)s tâche en échec", "%(count)s tâches en échec", failed) % {"count": failed}
    return Point(_("Tâches de fond"), not late, detail)


def _mails() -> Point:
    label = _("E-mails")
    if pause.is_paused():
        return Point(label, False, _("en pause après une restauration : rien ne part"))
    if not settings.MAILERS:
        return Point(label, True, _("aucun serveur d'envoi : les messages se lisent au bureau"))
    waiting = OutgoingEmail.objects.filter(state=State.WAITING, next_try__lt=clock.now() - LATE_MAIL)
    failed = OutgoingEmail.objects.filter(state=State.FAILED).count()
    late = waiting.exists()
    detail = _("des messages attendent depuis plus d'un quart d'heure") if late else _("à l'heure")
    if failed:
        detail += " · " + ngettext("%(count)s message en échec", "%(count)s messages en échec", failed) % {
            "count": failed
        }
    return Point(label, not late, detail)


def _disk() -> Point:
    free = shutil.disk_usage(settings.VAR).free
    return Point(_("Disque"), free >= LEAST_DISK, _("%(free)s libres") % {"free": as_size(free)})


def _backup() -> Point:
    made, limit = backup.last_made(), settings.BACKUP_MAX_HOURS
    if not made:
        return Point(_("Sauvegarde"), not limit, _("aucune faite par cette installation"))
    at = datetime.fromisoformat(made)
    late = bool(limit) and at < clock.ago(hours=limit)
    return Point(_("Sauvegarde"), not late, _("la dernière : %(date)s") % {"date": as_instant(at)})


def _processes() -> Point:
    dying = keep_dying(Path(settings.VAR) / STATE)
    detail = _("meurent et repartent sans cesse : %(names)s") % {"names": ", ".join(dying)} if dying else _("en vie")
    return Point(_("Processus"), not dying, detail)


_POINTS: tuple[Callable[[], Point], ...] = (_database, _processes, _tasks, _mails, _disk, _backup)
