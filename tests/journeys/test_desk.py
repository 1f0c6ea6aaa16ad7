"""The desk as the team lives in it: a queue emptied by keyboard alone, many tickets in one order."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from calypso.base.table_files import read_tables
from tests.installation import wait_for
from tests.journeys.conftest import Opener, Site
from tests.journeys.every_page import XB
from tests.journeys.looks import faults

pytestmark = pytest.mark.journey

TWENTY = """
from calypso.accounts.models import User
from calypso.projects.models import Project
from calypso.tickets.actions.opening import Request, open_ticket
by = User.objects.get(email="xavier.declarant@leni-tests.example")
project = Project.objects.get(name__startswith="Projet de Test")
for number in range(20): open_ticket(by, project=project, request=Request(title=f"Vingtaine {number}", priority="1"))
"""


def press(page: Page, *keys: str) -> None:
    """Keys, the last of which leads to another page."""
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press(keys[-1])


def test_an_agent_empties_a_queue_of_twenty_with_the_keyboard_alone(site: Site, open_page: Opener) -> None:
    site.made.python(TWENTY)
    page = open_page("sincere.brandy@leni.example")
    page.goto("/equipe/?etat=new&q=Vingtaine&tri=reference")
    expect(page.get_by_role("heading", level=1)).to_contain_text("20")
    press(page, "j", "Enter")
    for number in range(20):
        expect(page.get_by_role("heading", level=1)).to_contain_text("Vingtaine")
        if number == 0:  # what is being written goes where the tabs say
            page.keyboard.press("n")
            page.keyboard.type("Vu, je regarde.")
            press(page, "Control+Enter")
            expect(page.locator("#conversation")).to_contain_text("Note interne")
            page.keyboard.press("r")
            page.keyboard.type("Bonjour, nous regardons.")
            press(page, "Control+Enter")
            expect(page.locator("#conversation")).to_contain_text("Bonjour, nous regardons.")
        else:  # who answers has taken the ticket already
            press(page, "m")
        expect(page.locator("#faits")).to_contain_text("Affecté")
        if number < 19:
            press(page, "j")
    expect(page.get_by_role("link", name="Suivant")).to_have_count(0)
    page.goto("/equipe/?etat=new&q=Vingtaine")
    expect(page.get_by_text("Aucun ticket ne correspond")).to_be_visible()
    page.goto("/equipe/?intervenant=moi&q=Vingtaine")
    expect(page.get_by_role("heading", level=1)).to_contain_text("20")


def test_two_colleagues_see_each_other_and_what_is_typed_is_kept(site: Site, open_page: Opener) -> None:
    """Who else is there, who types; a page left without sending offers what was typed."""
    mine, theirs = open_page("sincere.brandy@leni.example"), open_page("paul.support@leni.example")
    mine.goto("/equipe/tickets/J8YV5RA/")
    theirs.goto("/equipe/tickets/J8YV5RA/")
    expect(theirs.locator("[data-presence]")).to_have_text("Sincère BRANDY a ce ticket sous les yeux.")
    mine.locator("[data-composer] textarea").fill("Bonjour, la colonne est")
    expect(mine.locator(".autosaved")).to_contain_text("Brouillon enregistré à")
    expect(theirs.locator("[data-presence]")).to_have_text("Sincère BRANDY écrit sur ce ticket.")
    mine.locator("[data-composer] textarea").fill("Bonjour, la colonne est revenue")
    mine.goto("/equipe/")  # at once: what was typed last leaves with the page
    expect(theirs.locator("[data-presence]")).to_have_text("")
    mine.goto("/equipe/tickets/J8YV5RA/")
    expect(mine.locator(".unsent")).to_contain_text("Bonjour, la colonne est revenue")
    assert faults(mine) == []
    mine.get_by_role("link", name="Reprendre").click()
    expect(mine.locator("[data-composer] textarea")).to_have_value("Bonjour, la colonne est revenue")
    mine.get_by_role("button", name="Envoyer au client").click()
    expect(mine.locator("#conversation")).to_contain_text("Bonjour, la colonne est revenue")
    mine.goto("/equipe/tickets/J8YV5RA/")
    expect(mine.locator(".unsent")).to_have_count(0)


def test_enter_in_a_field_beside_the_composer_presses_the_button_of_that_field(site: Site, open_page: Opener) -> None:
    """What is being written to the client is neither sent nor lost."""
    page = open_page("sincere.brandy@leni.example")
    page.goto("/equipe/tickets/KJC0E3R/")
    words = page.locator("[data-composer] textarea")
    words.fill("Pas encore envoyé")
    page.locator(".panel summary", has_text="Temps passé").click()
    page.get_by_label("Durée").fill("vingt")
    page.get_by_label("Durée").press("Enter")
    expect(page.locator(".summary")).to_contain_text("Indiquez une durée")
    expect(words).to_have_value("Pas encore envoyé")
    page.get_by_label("Durée").fill("20")
    page.get_by_label("Durée").press("Enter")
    expect(page.locator("#n-temps")).to_have_text("20 min")
    expect(words).to_have_value("Pas encore envoyé")
    page.locator(".panel summary", has_text="À faire").click()
    page.get_by_label("Une chose à faire").fill("Rappeler le client")
    page.get_by_label("Une chose à faire").press("Enter")
    expect(page.locator("#n-todo")).to_have_text("0 sur 1")
    expect(page.locator("#conversation")).not_to_contain_text("Pas encore envoyé")


def test_the_extranet_is_seen_as_a_contact_sees_it(site: Site, open_page: Opener) -> None:
    page = open_page(XB)
    page.goto("/equipe/societes/?q=declarant")
    page.get_by_role("link", name=re.compile("Voir Xavier DECLARANT")).click()
    page.get_by_role("button", name="Voir comme").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour Xavier")
    expect(page.locator(".impersonation")).to_contain_text("comme Xavier DECLARANT, en lecture seule")
    assert faults(page) == []
    page.goto("/tickets/KJC0E3R/")
    page.get_by_text("Ajouter", exact=True).click()
    expect(page.locator("main form", has=page.locator("textarea"))).to_have_attribute("inert", "")
    page.get_by_role("button", name="Revenir à l’équipe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xavier DECLARANT")


def test_a_ticket_is_reached_and_a_colleague_named_without_the_mouse(site: Site, open_page: Opener) -> None:
    page = open_page("sincere.brandy@leni.example")
    page.goto("/equipe/")
    page.keyboard.press("Control+k")
    page.keyboard.type("mes tickets")
    expect(page.locator("#palette").get_by_role("button", name="Mes tickets", exact=True)).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("introuvable")
    expect(page.locator("#palette").get_by_text("Rien ne correspond.")).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("OK899Q5")
    expect(page.locator("#palette").get_by_role("link")).to_have_count(2)  # the ticket, and all the results
    assert faults(page) == []
    press(page, "Enter")
    expect(page).to_have_url(re.compile("OK899Q5"))
    page.keyboard.press("Control+k")
    page.keyboard.type("note interne")
    expect(page.locator("#trouve p")).to_have_count(1)  # the server finds nothing, the page an act
    expect(page.locator("#palette").get_by_text("Rien ne correspond.")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("Un avis @bros")
    expect(page.locator("#mentions").get_by_role("option")).to_have_text(["Xavier BROSSET"])
    assert faults(page) == []
    page.keyboard.press("Enter")
    page.locator(".panel summary", has_text="Responsables, notifications").press("Enter")
    page.get_by_role("button", name="Suivre", exact=True).press("Enter")
    expect(page.locator("#suivi")).to_contain_text("Vous suivez ce ticket")
    expect(page.get_by_label("Texte", exact=True)).to_have_value("Un avis @Xavier BROSSET ")
    page.get_by_label("Texte", exact=True).focus()
    press(page, "Control+Enter")
    expect(page.locator("#conversation")).to_contain_text("Un avis @Xavier BROSSET")
    named = open_page(XB)
    named.goto("/equipe/")
    with named.expect_response("**/notifications/vues/"):  # seen once it was looked at
        named.get_by_role("link", name=re.compile("^Notifications")).click()
        expect(named.locator(".notices .new").first).to_contain_text("Sincère BRANDY vous mentionne")
    named.reload()
    expect(named.locator(".notices .new")).to_have_count(0)


@pytest.mark.parametrize("scripted", [True, False])
def test_many_tickets_in_one_order_with_and_without_javascript(scripted: bool, site: Site, open_page: Opener) -> None:
    page = open_page(XB, javascript=scripted)
    page.goto("/equipe/?etat=new&priorite=2")
    boxes = page.locator("input[name='ref']")
    bar = page.locator("[data-bulk-bar]")
    if scripted:
        expect(bar).to_be_hidden()
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(bar).to_contain_text("1 sélectionné")
        boxes.nth(1).check()
        expect(bar).to_contain_text("2 sélectionnés")
    else:
        boxes.nth(0).check()
        boxes.nth(1).check()
    page.get_by_role("button", name=re.compile("Retenir une priorité")).click()
    page.get_by_label("Priorité retenue").select_option(label="Bloquant" if scripted else "Faible")
    page.get_by_label("Motif, que le client lira").fill("Ouverture du salon demain")
    page.get_by_role("button", name="Appliquer aux 2 tickets").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Priorité retenue pour 2 tickets")


def test_what_is_not_ticked_is_never_part_of_an_order(site: Site, open_page: Opener) -> None:
    page = open_page(XB)
    page.goto("/equipe/")
    every = page.get_by_label(re.compile(r"^les \d+ qui correspondent"))
    page.locator("input[name='ref']").nth(3).check()
    every.check()
    total = re.findall(r"\d+", every.locator("..").inner_text())[0]
    expect(page.locator("[data-bulk-count]")).to_have_text(f"{total} sélectionnés")
    page.locator("input[name='ref']").nth(0).uncheck()
    expect(every).not_to_be_checked()
    expect(page.locator("[data-bulk-count]")).to_have_text("24 sélectionnés")


def test_two_hundred_contacts_are_imported_but_for_seven_lines(site: Site, open_page: Opener, tmp_path: Path) -> None:
    lines = [f";Prénom{number};NOM{number};contact{number}@leni-tests.example;" for number in range(1, 194)]
    wrong = [
        ";Sans;ADRESSE;;",
        ";Pas;ADRESSE;pas-une-adresse;",
        ";;SANSPRENOM;sansprenom@leni-tests.example;",
        ";Sansnom;;sansnom@leni-tests.example;",
        "Dr;Grace;HOPPER;grace@leni-tests.example;",
        ";Deux;FOIS;contact1@leni-tests.example;",
        ";De;LEQUIPE;sincere.brandy@leni.example;",
    ]
    table = tmp_path / "contacts.csv"
    table.write_bytes("\r\n".join(["Civilité;Prénom;Nom;E-mail;Langue", *lines, *wrong]).encode("cp1252"))
    page = open_page(XB)
    page.goto("/equipe/societes/")
    page.get_by_role("row").filter(has_text="LENI - TESTS").get_by_role("link").last.click()
    page.get_by_role("link", name="Importer plusieurs contacts").click()
    page.get_by_label("Tableau : XLSX, XLS, ODS ou CSV").set_input_files(table)
    page.get_by_role("button", name="Lire le fichier").click()
    expect(page.get_by_text("193 contacts à inviter, 0 déjà connu, 7 lignes à corriger")).to_be_visible()
    assert faults(page) == []
    refused = page.locator("section").filter(has=page.get_by_role("heading", name=re.compile("Lignes à corriger")))
    for number in range(195, 202):
        expect(refused.get_by_role("cell", name=str(number), exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger les lignes à corriger").click()
    assert len(read_tables(download.value.path().read_bytes())[0].rows) == 8
    page.get_by_role("button", name="Inviter 193 contacts").dblclick()
    expect(page.get_by_text("L’import est fait")).to_be_visible()
    expect(page.get_by_role("navigation", name="Pages").first).to_be_visible()  # fifty a page
    page.goto("/equipe/societes/?q=contact193")
    expect(page.get_by_text("contact193@leni-tests.example")).to_be_visible()
    wait_for(lambda: "contact1@leni-tests.example" in {str(mail["To"]) for mail in site.smtp.messages})


@pytest.mark.parametrize("asked", [False, True], ids=["before it is asked", "while it is asked"])
def test_enter_pressed_before_the_answer_takes_the_first_one(asked: bool, site: Site, open_page: Opener) -> None:
    """The fastest hands typed a name and Enter before the list was there, and left the form."""
    page = open_page("paul.support@leni.example")
    page.goto("/equipe/tickets/nouveau/")
    answers: list[Route] = []

    def keep(answer: Route) -> None:
        answers.append(answer)

    page.route("**/equipe/choisir/**", keep)
    page.keyboard.type("declarant")
    if asked:
        wait_for(lambda: page.wait_for_timeout(20) or any("declarant" in answer.request.url for answer in answers))
    known = len(answers)
    page.keyboard.press("Enter")
    wait_for(lambda: page.wait_for_timeout(20) or len(answers) > known)
    for answer in answers[-1:]:
        answer.continue_()
    page.unroute("**/equipe/choisir/**")
    page.wait_for_url("**/equipe/tickets/nouveau/?personne=*")
    expect(page.get_by_text("Pour Xavier DECLARANT")).to_be_visible()


def test_the_steps_have_keys_of_their_own(site: Site, open_page: Opener) -> None:
    site.made.python(TWENTY.replace("Vingtaine", "Touches"))
    page = open_page("sincere.brandy@leni.example")
    for chord, state in (("Alt+Enter", "En attente"), ("Control+Shift+Enter", "Traité")):
        page.goto("/equipe/?etat=new&q=Touches")
        page.locator("main a[href*='/equipe/tickets/']").first.click()
        expect(page.get_by_label("Texte", exact=True)).to_be_visible()
        page.keyboard.press("n")  # nothing of a note goes by them
        page.keyboard.type("Essai")
        page.keyboard.press(chord)
        expect(page.locator("#faits")).to_contain_text("Nouveau")
        page.locator(".kinds label").filter(has_text="Réponse au client").click()
        expect(page.get_by_label("Texte", exact=True)).to_be_focused()
        press(page, chord)
        expect(page.locator("#faits")).to_contain_text(state)


def test_a_long_form_is_not_left_with_what_was_typed_in_it(site: Site, open_page: Opener) -> None:
    page, asked = open_page("admin@leni.example"), []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto("/equipe/reglages/textes/conditions/")
    page.get_by_role("link", name="Réglages").first.click()
    page.wait_for_url("**/equipe/reglages/")
    assert asked == [], "nothing was typed"
    page.goto("/equipe/reglages/textes/conditions/")
    page.get_by_label("Français").fill("Nos conditions")
    page.get_by_role("button", name="Aperçu").click()
    expect(page.get_by_text("pas encore enregistré")).to_be_visible()
    page.get_by_role("link", name="Réglages").first.click(no_wait_after=True)
    wait_for(lambda: page.wait_for_timeout(20) or asked == ["beforeunload"])
    expect(page.get_by_label("Français")).to_have_value("Nos conditions")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/equipe/reglages/?fait=enregistre*")
    assert asked == ["beforeunload"]
