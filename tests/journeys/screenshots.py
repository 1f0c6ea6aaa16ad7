"""`make screenshots`: every page at 1280 and 390 px, light and dark, into screenshots/, to be looked at."""

from pathlib import Path

import pytest

from tests.journeys.conftest import Opener, Site
from tests.journeys.every_page import PERSONS, addresses

FOLDER = Path(__file__).resolve().parent.parent.parent / "screenshots"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_keep_every_page(width: int, scheme: str, site: Site, open_page: Opener) -> None:
    """Writes one picture a page; fails when a page does not answer as expected."""
    FOLDER.mkdir(exist_ok=True)
    keys = addresses(site)
    for email, pages in PERSONS:
        page = open_page(email, width=width, scheme=scheme)
        for name, path in pages.items():
            answer = page.goto(path.format(**keys))
            assert answer is not None
            assert answer.status < 500
            page.evaluate("document.fonts.ready")
            page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", full_page=True)
