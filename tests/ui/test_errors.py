"""The pages for what went wrong, while what they could need has failed too (C5–C7, R122, R146)."""

import errno
from collections.abc import Callable

import pytest
from django.db import OperationalError, connections
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError

from calypso.accounts.session_store import SessionStore
from calypso.ui import context, errors
from tests.pages import words
from tests.world import World

PAGES: dict[str, tuple[int, Callable[..., HttpResponse]]] = {
    "bad_request": (400, errors.bad_request),
    "name_too_long": (
        413,
        lambda request: errors.bad_request(request, MultiPartParserError("Request max total header size exceeded.")),
    ),
    "forbidden": (403, errors.forbidden),
    "read_only": (403, errors.read_only),
    "not_found": (404, errors.not_found),
    "not_allowed": (405, errors.not_allowed),
    "conflict": (409, lambda request: errors.conflict(request, "Un autre a <écrit>.")),
    "too_large": (413, errors.too_large),
    "invalid": (422, lambda request: errors.invalid(request, ["Ce tri n'existe pas."])),
    "too_often": (429, lambda request: errors.too_often(request, 90)),
    "unavailable": (503, errors.unavailable),
    "server_error": (500, errors.server_error),
}


def away(*_: object, **__: object) -> None:
    raise OperationalError("connection refused")


def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections["default"], "cursor", away)


def no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SessionStore, "load", away)


def no_context(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "page", away)
    monkeypatch.setattr("calypso.ui.context.account_token", away)


def no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: object) -> None:
        raise OSError(errno.EIO, "no disk")

    monkeypatch.setattr("calypso.ui.errors.get_template", unreadable)


FAILURES = [no_database, no_session, no_context, no_disk]


@pytest.mark.parametrize("fail", FAILURES, ids=[fail.__name__ for fail in FAILURES])
@pytest.mark.parametrize("name", PAGES)
def test_r122_each_page_without_what_has_failed(
    name: str, fail: Callable[[pytest.MonkeyPatch], None], browser, rf, world: World, monkeypatch
) -> None:
    """With a cookie, so that whatever asks for the person asks the database."""
    request = rf.get("/x", dict.fromkeys(map(str, range(300)), "1"))
    request.COOKIES.update({name: cookie.value for name, cookie in browser("dec").cookies.items()}, theme="dark")
    status, page = PAGES[name]
    with monkeypatch.context() as until:
        fail(until)
        answer = page(request)
    assert answer.status_code == status
    assert "<h1>" in answer.content.decode()
    assert "<écrit>" not in answer.content.decode()
    assert fail is no_disk or 'data-theme="dark"' in answer.content.decode()


@pytest.mark.parametrize("who", ["", "dec", "agent"])
@pytest.mark.parametrize("path", ["/connexion/", "/projets/", "/equipe/", "/aide/", "/nulle-part/"])
def test_r146_with_the_database_away_everybody_reads_the_same_page(
    who: str, path: str, browser, world: World, monkeypatch
) -> None:
    opened = browser(who, raise_request_exception=False)
    with monkeypatch.context() as until:
        no_database(until)
        answer = opened.get(path)
    if who or path == "/connexion/":
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0
        assert "Momentanément indisponible" in words(answer)
    else:
        assert answer.status_code in (200, 302, 404)


@pytest.mark.parametrize("who", ["", "dec", "agent"])
@pytest.mark.parametrize("number", [200, 201, 1000])
def test_r57_more_parameters_than_a_page_reads(number: int, who: str, browser, world: World) -> None:
    opened = browser(who, raise_request_exception=False)
    asked = {f"p{place}": "1" for place in range(number)}
    for path in ("/connexion/", "/projets/", "/equipe/", "/recherche/", "/nulle-part/", "/direct/depuis/"):
        answer = opened.get(path, asked)
        assert answer.status_code in (200, 302, 400, 404), path
        if answer.status_code == 400:
            assert number > 200
            assert "Demande illisible" in words(answer)
    assert opened.get("/healthz", asked).content == b"ok"


def test_r65_a_file_name_that_no_header_holds_is_named_for_what_it_is(browser, world: World) -> None:
    head = f'--limite\r\nContent-Disposition: form-data; name="attachments"; filename="{"n" * 1200}.txt"\r\n'
    body = f"{head}Content-Type: text/plain\r\n\r\ntexte\r\n--limite--\r\n".encode()
    path = f"/tickets/{world.ticket('A1').reference}/envoyer/"
    answer = browser("dec").post(path, body, content_type="multipart/form-data; boundary=limite")
    assert answer.status_code == 413
    assert "nom d'un fichier joint est trop long" in words(answer)


def test_r122_a_page_can_say_back_half_a_sign(browser) -> None:
    """An encoding of this kind makes of ASCII what no page can hold; the error page itself then failed."""
    opened = browser("", raise_request_exception=False, enforce_csrf_checks=True)
    body = b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\n\\ud800 deux mots\r\n--x--\r\n'
    answer = opened.generic("POST", "/connexion/", body, "multipart/form-data; boundary=x; charset=unicode_escape")
    assert answer.status_code == 403
    assert "deux mots" in words(answer)


def test_a_page_that_is_not_found_keeps_the_way_on(browser, world: World) -> None:
    for who, search in (("dec", True), ("agent", False)):
        page = browser(who).get("/nulle-part/")
        html = page.content.decode()
        assert page.status_code == 404
        assert 'action="/deconnexion/"' in html
        assert ('role="search"' in html) is search
        assert "Page introuvable" in words(page)
    assert 'action="/deconnexion/"' not in browser().get("/connexion/nulle-part/", follow=True).content.decode()


def test_r122_without_its_frame_it_still_says_so(browser, world: World, monkeypatch) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError

    window = browser("dec")
    monkeypatch.setattr("calypso.ui.context.account_token", broken)
    monkeypatch.setattr("calypso.ui.context.csrf_input", broken)
    page = window.get("/nulle-part/")
    assert page.status_code == 404
    assert "Page introuvable" in words(page)
