"""The form of the queue's filters: it asks again all that the address asked, but for the page."""

import re
from urllib.parse import parse_qsl

import pytest
from django.core.cache import cache

from calypso.tickets.models import Ticket
from tests.world import World, new_ticket


def asked_again(page) -> dict[str, str]:
    """What the form of the filters would ask as it stands, the sort that follows the rows included."""
    html = page.content.decode()
    filters = html.split('id="filtres"')[1].split("</form>")[0]
    selects = re.findall(r'<select name="(\w+)".*?</select>', filters, flags=re.S)
    chosen = re.findall(
        r'<select name="(\w+)"(?:(?!</select>).)*?<option value="([^"]+)" selected', filters, flags=re.S
    )
    inputs = re.findall(r'<input (?!type="checkbox")[^>]*name="(\w+)"[^>]* value="([^"]*)"', filters)
    inputs += re.findall(r'<input type="checkbox" name="(\w+)" value="([^"]*)" checked', filters)
    sort = re.findall(r'<input type="hidden" name="(tri)" value="([^"]*)" form="filtres">', html)
    assert "societe" in selects
    return {name: value for name, value in [*chosen, *inputs, *sort] if value}


@pytest.mark.parametrize("where", ["/equipe/", "/equipe/tableau/"])
@pytest.mark.parametrize(
    "query",
    [
        "lot=a-publier",
        "echeance=proche&tri=echeance",
        "lot=a-publier&etat=in_progress&q=facture&tri=-priorite",
        "figure=crees&du=2026-01-01&au=2026-01-31&intervenant=moi&phase=live&calme=3",
        "intervenant=personne&priorite=4&tri=libelle",
    ],
)
def test_a_filter_changes_nothing_else(query: str, where: str, browser, world: World) -> None:
    assert asked_again(browser("support").get(f"{where}?{query}&page=2")) == dict(parse_qsl(query))


def test_the_sort_follows_the_rows_that_a_head_sorts(browser, world: World) -> None:
    part = browser("support").get("/equipe/?tri=libelle", headers={"HX-Request": "true", "HX-Target": "file"})
    assert '<input type="hidden" name="tri" value="libelle" form="filtres">' in part.content.decode()


def assignees(page) -> dict[str, str]:
    """The people whom the filter offers, and the one that it shows under « shown »."""
    select = page.content.decode().split('<select name="intervenant"')[1].split("</select>")[0]
    options = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)', select)
    return {key: name for key, _on, name in options} | {"shown": "".join(key for key, on, _name in options if on)}


@pytest.mark.parametrize("where", ["/equipe/", "/equipe/tableau-de-bord/"])
@pytest.mark.parametrize("who", ["agent", "support", "manager"])
def test_every_worker_is_offered_whoever_asks(who: str, where: str, browser, world: World) -> None:
    offered = assignees(browser(who).get(where))
    assert {world.agent.key, world.support.key, world.manager.key, world.admin.key} <= set(offered)
    assert not {world.rd.key, world.norole.key, world.dec.key} & set(offered)


def test_who_left_open_tickets_is_offered_and_who_is_asked_is_shown(browser, world: World) -> None:
    ticket = new_ticket(world)
    Ticket.objects.filter(pk=ticket.pk).update(assignee=world.norole)
    assert assignees(browser("agent").get("/equipe/"))[world.norole.key] == "Norbert ROLE"
    Ticket.objects.filter(pk=ticket.pk).update(assignee=None)
    cache.clear()
    asked = assignees(browser("agent").get(f"/equipe/?intervenant={world.norole.key}"))
    assert (asked["shown"], asked[world.norole.key]) == (world.norole.key, "Norbert ROLE")
    assert world.norole.key not in assignees(browser("agent").get("/equipe/"))
    assert world.dec.key not in assignees(browser("agent").get(f"/equipe/?intervenant={world.dec.key}"))
