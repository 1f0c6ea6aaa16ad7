"""The whole life of a ticket, from the first connection to the recap sheet (must show 2)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.files import PDF, PNG
from tests.installation import wait_for
from tests.journeys.conftest import Opener, Site, sign_in

pytestmark = [pytest.mark.journey]

JACQUES = "jacques.martin@leni-tests.example"
CDP = "xavier.cdpclient@leni-tests.example"
DECLARANT = "xavier.declarant@leni-tests.example"
XB, SB, PS = "xavier.brosset@leni.example", "sincere.brandy@leni.example", "paul.support@leni.example"
TEST_PROJECT = "Projet de Test de gestion du Ticketing"
LIVE_PROJECT = "Extranet Exposants Salon des loisirs 2019"


def file(name: str, content: bytes = PNG, kind: str = "image/png") -> dict[str, object]:
    return {"name": name, "mimeType": kind, "buffer": content}


def first_connection(page: Page, site: Site) -> None:
    page.goto("/connexion/")
    page.get_by_role("link", name="C’est votre première connexion").click()
    page.get_by_label("Votre adresse mail").fill(JACQUES)
    page.get_by_role("checkbox").click()
    expect(page.get_by_text("Vérifié")).to_be_visible()
    page.get_by_role("button", name="Créer mon mot de passe").click()
    expect(page.get_by_text("un e-mail vient de vous être envoyé")).to_be_visible()
    wait_for(lambda: site.smtp.to(JACQUES))
    text = site.smtp.to(JACQUES)[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Bonjour Jacques," in text
    link = re.search(r"http://\S+/mot-de-passe/lien/\S+", text)
    assert link is not None
    page.goto(link[0])
    assert "lien" not in page.url
    page.get_by_label("Mot de passe", exact=False).first.fill("court")
    page.get_by_label("Confirmation").fill("court")
    page.get_by_role("button", name="Initialiser mon mot de passe").click()
    expect(page.get_by_role("alert")).to_contain_text("6 caractères mini")
    page.get_by_label("Mot de passe", exact=False).first.fill("tramontane7")
    page.get_by_label("Confirmation").fill("tramontane7")
    page.get_by_role("button", name="Initialiser mon mot de passe").click()
    expect(page.get_by_text("Votre mot de passe est enregistré, et vous êtes connecté.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Jacques,")
    page.get_by_role("contentinfo").get_by_role("button", name="Se déconnecter").click()
    sign_in(page, JACQUES, "tramontane7")


def declare(page: Page, project: str, title: str, files: list[dict[str, object]]) -> str:
    """Declares a blocking ticket; its context, forgotten first, is asked for and nothing is lost."""
    page.goto("/projets/")
    page.get_by_role("link", name=f"Voir {project}").click()
    page.get_by_role("link", name="Créer un ticket").click()
    page.get_by_label("Objet de votre demande").fill(title)
    page.get_by_label("Description", exact=True).fill("Première ligne\nSeconde ligne")
    for sent in files:
        page.locator("#id_attachments").set_input_files([sent])  # type: ignore[list-item]
        expect(page.locator("[data-kept]")).to_contain_text(str(sent["name"]))
    page.get_by_text("Bloquant", exact=True).click()
    page.evaluate("document.querySelector('#id_context').required = false")  # as a browser without the rule
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("alert")).to_contain_text("précisez le contexte")
    expect(page.get_by_label("Objet de votre demande")).to_have_value(title)
    expect(page.get_by_label("Description", exact=True)).to_have_value("Première ligne\nSeconde ligne")
    for sent in files:
        expect(page.locator("[data-kept]")).to_contain_text(str(sent["name"]))
    page.get_by_label("Et le contexte de cette priorité").fill("Le salon ouvre demain")
    page.get_by_label("Vous pouvez sélectionner").select_option(label="Test jco TEST JCO")
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_text("Votre ticket est enregistré")).to_be_visible()
    return page.url.rstrip("/").rsplit("/", 1)[1]


def write(page: Page, reference: str, text: str, button: str, attached: dict[str, object] | None = None) -> None:
    """A client opens « + Ajouter », writes, joins a file, presses a button."""
    page.goto(f"/tickets/{reference}/")
    page.get_by_text("Ajouter", exact=True).click()
    page.get_by_role("textbox", name="Commentaires").fill(text)
    if attached:
        page.locator("#id_attachments").set_input_files([attached])  # type: ignore[list-item]
        expect(page.locator("[data-kept]")).to_contain_text(str(attached["name"]))
    page.locator("#composer").get_by_role("button", name=button).click()
    page.wait_for_url(re.compile(r"/tickets/\w+/(\?fait=\w+)?$"))


def step(page: Page, reference: str, text: str, button: str) -> None:
    """A member of the team writes and takes a step."""
    page.goto(f"/equipe/tickets/{reference}/")
    page.get_by_role("textbox", name="Texte").fill(text)
    choice = page.locator("#etapes").get_by_role("button", name=button)
    if not choice.is_visible():
        page.locator(".split summary").click()
    choice.click()
    expect(page.get_by_text("l’état du ticket a changé")).to_be_visible()


@pytest.mark.checklist("S14-S21", "S59-S68", "S72-S82", "S94-S99", "S109-S118", "S121-S130")
def test_from_the_first_connection_to_the_recap_sheet(site: Site, open_page: Opener) -> None:
    jacques = open_page()
    first_connection(jacques, site)
    files = [
        file("erreur.png"),
        file("cahier.pdf", PDF, "application/pdf"),
        file("console.txt", b"TypeError", "text/plain"),
    ]
    reference = declare(jacques, TEST_PROJECT, "La page de réservation ne répond plus", files)
    clients, jco = sorted([JACQUES, CDP, "testjco@leni-tests.example"]), "testjco@leni-tests.example"
    assert site.recipients("a créé|de créer", reference, 5) == sorted([*clients, XB, SB])

    live = declare(jacques, LIVE_PROJECT, "Le paiement échoue encore", [])
    assert site.recipients("a créé|de créer", live, 5) == sorted([*clients, XB, PS])

    manager = open_page(XB)
    manager.goto(f"/equipe/tickets/{reference}/")
    manager.locator(".panel summary", has_text="Intervenant").click()
    manager.get_by_label("Affecter à").select_option(label="Sincère BRANDY")
    manager.get_by_role("button", name="Affecter", exact=True).click()
    expect(manager.get_by_text("Le ticket est affecté")).to_be_visible()
    assert site.recipients("est affecté", reference, 1) == [SB]
    assert site.recipients("est pris en charge", reference, 3) == clients

    agent = open_page(SB)
    step(agent, reference, "Je commence", "Démarrer")
    step(agent, reference, "Sur quel navigateur ?", "Demander un complément")
    assert site.recipients("attend un complément", reference, 3) == clients

    write(jacques, reference, "Sur Firefox, voici la capture", "Retourner le ticket", file("capture.png"))
    assert site.recipients("a retourné", reference, 4) == sorted([CDP, jco, XB, SB])
    step(agent, reference, "Corrigé", "Marquer traité")
    write(jacques, reference, "Toujours pas sur mobile", "Retourner le ticket")
    step(agent, reference, "Corrigé sur mobile aussi", "Marquer traité")
    assert site.recipients("a été traité", reference, 6) == sorted([*clients, *clients])

    client_manager = open_page(CDP)
    write(client_manager, reference, "Vérifié, merci", "Clôturer le ticket")
    assert site.recipients("a clôturé", reference, 4) == sorted([JACQUES, jco, XB, SB])

    sheet = client_manager
    expect(sheet.get_by_text("Votre ticket est clos")).to_be_visible()
    rows = [re.sub(r"\s+", " ", row.inner_text()) for row in sheet.locator(".sheet tbody tr").all()]
    told = [re.sub(r"^\d{2}/\d{2}/\d{4} \d{2}:\d{2} ", "", row) for row in rows]
    assert [line.split(" Pièce jointe")[0].strip() for line in told] == [
        "Clos Xavier CDPCLIENT Vérifié, merci",
        "Traité Sincère BRANDY Corrigé sur mobile aussi",
        "En retour Jacques MARTIN Toujours pas sur mobile",
        "Traité Sincère BRANDY Corrigé",
        "En retour Jacques MARTIN Sur Firefox, voici la capture",
        "En attente complément Client Sincère BRANDY Sur quel navigateur ?",
        "En cours Sincère BRANDY Je commence",
        "Affecté Xavier BROSSET",
        told[-1].split(" Pièce jointe")[0].strip(),
    ]
    assert told[-1].startswith("Nouveau Jacques MARTIN")
    assert all(name in sheet.content() for name in ("erreur.png", "cahier.pdf", "console.txt", "capture.png"))
    with sheet.expect_download() as download:
        sheet.locator(".sheet").get_by_role("link", name="console.txt").first.click()
    assert download.value.path().read_bytes() == b"TypeError"

    keys = [str(mail["Message-ID"]) for mail in site.smtp.messages]
    assert len(keys) == len(set(keys))
    assert len(site.mails("a retourné", reference)) == 8


def test_the_same_life_without_javascript_on_a_phone(site: Site, open_page: Opener) -> None:
    page = open_page(DECLARANT, width=390, javascript=False)
    page.get_by_role("link", name="Liste de mes tickets").click()
    page.get_by_role("link", name="Créer un ticket").first.click()
    page.get_by_label("Projet concerné").select_option(label=f"{TEST_PROJECT} (LENI - TESTS)")
    page.get_by_label("Objet de votre demande").fill("Sans JavaScript")
    page.locator("#id_attachments").set_input_files([file("a.png"), file("b.png")])  # type: ignore[list-item]
    page.get_by_text("Faible", exact=True).click()
    page.get_by_role("button", name="Valider").click()
    reference = page.url.split("/tickets/")[1].split("/")[0]
    expect(page.get_by_text("a.png").first).to_be_visible()
    page.get_by_text("Ajouter", exact=True).click()
    page.get_by_role("textbox", name="Commentaires").fill("Un mot de plus")
    page.get_by_role("button", name="Ajouter le commentaire").click()
    expect(page.get_by_text("Un mot de plus")).to_be_visible()
    page.get_by_role("link", name="Rafraîchir les commentaires").click()
    expect(page.get_by_text("Un mot de plus")).to_be_visible()
    page.get_by_text("Ajouter", exact=True).click()
    page.locator("#composer").get_by_role("button", name="Clôturer le ticket").click()
    expect(page.get_by_text("Votre ticket est clos")).to_be_visible()
    assert reference in page.content()


def test_files_are_dropped_pasted_and_removed(site: Site, open_page: Opener) -> None:
    page = open_page(DECLARANT)
    page.goto("/tickets/nouveau/")
    give = """([selector, kind, names]) => {
        const data = new DataTransfer();
        for (const name of names) data.items.add(new File([`contenu de ${name}`], name, { type: "text/plain" }));
        const event = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
                                       : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
        document.querySelector(selector).dispatchEvent(event);
    }"""
    page.evaluate(give, ["[data-drop]", "drop", ["un.txt", "deux.txt"]])
    page.evaluate(give, ["#id_title", "paste", ["trois.txt"]])
    kept = page.locator("[data-kept]")
    for name in ("un.txt", "deux.txt", "trois.txt"):
        expect(kept).to_contain_text(name)
    expect(page.locator("[data-count]")).to_have_text("3 / 5")
    page.get_by_role("button", name="Retirer deux.txt").click()
    expect(kept).not_to_contain_text("deux.txt")
    page.evaluate(give, ["[data-drop]", "drop", ["outil.py"]])
    expect(page.get_by_role("alert")).to_contain_text("outil.py")
    page.evaluate(give, ["[data-drop]", "drop", [f"f{number}.txt" for number in range(4)]])
    expect(page.locator("[data-count]")).to_have_text("5 / 5")
    expect(page.get_by_role("alert")).to_have_text("« f3.txt » : 5 fichiers au plus.")


def test_refreshing_never_wipes_a_half_written_comment(site: Site, open_page: Opener) -> None:
    """R109."""
    page, other = open_page(DECLARANT), open_page(SB)
    page.goto("/tickets/KJC0E3R/")
    page.get_by_text("Ajouter", exact=True).click()
    page.get_by_role("textbox", name="Commentaires").fill("Une phrase à moitié")
    other.goto("/equipe/tickets/KJC0E3R/")
    other.get_by_role("textbox", name="Texte").fill("Nous regardons.")
    other.get_by_role("button", name="Envoyer au client").click()
    expect(other.get_by_text("Votre commentaire est ajouté")).to_be_visible()
    page.get_by_role("link", name="Rafraîchir les commentaires").click()
    expect(page.locator("#conversation")).to_contain_text("Nous regardons.")
    expect(page.get_by_role("textbox", name="Commentaires")).to_have_value("Une phrase à moitié")


def test_a_double_click_makes_one_ticket(site: Site, open_page: Opener) -> None:
    page = open_page(DECLARANT)
    page.goto("/tickets/nouveau/")
    page.get_by_label("Projet concerné").select_option(label=f"{TEST_PROJECT} (LENI - TESTS)")
    expect(page.locator("#suivi select")).to_be_visible()
    page.get_by_label("Objet de votre demande").fill("Double clic")
    page.get_by_text("Faible", exact=True).click()
    page.get_by_role("button", name="Valider").dblclick()
    expect(page.get_by_text("Votre ticket est enregistré")).to_be_visible()
    page.goto("/tickets/")
    expect(page.get_by_text("Double clic")).to_have_count(1)


@pytest.mark.parametrize("javascript", [True, False])
def test_d33_a_closing_is_taken_back_and_nobody_reads_of_it(site: Site, open_page: Opener, javascript: bool) -> None:
    page = open_page(DECLARANT, width=390, javascript=javascript)
    title = f"Fermé trop vite {javascript}"
    page.goto("/tickets/nouveau/")
    page.get_by_label("Projet concerné").select_option(label=f"{TEST_PROJECT} (LENI - TESTS)")
    page.get_by_label("Objet de votre demande").fill(title)
    page.get_by_text("Faible", exact=True).click()
    page.get_by_role("button", name="Valider").click()
    page.get_by_text("Ajouter", exact=True).click()
    page.locator("#composer").get_by_role("button", name="Clôturer le ticket").click()
    expect(page.get_by_text("Votre ticket est clos")).to_be_visible()
    reference = page.url.split("/tickets/")[1].split("/")[0]
    page.get_by_role("button", name="Annuler ce geste").click()
    expect(page.get_by_role("status").filter(has_text="aucun e-mail")).to_be_visible()
    expect(page.locator("#conversation")).to_contain_text("a annulé sa clôture")
    page.get_by_text("Ajouter", exact=True).click()
    page.get_by_role("textbox", name="Commentaires").fill("Finalement, non.")
    page.get_by_role("button", name="Ajouter le commentaire").click()
    assert site.recipients("a ajouté un commentaire", reference, 2)
    assert site.mails("a clôturé", reference) == []
