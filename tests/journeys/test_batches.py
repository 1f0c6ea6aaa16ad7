"""A batch of eight: built and published by a project manager, reviewed on a phone, down to its record."""

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
    ticket = open_ticket(by, project=project, request=Request(title=f"Recette {number}", priority="1"))
    take_step(agent, ticket=ticket, step=StepName.START, seen_version=ticket.version)
print(project.key)
"""


def test_a_batch_of_eight_from_the_desk_to_its_record_on_a_phone(site: Site, open_page: Opener) -> None:
    project = site.made.python(EIGHT)
    desk = open_page(XB)
    desk.goto(f"/equipe/projets/{project}/")
    desk.get_by_label("Annoncer les tickets traités par lots").check()
    desk.get_by_role("button", name="Enregistrer").click()
    desk.goto("/equipe/?q=Recette&tri=reference")
    desk.get_by_label("Sélectionner tous les tickets de la page").check()
    desk.locator("[data-bulk-bar]").get_by_role("button", name=re.compile("Changer l.état")).click()
    desk.get_by_label("Marquer à publier").check()
    desk.get_by_label("Commentaire").fill("Corrigé sur la page d'accueil.")
    desk.get_by_role("button", name="Appliquer aux 8 tickets").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("8")
    assert not site.mails("traité", "")

    desk.goto("/equipe/lots/")
    assert faults(desk) == []
    desk.get_by_role("row", name=re.compile("Projet de Test")).get_by_role("link", name="Préparer un lot").click()
    desk.get_by_label("Nom du lot").fill("Recette de novembre")
    desk.get_by_label("Note pour le client").fill("Videz le cache avant de vérifier.")
    desk.get_by_role("button", name=re.compile("puis relire l.e-mail")).click()
    expect(desk.get_by_text("recevront")).to_contain_text("Xavier")
    desk.get_by_text(re.compile("Lire l.e-mail")).click()
    expect(desk.get_by_text("8 tickets ont été traités")).to_be_visible()
    assert faults(desk) == []
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.get_by_role("button", name="Publier maintenant").click()
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
    wait_for(lambda: told(XB, "Lot vérifié") and told(CDP, "Lot vérifié"), 60)
