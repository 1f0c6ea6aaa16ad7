"""The test world of the case book (0.3): two companies, restricted, open and closed projects, canary words.

Every text of every thing carries a word of its own: a word seen by the wrong person, anywhere, is a leak.
"""

from dataclasses import dataclass, field

from calypso.acceptance.models import Batch, BatchItem
from calypso.accounts import links as account_links
from calypso.accounts.actions import people as accounts
from calypso.accounts.actions.passwords import choose_password
from calypso.accounts.actions.people import Identity
from calypso.accounts.capabilities import Role
from calypso.accounts.models import Organization, User
from calypso.base import clock
from calypso.base.references import new_key
from calypso.outbox.models import OutgoingEmail
from calypso.projects import actions as projects
from calypso.projects.models import Project
from calypso.teamwork.actions import links
from calypso.teamwork.actions.client_notes import add_client_note
from calypso.teamwork.actions.rd_reference import refer
from calypso.teamwork.actions.time_entries import add_time
from calypso.teamwork.actions.todo import add_todo
from calypso.tickets.actions import drafts
from calypso.tickets.actions.dispatch import act
from calypso.tickets.actions.opening import Request, open_ticket
from calypso.tickets.models import Draft, Ticket, TicketEvent
from tests.files import PNG

PASSWORD = "Bateau-lavoir-7"

CLIENTS = {
    "pm": ("Paule", "MERCIER", "alpha"),
    "dec": ("Denis", "ECLUSE", "alpha"),
    "obs": ("Odile", "BSAINT", "alpha"),
    "out": ("Oscar", "UTILE", "alpha"),
    "bpm": ("Berthe", "PMARIN", "beta"),
    "buser": ("Basile", "USUEL", "beta"),
}
STAFF = {
    "manager": Role.MANAGER,
    "agent": Role.AGENT,
    "support": Role.SUPPORT,
    "rd": Role.RD,
    "admin": Role.ADMIN,
}
ROLELESS = "norole"
PERSONAS = (*CLIENTS, *STAFF, ROLELESS)


def canary(owner: str, thing: str) -> str:
    """The word that only those who see `owner`'s `thing` may ever read."""
    return f"canari{owner}{thing}"


def address(name: str) -> str:
    return f"{name}@{CLIENTS[name][2] if name in CLIENTS else 'leni'}.example"


@dataclass
class World:
    """Fetches the rows of the world afresh, by the names that tests use."""

    cache: dict[str, object] = field(default_factory=dict)

    def person(self, name: str) -> User:
        return User.objects.get(email=address(name))

    def __getattr__(self, name: str) -> User:
        if name in PERSONAS:
            return self.person(name)
        raise AttributeError(name)

    def organization(self, name: str) -> Organization:
        return Organization.objects.get(name=name.upper())

    def project(self, name: str) -> Project:
        return Project.objects.select_related(
            "organization", "client_manager", "vendor_manager", "setup_agent", "support"
        ).get(name__startswith=f"{name} ")

    def ticket(self, name: str) -> Ticket:
        """The ticket of the project `name`."""
        return Ticket.objects.select_related("project", "organization", "author", "follower", "assignee").get(
            project__name__startswith=f"{name} ", title__startswith=f"Ticket {name} "
        )


def build() -> World:
    """Builds the world once, by the product's own actions."""
    world = World()
    if User.objects.exists():
        return world
    admin = accounts.install(vendor="Léni", identity=Identity(address("admin"), "Ada", "ADMIN"))
    connect(admin)
    for name, role in STAFF.items():
        if name != "admin":
            connect(accounts.add_staff(admin, identity=Identity(address(name), name.title(), "STAFF"), roles=[role]))
    roleless = accounts.add_staff(admin, identity=Identity(address(ROLELESS), "Norbert", "ROLE"), roles=[Role.AGENT])
    accounts.change_roles(admin, person=roleless, roles=[])
    roleless.refresh_from_db()
    connect(roleless)
    for company in ("alpha", "beta"):
        accounts.add_organization(admin, name=company.upper())
    for name, (first, last, company) in CLIENTS.items():
        person = accounts.invite_contact(
            admin,
            organization=world.organization(company),
            identity=Identity(address(name), first, last, "Mme" if first in ("Paule", "Odile", "Berthe") else "M."),
        )
        connect(person)
    _projects(world)
    _relations(world)
    return world


def _relations(world: World) -> None:
    """Tickets of both companies come from one known issue, and are linked: the team alone may learn of it."""
    agent, ours, theirs = world.person("agent"), world.ticket("A1"), world.ticket("B1")
    links.link(agent, ticket=ours, kind="follows", reference=theirs.reference)
    issue = links.open_issue(agent, ticket=ours, title=canary("A1", "panne"))
    links.join_issue(agent, ticket=theirs, key=issue.key)
    add_todo(agent, ticket=ours, text=canary("A1", "tache"))
    add_time(agent, ticket=ours, spent="10", note=canary("A1", "temps"))
    add_client_note(agent, about=world.person("dec"), text=canary("A1", "fiche"))
    add_client_note(agent, about=world.organization("alpha"), text=canary("A1", "societe"))


def connect(person: User) -> None:
    """The person's first connection."""
    purpose = account_links.Purpose.FIRST_CONNECTION
    token = account_links.mint(person, purpose)
    choose_password(purpose=purpose, token=token, password=PASSWORD, confirmation=PASSWORD, network="")


def _projects(world: World) -> None:
    for name, company, manager, writer in (
        ("A1", "alpha", "pm", "dec"),
        ("A2", "alpha", "pm", "out"),
        ("A3", "alpha", "pm", "dec"),
        ("B1", "beta", "bpm", "buser"),
    ):
        project = add_project(world, f"{name} {canary(name, 'projet')}", company, manager)
        if name == "A1":
            keys = {world.person("dec").key, world.person("obs").key}
            projects.set_viewers(world.person("manager"), project=project, keys=keys)
        _ticket(world, name, writer)
        if name == "A3":
            projects.set_archived(world.person("manager"), project=project, archived=True)


def add_project(world: World, name: str, company: str, manager: str = "", phase: str = "setup") -> Project:
    """A project with all its people."""
    project = projects.add_project(
        world.person("manager"),
        organization=world.organization(company),
        facts=projects.Facts(
            name=name,
            event_date=None,
            vendor_manager=world.person("manager"),
            client_manager=world.person(manager) if manager else None,
            setup_agent=world.person("agent"),
            support=world.person("support"),
        ),
    )
    if phase == "live":
        projects.change_phase(world.person("manager"), project=project, phase=Project.Phase.LIVE)
    return project


def _ticket(world: World, name: str, writer: str) -> None:
    author, project = world.person(writer), world.project(name)
    ticket = open_ticket(
        author,
        project=project,
        request=Request(
            title=f"Ticket {name} {canary(name, 'titre')}",
            description=f"Description {canary(name, 'description')}",
            page_url=f"https://{canary(name, 'url')}.example/page",
            priority="3",
            context=f"Contexte {canary(name, 'contexte')}",
        ),
        form_key=upload(author, f"opening{name}", Draft.Purpose.OPENING, f"{canary(name, 'fichier')}.png"),
    )
    say(world, writer, ticket, "comment", f"Commentaire {canary(name, 'commentaire')}")
    note = upload(world.person("agent"), f"note{name}", Draft.Purpose.COMMENT, f"{canary(name, 'fichiernote')}.png")
    say(world, "agent", ticket, "note", f"Note {canary(name, 'note')}", form_key=note)
    refer(
        world.person("agent"),
        ticket=ticket,
        reference=f"RD-1 {canary(name, 'rd')}",
        url="",
        seen_version=Ticket.objects.get(pk=ticket.pk).version,
    )


def upload(who: User, key: str, purpose: Draft.Purpose, name: str, content: bytes = PNG) -> str:
    """A file kept for a form; returns the form's key."""
    drafts.add_file(who, form_key=key, purpose=purpose, name=name, chunks=[content])
    return key


def say(world: World, who: str, ticket: Ticket, name: str, body: str = "", form_key: str = "") -> Ticket:
    """One act on the ticket as it is now; returns the ticket after it."""
    current = Ticket.objects.select_related("project").get(pk=ticket.pk)
    act(
        world.person(who),
        ticket=current,
        name=name,
        seen_version=current.version,
        body=body,
        form_key=form_key,
        confirmed=True,
    )
    return Ticket.objects.select_related("project", "organization", "author", "assignee", "follower").get(pk=ticket.pk)


def drop_waiting() -> None:
    """Drops the mails that wait: what a test looks at begins with its own."""
    OutgoingEmail.objects.filter(state="waiting").update(state="dropped")


def reviewed_batch(world: World, project: str) -> Batch:
    """A batch of that project's ticket, published and decided, as rows: its own tests go through the actions."""
    row, ticket, now = world.project(project), world.ticket(project), clock.now()
    found = Batch.objects.filter(project=row, finished_at__isnull=False).first()
    if found is not None:
        return found
    batch = Batch.objects.create(
        key=new_key(),
        project=row,
        name=f"Lot {canary(project, 'lot')}",
        note=f"Note {canary(project, 'lotnote')}",
        author=world.person("manager"),
        created_at=now,
        published_at=now,
        published_by=world.person("manager"),
        finished_at=now,
    )
    event = TicketEvent.objects.filter(ticket=ticket, kind="opened").get()
    BatchItem.objects.create(
        batch=batch,
        ticket=ticket,
        rank=1,
        event=event,
        decision="close",
        decision_event=event,
        decided_by=ticket.author,
        decided_at=now,
    )
    return batch


def new_ticket(world: World, who: str = "dec", project: str = "A1", **fields: str) -> Ticket:
    """A fresh ticket of `who` on `project`."""
    asked = {"title": "Nouveau sujet", "priority": "2", **fields}
    return open_ticket(world.person(who), project=world.project(project), request=Request(**asked))
