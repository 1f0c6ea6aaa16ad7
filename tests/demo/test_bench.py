"""The installation made for measures: as many rows as asked, the same each time, and pages that hold on it."""

import pytest
from django.core.management import CommandError, call_command

from calypso.accounts.models import User
from calypso.demo import bench
from calypso.demo.vocabulary import CLIENT, PROBE
from calypso.projects.models import Project
from calypso.projects.visible import VisibleProject
from calypso.teamwork.queries.queue import QueueFilters
from calypso.teamwork.queries.queue_filters import queue_choices
from calypso.tickets.models import Attachment, Ticket, TicketEvent
from calypso.tickets.queries.sections import sections_page
from tests.world import World, new_ticket

pytestmark = pytest.mark.django_db
TICKETS = 180


@pytest.fixture
def filled(world: World) -> bench.Count:
    return bench.fill(TICKETS)


def test_what_is_said_is_what_was_written(world: World, filled: bench.Count) -> None:
    made = Ticket.objects.filter(organization__key__startswith="c0000")
    assert filled.tickets == TICKETS == made.count() == len(set(made.values_list("reference", flat=True)))
    assert filled.events == TicketEvent.objects.filter(ticket__in=made).count()
    assert filled.files == Attachment.objects.filter(ticket__in=made).count() > 0
    assert not made.exclude(state="closed").filter(closed_at__isnull=False).exists()


def test_the_probe_has_its_sections_whole_for_its_contact(filled: bench.Count) -> None:
    person, probe = User.objects.get(email=CLIENT), Project.objects.get(name=PROBE)
    shown = sections_page(VisibleProject(person, probe.key))
    assert {name.value: part.total for name, part in shown.open.items()}["to_complete"] == 25
    assert (sum(part.total for part in shown.open.values()), shown.closed_count) == (78, 22)


def test_numbers_go_on_after_the_rows_written_with_theirs(world: World, filled: bench.Count) -> None:
    assert new_ticket(world).pk > max(Ticket.objects.filter(project__name=PROBE).values_list("pk", flat=True))


def test_a_selector_lists_fifty_projects_then_they_are_found_by_typing(world: World, filled: bench.Count) -> None:
    def offered(**asked: str) -> tuple[bool, list[str]]:
        choices = queue_choices(world.manager, QueueFilters(**asked))
        return choices.narrow, [label for _key, label in choices.projects]

    assert offered() == (True, [])
    assert offered(project="q000000003") == (True, ["Salon 3 (Société 3)"])
    narrow, labels = offered(organization="c000000003")
    assert (narrow, len(labels), labels[0]) == (True, 10, "Salon 1003 (Société 3)")  # companies are many too
    Project.objects.filter(organization__key__gt="c000000003").update(organization=world.project("A1").organization)
    narrow, labels = offered(organization=world.project("A1").organization.key)
    assert (narrow, labels) == (True, [])


def test_it_goes_into_an_empty_installation_and_never_in_production(world: World, settings) -> None:
    with pytest.raises(CommandError, match="has accounts"):
        call_command("bench_data")
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("bench_data")
