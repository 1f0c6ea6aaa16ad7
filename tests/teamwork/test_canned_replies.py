"""Canned replies: named texts whose variables stand for the things of one ticket."""

import pytest

from calypso.base.errors import Forbidden, Invalid, NotVisible
from calypso.teamwork.actions.canned_replies import remove_reply, save_reply
from calypso.teamwork.models import CannedReply
from calypso.teamwork.queries.canned_replies import filled_replies, replies_page
from calypso.tickets.models import TicketEvent
from tests.pages import fill, form, words
from tests.world import World, new_ticket


def test_variables_stand_for_the_ticket_and_other_braces_stay(world: World) -> None:
    ticket = new_ticket(world, title="Titre à {moi}")
    body = "Bonjour {prénom} {nom}, {référence} « {libellé} » ({projet}) {inconnu} {moi}"
    save_reply(world.agent, name="Bonjour", body=body, shared=False)
    [reply] = filled_replies(world.agent, ticket)
    who, project = world.dec, ticket.project.name
    assert reply.text == (
        f"Bonjour {who.first_name} {who.last_name}, {ticket.reference} « Titre à {{moi}} » ({project}) {{inconnu}} "
        f"{world.agent.first_name} {world.agent.last_name}"
    )


def test_one_s_own_and_the_team_s(world: World) -> None:
    mine = save_reply(world.agent, name="À moi", body="x", shared=False)
    ours = save_reply(world.support, name="À nous", body="y", shared=True)
    assert str(ours) == "À nous"
    assert replies_page(world.agent) == [(mine, True), (ours, False)]
    assert replies_page(world.manager) == [(ours, True)]
    assert replies_page(world.dec) == []
    with pytest.raises(Forbidden):
        save_reply(world.agent, key=ours.key, name="À moi aussi", body="z", shared=False)
    with pytest.raises(Forbidden):
        save_reply(world.agent, name="Partagée", body="z", shared=True)
    with pytest.raises(NotVisible):
        save_reply(world.dec, name="Client", body="z", shared=False)
    with pytest.raises(NotVisible):
        remove_reply(world.manager, key=mine.key)
    with pytest.raises(Invalid):
        save_reply(world.agent, name="À moi", body="deux fois", shared=False)
    remove_reply(world.manager, key=ours.key)
    assert CannedReply.objects.get() == mine


def test_the_page_writes_rewrites_and_removes(world: World, browser) -> None:
    opened = browser("support")
    assert "est enregistrée" in words(
        opened.post("/equipe/reponses/", {"name": "Merci", "body": "Merci {prénom}", "shared": "on"}, follow=True)
    )
    reply = CannedReply.objects.get()
    page = f"/equipe/reponses/{reply.key}/"
    assert "Merci {prénom}" in opened.get(page).text
    opened.post(page, {"name": "Merci bien", "body": "Merci bien {prénom}"})
    reply.refresh_from_db()
    assert (reply.name, reply.shared) == ("Merci bien", False)
    refused = opened.post(page, {"name": "", "body": "Texte gardé"})
    assert refused.status_code == 422
    assert "Texte gardé" in refused.text
    assert browser("agent").get(page).status_code == 404
    assert "est retirée" in words(opened.post(f"{page}retirer/", follow=True))


def test_without_javascript_a_reply_joins_what_is_being_written_and_nothing_leaves(world: World, browser) -> None:
    save_reply(world.support, name="Suite", body="Bien à vous, {moi}", shared=True)
    ticket = world.ticket("A1")
    page, opened = f"/equipe/tickets/{ticket.reference}/", browser("agent")
    before = TicketEvent.objects.count()
    fields = fill(form(opened.get(page), f"{page}envoyer/"), body="Bonjour,", reply="Suite", insert="1")
    answer = opened.post(f"{page}envoyer/", fields)
    agent = world.agent
    assert f"Bonjour,\nBien à vous, {agent.first_name} {agent.last_name}" in answer.text
    unknown = opened.post(f"{page}envoyer/", {**fields, "reply": "Inconnue"})
    assert ">\nBonjour,</textarea>" in unknown.text or ">Bonjour,</textarea>" in unknown.text
    empty = opened.post(f"{page}envoyer/", {**fields, "body": ""})
    assert "Bien à vous" in empty.text
    assert TicketEvent.objects.count() == before
