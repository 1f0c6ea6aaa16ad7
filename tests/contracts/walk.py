"""Walks the route table: every named route of the resolver, with arguments that name things of the test world."""

from collections.abc import Callable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from calypso.accounts.actions.teams import save_team
from calypso.accounts.models import Team
from calypso.base import clock, files
from calypso.base.references import new_key
from calypso.mailin.models import Reason, ReceivedEmail, State
from calypso.outbox.kinds import Envelope
from calypso.outbox.models import OutgoingEmail
from calypso.teamwork.actions.canned_replies import save_reply
from calypso.teamwork.actions.client_notes import add_client_note
from calypso.teamwork.actions.orders import place_export
from calypso.teamwork.actions.saved_views import save_view
from calypso.teamwork.models import BulkOrder, CannedReply, SavedView
from calypso.tickets import act_links
from calypso.tickets.models import Attachment, Draft, DraftFile, TicketEvent
from tests.world import World, canary, reviewed_batch, upload

Arguments = dict[str, str]


def _of_project(world: World, project: str) -> Arguments:
    return {"key": world.project(project).key}


def _of_ticket(world: World, project: str) -> Arguments:
    return {"reference": world.ticket(project).reference}


def _of_company(world: World, project: str) -> Arguments:
    return {"key": world.project(project).organization.key}


def _of_person(world: World, project: str) -> Arguments:
    return {"key": world.ticket(project).author.key}


def _of_leaving(world: World, project: str) -> Arguments:
    return {**_of_person(world, project), "organization": world.project(project).organization.key}


def _of_file(world: World, project: str) -> Arguments:
    ticket = world.ticket(project)
    return {
        "reference": ticket.reference,
        "key": Attachment.objects.filter(ticket=ticket, event__internal=False).get().key,
    }


def _of_draft_picture(world: World, project: str) -> Arguments:
    file = DraftFile.objects.filter(draft__key="routepicture").first()
    if file is None:
        upload(world.pm, "routepicture", Draft.Purpose.COMMENT, "capture.png")
        file = DraftFile.objects.get(draft__key="routepicture")
    return {"form_key": "routepicture", "key": file.key, "size": "vue"}


def _of_email(world: World, project: str) -> Arguments:
    email = OutgoingEmail.objects.filter(about=f"ticket:{world.ticket(project).reference}").first()
    assert email is not None
    return {"key": email.key}


def received_mail(state: State, **facts: object) -> ReceivedEmail:
    """A received mail as its row says, with a raw message on the disk."""
    return ReceivedEmail.objects.create(
        key=new_key(),
        identity=new_key(),
        stored=files.store([b"From: inconnu@ailleurs.example\n\nBonjour.\n"], limit=1000).name,
        size=41,
        received_at=clock.now(),
        sender="inconnu@ailleurs.example",
        subject="Une question",
        words="Bonjour.",
        state=state,
        **{"text": "Bonjour.", **facts},
    )


def _of_received(world: World, project: str) -> Arguments:
    row = ReceivedEmail.objects.filter(state=State.HELD).first()
    return {"key": (row or received_mail(State.HELD, reason=Reason.UNKNOWN)).key}


def _of_original(world: World, project: str) -> Arguments:
    ticket = world.ticket(project)
    row = ReceivedEmail.objects.filter(state=State.APPLIED, ticket=ticket).first()
    if row is None:
        event = TicketEvent.objects.create(
            key=new_key(),
            ticket=ticket,
            actor=ticket.author,
            kind=TicketEvent.Kind.COMMENTED,
            state=ticket.state,
            body=f"Par e-mail {canary(project, 'commentaire')}",
            source=TicketEvent.Source.MAIL,
            created_at=clock.now(),
        )
        text = f"Message entier {canary(project, 'origine')}"
        row = received_mail(State.APPLIED, text=text, ticket=ticket, event=event, person=ticket.author)
    return {**_of_ticket(world, project), "key": TicketEvent.objects.get(pk=row.event_id).key}


def _of_act(world: World, project: str) -> Arguments:
    """The link of the author of the project's ticket."""
    ticket = world.ticket(project)
    envelope = Envelope(ticket.author.key, ticket.author.email, f"ticket:{ticket.reference}")
    return {"token": act_links.fill_in(envelope)["[lien-personnel-comment]"]}


def _of_batch(world: World, project: str) -> Arguments:
    return {"key": reviewed_batch(world, project).key}


def _of_review(world: World, project: str) -> Arguments:
    return {**_of_batch(world, project), **_of_ticket(world, project)}


def _of_reply(world: World, project: str) -> Arguments:
    reply = CannedReply.objects.first() or save_reply(world.support, name="Type", body="Bonjour", shared=True)
    return {"key": reply.key}


def _of_view(world: World, project: str) -> Arguments:
    view = SavedView.objects.first() or save_view(world.support, name="Vue", query="etat=new", shared=True)
    return {"key": view.key}


def _of_contact_note(world: World, project: str) -> Arguments:
    note = add_client_note(world.agent, about=world.dec, text="Note")
    return {"key": world.dec.key, "note": note.key}


def _of_company_note(world: World, project: str) -> Arguments:
    organization = world.organization("alpha")
    note = add_client_note(world.agent, about=organization, text="Note")
    return {"key": organization.key, "note": note.key}


def _of_order(world: World, project: str) -> Arguments:
    reference = world.ticket("A1").reference
    order = BulkOrder.objects.first() or place_export(world.admin, references=[reference])
    return {"key": order.key}


def _of_group(world: World, project: str) -> Arguments:
    team = Team.objects.first() or save_team(world.admin, name="Nuit", members={world.agent.key})
    return {"key": team.key}


def _of_member(world: World, project: str) -> Arguments:
    return {"key": world.agent.key}


def _always(**named: str) -> Callable[[World, str], Arguments]:
    return lambda world, project: named


# What a route names → the routes. Those that are not here name nothing.
_NAMING: dict[Callable[[World, str], Arguments], str] = {
    _of_project: """portal:project portal:closed portal:nearby portal:rights portal:new_in_project portal:phase
        portal:export_project
        desk:project desk:nearby desk:project_levels desk:new_batch desk:project_history desk:phase desk:archive""",
    _of_ticket: """portal:ticket portal:send portal:follow portal:take_back portal:satisfaction portal:priority desk:ticket
        desk:send desk:assign desk:retain desk:rd desk:withdraw desk:link desk:todo desk:presence desk:time desk:issue""",
    _of_company: "desk:organization desk:note_on_company desk:invite desk:import_contacts desk:add_project desk:organization_history desk:company_levels",
    _of_person: """desk:contact desk:write_again desk:note_on_contact desk:resend desk:activity desk:personal_data desk:erase desk:reset_factors desk:merge
        desk:person_history signin:impersonate""",
    _of_leaving: "desk:leave",
    _of_file: "portal:attachment",
    lambda world, project: {**_of_file(world, project), "size": "vue"}: "portal:picture",
    _of_draft_picture: "portal:draft_picture",
    _of_email: "desk:email desk:retry desk:answer_email",
    _of_received: "desk:received_mail desk:raw_mail desk:read_again desk:set_domain_aside desk:attach_mail desk:open_with_mail",
    _of_original: "portal:original",
    _of_act: "portal:act",
    _of_batch: "portal:batch portal:record portal:record_pdf desk:batch",
    _of_review: "portal:review portal:decide",
    _of_reply: "desk:reply desk:remove_reply",
    _of_view: "desk:forget_view",
    _of_contact_note: "desk:remove_contact_note",
    _of_company_note: "desk:remove_company_note",
    _of_order: "desk:order desk:order_file",
    _of_group: "desk:group desk:remove_group",
    _of_member: "desk:member desk:correct_member",
    lambda world, project: {**_of_project(world, project), "name": "in_progress"}: "portal:section",
    _always(purpose="reinitialisation", token="a.b-c"): "signin:open_link",
    _always(form="connexion"): "signin:captcha",
    _always(name="mentions-legales"): "desk:text desk:reset_text",
    _always(name="abc"): "logo",
    _always(colour="7a1f6e"): "brand_colours",
    _always(handle="abc"): "signin:end_session",
    _always(kind="app"): "signin:add_factor",
    _always(key="abc"): "signin:remove_factor",
    _always(purpose="comment", form_key="routetable"): "portal:draft_files portal:draft_text portal:draft_drop",
    _always(purpose="comment", form_key="routetable", key="xyz"): "portal:draft_file_remove",
}
_OF_ROUTE = {name: naming for naming, names in _NAMING.items() for name in names.split()}


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
    if name in ("portal:original", "portal:act"):  # its author's
        return "dec"
    return "admin" if name.startswith("desk:") or name == "status" else "pm"


def address(name: str, world: World, project: str = "A1") -> str:
    """The path of a route, on a thing of `project`."""
    naming = _OF_ROUTE.get(name)
    return reverse(name, kwargs=naming(world, project) if naming else {})
