"""Builds the demonstration world by calling the product's own actions, with the clock set to each date."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from operator import itemgetter

from django.db import transaction
from django.utils import timezone

from calypso.accounts import links
from calypso.accounts.actions import people as accounts
from calypso.accounts.actions.notifications import mark_notifications_seen
from calypso.accounts.actions.passwords import choose_password
from calypso.accounts.models import Organization, User
from calypso.base import clock
from calypso.base.chosen import chosen
from calypso.demo import extras, files
from calypso.demo.exhibitors import EMPTY, EXHIBITORS, PAST, VISITORS
from calypso.demo.paris import BADGES, TICKETING
from calypso.demo.people import ADMIN, CLIENT_PASSWORD, CONTACTS, LENI_TESTS, SALON_PARIS, STAFF, STAFF_PASSWORD, Person
from calypso.demo.script import BLOCKING, HIGH, LOW, MEDIUM, Act, Chapter, Deed, Story, instant
from calypso.demo.season import SEASON
from calypso.demo.test_project import TEST_PROJECT
from calypso.outbox.maintenance import count_as_sent
from calypso.phases.actions import switch_phase
from calypso.projects import actions as projects
from calypso.projects.models import Project
from calypso.sla.actions.levels import save_levels
from calypso.sla.levels import Level
from calypso.tickets.actions import drafts
from calypso.tickets.actions.dispatch import act
from calypso.tickets.actions.opening import Request, open_ticket
from calypso.tickets.actions.steps import assign, retain_priority
from calypso.tickets.models import Draft, Ticket
from calypso.tickets.priorities import Priority

BEGINNING = "04/12/2017 08:00"
# By declared priority: business hours until the first answer, and until the ticket is processed.
LEVELS = {LOW: Level(18, 90), MEDIUM: Level(9, 54), HIGH: Level(5, 36), BLOCKING: Level(2, 9)}
CHAPTERS = (PAST, SEASON, EXHIBITORS, VISITORS, *EMPTY, TEST_PROJECT, TICKETING, BADGES)


def sign_in_addresses() -> list[str]:
    """Returns the lines that `calypso run` prints: who can sign in, with which password."""
    client_addresses = [
        "xavier.declarant@leni-tests.example",
        "xavier.cdpclient@leni-tests.example",
        "claire.moreau@salon-paris.example",
    ]
    team = [person.identity.email for person in (*STAFF, ADMIN)]
    return [
        f"  clients ({CLIENT_PASSWORD}) : {', '.join(client_addresses)}",
        f"  équipe ({STAFF_PASSWORD}) : {', '.join(team)}",
    ]


def load() -> bool:
    """Loads the world into an installation without accounts; returns whether it did. Idempotent."""
    if User.objects.exists():
        return False
    journal = logging.getLogger("calypso.journal")
    level = journal.level
    journal.setLevel(logging.WARNING)  # made-up history is not a security event
    try:
        with transaction.atomic():
            _Loader().load()
    finally:
        journal.setLevel(level)
    return True


class _Loader:
    """Loads the world; keeps the people by the names that the stories use."""

    def __init__(self) -> None:
        self.people: dict[str, User] = {}
        self.companies: dict[str, Organization] = {}

    def load(self) -> None:
        """Loads the people, then does everything in the order of its date, as it would have happened."""
        with clock.set_to(instant(BEGINNING)):
            self._everyone()
            self._levels()
        deeds = [deed for chapter in CHAPTERS for deed in self._chapter(chapter)]
        deeds += [*extras.deeds(self.people), (clock.start_of(timezone.localdate()), self._read_notifications)]
        for when, do in sorted(deeds, key=itemgetter(0)):
            with clock.set_to(when):
                do()
        count_as_sent()

    def _read_notifications(self) -> None:
        """Reads what came before today: what is unseen is what happened today."""
        for person in self.people.values():
            mark_notifications_seen(person)

    def _everyone(self) -> None:
        self.people["admin"] = admin = accounts.install(vendor=chosen("VENDOR_NAME"), identity=ADMIN.identity)
        _connect(admin, STAFF_PASSWORD)
        for person in STAFF:
            self.people[person.name] = accounts.add_staff(admin, identity=person.identity, roles=person.roles)
            _connect(self.people[person.name], STAFF_PASSWORD)
        for name in (LENI_TESTS, SALON_PARIS):
            self.companies[name] = accounts.add_organization(admin, name=name)
        for person in CONTACTS:
            self._contact(admin, person)

    def _levels(self) -> None:
        """Service levels where a team has them: once a project is live."""
        of_phases = {Project.Phase.SETUP: dict.fromkeys(LEVELS, Level(None, None)), Project.Phase.LIVE: LEVELS}
        new_levels = {
            (phase.value, priority): level
            for phase, by_priority in of_phases.items()
            for priority, level in by_priority.items()
        }
        save_levels(self.people["admin"], new_levels=new_levels)

    def _contact(self, admin: User, person: Person) -> None:
        for company in person.companies:
            self.people[person.name] = accounts.invite_contact(
                admin, organization=self.companies[company], identity=person.identity
            )
        if person.connected:
            _connect(self.people[person.name], CLIENT_PASSWORD)

    def _chapter(self, chapter: Chapter) -> Iterator[Deed]:
        yield instant(chapter.created), partial(self._open_project, chapter)
        if chapter.live_on:
            yield instant(chapter.live_on), partial(self._go_live, chapter)
        for story in chapter.stories:
            yield instant(story.when), partial(self._open_ticket, chapter, story)
            for number, story_act in enumerate(story.acts):
                at = instant(story_act.when) + timedelta(seconds=number)
                yield at, partial(self._act, story.reference, story_act, f"{story.reference}{number}")
        if chapter.archived_on:
            yield instant(chapter.archived_on), partial(self._archive, chapter)

    def _open_project(self, chapter: Chapter) -> None:
        organization = self.companies[chapter.company]
        project = projects.add_project(self.people["xb"], organization=organization, facts=self._facts(chapter))
        if chapter.viewers:
            keys = {self.people[name].key for name in chapter.viewers}
            projects.set_viewers(self.people["xb"], project=project, keys=keys)

    def _go_live(self, chapter: Chapter) -> None:
        switch_phase(self.people["xb"], project=_project(chapter), phase=Project.Phase.LIVE)

    def _archive(self, chapter: Chapter) -> None:
        projects.set_archived(self.people["xb"], project=_project(chapter), archived=True)

    def _facts(self, chapter: Chapter) -> projects.Facts:
        event: date | None = instant(f"{chapter.event} 00:00").date() if chapter.event else None
        if chapter.event_in_days:
            event = timezone.localdate() + timedelta(days=chapter.event_in_days)
        return projects.Facts(
            name=chapter.name,
            event_date=event,
            vendor_manager=self.people["xb"],
            client_manager=self.people.get(chapter.client_manager),
            setup_agent=self.people["sb"],
            support=self.people["ps"],
        )

    def _open_ticket(self, chapter: Chapter, story: Story) -> None:
        author = self.people[story.who]
        writer = self.people[story.typed_by] if story.typed_by else author
        open_ticket(
            writer,
            project=_project(chapter),
            author=author,
            request=Request(
                title=story.title,
                description=story.description,
                page_url=story.page_url,
                priority=story.priority,
                context=story.context,
                follower=self.people[story.follower].key if story.follower else "",
            ),
            form_key=_upload(writer, story.reference, Draft.Purpose.OPENING, story.files),
            reference=lambda: story.reference,
        )

    def _act(self, reference: str, story_act: Act, key: str) -> None:
        actor = self.people[story_act.who]
        name, _, detail = story_act.what.partition(":")
        ticket = Ticket.objects.get(reference=reference)
        version = ticket.version
        if name == "assign":
            assign(actor, ticket=ticket, assignee=self.people[detail], seen_version=version, body=story_act.text)
        elif name == "priority":
            reason, priority = story_act.text, Priority(detail)
            retain_priority(actor, ticket=ticket, priority=priority, reason=reason, seen_version=version)
        else:
            form_key = _upload(actor, key, Draft.Purpose.COMMENT, story_act.files)
            act(actor, ticket=ticket, name=name, seen_version=version, body=story_act.text, form_key=form_key)


def _project(chapter: Chapter) -> Project:
    return Project.objects.get(name=chapter.name, organization__name=chapter.company)


def _upload(owner: User, key: str, purpose: Draft.Purpose, names: tuple[str, ...]) -> str:
    for name in names:
        drafts.add_file(owner, form_key=key, purpose=purpose, name=name, chunks=[files.CONTENTS[name]])
    return key


def _connect(person: User, password: str) -> None:
    """Performs the first connection of a person: they choose their password."""
    purpose = links.Purpose.FIRST_CONNECTION
    token = links.mint(person, purpose)
    choose_password(purpose=purpose, token=token, password=password, confirmation=password, network="")
    person.refresh_from_db()
