"""The pages of docs/ generated from the code: settings, workflow, e-mails. `calypso docs` writes and checks them."""

from collections.abc import Callable
from pathlib import Path

from calypso.accounts.capabilities import ROLE_CAPABILITIES, Capability, Role
from calypso.outbox import kinds
from calypso.tickets.audience import AUDIENCES, Part, When
from calypso.tickets.workflow import STATES, STEPS, Comment, Step
from calypso.vendor.catalogue import CHOICES

NOTE = "<!-- Written by `calypso docs` from the code; do not edit. -->\n"


def settings_page() -> str:
    """Returns the page of the environment variables, with their type, default and help."""
    from calypso.config.settings import env  # read here only: nothing else imports the configuration

    desk = {choice.name: "yes" for choice in CHOICES.values()}
    rows = [
        f"| `CALYPSO_{row.name}` | {row.kind} | {row.default or '—'} | {desk.get(row.name, '')} | {row.help} |"
        for row in env.variables
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            NOTE,
            "Everything is set by the environment, read once at start; a value that does not parse stops the start and",
            "names its variable. With nothing set, the installation is the embedded one. What is marked « desk » may",
            "be chosen there too, under « Réglages », by an administrator; the environment wins where it is set.",
            "",
            "| variable | type | default | desk | what it does |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def workflow_page() -> str:
    """Returns the page of the states, the steps and the roles."""
    states = [
        f"| {facts.number} | `{state.value}` | {facts.label} | {facts.short} | {facts.history} | {facts.turn.value} "
        f"| {facts.section.value} | {facts.help} |"
        for state, facts in STATES.items()
    ]
    return "\n".join(
        [
            "# Workflow",
            "",
            NOTE,
            "## States",
            "",
            "| n° | key | label | in lists | in histories | whose turn | section | what the guide says |",
            "|---|---|---|---|---|---|---|---|",
            *states,
            "",
            "## Steps",
            "",
            "| step | button | from | to | who | comment | mail |",
            "|---|---|---|---|---|---|---|",
            *[_step_row(step) for step in STEPS.values()],
            "",
            "A plain comment is possible in every open state and changes none. `closed` has no exit.",
            "",
            "## Roles",
            "",
            "| capability | " + " | ".join(role.value for role in Role) + " |",
            "|---|" + "---|" * len(Role),
            *[
                f"| {capability.value} | "
                + " | ".join("x" if capability in ROLE_CAPABILITIES[role] else "" for role in Role)
                + " |"
                for capability in Capability
                if capability is not Capability.CLIENT_WRITE
            ],
            "",
            "A client who sees a project may open, comment, return and close in it (`client_write`).",
            "",
        ]
    )


def _step_row(step: Step) -> str:
    sources = ", ".join(state.value for state in STATES if state in step.sources)
    capabilities = " or ".join(sorted(capability.value for capability in step.capabilities))
    comment = {Comment.OPTIONAL: "optional", Comment.REQUIRED: "compulsory", Comment.INTERNAL: "compulsory, internal"}
    cells = [
        f"`{step.name.value}`",
        step.label,
        sources,
        step.target.value,
        capabilities,
        comment[step.comment],
        f"`{step.mail}`",
    ]
    return f"| {' | '.join(cells)} |"


def emails_page() -> str:
    """Returns the page of the kinds of mail, and of who receives those about tickets."""
    rows = [f"| `{kind.key}` | {kind.label} |" for kind in kinds.all_kinds() if kind.mailed]
    audience = [
        f"| `{kind}` | " + " | ".join(_when(parts.get(part)) for part in Part) + " |"
        for kind, parts in AUDIENCES.items()
    ]
    return "\n".join(
        [
            "# E-mails",
            "",
            NOTE,
            "One message a person, never to the author of the act (the acknowledgement of a creation excepted), and",
            "only to people who see the ticket when the message leaves.",
            "",
            "| kind | label |",
            "|---|---|",
            *rows,
            "",
            "## Who is told",
            "",
            "| kind | " + " | ".join(part.value for part in Part) + " |",
            "|---|" + "---|" * len(Part),
            *audience,
            "",
        ]
    )


def _when(when: When | None) -> str:
    if when is None:
        return ""
    limits = [when.phase] * bool(when.phase) + ["while unassigned"] * when.unassigned
    return "x" + (f" ({', '.join(limits)})" if limits else "")


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "workflow.md": workflow_page,
    "e-mails.md": emails_page,
}


def write(folder: Path) -> None:
    """Writes the pages into `folder`."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


def outdated(folder: Path) -> list[str]:
    """Returns the names of the pages of `folder` that differ from what the code says."""
    return [
        name
        for name, page in PAGES.items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != page()
    ]
