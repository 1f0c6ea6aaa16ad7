"""The workflow of tickets: a table of states and a table of steps (checklist 14 and 15, decisions 6 to 11).

Plain Python. The database constraint, the buttons, the sections, the help page, the mails, docs/workflow.md and the
matrix test are all derived from these tables.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from calypso.accounts.capabilities import Capability
from calypso.base.catalogue import gettext_noop


class Turn(StrEnum):
    """The side that must act next on a ticket."""

    VENDOR = "vendor"
    CLIENT = "client"
    NOBODY = "nobody"


class Section(StrEnum):
    """The section of the project page that shows a ticket: exactly one (A1, A2, decision 10)."""

    NEW_TODAY = "new_today"
    IN_PROGRESS = "in_progress"
    TO_COMPLETE = "to_complete"
    PROCESSED = "processed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class StateFacts:
    """The facts of a state: three labels (A4), the guide's sentence, its tone (colour), its turn and its section.

    `label` is the full label, `short` the one in lists, `history` the one in timelines.
    """

    number: int
    label: str
    short: str
    history: str
    help: str
    tone: str
    turn: Turn
    section: Section


class State(StrEnum):
    """The nine states, in the guide's order."""

    NEW = "new"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    RD = "rd"
    WAITING = "waiting"
    FOLLOW_UP = "follow_up"
    RETURNED = "returned"
    PROCESSED = "processed"
    CLOSED = "closed"

    @property
    def facts(self) -> StateFacts:
        return STATES[self]

    @property
    def is_open(self) -> bool:
        return self is not State.CLOSED


STATES: dict[State, StateFacts] = {
    State.NEW: StateFacts(
        1,
        gettext_noop("Nouveau"),
        gettext_noop("Nouveau"),
        gettext_noop("Nouveau"),
        gettext_noop("Le ticket vient d'être déclaré."),
        "blue",
        Turn.VENDOR,
        Section.IN_PROGRESS,
    ),
    State.ASSIGNED: StateFacts(
        2,
        gettext_noop("Affecté"),
        gettext_noop("Affecté"),
        gettext_noop("Affecté"),
        gettext_noop("Le ticket a été assigné à un intervenant %(vendor)s."),
        "teal",
        Turn.VENDOR,
        Section.IN_PROGRESS,
    ),
    State.IN_PROGRESS: StateFacts(
        3,
        gettext_noop("En cours"),
        gettext_noop("En cours"),
        gettext_noop("En cours de traitement"),
        gettext_noop("Le traitement du ticket a commencé"),
        "teal",
        Turn.VENDOR,
        Section.IN_PROGRESS,
    ),
    State.RD: StateFacts(
        4,
        gettext_noop("En attente Retour R&D"),
        gettext_noop("R&D"),
        gettext_noop("En attente R&D"),
        gettext_noop("L'intervenant en charge du ticket attend une réponse ou une correction de notre service R&D"),
        "violet",
        Turn.VENDOR,
        Section.IN_PROGRESS,
    ),
    State.WAITING: StateFacts(
        5,
        gettext_noop("En attente complément Client"),
        gettext_noop("Attente client"),
        gettext_noop("En attente de compléments clients"),
        gettext_noop("L'intervenant estime qu'il lui manque une information de votre part pour pouvoir continuer."),
        "amber",
        Turn.CLIENT,
        Section.TO_COMPLETE,
    ),
    State.FOLLOW_UP: StateFacts(
        6,
        gettext_noop("En suivi Chef de Projet"),
        gettext_noop("Suivi CdP"),
        gettext_noop("En suivi (Chef de Projet)"),
        gettext_noop(
            "Le traitement du ticket nécessite une discussion ou un accord entre vous et votre chef de projet."
        ),
        "teal",
        Turn.VENDOR,
        Section.IN_PROGRESS,
    ),
    State.RETURNED: StateFacts(
        7,
        gettext_noop("En retour"),
        gettext_noop("En retour"),
        gettext_noop("En retour (suite recette, interne ou client)"),
        gettext_noop("Vous venez de répondre à une question ou vous n'êtes pas d'accord sur le traitement du ticket"),
        "orange",
        Turn.VENDOR,
        Section.IN_PROGRESS,
    ),
    State.PROCESSED: StateFacts(
        8,
        gettext_noop("Traité"),
        gettext_noop("Traité"),
        gettext_noop("Traité"),
        gettext_noop("Le ticket vient d'être traité, il est maintenant en attente d'être clôturé par votre part."),
        "green",
        Turn.CLIENT,
        Section.PROCESSED,
    ),
    State.CLOSED: StateFacts(
        9,
        gettext_noop("Clôturé"),
        gettext_noop("Clôturé"),
        gettext_noop("Clôturé"),
        gettext_noop("Le ticket est maintenant clôturé."),
        "grey",
        Turn.NOBODY,
        Section.CLOSED,
    ),
}

OPEN_STATES = frozenset(state for state in State if state.is_open)
CLIENT_STATES = frozenset(state for state in State if STATES[state].turn is Turn.CLIENT)
VENDOR_STATES = frozenset(state for state in State if STATES[state].turn is Turn.VENDOR)


class ReturnCause(StrEnum):
    """Why a ticket was returned (decision 8); stored beside the state."""

    NONE = ""
    CLIENT_ANSWER = "client_answer"
    CLIENT_REFUSAL = "client_refusal"
    INTERNAL = "internal"


CAUSE_LABELS: dict[ReturnCause, str] = {
    ReturnCause.CLIENT_ANSWER: gettext_noop("réponse du client"),
    ReturnCause.CLIENT_REFUSAL: gettext_noop("traitement refusé par le client"),
    ReturnCause.INTERNAL: gettext_noop("recette interne"),
}


class Comment(StrEnum):
    """Whether a step requires a comment, and who may read it."""

    OPTIONAL = "optional"
    REQUIRED = "required"
    INTERNAL = "internal"  # required, and stored as an internal note that the client does not see (R11)


class StepName(StrEnum):
    """The actions that change the state of a ticket."""

    ASSIGN = "assign"
    START = "start"
    HAND_TO_RD = "hand_to_rd"
    ASK_CLIENT = "ask_client"
    FOLLOW_UP = "follow_up"
    PROCESS = "process"
    RETURN = "return"
    INTERNAL_RETURN = "internal_return"
    CLOSE = "close"
    CLOSE_FOR_VENDOR = "close_for_vendor"


@dataclass(frozen=True, slots=True)
class Step:
    """A transition of the workflow: its source states, its target, the capabilities (any is enough), its mail.

    `sentence` describes it in a timeline; `consequence` says, before it is taken, what the client will receive.
    """

    name: StepName
    label: str
    sources: frozenset[State]
    target: State
    capabilities: frozenset[Capability]
    comment: Comment
    mail: str
    sentence: str
    consequence: str = ""

    @property
    def is_revocable(self) -> bool:
        """Returns whether its author may take it back for a few seconds (decision 33)."""
        return self.target in (State.CLOSED, State.RETURNED)


_S = State
_STEPS = (
    Step(
        StepName.ASSIGN,
        gettext_noop("Affecter"),
        frozenset({_S.NEW, _S.RETURNED}),
        _S.ASSIGNED,
        frozenset({Capability.ASSIGN, Capability.TAKE}),
        Comment.OPTIONAL,
        "tickets.taken",
        gettext_noop("a affecté le ticket"),
        gettext_noop("le client reçoit l'e-mail « Prise en charge » la première fois"),
    ),
    Step(
        StepName.START,
        gettext_noop("Démarrer"),
        frozenset({_S.NEW, _S.ASSIGNED, _S.RETURNED, _S.RD, _S.FOLLOW_UP, _S.WAITING}),
        _S.IN_PROGRESS,
        frozenset({Capability.WORK}),
        Comment.OPTIONAL,
        "tickets.taken",
        gettext_noop("a commencé le traitement"),
        gettext_noop("le client reçoit l'e-mail « Prise en charge » la première fois"),
    ),
    Step(
        StepName.HAND_TO_RD,
        gettext_noop("Mettre en attente R&D"),
        frozenset({_S.ASSIGNED, _S.IN_PROGRESS, _S.RETURNED}),
        _S.RD,
        frozenset({Capability.WORK}),
        Comment.OPTIONAL,
        "tickets.rd",
        gettext_noop("attend un retour de la R&D"),
        gettext_noop("la R&D et le chef de projet sont prévenus ; le client ne l'est pas, mais peut lire ce texte"),
    ),
    Step(
        StepName.ASK_CLIENT,
        gettext_noop("Demander un complément"),
        VENDOR_STATES,
        _S.WAITING,
        frozenset({Capability.WORK}),
        Comment.REQUIRED,
        "tickets.waiting",
        gettext_noop("a demandé un complément"),
        gettext_noop("le client reçoit l'e-mail « Attente de complément »"),
    ),
    Step(
        StepName.FOLLOW_UP,
        gettext_noop("Reprendre en suivi"),
        VENDOR_STATES - {_S.FOLLOW_UP},
        _S.FOLLOW_UP,
        frozenset({Capability.FOLLOW_UP}),
        Comment.OPTIONAL,
        "tickets.follow_up",
        gettext_noop("a repris le ticket en suivi"),
        gettext_noop("le client reçoit l'e-mail « Suivi chef de projet »"),
    ),
    Step(
        StepName.PROCESS,
        gettext_noop("Marquer traité"),
        frozenset({_S.NEW, _S.ASSIGNED, _S.IN_PROGRESS, _S.RD, _S.FOLLOW_UP, _S.RETURNED}),
        _S.PROCESSED,
        frozenset({Capability.WORK}),
        Comment.REQUIRED,
        "tickets.processed",
        gettext_noop("a marqué le ticket traité"),
        gettext_noop("le client reçoit l'e-mail « Ticket traité »"),
    ),
    Step(
        StepName.RETURN,
        gettext_noop("Retourner le ticket"),
        frozenset({_S.WAITING, _S.FOLLOW_UP, _S.PROCESSED}),
        _S.RETURNED,
        frozenset({Capability.CLIENT_WRITE}),
        Comment.REQUIRED,
        "tickets.returned",
        gettext_noop("a retourné le ticket"),
    ),
    Step(
        StepName.INTERNAL_RETURN,
        gettext_noop("Retourner (recette interne)"),
        frozenset({_S.PROCESSED}),
        _S.RETURNED,
        frozenset({Capability.WORK}),
        Comment.INTERNAL,
        "tickets.returned_internally",
        gettext_noop("a retourné le ticket après recette interne"),
        gettext_noop("le client n'est pas prévenu ; le motif reste interne"),
    ),
    Step(
        StepName.CLOSE,
        gettext_noop("Clôturer le ticket"),
        OPEN_STATES,
        _S.CLOSED,
        frozenset({Capability.CLIENT_WRITE}),
        Comment.OPTIONAL,
        "tickets.closed",
        gettext_noop("a clôturé le ticket"),
    ),
    Step(
        StepName.CLOSE_FOR_VENDOR,
        gettext_noop("Clôturer pour le client"),
        OPEN_STATES,
        _S.CLOSED,
        frozenset({Capability.CLOSE_FOR_VENDOR}),
        Comment.REQUIRED,
        "tickets.closed",
        gettext_noop("a clôturé le ticket"),
        gettext_noop("le client reçoit le motif par e-mail"),
    ),
)
STEPS: dict[StepName, Step] = {step.name: step for step in _STEPS}


def steps_from(state: State, capabilities: frozenset[Capability]) -> list[Step]:
    """Returns the steps that a person with `capabilities` may take from `state`, in the order of the table."""
    return [step for step in _STEPS if state in step.sources and step.capabilities & capabilities]


def step_by_batch(step: Step, state: State) -> Step:
    """Returns the step as offered on a project that announces processed tickets by acceptance batch.

    « Marquer traité » then leaves the state unchanged; the other steps are the same.
    """
    if step.name is not StepName.PROCESS:
        return step
    return replace(
        step,
        target=state,
        label=gettext_noop("Marquer à publier"),
        consequence=gettext_noop("le client le saura avec le lot"),
    )


def section_of(state: State, *, created_today: bool) -> Section:
    """Returns the section of a ticket: « nouveaux tickets du jour » if it is new and was created today (S42)."""
    return Section.NEW_TODAY if state is State.NEW and created_today else STATES[state].section


def cause_of(step: StepName, source: State) -> ReturnCause:
    """Returns why a ticket is returned when `step` is taken from `source`; `NONE` for steps that do not return it."""
    if step is StepName.INTERNAL_RETURN:
        return ReturnCause.INTERNAL
    if step is StepName.RETURN:
        return ReturnCause.CLIENT_REFUSAL if source is State.PROCESSED else ReturnCause.CLIENT_ANSWER
    return ReturnCause.NONE


CONTRADICTIONS = (
    "toujours en erreur",
    "ne fonctionne pas",
    "ne marche pas",
    "ne fonctionne toujours pas",
    "toujours pas",
    "pas corrigé",
    "pas résolu",
    "still failing",
    "does not work",
    "not fixed",
)


def contradicts_closing(comment: str) -> bool:
    """Returns whether a closing comment says that the problem remains (decision 9); the page then asks to confirm."""
    text = comment.casefold()
    return any(words in text for words in CONTRADICTIONS)
