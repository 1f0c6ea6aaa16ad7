"""Every act once more after the page has refreshed, by itself and by hand: it leaves, once."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.files import PNG
from tests.journeys.conftest import Opener, Site
from tests.journeys.every_page import CDP, XB
from tests.journeys.test_live import OPENING, following

pytestmark = pytest.mark.journey

DECLARANT, AGENT = "xavier.declarant@leni-tests.example", "sincere.brandy@leni.example"
ACT = """
from calypso.accounts.models import User
from calypso.tickets.actions.dispatch import act
from calypso.tickets.models import Ticket
by, ticket = User.objects.get(email="%s"), Ticket.objects.get(reference="%s")
act(by, ticket=ticket, name="%s", seen_version=ticket.version, body="%s")
"""
TOLD = """
from calypso.tickets.models import Ticket, TicketEvent
ticket = Ticket.objects.get(reference="%s")
for event in TicketEvent.objects.filter(ticket=ticket).order_by("id"): print(event.step or event.kind, event.body, sep=":")
"""
DROP = """([selector, name]) => {
    const data = new DataTransfer();
    data.items.add(new File(["contenu"], name, { type: "text/plain" }));
    const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
    document.querySelector(selector).dispatchEvent(event);
}"""
REFRESHES: dict[str, Callable[[Page, Site, str], None]] = {}


def refreshes(name: str) -> Callable[[Callable[[Page, Site, str], None]], Callable[[Page, Site, str], None]]:
    def known(refresh: Callable[[Page, Site, str], None]) -> Callable[[Page, Site, str], None]:
        REFRESHES[name] = refresh
        return refresh

    return known


@refreshes("by itself")
def live(page: Page, site: Site, reference: str) -> None:
    """Somebody else writes, and the page shows it."""
    site.made.python(ACT % ("paul.support@leni.example", reference, "comment", "Vu du support"))
    expect(page.locator("#conversation")).to_contain_text("Vu du support")


@refreshes("by hand")
def by_hand(page: Page, site: Site, reference: str) -> None:
    """« Rafraîchir les commentaires », twice: nothing is attached a second time."""
    for _time in range(2):
        with page.expect_response(lambda answer: f"/{reference}/" in answer.url and answer.request.method == "GET"):
            page.get_by_role("link", name="Rafraîchir les commentaires").click()
    site.made.python(ACT % ("paul.support@leni.example", reference, "comment", "Vu du support"))
    page.get_by_role("link", name="Rafraîchir les commentaires").click()
    expect(page.locator("#conversation")).to_contain_text("Vu du support")


def posts(page: Page) -> list[str]:
    """The addresses of the forms that leave the page from now on."""
    sent: list[str] = []

    def note(request: object) -> None:
        if request.method == "POST" and re.search(r"/(envoyer|fichiers)/", request.url):  # type: ignore[attr-defined]
            sent.append(request.url.rstrip("/").rsplit("/", 1)[1])  # type: ignore[attr-defined]

    page.on("request", note)
    return sent


def told(site: Site, reference: str) -> list[str]:
    return site.made.python(TOLD % reference).splitlines()


@pytest.mark.parametrize("how, width", [("by itself", 390), ("by hand", 1280)])
@pytest.mark.parametrize(
    "button, left",
    [
        ("Ajouter le commentaire", "commented:Voici"),
        ("Retourner le ticket", "return:Voici"),
        ("Clôturer le ticket", "close:Voici"),
    ],
)
def test_a_client_acts_once_after_a_refresh(
    width: int, button: str, left: str, how: str, site: Site, open_page: Opener
) -> None:
    reference = site.made.python(OPENING % f"Après rafraîchissement {button}")
    site.made.python(ACT % (AGENT, reference, "start", "Je commence"))
    site.made.python(ACT % (AGENT, reference, "ask_client", "Lequel ?"))
    page = open_page(DECLARANT, width=width)
    following(page, f"/tickets/{reference}/")
    page.get_by_text("Ajouter", exact=True).click()
    REFRESHES[how](page, site, reference)
    sent = posts(page)
    page.evaluate(DROP, ["[data-drop]", "apres.txt"])
    expect(page.locator("[data-kept]")).to_contain_text("apres.txt")
    page.get_by_role("textbox", name="Commentaires").fill("Voici")
    page.locator("#composer").get_by_role("button", name=button).dblclick()
    page.wait_for_url(re.compile(r"/tickets/\w+/(\?fait=[\w-]+)?$"))
    expect(page.locator("[data-toast]")).to_be_visible()
    assert Counter(told(site, reference))[left] == 1
    assert sent.count("envoyer") == 1
    names = site.made.python(
        f'from calypso.tickets.models import Attachment\nprint([f.name for f in Attachment.objects.filter(ticket__reference="{reference}")])'
    )
    assert names == "['apres.txt']"


@pytest.mark.parametrize("width", [390, 1280])
def test_the_banner_that_a_refresh_brings_opens_a_form_whose_main_button_is_its_act(
    width: int, site: Site, open_page: Opener
) -> None:
    """The page was opened before the team asked: the form has no « Retourner » then, and gets it with the banner."""
    reference = site.made.python(OPENING % "Bandeau arrivé")
    site.made.python(ACT % (AGENT, reference, "start", "Je commence"))
    page = open_page(DECLARANT, width=width)
    following(page, f"/tickets/{reference}/")
    page.get_by_text("Ajouter", exact=True).click()
    page.get_by_role("textbox", name="Commentaires").fill("Sur Firefox")
    main = page.locator("#composer .acts .primary")
    expect(main).to_have_text("Ajouter le commentaire")
    site.made.python(ACT % (AGENT, reference, "ask_client", "Sur quel navigateur ?"))
    page.locator("#etat").get_by_role("link", name="Retourner le ticket").click()
    expect(main).to_have_text("Retourner le ticket")
    expect(page.locator("#composer .acts button").last).to_have_text("Ajouter le commentaire")
    expect(page.get_by_role("textbox", name="Commentaires")).to_have_value("Sur Firefox")
    main.click()
    expect(page.get_by_text("Le ticket est retourné à l’équipe")).to_be_visible()
    assert told(site, reference)[-1] == "return:Sur Firefox"
    site.made.python(ACT % (AGENT, reference, "process", "Corrigé"))
    page.locator("#etat").get_by_role("link", name="Clôturer le ticket").click()
    expect(main).to_have_text("Clôturer le ticket")
    site.made.python(ACT % ("paul.support@leni.example", reference, "comment", "Un mot de plus"))
    expect(page.locator("#conversation")).to_contain_text("Un mot de plus")
    expect(main).to_have_text("Clôturer le ticket")
    page.get_by_role("textbox", name="Commentaires").fill("Parfait")
    site.made.python(ACT % ("paul.support@leni.example", reference, "comment", "Et encore un"))
    expect(page.locator("#conversation")).to_contain_text("Et encore un")
    main.click()
    page.get_by_role("dialog").get_by_role("button", name="Clôturer le ticket").click()
    expect(page.get_by_text("Votre ticket est clos")).to_be_visible()


@pytest.mark.parametrize("act, left", [("return", "return:Voici"), ("close", "close:Voici")], ids=["return", "close"])
def test_without_javascript_the_banner_carries_the_act(act: str, left: str, site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "Bandeau sans script")
    site.made.python(ACT % (AGENT, reference, "start", "Je commence"))
    site.made.python(ACT % (AGENT, reference, "process", "Corrigé"))
    page = open_page(DECLARANT, width=390, javascript=False)
    page.goto(f"/tickets/{reference}/")
    label = {"return": "Retourner le ticket", "close": "Clôturer le ticket"}[act]
    page.locator("#etat").get_by_role("link", name=label).click()
    main = page.locator("#composer .acts .primary")
    expect(main).to_have_text(label)
    page.get_by_role("textbox", name="Commentaires").fill("Voici")
    main.click()
    assert told(site, reference)[-1] == left


@pytest.mark.parametrize(
    "kind, button, left, how",
    [
        ("Réponse au client", "Envoyer au client", "commented:Voici", "by itself"),
        ("Note interne", "Ajouter une note interne", "commented:Voici", "by itself"),
        ("Réponse au client", "Démarrer", "start:Voici", "by itself"),
    ],
)
def test_the_team_acts_once_after_a_refresh(
    kind: str, button: str, left: str, how: str, site: Site, open_page: Opener
) -> None:
    reference = site.made.python(OPENING % f"Équipe {button}")
    page = open_page(AGENT)
    following(page, f"/equipe/tickets/{reference}/")
    page.get_by_role("radio", name=kind).check()
    REFRESHES[how](page, site, reference)
    sent = posts(page)
    page.evaluate(DROP, ["[data-drop]", "apres.txt"])
    expect(page.locator("[data-kept]")).to_contain_text("apres.txt")
    page.get_by_role("textbox", name="Texte").fill("Voici")
    choice = page.locator("[data-composer]").get_by_role("button", name=re.compile(f"^{button}"))
    if not choice.is_visible():
        page.locator(".split summary").click()
    choice.dblclick()
    expect(page.locator("[data-toast]")).to_be_visible()
    assert Counter(told(site, reference))[left] == 1
    assert sent.count("envoyer") == 1


def test_the_steps_of_the_desk_follow_the_state(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "Étapes suivies")
    page = open_page(XB)
    following(page, f"/equipe/tickets/{reference}/")
    page.get_by_role("textbox", name="Texte").fill("Le texte reste")
    expect(page.locator("#etapes").get_by_role("button", name="Marquer traité")).to_have_count(0)
    site.made.python(ACT % (AGENT, reference, "start", "Je commence"))
    page.locator("#etapes").get_by_role("button", name="Marquer traité").click()
    expect(page.get_by_text("l’état du ticket a changé")).to_be_visible()
    assert told(site, reference)[-1] == "process:Le texte reste"


def test_lists_are_sorted_selected_and_opened_after_a_refresh(site: Site, open_page: Opener) -> None:
    first = site.made.python(OPENING % "Sélection une")
    page = open_page(XB)
    following(page, "/equipe/?q=Sélection&tri=-creation")
    second = site.made.python(OPENING % "Sélection deux")
    expect(page.locator("#file")).to_contain_text("Sélection deux")
    page.get_by_role("checkbox", name=re.compile("tous les tickets de la page")).check()
    expect(page.locator("[data-bulk-count]")).to_have_text("2 sélectionnés")
    page.get_by_role("link", name="Référence").click()
    expect(page.locator("[data-bulk-bar]")).to_be_hidden()
    page.get_by_role("checkbox", name=f"Sélectionner {first}").check()
    page.get_by_role("checkbox", name=f"Sélectionner {second}").check()
    page.get_by_role("button", name="Affecter…").click()
    page.get_by_label("Intervenant").select_option(label="Sincère BRANDY")
    page.get_by_role("button", name="Appliquer aux 2 tickets").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 tickets")
    for reference in (first, second):
        assert Counter(told(site, reference))["assign:"] == 1


def test_a_card_is_dropped_after_a_refresh(site: Site, open_page: Opener) -> None:
    page = open_page(XB)
    following(page, "/equipe/tableau/?q=Carte")
    reference = site.made.python(OPENING % "Carte déplacée")
    card = page.locator(".ticket-card", has_text=reference)
    expect(card).to_be_visible()
    card.drag_to(page.locator(".lane[data-state='in_progress']"))
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Tickets")
    expect(page.locator("main")).to_contain_text(reference)


def test_the_client_manager_creates_after_lists_refreshed(site: Site, open_page: Opener) -> None:
    page = open_page(CDP)
    following(page, "/tickets/")
    page.get_by_role("link", name="Rafraîchir les tickets").click()
    page.get_by_role("link", name="Créer un ticket").first.click()
    page.get_by_label("Projet concerné").select_option(label="Projet de Test de gestion du Ticketing (LENI - TESTS)")
    expect(page.locator("#suivi select")).to_be_visible()  # a part was swapped
    page.get_by_label("Objet de votre demande").fill("Après la liste")
    page.locator("#id_attachments").set_input_files([{"name": "a.png", "mimeType": "image/png", "buffer": PNG}])
    expect(page.locator("[data-kept]")).to_contain_text("a.png")
    expect(page.locator("[data-count]")).to_have_text("1 / 5")
    page.get_by_text("Bloquant", exact=True).click()
    page.get_by_label("Et le contexte").fill("Demain")
    page.get_by_role("button", name="Valider").dblclick()
    expect(page.get_by_text("Votre ticket est enregistré")).to_be_visible()


def test_a_refresh_while_a_form_leaves_takes_nobody_back(site: Site, open_page: Opener) -> None:
    """The act is done and its answer still on the way when the page hears of it: it must not ask for itself again."""
    reference = site.made.python(OPENING % "Réponse lente")
    page = open_page(DECLARANT)
    following(page, f"/tickets/{reference}/")
    page.get_by_text("Ajouter", exact=True).click()

    def slowly(route: Route) -> None:
        with page.expect_response(lambda one: one.request.method == "GET" and f"/{reference}/" in one.url) as refresh:
            answer = route.fetch(max_redirects=0)
        refresh.value.finished()
        route.fulfill(response=answer)

    page.route("**/envoyer/", slowly)
    page.locator("#composer").get_by_role("button", name="Clôturer le ticket").click()
    page.wait_for_url(f"**/tickets/{reference}/?fait=clos")
    assert told(site, reference)[-1] == "close:"
