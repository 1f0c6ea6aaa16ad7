"""What is left to do on a ticket, for the team alone (I3, R11)."""

import pytest

from calypso.base.errors import Forbidden, Invalid, NotVisible
from calypso.teamwork.actions import todo
from calypso.teamwork.models import Todo
from calypso.teamwork.queries.todo import todo_list
from tests.pages import words
from tests.world import World, canary, new_ticket, say


def test_lines_are_listed_ticked_opened_again_and_dropped(world: World) -> None:
    ticket = new_ticket(world)
    first = todo.add_todo(world.agent, ticket=ticket, text="  Vérifier le  modèle ")
    todo.add_todo(world.support, ticket=ticket, text="Prévenir le salon")
    assert [line.text for line in todo_list(world.manager, ticket)] == ["Vérifier le modèle", "Prévenir le salon"]
    todo.set_done(world.agent, ticket=ticket, key=first.key, done=True)
    todo.set_done(world.support, ticket=ticket, key=first.key, done=True)
    assert todo_list(world.agent, ticket)[0].done_by == world.agent
    todo.set_done(world.support, ticket=ticket, key=first.key, done=False)
    assert todo_list(world.agent, ticket)[0].done_at is None
    todo.drop_todo(world.agent, ticket=ticket, key=first.key)
    todo.drop_todo(world.agent, ticket=ticket, key=first.key)
    assert len(todo_list(world.agent, ticket)) == 1


def test_r13_the_list_is_bounded(world: World) -> None:
    ticket = new_ticket(world)
    for text in ("", "x" * 1000):
        with pytest.raises(Invalid):
            todo.add_todo(world.agent, ticket=ticket, text=text)
    for number in range(todo.MOST):
        todo.add_todo(world.agent, ticket=ticket, text=f"Ligne {number}")
    with pytest.raises(Invalid):
        todo.add_todo(world.agent, ticket=ticket, text="De trop")


def test_r4_a_line_of_another_ticket_is_out_of_reach(world: World) -> None:
    mine, other = new_ticket(world), new_ticket(world)
    line = todo.add_todo(world.agent, ticket=other, text="Ailleurs")
    todo.drop_todo(world.agent, ticket=mine, key=line.key)
    todo.set_done(world.agent, ticket=mine, key=line.key, done=True)
    assert Todo.objects.get(pk=line.pk).done_at is None


def test_r1_r11_neither_clients_nor_closed_tickets_have_one(world: World, browser) -> None:
    ticket = new_ticket(world)
    with pytest.raises(Forbidden):
        todo.add_todo(world.dec, ticket=ticket, text="x")
    with pytest.raises(Forbidden):
        todo_list(world.dec, ticket)
    with pytest.raises(NotVisible):
        todo.add_todo(world.rd, ticket=ticket, text="x")
    say(world, "dec", ticket, "close")
    with pytest.raises(Forbidden):
        todo.add_todo(world.agent, ticket=ticket, text="x")
    said = browser("pm").get(f"/tickets/{world.ticket('A1').reference}/").content.decode()
    assert canary("A1", "tache") not in said


def test_from_the_page_what_is_being_written_is_kept(world: World, browser) -> None:
    ticket = new_ticket(world)
    opened, here = browser("agent"), f"/equipe/tickets/{ticket.reference}/"
    answer = opened.post(
        f"{here}a-faire/", {"todo": "Appeler le hall 4", "body": "Une phrase en cours", "cle": "listes"}
    )
    page = opened.get(answer["Location"])
    assert "Appeler le hall 4" in words(page)
    assert "Une phrase en cours" in page.content.decode()
    line = Todo.objects.get(ticket=ticket)
    opened.post(f"{here}a-faire/", {"todo_act": f"done:{line.key}"})
    assert "À faire 1 sur 1" in words(opened.get(here))
    opened.post(f"{here}a-faire/", {"todo_act": f"undone:{line.key}"})
    opened.post(f"{here}a-faire/", {"todo_act": f"drop:{line.key}"})
    assert not Todo.objects.filter(ticket=ticket).exists()
    assert opened.post(f"{here}a-faire/", {"todo_act": "burn:x"}).status_code == 422
    assert opened.post(f"{here}a-faire/", {"todo": " "}).status_code == 422
