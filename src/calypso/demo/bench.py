"""A made-up installation of any size, for benchmarks: two hundred companies, two thousand projects, N tickets.

The same seed and number give the same rows. One project, « Banc d'essai », always has the same twenty-five tickets per
section, whatever the number of the others: the cost of its pages must not depend on them.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any, NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction

from calypso.accounts.capabilities import Role
from calypso.accounts.models import Membership, Organization, User
from calypso.base import clock
from calypso.base.business import calendar
from calypso.base.french import forms_of, words_of
from calypso.base.references import ALPHABET
from calypso.base.text import clip, fold
from calypso.demo import vocabulary
from calypso.demo.loading import keep_counting, load, next_id, without_search
from calypso.demo.vocabulary import CLIENT, MEMBER, PASSWORD, PROBE
from calypso.projects.models import Project
from calypso.search.index_terms import (
    HANDED_TO_RD,
    INSIDE,
    OPEN,
    term_of_project,
    term_of_reference,
    terms_of_age,
    written,
)
from calypso.search.indexing import learn
from calypso.search.models import SearchDocument
from calypso.tickets.models import PREVIEW_LENGTH, Attachment, Ticket, TicketEvent

COMPANIES, PROJECTS, CONTACTS, STAFF = 200, 2_000, 2_000, 40
SECTIONS = ("waiting", "processed", "in_progress")
PROBE_STATES = [*SECTIONS * 25, *["new"] * 3, *["closed"] * 22]
YEARS, RECENT = 6, 0.08  # the share of the tickets that may still be open; half of them are
STATES = {
    "closed": 40, "new": 8, "assigned": 4, "in_progress": 8, "rd": 2, "waiting": 6, "follow_up": 2, "returned": 4,
    "processed": 6,
}  # fmt: skip
_PRIME = 6_700_417  # coprime with the number of references: n → n × _PRIME visits each of them once


class Place(NamedTuple):
    """Where tickets are created: a project, its company, the contacts who write in it."""

    project: int
    organization: int
    contacts: Sequence[int]
    live: bool


class Count(NamedTuple):
    """The numbers of rows written."""

    tickets: int
    events: int
    files: int


def fill(tickets: int, seed: int = 1, report: Callable[[str], None] = lambda text: None) -> Count:
    """Fills an empty installation; `report` receives the progress. The caller checks that it is empty."""
    chance = Random(seed)  # noqa: S311 - made-up rows, the same each time
    with without_search(), transaction.atomic():
        staff = _staff()
        probe, places = _companies(staff)
        report(f"{COMPANIES} companies, {PROJECTS} projects, {CONTACTS} contacts")
        maker = _Maker(chance, staff, tickets, report)
        probe_plan = [(probe, state) for state in PROBE_STATES[:tickets]]
        maker.write(_plan(chance, places, tickets - len(probe_plan)))
        maker.chance = Random(seed)  # noqa: S311 - the probe's tickets are the newest, and the same among any others
        maker.write(iter(probe_plan))
    keep_counting(Ticket, TicketEvent, Attachment)
    learn(word.plain for text in vocabulary.everything() for word in words_of(text))
    return Count(tickets, maker.events, maker.files)


def _plan(chance: Random, places: list[Place], tickets: int) -> Iterator[tuple[Place, str]]:
    """Yields the place and the state of each ticket, in order of creation; the old ones are closed."""
    names, weights = list(STATES), list(STATES.values())
    for number in range(tickets):
        recent = number > tickets * (1 - RECENT)
        yield chance.choice(places), chance.choices(names, weights)[0] if recent else "closed"


def _person(number: int, email: str, first: str, last: str, kind: str, password: str, **more: Any) -> User:
    person = User(
        key=f"p{number:09}", email=email, email_key=email, first_name=first, last_name=last, kind=kind,
        password=password, created_at=clock.ago(days=2000), **more,
    )  # fmt: skip
    person.search_text = person.searched_text
    return person


def _staff() -> list[int]:
    defaults = {"key": "vendor", "name": "Léni", "search_text": "leni", "created_at": clock.ago(days=2000)}
    Organization.objects.get_or_create(kind="provider", defaults=defaults)
    password = make_password(PASSWORD)
    roles = [f"role_{role.value}" for role in (Role.AGENT, Role.SUPPORT, Role.AGENT, Role.MANAGER)]
    people = [
        _person(
            number,
            f"membre{number}@leni.example",
            "Membre",
            f"Numéro {number}",
            "staff",
            password,
            **{roles[number % 4]: True},
        )
        for number in range(1, STAFF)
    ]
    people.insert(0, _person(0, MEMBER, "Banc", "ÉQUIPE", "staff", password, role_manager=True))
    return [person.pk for person in User.objects.bulk_create(people)]


def _companies(staff: list[int]) -> tuple[Place, list[Place]]:
    password, now = make_password(PASSWORD), clock.ago(days=2000)
    names = [PROBE, *(f"Société {number}" for number in range(1, COMPANIES))]
    companies = Organization.objects.bulk_create(
        Organization(key=f"c{number:09}", name=name, search_text=fold(name), created_at=now)
        for number, name in enumerate(names)
    )
    people = [_person(100_000, CLIENT, "Banc", "CLIENT", "client", password)]
    people += [
        _person(
            100_000 + number,
            f"contact{number}@societe{number % COMPANIES}.example",
            "Contact",
            f"Numéro {number}",
            "client",
            password,
        )
        for number in range(1, CONTACTS)
    ]
    contacts = User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(user=person, organization=companies[number % COMPANIES]) for number, person in enumerate(contacts)
    )
    by_company = [[person.pk for person in contacts[number::COMPANIES]] for number in range(COMPANIES)]
    projects = Project.objects.bulk_create(
        Project(
            key=f"q{number:09}",
            organization=companies[number % COMPANIES],
            name=PROBE if number == 0 else f"Salon {number}",
            search_text=fold(PROBE if number == 0 else f"Salon {number}"),
            phase="live" if number % 3 else "setup",
            client_manager_id=by_company[number % COMPANIES][0],
            vendor_manager_id=staff[0],
            setup_agent_id=staff[1],
            support_id=staff[2],
            created_at=now,
        )
        for number in range(PROJECTS)
    )
    places = [
        Place(row.pk, row.organization_id, by_company[n % COMPANIES], row.phase == "live")
        for n, row in enumerate(projects)
    ]
    return places[0], places[1:]


TICKET = (
    "id", "reference", "project_id", "organization_id", "author_id", "assignee_id", "title", "description", "page_url",
    "declared_priority", "context", "priority", "priority_reason", "state", "return_cause", "version",
    "taken_at", "handed_to_rd_at", "rd_reference", "rd_url", "vendor_seconds", "client_seconds", "turn_since", "turn_reading",
    "reminded", "reminder_reading", "answered_at", "answer_seconds", "answer_due_at", "process_due_at", "due_at",
    "satisfaction", "comment_count", "last_comment", "last_comment_at", "created_at", "activity_at", "closed_at",
)  # fmt: skip
EVENT = (
    "id", "key", "ticket_id", "actor_id", "kind", "step", "state", "subject_id", "body", "internal", "source", "once_key", "created_at",
)  # fmt: skip
FILE = (
    "key", "event_id", "ticket_id", "organization_id", "name", "size", "media_type", "sha256", "stored", "created_at",
)  # fmt: skip
DOCUMENT = ("ticket_id", "terms")
AT_ONCE = 50_000


class _Maker:
    """Writes tickets with their timelines and files, `AT_ONCE` tickets at a time."""

    def __init__(self, chance: Random, staff: list[int], tickets: int, report: Callable[[str], None]) -> None:
        self.chance, self.staff, self.report = chance, staff, report
        self.gap = timedelta(days=365 * YEARS) / max(1, tickets)
        self.now, self.calendar = clock.now(), calendar()
        self.ticket, self.event = next_id(Ticket), next_id(TicketEvent)
        self.next_created = self.now - timedelta(days=365 * YEARS)
        self.events = self.files = 0

    def write(self, plan: Iterator[tuple[Place, str]]) -> None:
        rows: tuple[list[Any], list[Any], list[Any], list[Any]] = ([], [], [], [])
        done = 0
        for done, (place, state) in enumerate(plan, 1):
            self._write_ticket(place, state, *rows)
            if len(rows[0]) == AT_ONCE:
                self._flush(rows)
                self.report(f"{done:,} tickets")
        self._flush(rows)

    def _flush(self, rows: tuple[list[Any], list[Any], list[Any], list[Any]]) -> None:
        models = (Ticket, TicketEvent, Attachment, SearchDocument)
        for model, columns, table_rows in zip(models, (TICKET, EVENT, FILE, DOCUMENT), rows, strict=True):
            load(model, columns, table_rows)
            table_rows.clear()

    def _write_ticket(
        self, place: Place, state: str, tickets: list[Any], events: list[Any], files: list[Any], documents: list[Any]
    ) -> None:
        chance, number = self.chance, self.ticket
        self.ticket += 1
        closed = state == "closed"
        self.next_created += self.gap
        created = self.next_created - self.gap * chance.random()
        author, agent = chance.choice(place.contacts), chance.choice(self.staff)
        assignee = None if state == "new" else agent
        priority = chance.choices("1234", (20, 50, 22, 8))[0]
        label = vocabulary.title(chance)
        sentences = vocabulary.paragraph(chance, vocabulary.SENTENCES, 3)
        words = " ".join(sentences)
        terms = {f"={form}" for form in _forms(label)}.union(_forms(label), *map(_forms, sentences))
        steps = self._timeline(number, state, created, author, agent, words, events, terms)
        last, at = steps
        if chance.random() < 0.2:
            opening = self.event - self.event_count
            files.append(self._file(number, opening, place.organization, created))
            terms |= _forms(files[-1][4])
        answered = created + timedelta(hours=2)
        due = created + timedelta(days=3) if state in ("new", "assigned", "in_progress", "rd", "returned") else None
        reference = _reference(number)
        terms |= {term_of_reference(reference), term_of_project(place.project), *terms_of_age(number)}
        terms |= set() if closed else {OPEN}
        terms |= {HANDED_TO_RD} if state == "rd" else set()
        documents.append((number, written(terms)))
        tickets.append((
            number, reference, place.project, place.organization, author, assignee, label, words, "", priority,
            "Ouverture du salon" if priority in "34" else "", priority, "", state, "client_refusal" if state == "returned" else "",
            4, None if state == "new" else created, created if state == "rd" else None,
            "", "", chance.randint(0, 90_000), chance.randint(0, 40_000), at, self.calendar.reading(at), 0, 0, answered, 7_200,
            created + timedelta(hours=9), due, due, "satisfied" if closed and number % 7 == 0 else "", 4, clip(last, PREVIEW_LENGTH), at,
            created, at, at if closed else None,
        ))  # fmt: skip

    def _timeline(
        self,
        ticket: int,
        state: str,
        created: datetime,
        author: int,
        agent: int,
        words: str,
        events: list[Any],
        terms: set[str],
    ) -> tuple[str, datetime]:
        """Adds the opening, four comments (the third is sometimes a note), the last steps.

        Returns the last text that is not a note, and the time of the last event.
        """
        chance, at, last_text = self.chance, created, words
        acts: list[tuple[str, str, int, str, str, bool]] = [("opened", "", author, "", "new", False)]
        for turn in range(4):
            by_team, note = turn % 2 == 0, turn == 2 and chance.random() < 0.3
            sentences = vocabulary.paragraph(chance, vocabulary.ANSWERS if by_team else vocabulary.SENTENCES, 2)
            for form in set().union(*map(_forms, sentences)):
                terms.add(f"{INSIDE}{form}" if note else form)
            body = " ".join(sentences)
            last_text = last_text if note else body
            acts.append(("commented", "", agent if by_team else author, body, "in_progress", note))
        if state in ("processed", "closed"):
            acts.append(("stepped", "process", agent, "", "processed", False))
        if state == "closed":
            acts.append(("stepped", "close", author, "", "closed", False))
        gap = min(timedelta(hours=7), (self.now - created) / (len(acts) + 1))
        for kind, step, actor, body, after, note in acts:
            number = self.event
            self.event += 1
            events.append(
                (
                    number,
                    f"e{number:015x}",
                    ticket,
                    actor,
                    kind,
                    step,
                    after,
                    None,
                    body,
                    note,
                    "web",
                    f"bench:{number:x}",
                    at,
                )
            )
            at += gap
        self.event_count = len(acts)
        self.events += len(acts)
        return last_text, at - gap

    def _file(self, ticket: int, event: int, organization: int, created: datetime) -> tuple[Any, ...]:
        self.files += 1
        name = f"capture-{self.files}.png"
        key = f"f{self.files:015x}"
        return (key, event, ticket, organization, name, 48_000, "image/png", "0" * 64, key, created)


@lru_cache(maxsize=20_000)
def _forms(text: str) -> frozenset[str]:
    """Returns the forms of a sentence, cached: the same sentences recur a million times."""
    return frozenset(forms_of(text))


def _reference(number: int) -> str:
    """Returns a reference of seven characters, unique to each number."""
    base = len(ALPHABET)
    rest, chars = number * _PRIME % base**7, []
    for _ in range(7):
        rest, digit = divmod(rest, base)
        chars.append(ALPHABET[digit])
    return "".join(chars)
