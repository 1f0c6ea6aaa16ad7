"""Every page, on a wide and a narrow screen, in light and dark: accessible, nothing cut, nothing foreign (must show 6)."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Opener, Site
from tests.journeys.every_page import CDP, PERSONS, XB, addresses
from tests.journeys.looks import WIDER, faults
from tests.journeys.test_nothing_lost import RESTRICT

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("email, pages", PERSONS, ids=["nobody", "client", "staff", "rd", "admin"])
def test_axe_finds_nothing_and_nothing_overflows(
    email: str, pages: dict[str, str], site: Site, open_page: Opener
) -> None:
    """Each page is opened once, then looked at wide and narrow, then dark: only the style sheet tells them apart.

    The dark has its own colours, the same at every width.
    At 320 px, a screen of 1280 enlarged four times, it still reflows.
    """
    page, keys, found = open_page(email), addresses(site), {}
    for name, path in pages.items():
        page.goto(path.format(**keys))
        for width, scheme in ((1280, "light"), (390, "light"), (390, "dark")):
            page.set_viewport_size({"width": width, "height": 860})
            if wrong := faults(page, scheme):
                found[f"{name}, {width}, {scheme}"] = wrong
        page.set_viewport_size({"width": 320, "height": 860})
        if page.evaluate(WIDER):
            found[f"{name}, 320"] = ["the page is wider than the screen"]
    assert found == {}


LONG_WORD = """
from calypso.accounts.models import User
from calypso.projects.models import Project
from calypso.tickets.actions.dispatch import act
from calypso.tickets.actions.drafts import add_file
from calypso.tickets.actions.opening import Request, open_ticket
from calypso.tickets.models import Draft
by = User.objects.get(email="xavier.declarant@leni-tests.example")
project = Project.objects.get(name__startswith="Projet de Test")
word = "A" * 150
def key_with_file(key, purpose):
    add_file(by, form_key=key, purpose=purpose, name="B" * 88 + ".txt", chunks=[b"texte"])
    return key
for name in ("open", "closed"):
    request = Request(title=word, description=word, priority="1")
    ticket = open_ticket(by, project=project, request=request, form_key=key_with_file(name, Draft.Purpose.OPENING))
    for step in ("comment", "close") if name == "closed" else ("comment",):
        ticket.refresh_from_db()
        key = key_with_file(name + step, Draft.Purpose.COMMENT)
        act(by, ticket=ticket, name=step, seen_version=ticket.version, body=word, form_key=key)
    print(ticket.reference)
"""
# The names of files that cannot be read, and the chips that leave what holds them.
CUT_FILES = """() => [...document.querySelectorAll(".file")].filter((chip) => chip.checkVisibility()).flatMap((chip) => {
    const [name, whole, around] = [chip.querySelector(".name"), chip, chip.closest(".card")]
        .map((one) => one.getBoundingClientRect());
    const isOut = [...chip.children, chip].some((part) => part.getBoundingClientRect().right > around.right);
    return name.width < 60 || name.right > whole.right || isOut ? [chip.textContent.trim()] : [];
})"""


def test_a_word_wider_than_the_screen_is_broken(site: Site, open_page: Opener) -> None:
    """A name of file is cut, and keeps room enough to be read: at the opening, under a comment, once closed."""
    (reference, closed), keys = site.made.python(LONG_WORD).split(), addresses(site)
    wrong = []
    for width in (390, 1280):
        for email, paths in (
            (CDP, [f"/tickets/{reference}/", f"/tickets/{closed}/", f"/projets/{keys['test']}/"]),
            (XB, [f"/equipe/tickets/{reference}/", "/equipe/", "/equipe/courriers/"]),
        ):
            page = open_page(email, width=width)
            for path in paths:
                page.goto(path)
                if page.evaluate(WIDER) or page.evaluate(CUT_FILES):
                    wrong.append((width, path, page.evaluate(CUT_FILES)))
    assert wrong == []


LOG = "Trace :\n    at main (app.js:3)\n\tat  run\n" + "suite " * 60 + "fin"
WITH_LOG = """
from calypso.accounts.models import User
from calypso.projects.models import Project
from calypso.tickets.actions.dispatch import act
from calypso.tickets.actions.opening import Request, open_ticket
by = User.objects.get(email="xavier.declarant@leni-tests.example")
project = Project.objects.get(name__startswith="Projet de Test")
for step in ("comment", "close"):
    ticket = open_ticket(by, project=project, request=Request(title="Avec sa trace", description=%r, priority="1"))
    act(by, ticket=ticket, name=step, seen_version=ticket.version, body=%r)
    print(ticket.reference)
"""


def test_a_pasted_log_keeps_its_indentation(site: Site, open_page: Opener) -> None:
    """What the browser shows of a description and of a comment is the text, space for space; its long line wraps."""
    reference, closed = site.made.python(WITH_LOG % (LOG, LOG)).split()
    for email, paths in (
        (CDP, [f"/tickets/{reference}/", f"/tickets/{closed}/"]),
        (XB, [f"/equipe/tickets/{reference}/"]),
    ):
        page = open_page(email, width=390)
        for path in paths:
            page.goto(path)
            shown = (
                page.locator(".prose")
                .filter(has_text="Trace")
                .evaluate_all("(texts) => texts.filter((one) => one.checkVisibility()).map((one) => one.innerText)")
            )
            assert shown == [LOG, LOG], path
            assert not page.evaluate(WIDER)


def test_the_files_of_a_form_fit_a_phone(site: Site, open_page: Opener) -> None:
    page = open_page(CDP, width=390)
    for path in ("/tickets/nouveau/", "/tickets/5VH8E3Z/?ajouter=comment"):
        page.goto(path)
        for name in ("Screenshot_20261129-201245_Chrome.png", "B" * 88 + ".txt"):
            page.locator("input[type='file']").set_input_files(
                [{"name": name, "mimeType": "text/plain", "buffer": b"texte"}]
            )
            page.get_by_role("button", name=f"Retirer {name}").scroll_into_view_if_needed()
            expect(page.get_by_role("button", name=f"Retirer {name}")).to_be_in_viewport(ratio=1)
            assert not page.evaluate(WIDER)
            assert page.evaluate(CUT_FILES) == []
            page.get_by_role("button", name=f"Retirer {name}").click()


def test_the_theme_is_switched_and_remembered(site: Site, open_page: Opener) -> None:
    page = open_page(CDP)
    page.goto("/projets/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Thème clair ou sombre").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_the_day_is_done_by_keyboard_alone(site: Site, open_page: Opener) -> None:
    """Sign in, open a project, a ticket, comment: no mouse (R136)."""
    page = open_page()
    page.goto("/connexion/")
    expect(page.get_by_label("Identifiant (email)")).to_be_focused()
    page.keyboard.type(CDP)
    page.keyboard.press("Tab")
    page.keyboard.type("calypso1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/projets/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/projets/*/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tickets/*/")
    page.get_by_text("Ajouter", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Commentaires")).to_be_focused()
    page.keyboard.type("Tapé au clavier, c et ? compris")
    page.get_by_role("button", name="Ajouter le commentaire").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tapé au clavier, c et ? compris")).to_be_visible()
    page.keyboard.press("?")
    page.wait_for_url("**/aide/")


def test_two_tabs_on_a_narrow_screen(site: Site, open_page: Opener) -> None:
    """S73."""
    page = open_page(CDP, width=390)
    page.goto("/tickets/5VH8E3Z/")
    expect(page.get_by_role("tab", name="Actions / Commentaires")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#details")).to_be_hidden()
    page.get_by_role("tab", name="Détail Ticket").click()
    expect(page.locator("#details")).to_be_visible()
    expect(page.locator("#echanges")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#echanges")).to_be_visible()
    page.get_by_role("link", name="Clôturer le ticket").click()
    expect(page.get_by_role("textbox", name="Commentaires")).to_be_focused()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_people_of_a_project_are_read_whole(width: int, site: Site, open_page: Opener) -> None:
    """Each name to add stands whole; a « + » stands on the line of its name."""
    page, project = open_page(XB, width=width), addresses(site)["empty"]
    site.made.python(RESTRICT % (CDP, project))
    page.goto(f"/projets/{project}/droits/")
    people = page.get_by_role("group", name="Ajouter des personnes de votre société")
    cut = "(list) => [...list.querySelectorAll('label')].filter((one) => one.scrollWidth > one.clientWidth).length"
    assert people.evaluate(cut) == 0
    people.get_by_label("Xavier DECLARANT").check()
    page.get_by_role("button", name="Ajouter", exact=True).click()
    gain = page.locator("li").filter(has_text="Xavier DECLARANT")
    assert gain.evaluate("(line) => line.offsetHeight < 1.7 * parseFloat(getComputedStyle(line).lineHeight)")


def test_on_a_phone_a_row_opens_wherever_it_is_touched(site: Site, open_page: Opener) -> None:
    page = open_page(CDP, width=390)
    for path, name, there in (
        ("/projets/", "Projet de Test de gestion du Ticketing", "**/projets/*/"),
        ("/tickets/", "6ème Ticket", "**/tickets/*/"),
    ):
        page.goto(path)
        page.get_by_text(name, exact=True).click(force=True)  # the link lies over the whole row
        page.wait_for_url(there)
