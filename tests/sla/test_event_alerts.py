"""As an event nears the team is told what still waits for it: once a threshold, by setting (issue of the desk, 7)."""

from datetime import date, timedelta

import pytest

from calypso.base import clock
from calypso.base.business import parse_thresholds
from calypso.outbox.models import OutgoingEmail
from calypso.projects.actions import set_archived
from calypso.projects.models import Project
from calypso.sla.actions.event_alerts import tell_events
from calypso.sla.notices import MOST_TOLD
from tests.world import World, new_ticket, say

pytestmark = pytest.mark.django_db
NOON = clock.at(date(2027, 3, 1), 12)


def run(days: float) -> list[str]:
    """Whom the task tells so many days after that noon, in order."""
    last = OutgoingEmail.objects.order_by("id").last()
    with clock.set_to(NOON + timedelta(days=days)):
        tell_events.call()
    fresh = OutgoingEmail.objects.filter(kind="sla.event_near", id__gt=last.id if last else 0).order_by("id")
    return [mail.recipient.split("@")[0] for mail in fresh]


@pytest.fixture
def near(world: World) -> Project:
    """A project in set-up whose event is ten days after that noon, with a ticket that waits for the team."""
    Project.objects.filter(pk=world.project("A1").pk).update(event_date=NOON.date() + timedelta(days=10))
    return world.project("A1")


def test_once_a_threshold_and_only_from_the_morning_on(world: World, near: Project) -> None:
    assert run(2.4) == [], "eight days before"
    assert run(2.6) == [], "three days later, at two in the morning"
    assert run(3) == ["manager", "agent"]
    assert run(3.1) == run(5) == run(7) == []
    assert run(8) == ["manager", "agent"]
    assert run(9) == run(10) == run(11) == []


def test_a_worker_that_slept_tells_the_nearest_threshold_only(near: Project) -> None:
    assert run(9) == ["manager", "agent"]
    assert run(9.1) == []


def test_a_new_date_is_told_anew(near: Project) -> None:
    assert run(3) == ["manager", "agent"]
    Project.objects.filter(pk=near.pk).update(event_date=NOON.date() + timedelta(days=12))
    assert run(5) == ["manager", "agent"]


def test_nothing_when_nothing_waits_for_the_team(world: World, near: Project) -> None:
    say(world, "agent", world.ticket("A1"), "ask_client", "Quoi ?")
    assert run(3) == []
    new_ticket(world, title="Au dernier moment")
    assert run(4) == ["manager", "agent"]


def test_live_the_support_is_told_and_an_archived_project_tells_nobody(world: World, near: Project) -> None:
    Project.objects.filter(pk=near.pk).update(phase="live")
    assert run(3) == ["manager", "support"]
    set_archived(world.manager, project=world.project("A1"), archived=True)
    assert run(8) == []


def test_the_mail_lists_the_most_urgent_first_and_says_how_many(world: World, near: Project) -> None:
    for number in range(MOST_TOLD + 2):
        new_ticket(world, title=f"Petit {number}", priority="1")
    new_ticket(world, title="Grave", priority="4", context="x")
    run(3)
    mail = OutgoingEmail.objects.filter(kind="sla.event_near").latest("id")
    text = mail.text.replace("\u202f", " ").replace("’", "'")
    assert "14 tickets attendent encore l'équipe :" in text
    assert text.index("Grave") < text.index("Petit 0")
    assert "… et 4 autres" in text
    assert f"/equipe/?projet={near.key}&echeance=proche" in text
    assert mail.is_owed


def test_the_setting_says_when_or_never(near: Project, settings) -> None:
    settings.EVENT_ALERT_DAYS = ()
    assert run(9) == []
    assert parse_thresholds("2, 7,2") == (7, 2)
    assert parse_thresholds("") == ()
    for wrong in ("x", "-1", "400"):
        with pytest.raises(ValueError, match=r"\d|invalid"):
            parse_thresholds(wrong)


def test_r8_the_mail_is_owed_to_who_still_sees_the_project(world: World, near: Project) -> None:
    run(3)
    mail = OutgoingEmail.objects.filter(kind="sla.event_near").first()
    set_archived(world.manager, project=world.project("A1"), archived=True)
    assert not mail.is_owed
