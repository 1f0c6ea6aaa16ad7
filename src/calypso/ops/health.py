"""The health of an installation, checked each time it is asked for (R155, R156)."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from django_ox.models import OxTask

from calypso.base import clock
from calypso.base.catalogue import gettext_noop
from calypso.base.chosen import chosen
from calypso.base.i18n import gettext as _
from calypso.base.i18n import ngettext
from calypso.mailin.models import ReceivedEmail
from calypso.mailin.queries import reading_is_late
from calypso.ops import backup
from calypso.ops.release import release
from calypso.ops.supervisor import STATE, keep_dying
from calypso.outbox import pause
from calypso.outbox.models import OutgoingEmail, State
from calypso.outbox.queries import oldest_owed
from calypso.ui.formats import as_instant, as_size
from calypso.vendor.checks import missing_names

LATE_TASK = timedelta(minutes=10)
LATE_MAIL = timedelta(minutes=15)
LEAST_DISK = 500 * 2**20  # bytes


class Health(StrEnum):
    """The status of one point: working, not set up yet, or broken. Labels are French, translated where shown."""

    GOOD = gettext_noop("Bon")
    TO_DO = gettext_noop("À faire")
    BROKEN = gettext_noop("En panne")


TONES = {Health.GOOD: "green", Health.TO_DO: "amber", Health.BROKEN: "red"}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was checked: its label, its status, and what was found."""

    label: str
    health: Health
    detail: str

    @property
    def tone(self) -> str:
        """Returns the colour of the status."""
        return TONES[self.health]


def look() -> list[Point]:
    """Returns every point, the database first; when it does not answer, the points that do not need it."""
    points: list[Point] = []
    failed = ""
    for point in _POINTS:
        try:
            points.append(point())
        except DatabaseError as failure:
            failed = failed or type(failure).__name__
    return [Point(_("Base de données"), Health.BROKEN, failed), *points] if failed else points


def is_well() -> bool:
    """Returns whether nothing is broken; what is still to set up keeps nobody from working."""
    return all(point.health is not Health.BROKEN for point in look())


def _broken_if(broken: object) -> Health:
    return Health.BROKEN if broken else Health.GOOD


def _database() -> Point:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Point(_("Base de données"), _broken_if(pending), _("à migrer") if pending else connection.vendor)


def _processes() -> Point:
    dying = keep_dying(Path(settings.VAR) / STATE)
    names = ", ".join(_("l'ouvrier") if name == "worker" else _("un processus web") for name in dying)
    detail = (
        _("meurent et repartent sans cesse : %(names)s") % {"names": names} if dying else _("aucun ne meurt sans cesse")
    )
    return Point(_("Processus"), _broken_if(dying), detail)


def _tasks() -> Point:
    label = _("Tâches de fond")
    if pause.is_paused():
        return Point(label, Health.TO_DO, _("installation restaurée : à relancer, puis `calypso resume`"))
    limit = clock.now() - LATE_TASK
    due = Q(run_after__lt=limit) | Q(run_after__isnull=True, enqueued_at__lt=limit)
    late = OxTask.objects.filter(due, status=OxTask.Status.READY).exists()
    failed = OxTask.objects.filter(status__in=[OxTask.Status.FAILED, OxTask.Status.LOST]).count()
    detail = _("l'ouvrier est en retard de plus de dix minutes") if late else _("à l'heure")
    if failed:
        detail += " · " + ngettext("%(count)s tâche en échec", "%(count)s tâches en échec", failed) % {"count": failed}
    return Point(label, _broken_if(late), detail)


def _mails() -> Point:
    label = _("E-mails")
    if pause.is_paused():
        return Point(label, Health.TO_DO, _("en pause après une restauration : rien ne part avant `calypso resume`"))
    if not settings.MAILERS:
        return Point(label, Health.TO_DO, _("aucun serveur d'envoi : rien ne part, les messages se lisent au bureau"))
    oldest = oldest_owed()
    late = oldest is not None and oldest < clock.now() - LATE_MAIL
    failed = OutgoingEmail.objects.filter(state=State.FAILED).count()
    detail = _("à l'heure")
    if late:
        detail = _("le plus ancien message attend depuis le %(date)s") % {"date": as_instant(oldest)}
    if failed:
        detail += " · " + ngettext("%(count)s message en échec", "%(count)s messages en échec", failed) % {
            "count": failed
        }
    return Point(label, _broken_if(late), detail)


def _received() -> Point:
    """Checks the way in: the mailbox was looked into lately (R145), and what came was read."""
    label = _("E-mails reçus")
    if pause.is_paused():
        return Point(label, Health.TO_DO, _("en pause après une restauration : rien n'est lu avant `calypso resume`"))
    late = reading_is_late(LATE_MAIL)
    if late:
        return Point(label, Health.BROKEN, _("la boîte ne répond pas, ou n'est plus lue, depuis un quart d'heure"))
    if not settings.REPLY_ADDRESS:
        return Point(label, Health.GOOD, _("aucune adresse de réponse : les e-mails ne demandent pas de réponse"))
    held = ReceivedEmail.objects.filter(state="held").count()
    detail = ngettext("%(count)s message à trier", "%(count)s messages à trier", held) % {"count": held}
    return Point(label, Health.GOOD, detail if held else _("à l'heure"))


def _names() -> Point:
    """Checks the names shown on pages and in mails, whose defaults would be somebody else's."""
    not_given = missing_names() + ([] if settings.MAIL_FROM_GIVEN else ["MAIL_FROM"])
    if not not_given:
        return Point(_("Noms et adresses"), Health.GOOD, chosen("VENDOR_NAME"))
    names = ", ".join(f"CALYPSO_{name}" for name in not_given)
    return Point(_("Noms et adresses"), Health.TO_DO, _("à donner : %(names)s") % {"names": names})


def _disk() -> Point:
    free = shutil.disk_usage(settings.VAR).free
    return Point(_("Disque"), _broken_if(free < LEAST_DISK), _("%(free)s libres") % {"free": as_size(free)})


def _backup() -> Point:
    made, limit = backup.last_made(), settings.BACKUP_MAX_HOURS
    if not made:
        health = Health.BROKEN if limit else Health.TO_DO
        return Point(_("Sauvegarde"), health, _("aucune faite par cette installation"))
    at = datetime.fromisoformat(made)
    late = bool(limit) and at < clock.ago(hours=limit)
    return Point(_("Sauvegarde"), _broken_if(late), _("la dernière : %(date)s") % {"date": as_instant(at)})


def _version() -> Point:
    return Point(_("Version"), Health.GOOD, release())


_POINTS: tuple[Callable[[], Point], ...] = (
    _database,
    _processes,
    _tasks,
    _mails,
    _received,
    _names,
    _disk,
    _backup,
    _version,
)
