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
RUN = "(options) => axe.run(document, options).then((found) => found.violations)"


def faults(page: Page, scheme: str = "light") -> list[str]:
    """All that is wrong on the page as it is now: empty when nothing is."""
    page.evaluate("document.fonts.ready")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")  # colours at rest
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate(RUN, LOOKS[scheme])
    found = [f"{rule['id']}: {node['target']}" for rule in violations for node in rule["nodes"]]
    if page.evaluate(WIDER):
        found.append("the page is wider than the screen")
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} titles")
    return found
