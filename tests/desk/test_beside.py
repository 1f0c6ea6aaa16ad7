"""What is typed beside the composer of a ticket: no other act of the page loses it (R68), nor does an ended session."""

import re
from html import unescape

import pytest

from calypso.teamwork.actions.time_entries import add_time
from calypso.tickets.models import Draft, Ticket
from tests.desk.test_desk import posted
from tests.pages import fill, words
from tests.world import World, new_ticket

BESIDE = {
    "spent": "35 min",
    "spent_note": "Relecture du plan",
    "todo": "Rappeler le client",
    "rd_reference": "RD-12",
    "rd_url": "https://rd.example/12",
    "link_reference": "ABCDEFG",
    "issue_title": "Filtre du plan",
    "reason": "Contourné depuis",
}


def beside(page) -> dict[str, str]:
    """The texts in the fields beside the composer, those that hold any."""
    found = re.findall(r'<input id="id_(\w+)" name="\w+" type="text" value="([^"]*)"', page.content.decode())
    return {name: unescape(text) for name, text in found if text}


def is_open(page, field: str) -> bool:
    """Whether the details that hold this field are open."""
    before = page.content.decode().split(f'id="id_{field}"')[0]
    return " open>" in before[before.rindex("<details") :].split("<summary")[0]


@pytest.mark.parametrize("act", ["comment", "note", "start", "close_for_vendor"])
def test_r68_a_message_or_a_step_keeps_what_is_typed_beside(act: str, browser, world: World) -> None:
    ticket, opened = new_ticket(world), browser("manager")
    path, fields = posted(opened, ticket)
    kind = "note" if act == "note" else "reply"
    answer = opened.post(path, fill(fields, act=act, kind=kind, body="Parti", **BESIDE))
    assert answer.status_code == 302
    draft = Draft.objects.get(owner=world.manager)
    assert {name: draft.fields[name] for name in BESIDE} == BESIDE
    assert "body" not in draft.fields, "what left is no draft"
    page = opened.get(answer["Location"])
    if act != "close_for_vendor":
        assert beside(page) == BESIDE
        assert all(is_open(page, name) for name in BESIDE if name != "todo")
    else:
        assert "Rappeler le client" in page.content.decode(), "on a closed ticket it is there to copy"


def test_r68_a_message_alone_leaves_no_draft(browser, world: World) -> None:
    ticket, opened = new_ticket(world), browser("manager")
    Ticket.objects.filter(pk=ticket.pk).update(rd_reference="RD-1", rd_url="https://rd.example/1")
    path, fields = posted(opened, ticket)
    shown = {"rd_reference": "RD-1", "rd_url": "https://rd.example/1", "reason": "", "link_kind": "related"}
    answer = opened.post(path, fill(fields, act="comment", kind="reply", body="Parti", **shown))
    assert answer["Location"] == f"/equipe/tickets/{ticket.reference}/?fait=commente"
    assert not Draft.objects.exists()
    assert not is_open(opened.get(answer["Location"]), "rd_reference")


@pytest.mark.parametrize(
    "route, button",
    [
        ("temps", {"spent_remove": "{}"}),
        ("a-faire", {"todo_act": "drop:parti"}),
        ("liens", {"unlink": "parti"}),
        ("probleme", {"leave": "1"}),
    ],
)
def test_r68_the_button_of_a_row_keeps_what_is_typed_beside_it(route: str, button, browser, world: World) -> None:
    ticket, opened = new_ticket(world), browser("manager")
    entry = add_time(world.manager, ticket=ticket, spent="10")
    path, fields = posted(opened, ticket, route)
    answer = opened.post(
        path, fill(fields, **BESIDE, **{name: value.format(entry.key) for name, value in button.items()})
    )
    assert beside(opened.get(answer["Location"])) == BESIDE


@pytest.mark.parametrize("name", BESIDE)
def test_r68_one_field_typed_beside_is_a_draft(name: str, browser, world: World) -> None:
    ticket, opened = new_ticket(world), browser("manager")
    page = f"/equipe/tickets/{ticket.reference}/"
    _path, fields = posted(opened, ticket)
    text = f"/brouillons/comment/{fields['cle'][0]}/texte/"
    assert opened.post(text, fill(fields, kind="reply")).content == b"", "the page as it stands is no draft"
    assert "Brouillon enregistré" in words(opened.post(text, fill(fields, **{name: BESIDE[name]})))
    assert BESIDE[name] in unescape(words(opened.get(page)))
    assert beside(opened.get(f"{page}?brouillon={fields['cle'][0]}")) == {name: BESIDE[name]}


@pytest.mark.parametrize("was", ["", "RD-1"])
def test_r120_a_reference_typed_as_the_session_ended_comes_back(was: str, browser, world: World) -> None:
    ticket, opened = new_ticket(world), browser("agent")
    Ticket.objects.filter(pk=ticket.pk).update(rd_reference=was)
    path, fields = posted(opened, ticket, "rd")
    opened.logout()
    assert opened.post(path, fill(fields, rd_reference="RD-12", rd_url="https://rd.example/12")).status_code == 302
    page = browser("agent").get(f"/equipe/tickets/{ticket.reference}/?brouillon={fields['cle'][0]}")
    assert beside(page) == {"rd_reference": "RD-12", "rd_url": "https://rd.example/12"}
    assert is_open(page, "rd_reference")


def test_r102_a_draft_brings_back_nothing_that_it_did_not_change(browser, world: World) -> None:
    ticket, opened = new_ticket(world), browser("agent")
    Ticket.objects.filter(pk=ticket.pk).update(rd_reference="RD-1")
    path, fields = posted(opened, ticket, "a-faire")
    opened.logout()
    opened.post(path, fill(fields, todo="Rappeler", rd_reference="RD-1"))
    Ticket.objects.filter(pk=ticket.pk).update(rd_reference="RD-2")
    page = browser("agent").get(f"/equipe/tickets/{ticket.reference}/?brouillon={fields['cle'][0]}")
    assert beside(page) == {"todo": "Rappeler", "rd_reference": "RD-2"}
