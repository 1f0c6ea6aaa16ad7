"""A project as both sides run it: a batch from the desk to its record on a phone, a change of phase."""

import re

import pytest
from playwright.sync_api import expect

from tests.installation import wait_for
from tests.journeys.conftest import Opener, Site
from tests.journeys.every_page import CDP, XB
from tests.journeys.looks import faults

pytestmark = pytest.mark.journey

EIGHT = """
from calypso.accounts.models import User
from calypso.projects.models import Project
from calypso.tickets.actions.opening import Request, open_ticket
from calypso.tickets.actions.steps import take_step
from calypso.tickets.workflow import StepName
by = User.objects.get(email="xavier.declarant@leni-tests.example")
agent = User.objects.get(email="sincere.brandy@leni.example")
project = Project.objects.get(name__startswith="Projet de Test")
for number in range(1, 9):
    ticket = open_ticket(by, project=project, request=Request(title=f"Octuor {number}", priority="1"))
    take_step(agent, ticket=ticket, step=StepName.START, seen_version=ticket.version)
print(project.key)
"""


def test_a_batch_of_eight_from_the_desk_to_its_record_on_a_phone(site: Site, open_page: Opener) -> None:
    project = site.made.python(EIGHT)
    desk = open_page(XB)
    desk.goto(f"/equipe/projets/{project}/")
    desk.get_by_label("Annoncer les tickets traités par lots").check()
    with desk.expect_navigation():
        desk.get_by_role("button", name="Enregistrer").click()
    desk.goto("/equipe/?q=Octuor&tri=reference")
    desk.get_by_label("Sélectionner tous les tickets de la page").check()
    desk.locator("[data-bulk-bar]").get_by_role("button", name=re.compile("Changer l.état")).click()
    desk.get_by_label("Marquer à publier").check()
    desk.get_by_label("Commentaire").fill("Corrigé sur la page d'accueil.")
    desk.get_by_role("button", name="Appliquer aux 8 tickets").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text(re.compile("8 tickets ont changé d.état"))
    assert not site.mails("a été traité", "")

    desk.goto("/equipe/lots/")
    assert faults(desk) == []
    desk.get_by_role("row", name=re.compile("Projet de Test")).get_by_role("link", name="Préparer un lot").click()
    desk.get_by_label("Nom du lot").fill("Recette de novembre")
    first = desk.locator(".picks li").first.locator("input").input_value()
    desk.get_by_role("button", name=f"Descendre {first}").click()
    desk.get_by_label("Note pour le client").fill("Videz le cache avant de vérifier.")
    desk.get_by_role("button", name=re.compile("puis relire l.e-mail")).click()
    expect(desk.get_by_text("recevront")).to_contain_text("Xavier")
    desk.get_by_text(re.compile("Lire l.e-mail")).click()
    expect(desk.get_by_text("8 tickets ont été traités")).to_be_visible()
    expect(desk.locator(".picks input").nth(1)).to_have_value(first)
    desk.evaluate("scrollTo(0, 0)")  # no link half under the bar
    assert faults(desk) == []
    desk.get_by_role("button", name="Publier maintenant").click()
    asking = desk.get_by_role("dialog", name="Confirmer")
    expect(asking.get_by_role("button", name="Annuler")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(asking).to_have_count(0)
    desk.get_by_role("button", name="Publier maintenant").click()
    asking.get_by_role("button", name="Publier maintenant").click()
    expect(desk.get_by_text("0 sur 8 vérifiés")).to_be_visible()

    def told(person: str, words: str) -> list[str]:
        return [
            mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
            for mail in site.smtp.messages
            if mail["To"].endswith(person) and words in str(mail["Subject"]).replace(" ", " ")
        ]

    wait_for(lambda: told(CDP, "Lot à vérifier"), 60)
    assert len(told(CDP, "Lot à vérifier")) == 1, "one mail for the eight"
    address = re.search(r"https?://\S+(/lots/\w+/)", told(CDP, "Lot à vérifier")[0])
    assert address is not None

    phone = open_page(CDP, width=390)
    phone.goto("/projets/")
    phone.goto(address[1])
    assert faults(phone) == []
    phone.get_by_role("link", name="Commencer la vérification").click()
    for number in range(1, 9):
        expect(phone.get_by_text(f"Ticket {number} sur 8")).to_be_visible()
        if number == 1:
            assert faults(phone) == []
            phone.get_by_role("button", name="Retourner le ticket").click()
            expect(phone.locator("[role=alert]")).to_contain_text("Commentaires")
        if number in (1, 5):
            phone.get_by_label("Commentaires").fill("Toujours faux sur mon téléphone.")
            phone.get_by_role("button", name="Retourner le ticket").click()
        else:
            phone.get_by_role("button", name="Clôturer le ticket").click()
        if number == 3:  # progress is kept: the next day, another way in
            phone.goto("/projets/")
            phone.goto(f"/projets/{project}/")
            phone.get_by_role("link", name="Vérifier le lot").click()
            expect(phone.get_by_text("3 sur 8 vérifiés")).to_be_visible()
            phone.get_by_role("link", name="Continuer la vérification").click()
    expect(phone.get_by_text("Tout est vérifié.")).to_be_visible()
    phone.get_by_role("link", name="Voir le procès-verbal").click()
    expect(phone.get_by_text("6 acceptés, 2 refusés")).to_be_visible()
    assert faults(phone) == []
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Télécharger en PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")

    desk.reload()
    expect(desk.get_by_text("8 sur 8 vérifiés")).to_be_visible()
    desk.get_by_role("link", name="Procès-verbal").click()
    expect(desk.get_by_text("6 acceptés, 2 refusés")).to_be_visible()
    wait_for(lambda: told(XB, "Lot vérifié"), 60)
    assert not told(CDP, "Lot vérifié"), "nobody is told of their own act"


SIX = """
from calypso.accounts.models import Organization, User
from calypso.projects.actions import Facts, add_project
from calypso.tickets.actions.opening import Request, open_ticket
from calypso.tickets.actions.dispatch import act
find = lambda email: User.objects.get(email=email)
manager, client, agent = find("xavier.brosset@leni.example"), find("xavier.cdpclient@leni-tests.example"), find("sincere.brandy@leni.example")
project = add_project(manager, organization=Organization.objects.get(name="LENI - TESTS"), facts=Facts(
    "Badges 2027", None, manager, client, setup_agent=agent, support=find("paul.support@leni.example")))
for number in range(1, 7):
    ticket = open_ticket(client, project=project, request=Request(title=f"Ouvert {number}", priority="1"))
    if number > 2:
        act(agent, ticket=ticket, name="start", seen_version=ticket.version, body="")
print(project.key)
"""


def test_a_change_of_phase_with_six_open_tickets(site: Site, open_page: Opener) -> None:
    project = site.made.python(SIX)
    desk = open_page(XB)
    desk.goto(f"/equipe/projets/{project}/")
    desk.get_by_role("link", name="Préparer le passage en exploitation").click()
    expect(desk.get_by_role("heading", name="Tickets ouverts (6)")).to_be_visible()
    assert faults(desk) == []

    def fate(number: int, choice: str, reason: str = "") -> None:
        line = desk.get_by_role("listitem").filter(has_text=f"Ouvert {number}")
        line.get_by_role("radio", name=choice).check()
        if reason:
            line.get_by_label("Motif, que le client lira").fill(reason)

    fate(1, "Clôturer")
    fate(4, "Reporter", "Après l'ouverture du salon.")
    desk.get_by_label("Note pour le chef de projet client").fill("Le salon ouvre lundi.")
    desk.get_by_role("button", name="Demander les accords").click()
    expect(desk.locator("[role=alert]")).to_contain_text("obligatoire")
    assert faults(desk) == []
    fate(1, "Clôturer", "Sans objet une fois en ligne.")
    desk.get_by_role("button", name="Demander les accords").click()
    expect(desk.get_by_text("attendu de Xavier CDPCLIENT")).to_be_visible()

    phone = open_page(CDP, width=390)
    phone.goto(f"/projets/{project}/")
    phone.get_by_role("link", name="Voir ce qui est proposé").click()
    expect(phone.get_by_text("Sans objet une fois en ligne.")).to_be_visible()
    assert faults(phone) == []
    phone.get_by_role("button", name="Donner mon accord").click()
    expect(phone.get_by_text("Exploitation").first).to_be_visible()
    expect(phone.get_by_role("heading", name=re.compile("Tickets clôturés"))).to_contain_text("(1)")

    desk.goto(f"/equipe/?projet={project}&tri=reference")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("5")
    expect(desk.get_by_role("row").filter(has_text="Ouvert 4")).to_contain_text("Suivi CdP")
    expect(desk.get_by_role("row").filter(has_text="Ouvert 5")).to_contain_text("En cours")
    desk.goto(f"/equipe/projets/{project}/")
    expect(desk.get_by_role("link", name="Préparer le retour en paramétrage")).to_be_visible()
