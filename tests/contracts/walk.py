"""Walks the route table: every named route of the resolver, with arguments that name things of the test world."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from calypso.accounts.actions.teams import save_team
from calypso.accounts.models import Team
from calypso.outbox.models import OutgoingEmail
from calypso.tickets.actions.replies import save_reply
from calypso.tickets.actions.views import save_view
from calypso.tickets.models import Attachment, CannedReply, SavedView
from tests.world import World, reviewed_batch

OF_BATCH = {"portal:batch", "portal:review", "portal:decide", "portal:record", "portal:record_pdf", "desk:batch"}


def route_names() -> Iterator[str]:
    """`namespace:name` of every route, as the resolver knows them."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, f"{entry.namespace}:" if entry.namespace else prefix)
            elif isinstance(entry, URLPattern) and entry.name:
                yield prefix + entry.name

    return walk(get_resolver(), "")


def reader(name: str) -> str:
    """Who opens that route: the administrator for the desk's, a client project manager for the others."""
    return "admin" if name.startswith("desk:") or name == "status" else "pm"


def arguments(world: World, project: str = "A1") -> dict[str, dict[str, Any]]:
    """By route, the arguments that name a thing of `project`."""
    ticket, row = world.ticket(project), world.project(project)
    file = Attachment.objects.filter(ticket=ticket, event__internal=False).get()
    email = OutgoingEmail.objects.filter(about=f"ticket:{ticket.reference}").first()
    assert email is not None
    reply = CannedReply.objects.first() or save_reply(world.support, name="Type", body="Bonjour", shared=True)
    view = SavedView.objects.first() or save_view(world.support, name="Vue", query="etat=new", shared=True)
    team = Team.objects.first() or save_team(world.admin, name="Nuit", members={world.agent.key})
    of_project, of_ticket = {"key": row.key}, {"reference": ticket.reference}
    of_company, of_person, of_email = {"key": row.organization.key}, {"key": ticket.author.key}, {"key": email.key}
    draft = {"purpose": "comment", "form_key": "routetable"}
    return {
        "signin:open_link": {"purpose": "reinitialisation", "token": "a.b-c"},
        "signin:captcha": {"form": "connexion"},
        "signin:end_session": {"handle": "abc"},
        "portal:project": of_project,
        "portal:closed": of_project,
        "portal:section": {**of_project, "name": "in_progress"},
        "portal:nearby": of_project,
        "portal:rights": of_project,
        "portal:new_in_project": of_project,
        "portal:ticket": of_ticket,
        "portal:send": of_ticket,
        "portal:watch": of_ticket,
        "portal:satisfaction": of_ticket,
        "portal:attachment": {**of_ticket, "key": file.key},
        "portal:draft_files": draft,
        "portal:draft_text": draft,
        "portal:draft_drop": draft,
        "portal:draft_file_remove": {**draft, "key": "xyz"},
        "desk:ticket": of_ticket,
        "desk:send": of_ticket,
        "desk:assign": of_ticket,
        "desk:retain": of_ticket,
        "desk:rd": of_ticket,
        "desk:organization": of_company,
        "desk:invite": of_company,
        "desk:import_contacts": of_company,
        "desk:add_project": of_company,
        "desk:contact": of_person,
        "desk:resend": of_person,
        "desk:activity": of_person,
        "desk:forget_view": {"key": view.key},
        "desk:reply": {"key": reply.key},
        "desk:remove_reply": {"key": reply.key},
        "desk:personal_data": of_person,
        "desk:erase": of_person,
        "desk:reset_factors": of_person,
        "desk:merge": of_person,
        "signin:see_as": of_person,
        "desk:person_history": of_person,
        "desk:organization_history": of_company,
        "desk:project_history": of_project,
        "desk:leave": {**of_person, "organization": row.organization.key},
        "signin:add_factor": {"kind": "app"},
        "signin:remove_factor": {"key": "abc"},
        "desk:project": of_project,
        "desk:nearby": of_project,
        "desk:new_batch": of_project,
        "desk:withdraw": of_ticket,
        "desk:link": of_ticket,
        "desk:todo": of_ticket,
        "desk:presence": of_ticket,
        "desk:group": {"key": team.key},
        "desk:remove_group": {"key": team.key},
        "desk:time": of_ticket,
        "desk:issue": of_ticket,
        "desk:phase": of_project,
        "portal:phase": of_project,
        "desk:archive": of_project,
        "desk:member": {"key": world.agent.key},
        "desk:email": of_email,
        "desk:retry": of_email,
    }


def address(name: str, world: World, project: str = "A1") -> str:
    """The path of a route, on a thing of `project`."""
    named = arguments(world, project)
    if name in OF_BATCH:
        named[name] = {"key": reviewed_batch(world, project).key}
        if name in ("portal:review", "portal:decide"):
            named[name]["reference"] = world.ticket(project).reference
    return reverse(name, kwargs=named.get(name, {}))
