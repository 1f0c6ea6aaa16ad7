"""The state table: invariants, and the matrix state × step × role against the reviewed golden file (S100–S120, R101)."""

import json
from pathlib import Path

import pytest
from django.db import transaction

from calypso.accounts.capabilities import CLIENT_CAPABILITIES, ROLE_CAPABILITIES, Capability, Role
from calypso.base.errors import Conflict, DomainError, Forbidden, Invalid, NotVisible
from calypso.tickets.actions.steps import assign, take_step
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.priorities import PRIORITIES, Priority, needs_context
from calypso.tickets.workflow import (
    CAUSE_LABELS,
    OPEN_STATES,
    STATES,
    STEPS,
    ReturnCause,
    Section,
    State,
    StepName,
    Turn,
    cause_of,
    contradicts_closing,
    section_of,
    steps_from,
)
from tests.world import new_ticket

GOLDEN = Path(__file__).with_name("matrix.json")
ACTORS = {
    "client": "dec",
    "agent": "agent",
    "manager": "manager",
    "support": "support",
    "rd": "rd",
    "admin": "admin",
    "norole": "norole",
}


def golden() -> dict[str, dict[str, dict[str, str]]]:
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


def put_in(ticket: Ticket, state: State) -> Ticket:
    """The ticket in any state, without the path to it: the matrix is about one step."""
    changes = {"state": state.value, "closed_at": ticket.created_at if state is State.CLOSED else None}
    Ticket.objects.filter(pk=ticket.pk).update(**changes, handed_to_rd_at=ticket.created_at)
    return Ticket.objects.select_related("project").get(pk=ticket.pk)


@pytest.mark.checklist("S109-S120")
@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("actor", sorted(ACTORS))
def test_r101_every_step_from_every_state_by_every_role(state: State, actor: str, world) -> None:
    """What each step does, tried through the actions themselves: the state after it, or how it is refused."""
    by, agent = world.person(ACTORS[actor]), world.person("agent")
    ticket, got = put_in(new_ticket(world), state), {}
    for step in StepName:
        untouched = transaction.savepoint_create()
        try:
            if step is StepName.ASSIGN:
                assign(by, ticket=ticket, assignee=agent, seen_version=ticket.version)
            else:
                take_step(by, ticket=ticket, step=step, seen_version=ticket.version, body="Un motif.")
            got[step.value] = Ticket.objects.get(pk=ticket.pk).state
        except DomainError as refusal:
            got[step.value] = type(refusal).__name__
            assert Ticket.objects.get(pk=ticket.pk).state == state.value
        transaction.savepoint_rollback(untouched)
    assert got == golden()[state.value][actor]


def test_the_golden_file_agrees_with_the_table() -> None:
    """The buttons come from the table, the matrix from trying: both say the same."""
    for state in State:
        for actor, tried in golden()[state.value].items():
            role = {role.value: ROLE_CAPABILITIES[role] for role in Role}.get(actor, frozenset())
            held = CLIENT_CAPABILITIES if actor == "client" else role
            offered = {step.name.value for step in steps_from(state, held)}
            worked = {step for step, result in tried.items() if result in list(State)}
            extra = worked - offered
            assert offered - worked <= {"assign"}, (state, actor)
            assert extra <= {"assign"}, (state, actor)  # re-assigning keeps the state: no step of the table


def test_every_open_state_can_be_reached() -> None:
    reached, frontier = {State.NEW}, {State.NEW}
    while frontier:
        frontier = {step.target for step in STEPS.values() if step.sources & frontier} - reached
        reached |= frontier
    assert reached == set(State)


@pytest.mark.checklist("S118", "S120", "S76")
def test_a_client_can_always_close_and_closed_has_no_exit() -> None:
    assert STEPS[StepName.CLOSE].sources == OPEN_STATES
    assert all(State.CLOSED not in step.sources for step in STEPS.values())


@pytest.mark.checklist("S100-S108")
def test_the_nine_states_have_the_guide_s_labels_and_sections() -> None:
    assert [(facts.number, facts.label, facts.short, facts.history) for facts in STATES.values()] == [
        (1, "Nouveau", "Nouveau", "Nouveau"),
        (2, "Affecté", "Affecté", "Affecté"),
        (3, "En cours", "En cours", "En cours de traitement"),
        (4, "En attente Retour R&D", "R&D", "En attente R&D"),
        (5, "En attente complément Client", "Attente client", "En attente de compléments clients"),
        (6, "En suivi Chef de Projet", "Suivi CdP", "En suivi (Chef de Projet)"),
        (7, "En retour", "En retour", "En retour (suite recette, interne ou client)"),
        (8, "Traité", "Traité", "Traité"),
        (9, "Clôturé", "Clôturé", "Clôturé"),
    ]
    assert [facts.help for facts in STATES.values()] == [
        "Le ticket vient d'être déclaré.",
        "Le ticket a été assigné à un intervenant %(vendor)s.",
        "Le traitement du ticket a commencé",
        "L'intervenant en charge du ticket attend une réponse ou une correction de notre service R&D",
        "L'intervenant estime qu'il lui manque une information de votre part pour pouvoir continuer.",
        "Le traitement du ticket nécessite une discussion ou un accord entre vous et votre chef de projet.",
        "Vous venez de répondre à une question ou vous n'êtes pas d'accord sur le traitement du ticket",
        "Le ticket vient d'être traité, il est maintenant en attente d'être clôturé par votre part.",
        "Le ticket est maintenant clôturé.",
    ]
    by_section = {section: {state for state in State if STATES[state].section is section} for section in Section}
    assert by_section[Section.TO_COMPLETE] == {State.WAITING}
    assert by_section[Section.PROCESSED] == {State.PROCESSED}
    assert by_section[Section.CLOSED] == {State.CLOSED}
    assert len(by_section[Section.IN_PROGRESS]) == 6


@pytest.mark.parametrize(
    "state, on_its_day, later",
    [
        ("new", "new_today", "in_progress"),
        ("assigned", "in_progress", "in_progress"),
        ("in_progress", "in_progress", "in_progress"),
        ("rd", "in_progress", "in_progress"),
        ("waiting", "to_complete", "to_complete"),
        ("follow_up", "in_progress", "in_progress"),
        ("returned", "in_progress", "in_progress"),
        ("processed", "processed", "processed"),
        ("closed", "closed", "closed"),
    ],
)
def test_a_ticket_is_in_exactly_one_section(state: str, on_its_day: str, later: str) -> None:
    assert section_of(State(state), created_today=True).value == on_its_day
    assert section_of(State(state), created_today=False).value == later


@pytest.mark.checklist("S80", "S119")
@pytest.mark.parametrize("state", list(State))
def test_a_plain_comment_is_possible_in_every_open_state_and_changes_none(state: State, world) -> None:
    from calypso.tickets.actions.conversation import comment

    ticket = put_in(new_ticket(world), state)
    if state.is_open:
        comment(world.person("dec"), ticket=ticket, body="Un mot.")
    else:
        with pytest.raises(Conflict):
            comment(world.person("dec"), ticket=ticket, body="Un mot.")
    assert Ticket.objects.get(pk=ticket.pk).state == state.value


COMMENTS = {
    "assign": "optional",
    "start": "optional",
    "hand_to_rd": "optional",
    "ask_client": "required",
    "follow_up": "optional",
    "process": "required",
    "return": "required",
    "internal_return": "internal",
    "close": "optional",
    "close_for_vendor": "required",
}


def test_which_steps_take_a_comment() -> None:
    assert {name.value: step.comment.value for name, step in STEPS.items()} == COMMENTS


@pytest.mark.parametrize(
    "step, source, who",
    [
        ("ask_client", "new", "agent"),
        ("process", "in_progress", "agent"),
        ("return", "waiting", "dec"),
        ("internal_return", "processed", "agent"),
        ("close_for_vendor", "new", "manager"),
    ],
)
@pytest.mark.parametrize("body", ["", "  ", "\n\t\n"])
def test_a_compulsory_comment_is_asked_for(step: str, source: str, who: str, body: str, world) -> None:
    ticket = put_in(new_ticket(world), State(source))
    with pytest.raises(Invalid, match="obligatoire"):
        take_step(world.person(who), ticket=ticket, step=StepName(step), seen_version=ticket.version, body=body)
    assert Ticket.objects.get(pk=ticket.pk).state == source
    assert [event.kind for event in TicketEvent.objects.filter(ticket=ticket)] == ["opened"]


@pytest.mark.parametrize(
    "step, source, who, target",
    [
        ("assign", "new", "manager", "assigned"),
        ("start", "new", "agent", "in_progress"),
        ("hand_to_rd", "in_progress", "agent", "rd"),
        ("follow_up", "new", "manager", "follow_up"),
        ("close", "new", "dec", "closed"),
    ],
)
def test_the_other_steps_need_no_words(step: str, source: str, who: str, target: str, world) -> None:
    ticket, by = put_in(new_ticket(world), State(source)), world.person(who)
    if step == "assign":
        event = assign(by, ticket=ticket, assignee=world.agent, seen_version=ticket.version)
    else:
        event = take_step(by, ticket=ticket, step=StepName(step), seen_version=ticket.version)
    assert (event.body, Ticket.objects.get(pk=ticket.pk).state) == ("", target)


@pytest.mark.parametrize(
    "capability, steps",
    [
        ("client_write", {"return", "close"}),
        ("work", {"start", "hand_to_rd", "ask_client", "process", "internal_return"}),
        ("take", {"assign"}),
        ("assign", {"assign"}),
        ("follow_up", {"follow_up"}),
        ("close_for_vendor", {"close_for_vendor"}),
        ("note", set()),
        ("see_all", set()),
        ("open_for_client", set()),
        ("retain_priority", set()),
        ("manage_projects", set()),
    ],
)
def test_what_one_capability_alone_lets_do(capability: str, steps: set[str]) -> None:
    held = frozenset({Capability(capability)})
    assert {step.name.value for state in State for step in steps_from(state, held)} == steps


@pytest.mark.parametrize(
    "step, source, cause, label",
    [
        (StepName.RETURN, State.WAITING, "client_answer", "réponse du client"),
        (StepName.RETURN, State.FOLLOW_UP, "client_answer", "réponse du client"),
        (StepName.RETURN, State.PROCESSED, "client_refusal", "traitement refusé par le client"),
        (StepName.INTERNAL_RETURN, State.PROCESSED, "internal", "recette interne"),
        (StepName.START, State.RETURNED, "", ""),
    ],
)
def test_a_returned_ticket_keeps_its_cause(step: StepName, source: State, cause: str, label: str, world) -> None:
    assert cause_of(step, source).value == cause
    ticket = put_in(new_ticket(world), source)
    by = world.person("dec" if step is StepName.RETURN else "agent")
    take_step(by, ticket=ticket, step=step, seen_version=ticket.version, body="Voici.")
    after = Ticket.objects.get(pk=ticket.pk)
    assert (after.return_cause, after.return_label) == (cause, label)


def test_every_cause_has_its_words() -> None:
    assert {cause.value: label for cause, label in CAUSE_LABELS.items()} == {
        "client_answer": "réponse du client",
        "client_refusal": "traitement refusé par le client",
        "internal": "recette interne",
    }
    assert [cause.value for cause in ReturnCause if cause not in CAUSE_LABELS] == [""]


@pytest.mark.checklist("S65", "S66")
def test_the_four_priorities_in_the_guide_s_order() -> None:
    assert [label for label, _tone in PRIORITIES.values()] == ["Faible", "Moyenne", "Élevée", "Bloquant"]
    assert [needs_context(priority) for priority in Priority] == [False, False, True, True]


def test_whose_turn_it_is() -> None:
    assert {state for state in State if STATES[state].turn is Turn.CLIENT} == {State.WAITING, State.PROCESSED}


@pytest.mark.parametrize(
    "said, contradicts",
    [
        ("Toujours en erreur sur mobile", True),
        ("Ça ne fonctionne pas", True),
        ("It does not work", True),
        ("Parfait, merci", False),
        ("", False),
    ],
)
def test_a_closing_comment_that_contradicts_closing_is_noticed(said: str, contradicts: bool) -> None:
    assert contradicts_closing(said) is contradicts


def test_nobody_steps_without_seeing(world) -> None:
    """A client who cannot see the desk's steps is told that they do not exist; R&D is told that it may not."""
    ticket = put_in(new_ticket(world), State.NEW)
    with pytest.raises(NotVisible):
        take_step(world.person("dec"), ticket=ticket, step=StepName.START, seen_version=ticket.version)
    with pytest.raises(Forbidden):
        take_step(world.person("rd"), ticket=ticket, step=StepName.START, seen_version=ticket.version)
