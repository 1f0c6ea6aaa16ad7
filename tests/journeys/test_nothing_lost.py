"""Whatever the network, the session or the browser does, what was typed is kept, and leaves once (R68, R103, R120)."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Opener, Site, begin_ticket, identify
from tests.journeys.every_page import CDP, XB, addresses
from tests.journeys.test_after_refresh import ACT, AGENT, DECLARANT, told
from tests.journeys.test_live import OPENING, following

pytestmark = pytest.mark.journey

KEPT = re.compile(r"Brouillon enregistré à \d")
DRAFTS = 'from calypso.tickets.models import Draft\nprint([d.fields.get("body") for d in Draft.objects.filter(owner__email="%s")])'

RESTRICT = """
from calypso.accounts.models import User
from calypso.projects.actions import set_viewers
from calypso.projects.models import Project
by, left = User.objects.get(email="xavier.brosset@leni.example"), User.objects.get(email="%s")
set_viewers(by, project=Project.objects.get(key="%s"), keys={left.key})
"""


def writing(page: Page, reference: str, text: str) -> None:
    """A client writes on a ticket, and the text is kept."""
    page.goto(f"/tickets/{reference}/?ajouter=comment")
    page.get_by_role("textbox", name="Commentaires").fill(text)
    expect(page.get_by_text(KEPT)).to_be_visible()


def away(page: Page) -> None:
    """The server is out of reach for forms and drafts, as behind a proxy whose back end is gone."""
    page.route(re.compile("/(brouillons|envoyer)/"), lambda route: route.abort("connectionfailed"))


@pytest.mark.parametrize("email, path", [(DECLARANT, "/tickets/"), (AGENT, "/equipe/tickets/")])
def test_r103_back_after_sending_shows_an_empty_form(email: str, path: str, site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "Retour après envoi")
    page = open_page(email)
    page.goto("/tickets/" if email == DECLARANT else "/equipe/")
    page.goto(f"{path}{reference}/{'?ajouter=comment' if email == DECLARANT else ''}")
    name = "Commentaires" if email == DECLARANT else "Texte"
    page.get_by_role("textbox", name=name).fill("Une seule fois")
    page.get_by_role("button", name="Ajouter le commentaire" if email == DECLARANT else "Envoyer au client").click()
    expect(page.locator("[data-toast]")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("textbox", name=name)).to_have_value("")
    assert told(site, reference).count("commented:Une seule fois") == 1


def test_r103_back_after_creating_shows_an_empty_form(site: Site, open_page: Opener) -> None:
    page = open_page(CDP)
    begin_ticket(page, "Créé une fois", "Faible")
    page.get_by_role("button", name="Valider").click()
    expect(page.locator("[data-toast]")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Objet de votre demande")).to_have_value("")


def test_r68_what_the_network_did_not_take_is_tried_again(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "Réseau absent")
    page = open_page(DECLARANT, troubles=False)
    writing(page, reference, "Avant")
    away(page)
    page.get_by_role("textbox", name="Commentaires").fill("Avant, puis hors ligne")
    expect(page.get_by_text("Pas encore enregistré")).to_be_visible()
    page.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text(KEPT)).to_be_visible()
    assert "Avant, puis hors ligne" in site.made.python(DRAFTS % DECLARANT)


def test_r68_what_is_typed_beside_the_composer_alone_is_kept(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "À côté du texte")
    page = open_page(AGENT)
    page.goto(f"/equipe/tickets/{reference}/")
    page.locator(".panel summary", has_text="À faire").click()
    with page.expect_response(lambda answer: answer.url.endswith("/texte/")):  # else the tab gives it back by itself
        page.get_by_role("textbox", name="Une chose à faire").fill("Rappeler lundi")
    page.goto("/equipe/")
    page.goto(f"/equipe/tickets/{reference}/")
    expect(page.locator(".unsent")).to_contain_text("Rappeler lundi")
    page.get_by_role("link", name="Reprendre").click()
    expect(page.get_by_role("textbox", name="Une chose à faire")).to_have_value("Rappeler lundi")


def test_r68_a_form_sent_without_network_is_taken_up_again(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "Envoyé hors ligne")
    page = open_page(DECLARANT, troubles=False)
    writing(page, reference, "Le début")
    away(page)
    page.get_by_role("textbox", name="Commentaires").fill("Le début et la fin")
    page.get_by_role("button", name="Ajouter le commentaire").click()
    page.wait_for_url("chrome-error://**")
    page.unroute_all()
    page.goto(f"/tickets/{reference}/")
    page.wait_for_url("**?brouillon=*")
    expect(page.get_by_role("textbox", name="Commentaires")).to_have_value("Le début et la fin")
    page.get_by_role("button", name="Ajouter le commentaire").click()
    expect(page.locator("#conversation")).to_contain_text("Le début et la fin")
    assert told(site, reference).count("commented:Le début et la fin") == 1


def test_r120_what_is_typed_and_attached_after_the_session_is_kept(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "Session finie")
    page = open_page(DECLARANT, troubles=False)
    writing(page, reference, "Partie A")
    page.context.clear_cookies(name="calypso")
    page.get_by_role("textbox", name="Commentaires").fill("Partie A, partie B")
    expect(page.get_by_text("Votre session a pris fin")).to_be_visible()
    page.locator("input[type='file']").set_input_files(
        [{"name": "apres.txt", "mimeType": "text/plain", "buffer": b"texte"}]
    )
    expect(page.locator("[data-kept]").get_by_text("apres.txt")).to_be_visible()
    expect(page.locator("[data-kept] progress")).to_have_count(0)
    page.get_by_role("button", name="Ajouter le commentaire").click()
    expect(page.get_by_text("Ce que vous aviez écrit est conservé")).to_be_visible()
    identify(page, DECLARANT)
    expect(page.get_by_role("textbox", name="Commentaires")).to_have_value("Partie A, partie B")
    expect(page.locator("[data-kept]")).to_contain_text("apres.txt")


def test_r67_a_form_does_not_leave_without_a_file_that_it_was_given(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "Fichier hors ligne")
    page = open_page(DECLARANT, troubles=False)
    writing(page, reference, "Avec son fichier")
    page.route(re.compile("/fichiers/"), lambda route: route.abort("connectionfailed"))
    page.locator("input[type='file']").set_input_files(
        [{"name": "a.txt", "mimeType": "text/plain", "buffer": b"texte"}]
    )
    expect(page.get_by_text(re.compile("a.txt.*pas pu être envoyé"))).to_be_visible()
    page.get_by_role("button", name="Ajouter le commentaire").click()
    expect(page.locator("[data-kept] .failed")).to_have_count(1)
    assert told(site, reference).count("commented:Avec son fichier") == 0
    page.unroute_all()
    page.get_by_role("button", name="Ajouter le commentaire").click()
    expect(page.locator("#conversation")).to_contain_text("a.txt")


ASKS = "() => !dispatchEvent(new Event('beforeunload', { cancelable: true }))"


def test_r67_a_form_says_that_it_waits_for_its_files_and_leaves_once(site: Site, open_page: Opener) -> None:
    """The button is pressed twice while a file is on its way: it is said, leaving asks first, one comment leaves."""
    reference = site.made.python(OPENING % "Pressé avant son fichier")
    page = open_page(DECLARANT)
    writing(page, reference, "Envoyé trop tôt")
    on_their_way: list[Route] = []

    def hold(route: Route) -> None:
        on_their_way.append(route)

    page.route(re.compile("/fichiers/"), hold)
    page.locator("input[type='file']").set_input_files(
        [{"name": "lent.txt", "mimeType": "text/plain", "buffer": b"texte"}]
    )
    expect(page.locator("[data-kept] progress")).to_be_visible()
    assert not page.evaluate(ASKS)
    for _time in range(2):
        page.get_by_role("button", name="Ajouter le commentaire").click()
        said = page.get_by_role("status").filter(has_text="Part dès que vos fichiers sont envoyés")
        expect(said).to_be_visible()
    expect(page.get_by_role("button", name="Ajouter le commentaire")).to_have_css("opacity", "0.6")
    assert page.evaluate(ASKS)
    on_their_way[0].continue_()
    expect(page.locator("#conversation")).to_contain_text("lent.txt")
    assert told(site, reference).count("commented:Envoyé trop tôt") == 1


def test_r102_a_page_that_answers_a_form_never_sends_it_again(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "Refusé puis rafraîchi")
    page = open_page(DECLARANT, troubles=False)
    page.goto(f"/tickets/{reference}/?ajouter=close")
    page.get_by_role("textbox", name="Commentaires").fill("Cela ne fonctionne toujours pas")
    page.get_by_role("button", name="Clôturer le ticket").click()
    expect(page.get_by_text("Votre commentaire dit que")).to_be_visible()
    sent: list[str] = []
    page.on(
        "request", lambda asked: sent.append(asked.url) if asked.method == "POST" and "envoyer" in asked.url else None
    )
    site.made.python(ACT % (AGENT, reference, "comment", "Entre-temps"))
    expect(page.locator("#conversation")).to_contain_text("Entre-temps")
    assert sent == []
    expect(page.get_by_role("textbox", name="Commentaires")).to_have_value("Cela ne fonctionne toujours pas")


def test_who_writes_on_a_ticket_that_closes_is_told_and_finds_the_text_again(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "Fermé pendant qu'on écrit")
    desk = open_page(XB)
    following(desk, f"/equipe/tickets/{reference}/")
    desk.get_by_role("radio", name="Note interne").check()
    desk.get_by_role("textbox", name="Texte").fill("Une note qui compte")
    expect(desk.get_by_text(KEPT)).to_be_visible()
    site.made.python(ACT % (DECLARANT, reference, "close", "Merci"))
    expect(desk.get_by_text("Cette page a changé pendant que vous écriviez")).to_be_visible()
    expect(desk.locator("#faits")).to_contain_text("Clôturé")
    expect(desk.get_by_role("textbox", name="Texte")).to_have_value("Une note qui compte")
    desk.get_by_role("button", name="Recharger").click()
    expect(desk.get_by_text("est pas parti")).to_be_visible()
    expect(desk.get_by_label("Le voici, pour le recopier")).to_have_value("Une note qui compte")


def test_buttons_that_move_under_a_finger_take_nothing(site: Site, open_page: Opener) -> None:
    """The team asks something while a client aims at « Ajouter le commentaire »: « Clôturer » comes in its place."""
    reference = site.made.python(OPENING % "Boutons sous le doigt")
    page = open_page(DECLARANT, width=390)
    following(page, f"/tickets/{reference}/")
    page.get_by_text("Ajouter", exact=True).click()
    page.get_by_role("textbox", name="Commentaires").fill("Ma réponse")
    page.evaluate(
        """() => new MutationObserver(() => {
            const close = document.querySelector("#actes button[value='close']");
            const acts = document.getElementById("actes");
            if (acts.querySelector("button[value='return']") && !window.tapped) {
                window.tapped = acts.inert;
                const place = close.getBoundingClientRect();
                window.hit = document.elementFromPoint(place.x + 5, place.y + 5) === close;
            }
        }).observe(document.getElementById("composer"), { childList: true, subtree: true })"""
    )
    site.made.python(ACT % (AGENT, reference, "ask_client", "Lequel ?"))
    expect(page.locator("#composer").get_by_role("button", name="Retourner le ticket")).to_be_visible()
    assert page.evaluate("[window.tapped, window.hit]") == [True, False]
    page.locator("#composer").get_by_role("button", name="Retourner le ticket").click()
    expect(page.locator("[data-toast]")).to_be_visible()
    assert told(site, reference).count("return:Ma réponse") == 1


def test_a_refused_form_is_kept_when_it_is_left(site: Site, open_page: Opener) -> None:
    """What was typed since the last pause, in a form that was refused, is in its draft."""
    page = open_page(CDP, troubles=False)
    page.goto("/tickets/nouveau/")
    page.get_by_label("Projet concerné").select_option(label="Projet de Test de gestion du Ticketing (LENI - TESTS)")
    page.get_by_label("Description", exact=True).fill("Décrit longuement")
    page.get_by_text("Bloquant", exact=True).click()
    page.evaluate("document.querySelectorAll('[required]').forEach((field) => field.removeAttribute('required'))")
    # The page that refuses gives the server what the tab holds; one asked for before that would be a page too early.
    with page.expect_response(lambda answer: "/brouillons/opening/" in answer.url):
        page.get_by_role("button", name="Valider").click()
    expect(page.get_by_text("Vérifiez votre saisie")).to_be_visible()
    page.goto("/tickets/nouveau/")
    expect(page.locator(".unsent").filter(has_text="Décrit longuement")).to_be_visible()


def test_what_is_refused_with_its_project_stays_on_the_screen(site: Site, open_page: Opener) -> None:
    """A colleague restricts the project meanwhile: the page is gone, what was typed is given back, and stays."""
    project = addresses(site)["empty"]
    page = open_page(DECLARANT, troubles=False)
    page.goto(f"/projets/{project}/tickets/nouveau/")
    page.get_by_label("Objet de votre demande").fill("Écrit entre-temps")
    page.get_by_label("Description", exact=True).fill("Tout ce qui a été décrit")
    page.get_by_text("Faible", exact=True).click()
    expect(page.get_by_text(KEPT)).to_be_visible()
    site.made.python(RESTRICT % (CDP, project))
    with page.expect_response(lambda answer: "/brouillons/opening/" in answer.url):  # asked by the page that answers
        page.get_by_role("button", name="Valider").click()
    page.wait_for_load_state("networkidle")
    given_back = page.get_by_label("Le voici, pour le recopier")
    expect(given_back.last).to_have_value("Tout ce qui a été décrit")
    assert "brouillon=" not in page.url


def test_r120_what_stands_beside_a_note_comes_back_after_the_session(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "À côté de la note")
    desk = open_page(AGENT, troubles=False)
    desk.goto(f"/equipe/tickets/{reference}/")
    desk.locator(".panel summary", has_text="À faire").click()
    desk.get_by_label("Une chose à faire").fill("Rappeler le hall 4")
    desk.context.clear_cookies(name="calypso")
    desk.get_by_role("button", name="Ajouter à la liste").click()
    identify(desk, AGENT)
    expect(desk.get_by_label("Une chose à faire")).to_have_value("Rappeler le hall 4")


def test_what_is_typed_where_the_form_left_from_another_window_is_kept(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "Un brouillon, deux fenêtres")
    page = open_page(DECLARANT)
    writing(page, reference, "Le premier texte")
    other = page.context.new_page()
    other.goto(f"/tickets/{reference}/")
    other.get_by_role("link", name="Reprendre").click()
    page.get_by_role("button", name="Ajouter le commentaire").click()
    expect(page.locator("[data-toast]")).to_be_visible()
    other.get_by_role("textbox", name="Commentaires").fill("Un autre texte")
    expect(other.get_by_text(KEPT)).to_be_visible()
    other.goto(f"/tickets/{reference}/")
    expect(other.get_by_text("Vous aviez commencé à écrire ici")).to_contain_text("Un autre texte")


def test_every_file_that_is_refused_is_named(site: Site, open_page: Opener) -> None:
    page = open_page(DECLARANT, troubles=False)
    page.goto("/tickets/nouveau/")
    chosen = [("a.txt", b"texte"), ("b.py", b"print()"), ("c.txt", b"x" * (26 * 2**20)), ("d.txt", b"texte")]
    page.locator("input[type='file']").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in chosen]
    )
    expect(page.locator("[data-kept] .file")).to_have_count(2)
    expect(page.locator("[data-said]").filter(has_text="b.py")).to_be_visible()
    expect(page.locator("[data-said]").filter(has_text="« c.txt » dépasse 25 Mo")).to_be_visible()


def test_a_file_on_its_way_is_cancelled_and_the_others_go_on(site: Site, open_page: Opener) -> None:
    page = open_page(DECLARANT, troubles=False)
    page.goto("/tickets/nouveau/")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 20_000}
    network.send("Network.emulateNetworkConditions", slow)
    chosen = [("lourd.txt", b"x" * 2**21), ("leger.txt", b"texte")]
    page.locator("input[type='file']").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in chosen]
    )
    page.get_by_role("button", name="Annuler l’envoi de lourd.txt").click()
    expect(page.locator("[data-kept] .file")).to_have_text(re.compile("leger.txt"))
    expect(page.locator("[data-said]")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("lourd.txt")).to_have_count(0)


def test_back_brings_a_draft_with_its_file(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "Retour avec son fichier")
    page = open_page(DECLARANT)
    writing(page, reference, "Avec sa pièce")
    page.locator("input[type='file']").set_input_files(
        [{"name": "b.txt", "mimeType": "text/plain", "buffer": b"texte"}]
    )
    expect(page.locator("[data-kept]")).to_contain_text("b.txt")
    page.goto("/aide/")
    page.go_back()
    page.wait_for_url("**?brouillon=*")
    expect(page.locator("[data-kept]")).to_contain_text("b.txt")
