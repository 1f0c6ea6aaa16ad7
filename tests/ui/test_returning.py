"""Where a request asks to come back to: a path of this site, or the first page; never an error (R38)."""

import pytest

from calypso.accounts.models import User
from calypso.ui.next_url import own_path
from tests.world import PASSWORD, World, address

ELSEWHERE = [
    *("foo", "-x", "*", "?x=1", "#f", "%ff", "\ufffd", "home", "portal:projects", "calypso.ui.views.robots", "."),
    *("//evil.example", "/\\evil.example", "///evil.example", "https://evil.example", "javascript:alert(1)", "\\evil"),
    *("/a\nb", "/\x00", "/" + "a" * 3000, " /projets/", "", "http:projets", "//[::1", "/\u2028x"),
]


@pytest.mark.parametrize("asked", ELSEWHERE)
def test_r38_anything_else_leads_to_the_first_page(asked: str, browser, world: World) -> None:
    assert own_path(asked) == ""
    signed_in = browser("dec", raise_request_exception=False).get("/connexion/", {"next": asked})
    assert (signed_in.status_code, signed_in["Location"]) == (302, "/")
    fresh = browser(raise_request_exception=False)
    assert fresh.get("/connexion/", {"next": asked}).status_code == 200
    posted = {"email": address("dec"), "password": PASSWORD, "next": asked}
    answer = fresh.post("/connexion/", posted)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert fresh.get("/projets/").status_code == 200, "a right password signs in"


@pytest.mark.parametrize(
    "asked", ["/projets/", "/tickets/ABC/?ajouter=return#composer", "/recherche/?q=%C3%A9t%C3%A9", "/é/"]
)
def test_s129_a_path_of_this_site_is_gone_to(asked: str, browser, world: World) -> None:
    assert own_path(asked) == asked
    answer = browser("dec").get("/connexion/", {"next": asked})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")


@pytest.mark.parametrize("asked", ELSEWHERE)
def test_r38_a_form_that_is_dropped_or_held_comes_back_to_a_page_of_ours(asked: str, browser, world: World) -> None:
    opened = browser("dec", raise_request_exception=False)
    assert opened.post("/brouillons/comment/cle1/jeter/", {"retour": asked})["Location"] == "/"
    assert opened.post("/brouillons/comment/cle1/texte/", {"retour": asked, "body": "x"}).status_code == 200


def test_r38_the_second_proof_leads_where_the_first_was_asked_for(browser, world: World) -> None:
    User.objects.filter(pk=world.dec.pk).update(two_factor=True)
    fresh = browser(raise_request_exception=False)
    answer = fresh.post("/connexion/", {"email": address("dec"), "password": PASSWORD, "next": "foo"})
    assert answer["Location"] == "/connexion/verification/"
