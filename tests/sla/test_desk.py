"""Due dates and service levels at the desk, through its addresses."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from calypso.base import clock
from calypso.projects.models import Project
from calypso.sla.models import ServiceLevel
from calypso.tickets.models import Ticket
from tests.desk.test_desk import rows
from tests.pages import fill, form, words
from tests.world import World, say


def owe(world: World, name: str, **ago: float) -> Ticket:
    """A ticket on which something was due that long ago."""
    ticket = world.ticket(name)
    Ticket.objects.filter(pk=ticket.pk).update(due_at=clock.ago(**ago))
    return ticket


class TestQueue:
    def test_overdue_and_due_soon_have_their_queue_and_count(self, browser, world: World) -> None:
        Ticket.objects.update(due_at=clock.ago(days=-60))
        late = owe(world, "A1", days=10)
        page = browser("agent").get("/equipe/?echeance=proche&tri=echeance")
        assert rows(page) == [late.reference]
        assert "Échéance proche 1" in words(page)
        assert "dépassée" in words(page)
        assert rows(browser("agent").get("/equipe/?echeance=depassee")) == [late.reference]
        assert browser("agent").get("/equipe/?echeance=hier").status_code == 422

    def test_an_event_that_is_near_presses_its_tickets_while_the_team_must_act(
        self, browser, world: World, settings
    ) -> None:
        Ticket.objects.update(due_at=None)
        Project.objects.filter(pk=world.project("A1").pk).update(event_date=clock.today() + timedelta(days=3))
        page = browser("agent").get("/equipe/?echeance=proche")
        assert rows(page) == [world.ticket("A1").reference]
        assert "J−3" in words(page)
        say(world, "agent", world.ticket("A1"), "ask_client", "Lequel ?")
        assert rows(browser("agent").get("/equipe/?echeance=proche")) == []
        say(world, "dec", world.ticket("A1"), "return", "Celui-ci.")
        settings.EVENT_NEAR_DAYS = 0
        Ticket.objects.update(due_at=None)
        assert rows(browser("agent").get("/equipe/?echeance=proche")) == []

    def test_the_ticket_says_what_is_due_and_whose_turn_it_is(self, browser, world: World) -> None:
        ticket = world.ticket("A1")
        Ticket.objects.filter(pk=ticket.pk).update(due_at=clock.ago(days=-40))
        page = words(browser("agent").get(f"/equipe/tickets/{ticket.reference}/"))
        assert "Échéance" in page
        assert "La balle est chez Léni" in page
        ticket = say(world, "agent", ticket, "ask_client", "Lequel ?")
        assert "en pause" in words(browser("agent").get(f"/equipe/tickets/{ticket.reference}/"))
        page = words(browser("dec").get(f"/tickets/{ticket.reference}/"))
        assert "La balle est chez le client" in page
        assert "Échéance" not in page, "what the team aims at is the team's"


class TestLevels:
    PAGE = "/equipe/niveaux/"

    def test_an_administrator_writes_them(self, browser, world: World) -> None:
        page = browser("admin").get(self.PAGE)
        sent = fill(form(page, ""), **{"live-4-answer_hours": "", "live-4-process_hours": "2"})
        answer = browser("admin").post(self.PAGE, sent, follow=True)
        assert "Les niveaux de service sont enregistrés." in words(answer)
        row = ServiceLevel.objects.get()
        assert (row.phase, row.priority, row.answer_hours, row.process_hours) == ("live", "4", None, 2)

    def test_the_rest_of_the_team_reads_them(self, browser, world: World) -> None:
        page = browser("agent").get(self.PAGE)
        assert "Bloquant Première réponse 1 h Traitement 4 h" in words(page)
        assert "<input name=" not in page.content.decode()
        assert browser("agent").post(self.PAGE, {"live-4-process_hours": "2"}).status_code == 403
        assert not ServiceLevel.objects.exists()

    @pytest.mark.parametrize("typed", ["-3", "0", "2001", "99999999", "deux", "1.5"])
    def test_bad_hours_are_shown_again(self, browser, world: World, typed: str) -> None:
        sent = fill(form(browser("admin").get(self.PAGE), ""), **{"setup-1-process_hours": typed})
        answer = browser("admin").post(self.PAGE, sent)
        assert answer.status_code == 422
        assert f'value="{typed}"' in answer.content.decode()
        assert "Paramétrage, Faible : " in words(answer), "the summary names the line in words"
        assert not ServiceLevel.objects.exists()

    def test_an_answer_due_after_the_processing_is_refused(self, browser, world: World) -> None:
        sent = fill(form(browser("admin").get(self.PAGE), ""), **{"live-1-answer_hours": "60"})
        assert "ne peut pas être due après" in words(browser("admin").post(self.PAGE, sent))


@pytest.mark.parametrize(
    "now, due, said",
    [
        ("2026-11-30T10:00", "2026-11-30T11:00", "dans 1 h"),
        ("2026-11-29T20:30", "2026-11-30T10:00", "demain 10:00"),  # a Sunday: an hour of work, thirteen on the clock
        ("2026-11-30T17:30", "2026-12-01T09:30", "demain 09:30"),
    ],
)
def test_what_is_due_soon_is_counted_as_clocks_count(now: str, due: str, said: str, browser, world: World) -> None:
    paris = ZoneInfo("Europe/Paris")
    with time_machine.travel(datetime.fromisoformat(now).replace(tzinfo=paris), tick=False):
        Ticket.objects.update(due_at=None)
        due_at = datetime.fromisoformat(due).replace(tzinfo=paris)
        Ticket.objects.filter(pk=world.ticket("A1").pk).update(due_at=due_at)
        assert said in words(browser("agent").get("/equipe/?echeance=proche"))
