"""The terms that a ticket's document holds (`models.search`): the one place that says how words are written there."""

from collections.abc import Iterable

from calypso.base.french import forms_of
from calypso.base.references import confusable

OPEN, HANDED_TO_RD = "@open", "@rd"
TITLE, INSIDE = "=", "~"  # before a form: in the title; in what the team says among itself
SHORTEST_SLIP = 5  # letters of a word whose misspellings are forgiven: shorter ones are too near each other
RECENT, RECENT_WIDE = 1024, 131_072  # tickets that one term of age gathers (`matching` looks among the newest first)


def terms_of_opening(ticket_id: int, *, reference: str, project_id: int, title: str, description: str) -> set[str]:
    """What a document holds from the first day."""
    in_title = forms_of(title)
    return {
        term_of_reference(reference),
        term_of_project(project_id),
        *terms_of_age(ticket_id),
        OPEN,
        *(f"{TITLE}{form}" for form in in_title),
        *in_title,
        *forms_of(description),
    }


def terms_said(text: str, *, internal: bool) -> set[str]:
    """What words said on a ticket, or the name of a file, add to its document."""
    return {f"{INSIDE}{form}" for form in forms_of(text)} if internal else forms_of(text)


def term_of_reference(reference: str) -> str:
    """The same for references that a reader may confuse (A24)."""
    return f"#{confusable(reference).lower()}"


def term_of_project(project_id: int) -> str:
    """Says in which project a ticket is: it never moves."""
    return f"@p{project_id}"


def terms_of_age(ticket_id: int) -> tuple[str, str]:
    """Says among which thousand, and which hundred thousand, a ticket was opened."""
    return f"@n{ticket_id // RECENT}", f"@w{ticket_id // RECENT_WIDE}"


def written(terms: Iterable[str]) -> str:
    """The terms as the document keeps them, always in the same order."""
    return " ".join(sorted(terms))


def spellings(word: str) -> set[str]:
    """A word, and the word without each of its letters; nothing for a short one, or one with a digit."""
    if len(word) < SHORTEST_SLIP or not word.isalpha():
        return set()
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}
