"""The queue's questions: filters that combine, live in the address, and are kept under a name."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calypso.base import clock
from calypso.base.errors import Forbidden, Invalid, NotVisible
from calypso.teamwork.access import may_change, usable_by
from calypso.teamwork.actions import saved_views as views
from calypso.teamwork.models import SavedView
from calypso.teamwork.queries.queue import QueueFilters, queue_page
from calypso.teamwork.queries.saved_views import saved_views
from calypso.tickets.models import Ticket
from tests.pages import fill, form, words
from tests.world import World, new_ticket, say


def titles(world: World, **filters: str) -> set[str]:
    return {row.title for row in queue_page(world.support, QueueFilters(**filters), "", 1).page.rows}


def test_filters_combine(world: World) -> None:
    old = new_ticket(world, title="Ancien")
    new_ticket(world, title="Frais")
    Ticket.objects.filter(pk=old.pk).update(activity_at=clock.ago(days=4))
    assert {"Ancien", "Frais"} <= titles(world, author=world.dec.key)
    quiet = titles(world, author=world.dec.key, quiet_days="3")
    assert "Ancien" in quiet
    assert "Frais" not in quiet
    assert "Ancien" not in titles(world, quiet_days="7")
    phase = world.project("A1").phase
    assert "Ancien" in titles(world, phase=phase, quiet_days="3")
    assert "Ancien" not in titles(world, phase="live" if phase == "setup" else "setup")


def test_words_are_gathered_once_for_the_count_and_the_page(world: World, settings) -> None:
    settings.LIST_PAGE_SIZE = 2
    pages = [queue_page(world.agent, QueueFilters(words="ticket"), "libelle", page).page for page in (1, 2, 9)]
    assert [[row.title.split()[1] for row in page.rows] for page in pages] == [["A1", "A2"], *[["A3", "B1"]] * 2]
    assert {(page.total, page.pages) for page in pages} == {(4, 2)}
    with CaptureQueriesContext(connection) as asked:
        queue_page(world.agent, QueueFilters(words="ticket"), "libelle", 1)
    assert sum("search_fts" in query["sql"] or "search_searchdocument" in query["sql"] for query in asked) == 1


@pytest.mark.parametrize("asked", ["phase=autre", "calme=2", "calme=x", "etat=rien", "priorite=9", "tri=secret"])
def test_r17_a_filter_out_of_its_list_is_refused(asked: str, world: World, browser) -> None:
    assert browser("support").get(f"/equipe/?{asked}").status_code == 422


def test_an_author_in_the_address_is_named_and_an_unknown_one_leaves_nothing(world: World, browser) -> None:
    opened = browser("support")
    assert world.dec.full_name in words(opened.get(f"/equipe/?auteur={world.dec.key}"))
    assert "Aucun ticket ne correspond" in words(opened.get("/equipe/?auteur=inconnu"))


def test_a_view_is_kept_reached_and_removed(world: World, browser) -> None:
    opened = browser("support")
    answer = opened.post("/equipe/vues/", {"name": "Bloquants", "query": "priorite=4&tri=-activite"}, follow=True)
    page = words(answer)
    assert "La vue est enregistrée." in page
    assert "Vues enregistrées" in page
    assert "Bloquants" in words(opened.get("/equipe/projets/"))
    assert "Bloquants" not in words(browser("agent").get("/equipe/"))
    key = SavedView.objects.get().key
    assert "La vue est retirée." in words(opened.post(f"/equipe/vues/{key}/retirer/", follow=True))
    assert not SavedView.objects.exists()


def test_a_shared_view_is_everybody_s_and_its_keepers_are_those_who_assign(world: World, browser) -> None:
    mine = views.save_view(world.support, name="À nous", query="etat=new", shared=True)
    assert "À nous" in words(browser("agent").get("/equipe/"))
    with pytest.raises(Forbidden):
        views.remove_view(world.agent, key=mine.key)
    with pytest.raises(Forbidden):
        views.save_view(world.agent, name="Aussi", query="etat=new", shared=True)
    views.remove_view(world.manager, key=mine.key)
    own = views.save_view(world.agent, name="À moi", query="", shared=False)
    with pytest.raises(NotVisible):
        views.remove_view(world.manager, key=own.key)


def test_one_s_own_views_come_before_the_team_s_each_by_name(world: World) -> None:
    for owner, name, shared in (
        (world.support, "Accueil", True),
        (world.manager, "Bloquants", True),
        (world.agent, "Zone", False),
        (world.agent, "Midi", False),
    ):
        views.save_view(owner, name=name, query="", shared=shared)
    shown = [(known.view.name, known.may_change) for known in saved_views(world.agent, lambda _query: QueueFilters())]
    assert shown == [("Midi", True), ("Zone", True), ("Accueil", False), ("Bloquants", False)]


@pytest.mark.parametrize(
    "who, shared, may",
    [
        *[("agent", shared, True) for shared in (False, True)],
        *[(who, False, False) for who in ("support", "manager", "admin", "rd")],
        *[(who, True, True) for who in ("support", "manager", "admin")],
        ("rd", True, False),
    ],
)
def test_a_view_is_changed_by_its_owner_and_the_team_s_by_who_assigns(
    who: str, shared: bool, may: bool, world: World
) -> None:
    kept = SavedView.objects.create(key="uneunique", owner=world.agent, name="Une", query="", shared=shared)
    assert may_change(world.person(who), kept) is may


def test_c4_a_name_serves_once_and_thirty_are_enough(world: World, browser, monkeypatch) -> None:
    opened = browser("agent")
    opened.post("/equipe/vues/", {"name": "Une", "query": "etat=new"})
    again = opened.post("/equipe/vues/", {"name": "Une", "query": "etat=rd"})
    assert again.status_code == 422
    assert "Vous avez déjà une vue de ce nom." in words(again)
    assert [view.query for view in usable_by(world.agent, SavedView)] == ["etat=new"]
    assert str(usable_by(world.agent, SavedView)[0]) == "Une"
    views.save_view(world.support, name="Une", query="etat=rd", shared=False)
    monkeypatch.setattr(views, "MOST", 1)
    with pytest.raises(Invalid, match="trente"):
        views.save_view(world.agent, name="Deux", query="", shared=False)


def test_c4_a_view_without_a_name_keeps_the_question(world: World, browser) -> None:
    answer = browser("support").post("/equipe/vues/", {"name": "", "query": "etat=new"})
    assert answer.status_code == 422
    page = answer.text
    assert 'name="query" value="etat=new"' in page
    assert "obligatoire" in page


def test_r2_a_client_has_no_views(world: World) -> None:
    views.save_view(world.support, name="Équipe", query="", shared=True)
    assert not usable_by(world.dec, SavedView).exists()
    with pytest.raises(NotVisible):
        views.save_view(world.dec, name="x", query="", shared=False)


def test_a_ticket_knows_its_neighbours_in_the_queue_one_came_from(world: World, browser) -> None:
    opened, question = browser("support"), f"?dans=auteur%3D{world.dec.key}%26tri%3Dreference"
    for number in range(3):
        new_ticket(world, title=f"Rang {number}")
    rows = queue_page(world.support, QueueFilters(author=world.dec.key), "reference", 1).page.rows
    first, second, third = (row.reference for row in rows[:3])
    page = opened.get(f"/equipe/tickets/{second}/{question}").text
    assert f'rel="prev" data-press="k" href="/equipe/tickets/{first}/?dans=' in page
    assert f'rel="next" data-press="j" href="/equipe/tickets/{third}/?dans=' in page
    assert f"2 sur {len(rows)}" in page
    assert 'rel="prev"' not in opened.get(f"/equipe/tickets/{first}/{question}").text
    last = opened.get(f"/equipe/tickets/{rows[-1].reference}/{question}").text
    assert 'rel="next"' not in last
    assert 'rel="prev"' not in opened.get(f"/equipe/tickets/{second}/").text


def test_a_draft_taken_up_or_thrown_away_keeps_the_queue(world: World, browser) -> None:
    here, question = new_ticket(world), "?dans=etat%3Dnew"
    opened, page = browser("support"), f"/equipe/tickets/{here.reference}/"
    opened.post("/brouillons/comment/suite1/texte/", {"retour": page, "body": "Commencé"})
    shown = opened.get(f"{page}{question}").text
    resumed = re.search(r'href="([^"]+)">Reprendre', shown)
    thrown = re.search(r'jeter/">.*?name="retour" value="([^"]+)"', shown)
    assert (resumed[1], thrown[1]) == (f"{page}{question}&amp;brouillon=suite1", f"{page}{question}")
    assert 'rel="next"' in opened.get(resumed[1].replace("&amp;", "&")).text
    answer = opened.post("/brouillons/comment/suite1/jeter/", {"retour": thrown[1]})
    assert answer["Location"] == f"{page}{question}"


def test_an_act_keeps_the_queue_and_a_ticket_that_left_it_is_followed_by_its_first(world: World, browser) -> None:
    here, other = new_ticket(world, title="Ici"), new_ticket(world, title="Autre")
    opened, question = browser("support"), "?dans=etat%3Dnew%26tri%3D-creation"
    page = f"/equipe/tickets/{here.reference}/"
    sent = opened.post(
        f"{page}envoyer/{question}", {"act": "start", "version": here.version, "body": "", "cle": "file1"}
    )
    assert "dans=etat%3Dnew" in sent["Location"]
    after = opened.get(sent["Location"]).text
    assert f'data-press="j" href="/equipe/tickets/{other.reference}/' in after
    assert 'rel="prev"' not in after


@pytest.mark.parametrize("query, act", [("etat=new&tri=-creation", "start"), ("auteur={dec}&tri=-activite", "comment")])
def test_an_act_that_moves_the_ticket_leads_to_the_one_that_followed(
    query: str, act: str, world: World, browser
) -> None:
    later, here, _first = (new_ticket(world, title=title) for title in ("Ensuite", "Ici", "Premier"))
    opened, question = browser("support"), f"?{urlencode({'dans': query.format(dec=world.dec.key)})}"
    page, next_page = f"/equipe/tickets/{here.reference}/", f'data-press="j" href="/equipe/tickets/{later.reference}/'
    send = f"{page}envoyer/{question}"
    shown = opened.get(page + question)
    assert next_page in shown.text
    fields = form(shown, send)
    after = opened.get(opened.post(send, fill(fields, act=act, kind="reply", body="Un mot"))["Location"])
    assert next_page in after.text
    note = opened.post(send, fill(form(after, send), act="note", kind="note", body="Un autre"))
    assert next_page in opened.get(note["Location"]).text, "one act after the other, the same follows"


@pytest.mark.parametrize("within", ["etat%3Drien", "tri%3Dsecret", "%26%26", "x" * 3000])
def test_c4_a_queue_that_cannot_be_read_is_no_hindrance(within: str, world: World, browser) -> None:
    address = f"/equipe/tickets/{world.ticket('A1').reference}/?dans={within}"
    assert browser("support").get(address).status_code == 200


def test_a_view_carries_the_number_of_its_tickets_as_they_change(browser, world: World) -> None:
    views.save_view(world.agent, name="Les nouveaux", query="etat=new", shared=False)
    views.save_view(world.agent, name="Clos", query="etat=closed", shared=False)
    views.save_view(world.agent, name="Rien de connu", query="etat=inconnu", shared=False)

    def counts() -> list[str]:
        return re.findall(
            r'class="t">(Les nouveaux|Clos|Rien de connu)</span>(?:<span class="n">(\w+))?', opened.get("/equipe/").text
        )

    opened, new = browser("agent"), Ticket.objects.filter(state="new").count()
    assert counts() == [("Clos", "0"), ("Les nouveaux", str(new)), ("Rien de connu", "")]
    say(world, "dec", world.ticket("A1"), "close")
    assert counts() == [("Clos", "1"), ("Les nouveaux", str(new - 1)), ("Rien de connu", "")]
