"""What tests of batches start from: a project that announces by batch, tickets that wait for one, a batch of them."""

from calypso.acceptance.actions import build_batch
from calypso.acceptance.models import Batch
from calypso.projects.models import Project
from calypso.tickets.models import Ticket
from tests.world import World, new_ticket, say


def announced_by_batch(world: World) -> Project:
    """A1, whose processed tickets are announced by batch."""
    Project.objects.filter(pk=world.project("A1").pk).update(by_batch=True)
    return world.project("A1")


def ready(world: World, title: str, who: str = "dec", words: str = "C'est corrigé.", form_key: str = "") -> Ticket:
    """A ticket that waits for a batch."""
    ticket = say(world, "agent", new_ticket(world, who, title=title), "start")
    return say(world, "agent", ticket, "process", words, form_key=form_key)


def build(world: World, project: Project, *tickets: Ticket, name: str = "Recette 1") -> Batch:
    """A batch of these tickets, in this order, that nobody has published."""
    references = [ticket.reference for ticket in tickets]
    return build_batch(world.manager, project=project, name=name, note="Vider le cache.", references=references)
