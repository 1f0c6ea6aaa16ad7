"""The queue as a board: a column a state, and cards that go only where the table allows."""

import re

import pytest

from calypso.teamwork.queries import board as boards
from calypso.teamwork.queries.board import board
from calypso.teamwork.queries.queue import QueueFilters
from calypso.tickets.models import Ticket
from calypso.tickets.workflow import OPEN_STATES, STEPS, State, StepName
from tests.pages import words
from tests.world import World, new_ticket


def columns(world: World, who: str = "support", **filters: str) -> dict[State, boards.Column]:
    return {column.state: column for column in board(world.person(who), QueueFilters(**filters))}


def test_the_columns_are_the_open_states_in_the_guide_s_order(world: World) -> None:
    assert list(columns(world)) == [state for state in State if state in OPEN_STATES]


def test_each_column_counts_all_and_shows_the_liveliest(world: World, monkeypatch) -> None:
    before = columns(world)[State.NEW].total
    titles = [new_ticket(world, title=f"Carte {number}").title for number in range(3)]
    monkeypatch.setattr(boards, "CARDS", 2)
    column = columns(world)[State.NEW]
    assert column.total == before + 3
    assert [card.ticket.title for card in column.cards] == titles[:0:-1]


def test_a_column_is_continued_without_end_of_the_others(browser, world: World, monkeypatch) -> None:
    """The link asks the same page for more, so that a page that refreshes itself keeps what was asked."""
    monkeypatch.setattr(boards, "CARDS", 2)
    monkeypatch.setattr(boards, "MORE", 2)
    monkeypatch.setattr(boards, "MOST_ORDERS", 2)
    made = [new_ticket(world, title=f"Carte {number}").title for number in range(7)][::-1]
    opened, path, shown = browser("support"), "/equipe/tableau/?q=Carte", []
    for _order in range(3):
        page = opened.get(path).text
        shown.append(re.findall(r"<bdi>(Carte \d)</bdi>", page))
        links = re.findall(r'class="[^"]*more-cards" href="([^"]+)"', page)
        path = links[0].replace("&amp;", "&")
    assert shown == [made[:2], made[:4], made[:6]]
    assert path == "/equipe/?etat=new&q=Carte"  # what is beyond is read in the list
    assert opened.get("/equipe/tableau/?suite=rien&suite=closed").status_code == 200


@pytest.mark.parametrize("who", ["manager", "agent", "support", "rd", "admin"])
def test_r101_a_card_goes_where_the_table_allows_and_nowhere_else(who: str, world: World) -> None:
    for state in OPEN_STATES:
        Ticket.objects.filter(pk=new_ticket(world).pk).update(state=state)
    for state, column in columns(world, who).items():
        for card in column.cards:
            for pair in card.targets.split():
                target, step = pair.split(":")
                facts = STEPS[StepName(step)]
                assert (facts.target.value, state in facts.sources) == (target, True)
                assert step != StepName.ASSIGN


def test_filters_hold_on_the_board_and_follow_to_the_list(world: World, browser) -> None:
    new_ticket(world, "bpm", "B1", title="De Beta")
    opened, beta = browser("support"), world.organization("beta").key
    page = opened.get(f"/equipe/tableau/?societe={beta}").text
    assert "De Beta" in page
    assert world.ticket("A1").title not in page
    assert f'href="/equipe/?societe={beta}"' in page
    assert f'href="/equipe/tableau/?societe={beta}"' in opened.get(f"/equipe/?societe={beta}").text
    assert opened.get("/equipe/tableau/?etat=rien").status_code == 422
    assert "Aucun ticket" in words(opened.get("/equipe/tableau/?q=introuvable"))


def test_a_card_s_button_leads_to_the_page_that_names_the_mail(world: World, browser) -> None:
    ticket = new_ticket(world, title="À déplacer")
    opened = browser("support")
    page = opened.get("/equipe/tableau/").text
    move = re.search(rf'form="deplacer" name="move" value="({ticket.reference}:ask_client)"', page)[1]
    page = opened.post("/equipe/lot/", {"act": "step", "move": move}).text
    assert 'value="ask_client" checked' in page
    assert Ticket.objects.get(pk=ticket.pk).state == State.NEW
