"""`python -m bench.gestures ADDRESS`: how many gestures the everyday acts of the desk take, by mouse and by keyboard.

A gesture is a click, a key or keys pressed together, or a text typed at once. Each act is really done, in Chromium, on
the installation that answers at ADDRESS, filled by `calypso bench-data` (2,000 projects and as many contacts).
"""

import re
import shutil
import sys
from collections.abc import Callable

from playwright.sync_api import Locator, Page, sync_playwright

from calypso.demo.vocabulary import MEMBER, PASSWORD

NEW = "/equipe/?etat=new"
TICKETS = re.compile(r"/equipe/tickets/[A-Z0-9]{7}/")


class Hand:
    """A person's hands on a page, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.gestures = page, 0

    def click(self, there: Locator) -> None:
        self.gestures += 1
        there.first.click()

    def press(self, keys: str) -> None:
        self.gestures += 1
        self.page.keyboard.press(keys)

    def write(self, text: str) -> None:
        self.gestures += 1
        self.page.keyboard.type(text)

    def choose(self, field: Locator, index: int) -> None:
        """A list is opened, then one of its lines taken."""
        self.gestures += 2
        field.first.select_option(index=index)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def done(page: Page, words: str) -> None:
    page.get_by_text(re.compile(words)).first.wait_for()


def take(hand: Hand, keyboard: bool) -> None:
    if keyboard:
        hand.press("m")
    else:
        hand.click(button(hand.page, "Prendre"))
    done(hand.page, "est affecté")


def answer(hand: Hand, keyboard: bool) -> None:
    page = hand.page
    hand.press("r") if keyboard else hand.click(page.get_by_role("textbox", name="Texte"))
    hand.write("Bonjour, nous regardons.")
    hand.press("Control+Enter") if keyboard else hand.click(page.locator("[data-send=reply]"))
    done(page, "nous regardons")


def ask(hand: Hand, keyboard: bool) -> None:
    _step(hand, keyboard, "Demander un complément", "Alt+Enter")


def processed_from_new(hand: Hand, keyboard: bool) -> None:
    _step(hand, keyboard, "Marquer traité", "Control+Shift+Enter")


def _step(hand: Hand, keyboard: bool, name: str, chord: str) -> None:
    page = hand.page
    hand.press("r") if keyboard else hand.click(page.get_by_role("textbox", name="Texte"))
    hand.write("C'est fait.")
    if keyboard:
        hand.press(chord)
    elif (lead := page.locator("[data-send=reply]").filter(has_text=re.compile(name, re.IGNORECASE))).count():
        hand.click(lead)
    else:
        hand.click(page.locator("#etapes summary"))
        hand.click(page.locator("#etapes").get_by_role("button", name=name))
    done(page, "l.état du ticket a changé")


def note(hand: Hand, keyboard: bool) -> None:
    page = hand.page
    hand.press("n") if keyboard else hand.click(page.locator(".kinds label").filter(has_text="Note interne"))
    page.locator("#id_body:focus").wait_for()
    hand.write("Vu avec l'hébergeur.")
    hand.press("Control+Enter") if keyboard else hand.click(button(page, "Ajouter une note interne"))
    done(page, "Vu avec l.hébergeur")


def assign(hand: Hand, keyboard: bool) -> None:
    page = hand.page
    if keyboard:
        hand.press("a")
        hand.press("ArrowDown")
        hand.press("Tab")
        hand.press("Enter")
    else:
        hand.click(page.locator(".panel summary").filter(has_text="Intervenant"))
        hand.choose(page.get_by_label("Affecter à"), 1)
        hand.click(button(page, "Affecter"))
    done(page, "est affecté")


def priority(hand: Hand, keyboard: bool) -> None:
    """Its reason, which the client reads, is asked for."""
    page = hand.page
    hand.click(page.locator(".panel summary").filter(has_text="Priorité"))
    hand.click(page.locator("#id_priority label:not(:has(:checked))"))
    page.locator("#id_reason:focus").wait_for()
    hand.write("Le salon ouvre demain")
    hand.press("Enter")
    done(page, "priorité retenue est enregistrée")


def find(hand: Hand, keyboard: bool) -> None:
    page = hand.page
    hand.press("Control+k") if keyboard else hand.click(page.get_by_text("Aller à"))
    page.locator("#palette input").wait_for()
    hand.write("kakemono")
    page.locator("#palette a[href*='/equipe/tickets/']").first.wait_for()
    hand.press("Enter") if keyboard else hand.click(page.locator("#palette a[href*='/equipe/tickets/']"))
    page.wait_for_url(TICKETS)


def create_by_phone(hand: Hand, keyboard: bool) -> None:
    page = hand.page
    hand.press("c") if keyboard else hand.click(page.get_by_role("link", name="Ticket", exact=True))
    page.wait_for_url("**/nouveau/")
    hand.write(CALLER)  # the field has the focus
    offered = page.locator(".caller a[href*='personne=']").first
    offered.wait_for()
    hand.press("Enter") if keyboard else hand.click(offered)
    page.wait_for_url("**personne=**")
    project = page.locator("#id_project")
    if not project.input_value():
        hand.choose(project, 1)
        page.locator("#id_author").wait_for()
        hand.click(page.locator("#id_title")) if not keyboard else hand.press("Tab")
        page.locator("#id_title").focus()
    page.locator("#id_title:focus").wait_for()
    hand.write("Badges du hall 4 illisibles")
    if keyboard:
        hand.press("Tab")
        hand.press("ArrowRight")
    else:
        hand.click(page.get_by_text("Moyenne", exact=True))
    hand.press("Enter") if keyboard else hand.click(button(page, "Créer le ticket"))
    page.wait_for_url(TICKETS)
    page.wait_for_load_state()


def add_contact(hand: Hand, keyboard: bool) -> None:
    page = hand.page
    hand.click(page.get_by_text("Inviter un contact", exact=True))
    hand.click(page.get_by_label("Prénom"))
    hand.write("Nina")
    for text in ("NOUVELLE", f"nouvelle{page.evaluate('Date.now()')}@societe.example"):
        hand.press("Tab")
        hand.write(text)
    hand.press("Enter") if keyboard else hand.click(page.get_by_role("button", name="Inviter", exact=True))
    done(page, "L.invitation est partie")


CALLER = ""
ACTS: dict[str, tuple[Callable[[Hand, bool], None], str]] = {
    "take": (take, NEW),
    "answer": (answer, NEW),
    "ask": (ask, NEW),
    "mark processed from new": (processed_from_new, NEW),
    "find": (find, ""),
    "assign": (assign, NEW),
    "note": (note, NEW),
    "retained priority": (priority, NEW),
    "create by phone": (create_by_phone, ""),
    "add a contact": (add_contact, "company"),
}


def main() -> None:
    """Does each act by mouse, then by keyboard, and prints a line for each."""
    address = sys.argv[1]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_context(base_url=address, locale="fr-FR").new_page()
        page.set_default_timeout(10_000)
        page.goto("/connexion/")
        page.get_by_label("Identifiant (email)").fill(MEMBER)
        page.get_by_label("Mot de passe", exact=False).first.fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url("**/equipe/**")
        print(f"{'act':26} {'mouse':>5} {'keyboard':>8}")
        for name, (act, place) in ACTS.items():
            counts = [_count(page, act, place, keyboard) for keyboard in (False, True)]
            print(f"{name:26} {counts[0]:5} {counts[1]:8}")


def _count(page: Page, act: Callable[[Hand, bool], None], place: str, keyboard: bool) -> int:
    if place == "company":
        page.goto("/equipe/societes/")
        page.locator("main a[href^='/equipe/societes/']:not([href*='import'])").first.click()
        page.wait_for_url(re.compile(r"/equipe/societes/\w+/"))
    else:
        page.goto(place or "/equipe/")
        if place:
            page.locator("main a[href*='/equipe/tickets/']").first.click()
            page.wait_for_url(TICKETS)
    hand = Hand(page)
    act(hand, keyboard)
    return hand.gestures


if __name__ == "__main__":
    main()
