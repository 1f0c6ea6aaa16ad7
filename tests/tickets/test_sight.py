"""What each person sees and may do around a ticket: the rules of sight asked directly, on rows that are there (R1)."""

import pytest

from calypso.acceptance.access import batches_for, batches_of
from calypso.acceptance.models import Batch
from calypso.acceptance.pending import pending_requests
from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.errors import NotVisible
from calypso.base.references import new_key
from calypso.phases.access import phase_changes_for, phase_changes_of
from calypso.phases.actions import propose_phase
from calypso.phases.models import PhaseChange
from calypso.projects.actions import set_archived
from calypso.projects.models import Project
from calypso.projects.visible import VisibleProject
from calypso.teamwork.queries.board import Card, board
from calypso.teamwork.queries.queue import QueueFilters
from calypso.tickets.access import may_open
from calypso.tickets.queries.ticket import ticket_page
from tests.world import World


@pytest.fixture
def busy(world: World) -> Project:
    """A1 with a batch to review, another that is not published, and a change of phase that is proposed."""
    project, now = world.project("A1"), clock.now()
    for name, published in (("Publié", now), ("En cours", None)):
        Batch.objects.create(
            key=new_key(), project=project, name=name, author=world.manager, created_at=now, published_at=published
        )
    propose_phase(world.admin, project=project, note="", fates=[])
    return project


SHOWN: dict[str, tuple[set[str], int]] = {
    **dict.fromkeys(("pm", "dec", "obs"), ({"Publié"}, 1)),
    **dict.fromkeys(("agent", "support", "manager", "admin"), ({"Publié", "En cours"}, 1)),
    **dict.fromkeys(("out", "bpm", "buser", "rd", "norole"), (set(), 0)),
}


@pytest.mark.parametrize("who", SHOWN)
def test_r1_batches_and_the_change_of_phase_are_shown_to_who_sees_the_project(
    who: str, world: World, busy: Project
) -> None:
    viewer, (names, changes) = world.person(who), SHOWN[who]
    assert set(batches_for(viewer).filter(project=busy).values_list("name", flat=True)) == names
    assert phase_changes_for(viewer).filter(project=busy).count() == changes
    if not names:
        with pytest.raises(NotVisible):
            VisibleProject(viewer, busy.key)
        return
    visible = VisibleProject(viewer, busy.key)
    assert set(batches_of(visible).values_list("name", flat=True)) == names
    assert phase_changes_of(visible).count() == changes
    assert [batch.name for batch in pending_requests(visible).batches] == ["Publié"]
    assert PhaseChange.objects.count() == 1


def test_r1_the_proof_that_somebody_sees_a_project_is_made_by_looking_and_by_nothing_else(world: World) -> None:
    """`VisibleProject` takes a key, never a row: what is loaded otherwise opens nothing, and none can be altered."""
    visible = VisibleProject(world.dec, world.project("A1").key)
    assert (visible.viewer, visible.project) == (world.dec, world.project("A1"))
    with pytest.raises(AttributeError):
        visible.project = world.project("A2")  # type: ignore[misc]
    with pytest.raises(NotVisible):
        VisibleProject(User(kind="client"), world.project("A1").key)
    with pytest.raises(NotVisible):
        VisibleProject(world.dec, str(world.project("A1").pk))


WORK = {"assign", "start", "ask_client", "process"}
LEAD = WORK | {"follow_up", "close_for_vendor"}


@pytest.mark.parametrize(
    "who, offered",
    [
        *[(who, {"close"}) for who in ("pm", "dec", "obs", "out")],
        *[(who, WORK) for who in ("agent", "support")],
        *[(who, LEAD) for who in ("manager", "admin")],
    ],
)
def test_r10_no_step_is_offered_on_an_archived_project(who: str, offered: set[str], world: World) -> None:
    reference = world.ticket("A3").reference
    assert ticket_page(world.person(who), reference).steps == []
    set_archived(world.manager, project=world.project("A3"), archived=False)
    assert {step.name.value for step in ticket_page(world.person(who), reference).steps} == offered


def test_r10_a_card_of_an_archived_project_goes_nowhere(world: World) -> None:
    def card() -> Card:
        columns = board(world.agent, QueueFilters())
        reference = world.ticket("A3").reference
        (found,) = [card for column in columns for card in column.cards if card.ticket.reference == reference]
        return found

    assert card().targets == ""
    set_archived(world.manager, project=world.project("A3"), archived=False)
    assert "in_progress:start" in card().targets.split()


@pytest.mark.parametrize(
    "who, opens",
    [
        ("dec", True),
        ("pm", True),
        ("agent", True),
        ("support", True),
        ("manager", True),
        ("admin", True),
        ("rd", False),
        ("norole", False),
    ],
)
def test_r_and_d_opens_no_ticket(who: str, opens: bool, world: World) -> None:
    assert may_open(world.person(who), world.project("A1")) is opens
    assert may_open(world.person(who), world.project("A3")) is False
