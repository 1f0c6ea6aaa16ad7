"""What a page does wrong to the eye: accessibility rules, something wider than the screen, titles."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # what is right is not told at length
}
# From light to dark only colours change: of all the rules, contrast alone may answer otherwise.
LOOKS = {"light": RULES, "dark": {**RULES, "runOnly": {"type": "rule", "values": ["color-contrast"]}}}
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Once fonts are there and colours at rest.
RUN = """async (options) => {
    await document.fonts.ready;
    await Promise.all(document.getAnimations().map((one) => one.finished));
    const { violations } = await axe.run(document, options);
    return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target}`));
}"""


def faults(page: Page, scheme: str = "light") -> list[str]:
    """All that is wrong on the page as it is now: empty when nothing is."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN, LOOKS[scheme])
    wider, titles = page.evaluate(f"[{WIDER}, document.querySelectorAll('h1').length]")
    if wider:
        found.append("the page is wider than the screen")
    if titles != 1:
        found.append(f"{titles} titles")
    return found
