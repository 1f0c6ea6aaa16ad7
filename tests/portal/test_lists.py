"""The client's lists: projects, sections, closed tickets, one's own (S26–S51, S70–S71, S83–S93)."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from calypso.accounts.actions.people import Identity, invite_contact
from calypso.base import clock
from calypso.projects.models import Project
from calypso.tickets.actions.opening import Request, open_ticket
from calypso.tickets.actions.steps import assign
from calypso.tickets.models import Ticket
from calypso.tickets.queries import lists
from tests.pages import in_order, words
from tests.world import World, add_project, new_ticket, say


@pytest.mark.checklist("S26-S37")
def test_the_first_page_says_what_the_guide_says(browser, world: World) -> None:
    Project.objects.filter(pk=world.project("A2").pk).update(phase="live", event_date=date(2019, 1, 28))
    page = browser("dec").get("/projets/")
    assert in_order(
        page,
        "Se déconnecter",
        "Bonjour Denis,",
        "Voici la liste des projets en cours pour votre société. Pour chacun vous pouvez accéder à la liste de ses tickets, dans laquelle nous vous indiquons :",
        "s'il y a des tickets pour lesquels nous avons besoin de compléments d'informations de votre part",
        "s'il y a des tickets que nous venons de traiter et nous vous demandons alors de clôturer.",
        "Vous y retrouverez aussi tous les tickets en cours de traitements par nos équipes ainsi qu'un historique de ceux qui ont été traités et clôturés, et vous pourrez y créer un nouveau ticket",
        "Créer un ticket",
        "Liste de mes tickets",
        "Rafraîchir la liste",
        "Projets (2)",
        "Pour différencier les projets en Paramétrage et ceux en exploitation",
        "Nom",
        "Phase",
        "Chef de Projet",
        "Date évènement",
        "Nb Tickets à Compléter",
        "Nb tickets traités",
        "Nb tickets en cours",
        "Voir",
        "A1 ",
        "Paramétrage Paule MERCIER — 0 0 1",
        "A2 ",
        "Exploitation Paule MERCIER 28/01/2019 0 0 1",
    )
    html = page.content.decode()
    assert f'href="/projets/{world.project("A1").key}/"' in html
    assert 'data-key="create" href="/tickets/nouveau/"' in html
    assert "A3" not in words(page)


@pytest.mark.parametrize("key", ["nom", "phase", "chef", "date", "completer", "traites", "cours"])
def test_projects_sort_both_ways(key: str, browser, world: World) -> None:
    opened = browser("dec")

    def order(tri: str) -> list[str]:
        return re.findall(r"<strong><bdi>(A\d)", opened.get(f"/projets/?tri={tri}").content.decode())

    new_ticket(world)
    Project.objects.filter(pk=world.project("A2").pk).update(
        event_date=date(2019, 1, 28), phase="live", client_manager=None
    )
    for state, name in (("waiting", "A1"), ("processed", "A2")):
        Ticket.objects.filter(pk=world.ticket(name).pk).update(state=state)
    assert order(key) == order(f"-{key}")[::-1]
    assert 'aria-sort="descending"' in opened.get(f"/projets/?tri=-{key}").content.decode()


def test_r17_an_unknown_sort_is_a_422(browser, world: World) -> None:
    for path in (
        "/projets/?tri=password",
        "/tickets/?tri=author__password",
        f"/projets/{world.project('A1').key}/?tri=x",
    ):
        answer = browser("dec").get(path)
        assert answer.status_code == 422
        assert "Ce tri n'existe pas." in words(answer)


def test_sorting_and_paging_take_their_part_only(browser, world: World) -> None:
    key = world.project("A1").key
    for path, part in (
        ("/projets/", "liste-projets"),
        (f"/projets/{key}/", "tickets-du-projet"),
        (f"/projets/{key}/", "tickets-clos"),
        (f"/projets/{key}/clos/", "resultats"),
        ("/tickets/", "mes-tickets"),
    ):
        full = browser("dec").get(path)
        part_only = browser("dec").get(path, headers={"HX-Request": "true", "HX-Target": part})
        html = part_only.content.decode().strip()
        assert f'id="{part}"' in html.splitlines()[0] + html.splitlines()[1], part
        assert "<html" not in html
        assert "HX-Target" in part_only["Vary"]
        assert words(part_only).strip() in words(full)


@pytest.mark.parametrize(
    "who, path, number",
    [
        ("dec", "/projets/", 7),
        ("dec", "/projets/{A2}/clos/?q=ticket", 3),
        ("dec", "/tickets/", 6),
        ("agent", "/equipe/", 8),
    ],
)
def test_each_heading_that_sorts_brings_its_list_alone(who: str, path: str, number: int, browser, world: World) -> None:
    Ticket.objects.filter(pk=world.ticket("A2").pk).update(state="closed", closed_at=clock.now())
    page = browser(who).get(path.format(A2=world.project("A2").key)).text
    headings = re.findall(r"<thead>.*?</thead>", page, re.S)[0]
    links = re.findall(r"<a [^>]*tri=[^>]*>", headings)
    assert len(links) == number
    assert [link for link in links if "hx-target" not in link] == []


@pytest.mark.checklist("S38-S42", "S46", "S50")
def test_a_project_page_has_its_five_sections_in_order(browser, world: World) -> None:
    project = add_project(world, "Sections", "alpha", "pm")
    new_ticket_in(world, project, "Sujet du jour")
    page = browser("pm").get(f"/projets/{project.key}/")
    hour = clock.now().astimezone(ZoneInfo("Europe/Paris")).strftime("%Hh")
    assert in_order(
        page,
        "Retour sur la liste des projets",
        "Projet : Sections",
        "Droits de visualisation du projet",
        "Rafraîchir les tickets",
        "Nouveaux tickets du jour (1)",
        "Créer un ticket",
        "Heure Référence Priorité Libellé Voir",
        hour,
        "Moyenne Sujet du jour",
        "Tickets en attente d'informations de votre part (0)",
        "Tickets traités, à clôturer (0)",
        "Tickets en cours (0)",
        "Tickets clôturés (0)",
    )
    assert "Droits de visualisation" not in words(browser("dec").get(f"/projets/{project.key}/"))


def new_ticket_in(world: World, project: Project, title: str, **fields: str) -> Ticket:
    asked = {"title": title, "priority": "2", **fields}
    return open_ticket(world.dec, project=Project.objects.get(pk=project.pk), request=Request(**asked))


@pytest.mark.checklist("S43-S50", "S106", "S107")
def test_each_ticket_is_in_its_section_with_its_columns(browser, world: World) -> None:
    project = add_project(world, "Colonnes", "alpha", "pm")
    with clock.set_to(datetime(2026, 3, 2, 9, tzinfo=UTC)):
        old_new = new_ticket_in(world, project, "Hier encore nouveau", priority="4", context="Feu")
        waiting = new_ticket_in(world, project, "Précisez")
        done = new_ticket_in(world, project, "Vérifiez", priority="3", context="Vite")
    with clock.set_to(datetime(2026, 3, 3, 9, 15, tzinfo=UTC)):
        say(world, "agent", waiting, "ask_client", "Lequel ?")
        say(world, "agent", done, "start")
        say(world, "agent", done, "process", "Voilà")
    page = browser("pm").get(f"/projets/{project.key}/")
    assert in_order(
        page,
        "Nouveaux tickets du jour (0)",
        "Tickets en attente d'informations de votre part (1)",
        "À vous de répondre",
        "Date Référence Priorité Libellé Dernier Commentaire Voir",
        f"02/03/2026 {waiting.reference} Moyenne Précisez 03/03/2026 10:15 : Lequel ?",
        "Tickets traités, à clôturer (1)",
        "À vous de vérifier",
        "Date Référence Qui Priorité Libellé Dernier Commentaire Voir",
        f"02/03/2026 {done.reference} Denis ECLUSE Élevée Vérifiez 03/03/2026 10:15 : Voilà",
        "Tickets en cours (1)",
        "Date Référence Qui État Priorité Libellé Dernier Commentaire Voir",
        f"02/03/2026 {old_new.reference} Denis ECLUSE Nouveau Bloquant Hier encore nouveau —",
    )
    urgent = re.findall(r'<tr class="urgent">.*?class="ref">(\w+)<', page.content.decode(), flags=re.S)
    assert set(urgent) == {done.reference, old_new.reference}


@pytest.mark.checklist("S42", "S101-S105")
def test_a_ticket_of_the_day_leaves_when_taken_and_at_midnight(browser, world: World) -> None:
    project = add_project(world, "Minuit", "alpha", "pm")
    with clock.set_to(datetime(2026, 6, 1, 21, 59, tzinfo=UTC)):
        late = new_ticket_in(world, project, "Tard le soir")
        assert "Nouveaux tickets du jour (1)" in words(browser("pm").get(f"/projets/{project.key}/"))
    with clock.set_to(datetime(2026, 6, 1, 22, 1, tzinfo=UTC)):
        page = words(browser("pm").get(f"/projets/{project.key}/"))
        assert "Nouveaux tickets du jour (0)" in page
        assert "Tickets en cours (1)" in page
        early = new_ticket_in(world, project, "Juste après")
        assert "Nouveaux tickets du jour (1)" in words(browser("pm").get(f"/projets/{project.key}/"))
        current = Ticket.objects.get(pk=early.pk)
        assign(world.manager, ticket=current, assignee=world.agent, seen_version=current.version)
        page = words(browser("pm").get(f"/projets/{project.key}/"))
        assert "Nouveaux tickets du jour (0)" in page
        assert "Tickets en cours (2)" in page
    assert Ticket.objects.get(pk=late.pk).state == "new"


@pytest.mark.checklist("S49")
def test_sections_are_newest_first(browser, world: World) -> None:
    project = add_project(world, "Ordre", "alpha", "pm")
    for day in (1, 3, 2):
        with clock.set_to(datetime(2026, 3, day, 9, tzinfo=UTC)):
            new_ticket_in(world, project, f"Jour {day}")
    assert in_order(browser("pm").get(f"/projets/{project.key}/"), "Jour 3", "Jour 2", "Jour 1")


@pytest.mark.checklist("S36")
def test_r12_counters_are_the_sums_of_the_sections(browser, world: World) -> None:
    project = add_project(world, "Sommes", "alpha", "pm")
    for number, state in enumerate(
        ["new", "assigned", "rd", "follow_up", "returned", "in_progress", "waiting", "waiting", "processed"]
    ):
        Ticket.objects.filter(pk=new_ticket_in(world, project, f"T{number}").pk).update(state=state)
    row = words(browser("pm").get("/projets/")).split("Sommes")[1]
    assert re.search(r"— 2 1 6 ", row)
    page = words(browser("pm").get(f"/projets/{project.key}/"))
    numbers = [int(found) for found in re.findall(r"(?:jour|part|clôturer|cours) \((\d+)\)", page)]
    assert numbers == [1, 2, 1, 5]


@pytest.fixture
def closed_project(world: World) -> Project:
    """A project with seven closed tickets, as the guide's."""
    project = add_project(world, "Clos", "alpha", "pm")
    titles = ["Image du stand", "Créneau réglé", "Œuvre exposée", "Test 5", "Test 4", "Test 3", "Test 2"]
    for number, title in enumerate(titles):
        with clock.set_to(datetime(2026, 1, 10 - number, 12, tzinfo=UTC)):
            say(world, "dec", new_ticket_in(world, project, title, description=f"Détail {number}"), "close")
    return project


@pytest.mark.checklist("S83-S85", "S88")
def test_closed_tickets_by_five(browser, world: World, closed_project: Project) -> None:
    opened, path = browser("dec"), f"/projets/{closed_project.key}/"
    first = opened.get(path)
    assert in_order(
        first,
        "Tickets clôturés (7)",
        "Faire une recherche sur les tickets clos",
        "Date de clôture",
        "Libellé",
        "Référence",
        "Action",
        "10/01/2026 Image du stand",
        "06/01/2026 Test 4",
        "1–5 sur 7",
        "1 2",
    )
    assert "Test 3" not in words(first)
    assert "Test 2" in words(opened.get(path + "?page=2"))
    assert "Test 2" in words(opened.get(path + "?page=999"))
    assert in_order(opened.get(path + "?tri=libelle"), "Créneau réglé", "Image du stand", "Test 2", "Test 3")


@pytest.mark.checklist("S89-S93")
def test_searching_closed_tickets(browser, world: World, closed_project: Project) -> None:
    opened, path = browser("dec"), f"/projets/{closed_project.key}/clos/"
    assert in_order(
        opened.get(path),
        "Retour sur la page des tickets",
        "Projet : Clos",
        "Recherche par mots-clés",
        "Rechercher",
        "Aucun critère en cours",
        "Tickets clos (7)",
        "7 résultats correspondent à votre recherche.",
        "Date de clôture",
        "Libellé",
        "Référence",
    )
    reference = Ticket.objects.get(title="Image du stand").reference
    for asked, found in (
        ("REGLE creneau", "Créneau réglé"),
        ("oeuvre", "Œuvre exposée"),
        ("detail 0", "Image du stand"),
        (reference, "Image du stand"),
        (reference[:4].lower(), "Image du stand"),
    ):
        answer = opened.get(path, {"q": asked})
        assert f"{found} " in words(answer), asked
        assert "1 résultat correspond à votre recherche." in words(answer), asked
    assert "0 résultat correspond" in words(opened.get(path, {"q": "introuvable"}))
    assert "2 résultats" in words(opened.get(path, {"q": "test", "page": "2"})) or "4 résultats" in words(
        opened.get(path, {"q": "test"})
    )
    for bad in ("%", "_", "x" * 200):
        assert "0 résultat correspond" in words(opened.get(path, {"q": bad}))
    assert opened.get(path, {"q": "x" * 201}).status_code == 422
    assert opened.get(path, {"q": "a\x00"}).status_code == 422


def test_a24_a_reference_is_found_with_its_look_alikes(browser, world: World) -> None:
    project = add_project(world, "Sosies", "alpha", "pm")
    ticket = open_ticket(
        world.dec,
        project=Project.objects.get(pk=project.pk),
        request=Request(title="x", priority="1"),
        reference=lambda: "KJC0E3R",
    )
    say(world, "dec", ticket, "close")
    for asked in ("KJCOE3R", "kjc0e3r", "kjco"):
        assert "1 résultat" in words(browser("dec").get(f"/projets/{project.key}/clos/", {"q": asked})), asked


@pytest.mark.checklist("S93")
def test_r12_a_search_stays_in_its_project(browser, world: World, closed_project: Project) -> None:
    say(world, "out", world.ticket("A2"), "close")
    answer = words(browser("dec").get(f"/projets/{closed_project.key}/clos/", {"q": "canari"}))
    assert "0 résultat" in answer


@pytest.mark.checklist("S30", "S70", "S71")
def test_my_tickets_are_mine_all_projects_together(browser, world: World) -> None:
    mine = new_ticket(world, project="A2", title="À moi sur A2")
    say(world, "dec", new_ticket(world, title="Fini"), "close")
    page = browser("dec").get("/tickets/")
    assert in_order(
        page,
        "Liste de mes tickets",
        "Rafraîchir les tickets",
        "Créer un ticket",
        "Tickets en cours (3)",
        "Date",
        "Référence",
        "Projet",
        "État",
        "Priorité",
        "Libellé",
        "Dernier Commentaire",
        "Voir",
        mine.reference,
        "À moi sur A2",
    )
    assert "Fini" not in words(page)
    assert "Fini" in words(browser("dec").get("/tickets/?etat=clos"))
    assert "Ticket A2" not in words(page)
    for tri in ("date", "-reference", "projet", "etat", "-priorite", "libelle"):
        assert browser("dec").get(f"/tickets/?tri={tri}").status_code == 200


def test_a17_decision_1_having_declared_gives_no_lasting_sight(browser, world: World) -> None:
    from calypso.projects.actions import set_viewers

    new_ticket(world, who="obs", title="Vu puis plus")
    set_viewers(world.pm, project=world.project("A1"), keys={world.dec.key})
    assert "Vu puis plus" not in words(browser("obs").get("/tickets/"))


def test_an_agency_sees_the_company_in_brackets(browser, world: World) -> None:
    invite_contact(
        world.manager, organization=world.organization("beta"), identity=Identity("dec@alpha.example", "D", "E")
    )
    page = words(browser("dec").get("/projets/"))
    assert "(ALPHA)" in page
    assert "(BETA)" in page


def test_empty_lists_say_what_will_come(browser, world: World) -> None:
    Project.objects.update(archived_at=clock.now())
    assert "Aucun projet en cours" in words(browser("bpm").get("/projets/"))
    assert "Aucun ticket ici" in words(browser("pm").get("/tickets/"))


@pytest.mark.parametrize("page", ["-1", "0", "abc", "99999999999999999999", "1e3", "²"])
def test_r58_absurd_pages_never_break(page: str, browser, world: World) -> None:
    assert browser("dec").get("/tickets/", {"page": page}).status_code == 200


def test_the_day_shown_is_the_one_of_the_zone(browser, world: World) -> None:
    with time_machine.travel(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)):
        ticket = new_ticket(world, title="Nuit d'été")
        text = words(browser("dec").get("/tickets/"))
    assert f"02/07/2026 {ticket.reference}" in text


class TestExports:
    def rows(self, answer) -> list[list[object]]:
        assert answer["Content-Disposition"] == 'attachment; filename="tickets.xlsx"'
        return CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()

    def test_a_client_exports_their_tickets_and_those_of_a_project(self, browser, world: World) -> None:
        ticket = say(world, "dec", new_ticket(world, title="=1+1"), "close", "Réglé.")
        own = self.rows(browser("dec").get("/tickets/export/"))
        assert own[0][:3] == ["Référence", "Libellé", "Projet"]
        line = next(row for row in own if row[0] == ticket.reference)
        assert line[1] == "=1+1"  # a text stays a text (R60)
        assert line[3] == "Clôturé"
        assert line[9] == "Réglé."
        of_project = self.rows(browser("pm").get(f"/projets/{world.project('A1').key}/export/"))
        assert ticket.reference in {row[0] for row in of_project}

    def test_r1_of_what_they_see_alone(self, browser, world: World) -> None:
        for who in ("out", "buser"):
            assert browser(who).get(f"/projets/{world.project('A1').key}/export/").status_code == 404
        own = self.rows(browser("out").get("/tickets/export/"))
        assert world.ticket("A1").reference not in {row[0] for row in own}

    def test_r11_no_note_is_in_it(self, browser, world: World) -> None:
        say(world, "agent", world.ticket("A1"), "note", "canari interne")
        assert "canari interne" not in str(self.rows(browser("pm").get(f"/projets/{world.project('A1').key}/export/")))


def test_what_waits_for_me_comes_first(browser, world: World) -> None:
    waiting = say(world, "agent", new_ticket(world, title="Ancien, attendu"), "ask_client", "Laquelle ?")
    new_ticket(world, title="Plus récent")
    page = words(browser("dec").get("/tickets/"))
    assert page.index("Ancien, attendu") < page.index("Plus récent")
    page = words(browser("dec").get("/tickets/?tri=-date"))
    assert page.index("Plus récent") < page.index("Ancien, attendu")
    assert waiting.state == "waiting"


def test_a_client_of_many_projects_has_them_page_by_page(browser, world: World, monkeypatch) -> None:
    """A company of a thousand projects waited for a page of a thousand rows."""
    monkeypatch.setattr(lists, "PROJECTS_SHOWN", 1)
    opened = browser("pm")
    shown = [
        re.findall(r'class="go"><a href="/projets/(\w+)/"', opened.get(f"/projets/?page={n}").text) for n in (1, 2)
    ]
    assert [len(keys) for keys in shown] == [1, 1]
    assert {keys[0] for keys in shown} == {world.project("A1").key, world.project("A2").key}
    assert "Projets (2)" in words(opened.get("/projets/"))
    assert "Tableau de bord" in words(opened.get("/projets/?page=2"))


def test_who_has_but_one_project_has_nothing_to_choose(browser, world: World) -> None:
    """Found by the first client of a new installation, whose ticket was refused for want of a project."""
    page = browser("buser").get("/tickets/nouveau/").text
    assert f'<option value="{world.project("B1").key}" selected>' in page
    assert " selected>" not in browser("pm").get("/tickets/nouveau/").text.partition("</select>")[0]
