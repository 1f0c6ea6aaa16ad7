"""Pictures, from a paste to the other side's screen: shown, annotated, looked at."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Opener
from tests.pictures import images

pytestmark = [pytest.mark.journey]

DECLARANT, SB = "xavier.declarant@leni-tests.example", "sincere.brandy@leni.example"
TICKET = "KJC0E3R"
PASTE = """async ([bytes, name]) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.querySelector("#composer textarea").dispatchEvent(event);
}"""
SCREEN = images.encoded("PNG", images.halves(1200, 800))


def paste(page: Page, name: str) -> Locator:
    """Pastes a screenshot in the composer; returns its line, once its thumbnail is there."""
    page.get_by_text("Ajouter", exact=True).click()
    page.evaluate(PASTE, [list(SCREEN), name])
    line = page.locator("[data-kept] li").filter(has_text=name)
    expect(line.locator("img")).to_be_visible()
    return line


def drag(page: Page, canvas: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draws from one place to another, as shares of the width and of the height."""
    box = canvas.bounding_box()
    assert box is not None
    for (across, down), act in ((start, page.mouse.down), (end, page.mouse.up)):
        page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down, steps=4)
        act()


def picture_of(page: Page, name: str) -> Image.Image:
    """The picture that the viewer would show of the file of that name."""
    address = page.get_by_role("link", name=f"Voir {name}").first.get_attribute("href")
    return Image.open(BytesIO(page.request.get(str(address)).body())).convert("RGB")


def test_a_screenshot_is_pasted_annotated_sent_and_seen_by_the_other_side(open_page: Opener) -> None:
    page, other = open_page(DECLARANT), open_page(SB)
    other.goto(f"/equipe/tickets/{TICKET}/")
    page.goto(f"/tickets/{TICKET}/")
    line = paste(page, "ecran.png")
    line.get_by_role("button", name="Annoter").click()
    canvas = page.get_by_role("dialog").locator("canvas")
    for tool, start, end in (
        ("Flèche", (0.2, 0.8), (0.1, 0.2)),
        ("Cadre", (0.6, 0.1), (0.9, 0.5)),
        ("Rogner", (0.0, 0.0), (1.0, 0.9)),
    ):
        page.get_by_text(tool, exact=True).click()
        drag(page, canvas, start, end)
    page.get_by_text("Texte", exact=True).click()
    page.get_by_label("Texte à placer").fill("Ici")
    drag(page, canvas, (0.3, 0.5), (0.3, 0.5))
    page.get_by_role("button", name="Enregistrer").click()
    kept = page.locator("[data-kept]")
    expect(kept).to_contain_text("ecran (annoté).png")
    expect(kept.locator("li").filter(has_text="ecran.png")).to_be_visible()  # the original is kept
    page.get_by_role("textbox", name="Commentaires").fill("La page est vide.")
    page.get_by_role("button", name="Ajouter le commentaire").click()
    shown = other.locator("#conversation").get_by_role("link", name="Voir ecran (annoté).png").locator("img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 480
    drawn = picture_of(other, "ecran (annoté).png")
    assert drawn.size == (1200, 720)  # cropped
    red = drawn.getpixel((720, 240))  # the left side of the box, over the blue half
    assert isinstance(red, tuple)
    assert red[0] > 150


def test_what_is_blurred_leaves_with_its_original_by_keyboard_alone(open_page: Opener) -> None:
    page = open_page(DECLARANT)
    page.goto(f"/tickets/{TICKET}/")
    paste(page, "secret.png").get_by_role("button", name="Annoter").press("Enter")
    canvas = page.get_by_role("dialog").locator("canvas")
    expect(canvas).to_be_focused()
    page.get_by_role("radio", name="Flouter").press("Space")
    canvas.focus()
    for key in ["Enter", *["ArrowRight"] * 5, *["ArrowDown"] * 5, "Enter"]:
        canvas.press(key)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Défaire")).to_be_disabled()
    for key in [*["ArrowLeft"] * 12, "Enter", *["ArrowRight"] * 14, "ArrowUp", "ArrowUp", "Enter"]:
        canvas.press(key)
    page.get_by_role("button", name="Enregistrer").press("Enter")
    kept = page.locator("[data-kept]")
    expect(kept).to_contain_text("secret (annoté).png")
    expect(kept.locator("li")).to_have_count(1)
    for _time in range(2):  # leaving without drawing changes nothing
        kept.get_by_role("button", name="Annoter").click()
        page.keyboard.press("Escape")
    expect(kept.locator("li")).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_viewer_by_keys_buttons_and_without_script(width: int, open_page: Opener) -> None:
    page = open_page(DECLARANT, width=width)
    page.goto("/tickets/OK899Q5/")
    for name in ("un.png", "deux.png"):
        paste(page, name) if name == "un.png" else page.evaluate(PASTE, [list(SCREEN), name])
    expect(page.locator("[data-kept] img")).to_have_count(2)
    page.get_by_role("textbox", name="Commentaires").fill("Deux écrans.")
    page.get_by_role("button", name="Ajouter le commentaire").click()
    talk = page.locator("#conversation")
    talk.get_by_role("link", name="Voir un.png").first.click()
    viewer = page.get_by_role("dialog", name="Image")
    expect(viewer).to_contain_text("un.png")
    page.keyboard.press("ArrowRight")
    expect(viewer).to_contain_text("deux.png")
    viewer.get_by_role("button", name="Image précédente").click()
    expect(viewer).to_contain_text("un.png")
    page.keyboard.press("+")
    expect(viewer.locator("img")).to_have_attribute("style", "transform: translate(0px, 0px) scale(1.4);")
    with page.expect_download() as download:
        viewer.get_by_role("link", name="Télécharger").click()
    assert download.value.path().read_bytes() == SCREEN
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(talk.get_by_role("link", name="Voir un.png").first).to_be_focused()
    plain = open_page(DECLARANT, width=width, javascript=False)
    plain.goto("/tickets/OK899Q5/")
    plain.locator("#conversation").get_by_role("link", name="Voir un.png").first.click()
    assert plain.url.endswith("/vue/")
