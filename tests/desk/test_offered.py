"""What the page of a ticket offers to each member of the team, in each situation, written by hand (R10, R101, R104)."""

import pytest

from calypso.base import clock
from calypso.projects.models import Project
from calypso.teamwork.actions.time_entries import add_time
from calypso.tickets.models import Ticket
from tests.world import World, new_ticket, say

MARKS = {
    "assign": "Affecter à",
    "take": 'name="take"',
    "retain": "Retenir cette priorité",
    "withdraw": "Ne plus publier",
    "remove time": 'name="spent_remove"',
    "step": 'name="act" value="start"',
}
LEAD = {"assign", "take", "retain", "remove time"}
NOTHING: set[str] = set()
# Situation → what an agent, support, a project manager, an administrator and R&D are offered. The agent entered time.
OFFERED: dict[str, tuple[set[str], set[str], set[str], set[str], set[str]]] = {
    "open": ({"take", "remove time", "step"}, LEAD | {"step"}, LEAD | {"step"}, LEAD | {"step"}, NOTHING),
    "prepared": ({"take", "remove time", "withdraw"}, *[LEAD | {"withdraw"}] * 3, NOTHING),
    "closed": (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
    "archived": (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
    "archived while new": (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
}
TEAM = ("agent", "support", "manager", "admin", "rd")


def arranged(world: World, situation: str) -> Ticket:
    """A ticket of A1 that was with R&D once, so that all the team sees it, and that nobody holds now."""
    ticket = new_ticket(world)
    add_time(world.agent, ticket=ticket, spent="10")
    project = Project.objects.filter(pk=ticket.project_id)
    if situation in ("prepared", "archived"):
        project.update(by_batch=True)
        ticket = say(world, "agent", say(world, "agent", ticket, "start"), "process", "C'est corrigé.")
        assert ticket.prepared_at is not None
    if situation == "closed":
        say(world, "dec", ticket, "close")
    if situation.startswith("archived"):
        project.update(archived_at=clock.now())
    Ticket.objects.filter(pk=ticket.pk).update(assignee=None, handed_to_rd_at=clock.now())
    return ticket


@pytest.mark.parametrize("situation", OFFERED)
def test_each_member_of_the_team_is_offered_what_they_may_do_and_no_more(situation, browser, world: World) -> None:
    reference = arranged(world, situation).reference
    for who, expected in zip(TEAM, OFFERED[situation], strict=True):
        page = browser(who).get(f"/equipe/tickets/{reference}/")
        assert page.status_code == 200, who
        said = page.content.decode()
        assert {name for name, mark in MARKS.items() if mark in said} == expected, who
