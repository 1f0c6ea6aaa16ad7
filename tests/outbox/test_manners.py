"""When and from whom notices are sent: quiet hours, the team's own sender, where one chooses (decision 29, R82, R83)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from calypso.accounts.actions.teams import save_team
from calypso.accounts.models import Team
from calypso.base.business import parse_quiet
from calypso.base.errors import Invalid
from calypso.outbox import delivery, quiet
from calypso.outbox.models import OutgoingEmail
from calypso.outbox.queries import oldest_owed
from tests.smtp import SmtpServer
from tests.world import World, address, drop_waiting, say


@pytest.mark.django_db
@pytest.mark.parametrize(
    "hours,now,until",
    [
        ("", "2026-11-24T22:00", None),
        ("20:00-07:30", "2026-11-24T19:59", None),
        ("20:00-07:30", "2026-11-24T20:00", "2026-11-25T07:30"),
        ("20:00-07:30", "2026-11-25T03:00", "2026-11-25T07:30"),
        ("20:00-07:30", "2026-11-25T07:30", None),
        ("12:00-14:00", "2026-11-24T13:00", "2026-11-24T14:00"),
        ("12:00-14:00", "2026-11-24T11:00", None),
        ("20:00-07:30", "2026-10-24T23:00", "2026-10-25T07:30"),  # the clocks go back that night
    ],
)
def test_quiet_hours_end_by_the_wall_clock(settings: Any, hours: str, now: str, until: str | None) -> None:
    from zoneinfo import ZoneInfo

    paris = ZoneInfo("Europe/Paris")
    settings.QUIET_HOURS = parse_quiet(hours)
    instant = datetime.fromisoformat(now).replace(tzinfo=paris)
    with time_machine.travel(instant, tick=False):
        expected = datetime.fromisoformat(until).replace(tzinfo=paris).astimezone(UTC) if until else None
        assert quiet.ends(instant) == expected


@pytest.mark.parametrize("hours", ["20:00", "20:00-20:00", "25:00-07:00", "soir"])
def test_hours_that_are_none_are_refused(hours: str) -> None:
    with pytest.raises(ValueError, match="."):
        parse_quiet(hours)


def test_a_notice_waits_for_the_morning_and_nothing_is_late(world: World, smtp: SmtpServer, settings: Any) -> None:
    settings.MAILERS, settings.QUIET_HOURS = smtp.mailers, parse_quiet("20:00-07:30")
    drop_waiting()
    with time_machine.travel(datetime(2026, 11, 24, 20, 30, tzinfo=UTC), tick=False):
        say(world, "agent", world.ticket("A1"), "comment", "Le soir")
        delivery.deliver()
        assert (smtp.messages, oldest_owed()) == ([], None)
    with time_machine.travel(datetime(2026, 11, 25, 6, 31, tzinfo=UTC), tick=False):
        delivery.deliver()
    assert len(smtp.to(address("dec"))) == 1


def test_a_link_that_somebody_asks_for_leaves_at_night(world: World, smtp: SmtpServer, settings: Any) -> None:
    from django.db import transaction

    from calypso.accounts.notices import link_asked

    settings.MAILERS, settings.QUIET_HOURS = smtp.mailers, parse_quiet("20:00-07:30")
    drop_waiting()
    with time_machine.travel(datetime(2026, 11, 24, 22, 0, tzinfo=UTC), tick=False):
        with transaction.atomic():
            link_asked(world.dec, "nuit")
        delivery.deliver()
    assert len(smtp.to(address("dec"))) == 1


class TestSender:
    def test_r83_the_mails_of_a_team_come_from_its_address(self, world: World, smtp: SmtpServer, settings: Any) -> None:
        settings.MAILERS = smtp.mailers
        save_team(world.admin, name="Nuit", members={world.agent.key}, mail_from="nuit@leni.example")
        ticket = world.ticket("A1")
        drop_waiting()
        say(world, "agent", ticket, "comment", "Avant")
        say(world, "agent", ticket, "start")
        say(world, "agent", ticket, "comment", "Après")
        delivery.deliver()
        froms = [message["From"] for message in smtp.to(address("dec"))]
        assert froms[0] == "Léni - Calypso <extranet@leni.example>"
        assert froms[-1] == "Léni - Nuit <nuit@leni.example>"

    @pytest.mark.parametrize(
        "given", ["deux@a.example, trois@b.example", "personne", "Nuit <nuit@leni.example>", "dec@alpha.example"]
    )
    def test_it_is_one_address(self, world: World, given: str) -> None:
        with pytest.raises(Invalid) as refusal:
            save_team(world.admin, name="Nuit", members=set(), mail_from=given)
        assert list(refusal.value.errors) == ["mail_from"]

    def test_an_administrator_chooses_it(self, world: World, browser: Callable[..., Any]) -> None:
        team = save_team(world.admin, name="Nuit", members={world.agent.key})
        page = f"/equipe/membres/equipes/{team.key}/"
        admin = browser("admin")
        facts = {"name": "Nuit", "members": [world.agent.key], "mail_from": "nuit@leni.example"}
        assert admin.post(page, facts).status_code == 302
        assert Team.objects.get(pk=team.pk).mail_from == "nuit@leni.example"
        assert "nuit@leni.example" in admin.get(page).content.decode()


def test_what_one_may_do_without_says_where_that_is_chosen(world: World) -> None:
    ticket = world.ticket("A1")
    drop_waiting()
    say(world, "agent", ticket, "comment", "Un point")
    say(world, "agent", ticket, "ask_client", "Quoi ?")
    rows = OutgoingEmail.objects.filter(recipient=address("dec"), state="waiting")
    said = {row.kind: row.headers.get("List-Unsubscribe") for row in rows}
    assert said == {
        "tickets.vendor_comment": "<http://testserver/profil/notifications/>",
        "tickets.waiting": None,
    }
