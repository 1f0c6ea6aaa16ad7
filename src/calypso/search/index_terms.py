"""The terms that the document of a ticket holds (`SearchDocument`): the only module that defines their syntax."""

from collections.abc import Iterable

from calypso.base.french import forms_of
from calypso.base.references import confusable

OPEN, HANDED_TO_RD = "@open", "@rd"
TITLE, INSIDE = "=", "~"  # prefixes of a form: in the title; in an internal text of the team
SHORTEST_SLIP = 5  # letters of a word whose misspellings are tolerated: shorter words are too similar to each other
RECENT, RECENT_WIDE = 1024, 131_072  # tickets that share a term of age (`search.lookup` searches the newest first)


def terms_of_opening(ticket_id: int, *, reference: str, project_id: int, title: str, description: str) -> set[str]:
    """Returns the terms of the document of a ticket when it is opened."""
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
    """Returns the terms that the text of a timeline entry, or the name of a file, adds to a document."""
    return {f"{INSIDE}{form}" for form in forms_of(text)} if internal else forms_of(text)


def term_of_reference(reference: str) -> str:
    """Returns the term of a reference: the same for references that a reader may confuse (A24)."""
    return f"#{confusable(reference).lower()}"


def term_of_project(project_id: int) -> str:
    """Returns the term of the project of a ticket. A ticket never changes project."""
    return f"@p{project_id}"


def terms_of_age(ticket_id: int) -> tuple[str, str]:
    """Returns the two terms of age: the `RECENT` and the `RECENT_WIDE` consecutive tickets that a ticket belongs to."""
    return f"@n{ticket_id // RECENT}", f"@w{ticket_id // RECENT_WIDE}"


def written(terms: Iterable[str]) -> str:
    """Returns the terms as the document stores them, always in the same order."""
    return " ".join(sorted(terms))


def spellings(word: str) -> set[str]:
    """Returns a word, and the word without each of its letters; nothing for a short one, or one with a digit."""
    if len(word) < SHORTEST_SLIP or not word.isalpha():
        return set()
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}
