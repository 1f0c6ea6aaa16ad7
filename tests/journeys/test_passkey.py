"""A passkey, made and proved by a real Chromium with a virtual authenticator (decision 21, R44)."""

import re

from axe_playwright_python.sync_playwright import Axe

from calypso.demo.people import STAFF_PASSWORD
from tests.journeys.conftest import Opener, Site
from tests.journeys.looks import RULES

PAUL = "paul.support@leni.example"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_r44_a_passkey_is_added_then_asked_at_sign_in(site: Site, open_page: Opener) -> None:
    page = open_page(PAUL)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto("/profil/double-authentification/")
    page.get_by_label("Mot de passe actuel").fill(STAFF_PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nom de la clé").fill("Ordinateur de Paul")
    page.get_by_role("button", name="Créer la clé d’accès").click()
    page.get_by_role("heading", name="Vos codes de secours").wait_for()
    page.get_by_role("link", name="Je les ai notés").click()
    page.get_by_role("cell", name="Ordinateur de Paul").wait_for()

    page.context.clear_cookies()
    page.goto("/connexion/")
    page.get_by_label("Identifiant (email)").fill(PAUL)
    page.get_by_label("Mot de passe", exact=False).first.fill(STAFF_PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/connexion/verification/")
    assert Axe().run(page, options=RULES).response["violations"] == []

    # A passkey that refuses is said in words, and the page offers it again.
    kept = devtools.send("WebAuthn.getCredentials", {"authenticatorId": made["authenticatorId"]})["credentials"]
    devtools.send("WebAuthn.clearCredentials", {"authenticatorId": made["authenticatorId"]})
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.get_by_text("La clé d’accès n’a pas été reconnue").first.wait_for()
    for credential in kept:
        devtools.send("WebAuthn.addCredential", {"authenticatorId": made["authenticatorId"], "credential": credential})
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(re.compile("/equipe/"))
