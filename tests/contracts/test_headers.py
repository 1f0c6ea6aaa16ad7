"""What every answer carries, and what a GET never does (R16, R49, R120–R122, R155)."""

import errno

import pytest
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from calypso.ui import errors
from tests.conftest import on_postgresql
from tests.contracts.routes import POST_ONLY, ROUTES
from tests.contracts.walk import address, reader
from tests.pages import words
from tests.world import World, add_project, new_ticket

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@pytest.mark.skipif(on_postgresql(), reason="no header depends on the engine; every page is asked on both elsewhere")
@pytest.mark.parametrize("name", sorted(ROUTES))
def test_r49_r121_headers_of_every_route(name: str, browser, world: World) -> None:
    for who in ("", reader(name)):
        opened = browser(who)
        path = address(name, world)
        answer = opened.post(path) if name in POST_ONLY else opened.get(path)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        kept = "immutable" if name == "brand_colours" else "no-store"  # a style, whose address says all of it
        assert kept in answer["Cache-Control"]
        assert answer["Referrer-Policy"] in ("same-origin", "no-referrer")
        assert "geolocation=()" in answer["Permissions-Policy"]
        assert answer["Content-Security-Policy"] in (
            CSP,
            "sandbox; default-src 'none'",
            "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        )
        assert len(answer["X-Request-Id"]) == 16


@pytest.mark.parametrize("name", sorted(set(ROUTES) - POST_ONLY))
def test_r16_a_get_only_selects(name: str, browser, world: World) -> None:
    opened = browser(reader(name))
    path = address(name, world)
    with CaptureQueriesContext(connection) as captured:
        opened.get(path)
        opened.head(path)
    verbs = {query["sql"].lstrip("(").split()[0] for query in captured.captured_queries}
    assert verbs <= {"SELECT", "SAVEPOINT", "RELEASE"}, verbs


@pytest.mark.parametrize("name", sorted(POST_ONLY))
def test_r120_every_post_asks_for_its_token(name: str, browser, world: World) -> None:
    opened = browser(reader(name), enforce_csrf_checks=True)
    page = browser(reader(name), enforce_csrf_checks=True).get("/profil/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    before = _fingerprint()
    assert opened.post(address(name, world)).status_code in (400, 403)
    assert opened.post(address(name, world), {"csrfmiddlewaretoken": token}).status_code in (400, 403)
    assert _fingerprint() == before


def _fingerprint() -> tuple[int, ...]:
    from calypso.accounts.models import Session, User
    from calypso.outbox.models import OutgoingEmail
    from calypso.tickets.models import Ticket, TicketEvent

    return (
        Session.objects.count(),
        OutgoingEmail.objects.count(),
        TicketEvent.objects.count(),
        *Ticket.objects.order_by("pk").values_list("version", flat=True),
        *User.objects.order_by("pk").values_list("stamp", flat=True),
    )


def test_r120_another_origin_is_refused(browser, world: World) -> None:
    opened = browser("dec", enforce_csrf_checks=True)
    page = opened.get("/profil/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    data = {"csrfmiddlewaretoken": token}
    assert opened.post("/deconnexion/", data, headers={"Origin": "https://evil.example"}).status_code == 403
    assert opened.post("/deconnexion/", data, headers={"Origin": "http://testserver"}).status_code == 302


def test_r34_cookies_of_a_public_site(tmp_path) -> None:
    """The real settings with an https address: `__Host-` names, Secure, HttpOnly, SameSite."""
    import subprocess
    import sys

    code = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'calypso.config.settings'\n"
        "from django.conf import settings as s\n"
        "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE,"
        " s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.ALLOWED_HOSTS)"
    )
    env = {
        "PATH": "/usr/bin:/bin",
        "CALYPSO_VAR": str(tmp_path),
        "CALYPSO_PRODUCTION": "yes",
        "CALYPSO_SITE_URL": "https://x.example/",
    }
    ran = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "__Host-calypso True True Lax __Host-calypso-csrf True ['x.example']"


class TestErrors:
    def test_r122_the_pages_say_nothing_of_the_machine_and_ask_no_database(
        self, rf, db, django_assert_num_queries
    ) -> None:
        request = rf.get("/x")
        request.id = "abc123"
        with django_assert_num_queries(0):
            pages = [
                errors.bad_request(request),
                errors.forbidden(request),
                errors.not_found(request),
                errors.not_allowed(request),
                errors.conflict(request, "Un autre a écrit."),
                errors.too_large(request),
                errors.invalid(request, ["Non."]),
                errors.too_often(request, 90),
                errors.unavailable(request),
                errors.server_error(request),
            ]
        assert [page.status_code for page in pages] == [400, 403, 404, 405, 409, 413, 422, 429, 503, 500]
        for page in pages:
            text = words(page)
            assert not any(word in text for word in ("Traceback", "SELECT", "Django", "/src/", "Python"))
            assert "Revenir à l'accueil" in text
        assert "abc123" in words(pages[-1])
        assert pages[7]["Retry-After"] == "90"

    def test_c7_a_bug_is_a_500_with_its_id(self, browser, world: World, monkeypatch) -> None:
        from calypso.portal.views import projects

        def broken(*_: object) -> None:
            raise RuntimeError("chemin /secret")

        monkeypatch.setattr(projects.lists, "projects_page", broken)
        opened = browser("dec", raise_request_exception=False)
        answer = opened.get("/projets/")
        assert answer.status_code == 500
        assert "secret" not in answer.content.decode()
        assert answer["X-Request-Id"] in words(answer)
        assert answer["Content-Security-Policy"] == CSP

    def test_c6_r57_a_request_too_long_is_a_413(self, browser, world: World, settings) -> None:
        settings.REQUEST_MAX_BYTES = 2 * 2**20
        answer = browser("dec").post("/profil/", {"first_name": "x" * 3 * 2**20})
        assert answer.status_code == 413
        assert "tient en 2 Mo, fichiers compris, et ses textes en 4 Mo" in words(answer)
        assert "ce que vous avez écrit est encore là" in words(answer)
        assert answer["Content-Security-Policy"] == CSP

    @pytest.mark.parametrize(
        "failure",
        [OperationalError("disk I/O error"), InterfaceError("connection closed"), OSError(errno.ENOSPC, "plein")],
    )
    def test_c6_r146_r148_what_passes_is_a_503(self, failure: Exception, browser, world: World, monkeypatch) -> None:
        from calypso.portal.views import projects

        def broken(*_: object) -> None:
            raise failure

        monkeypatch.setattr(projects.lists, "projects_page", broken)
        answer = browser("dec", raise_request_exception=False).get("/projets/")
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0

    def test_r57_a_text_a_thousand_times_too_long_is_a_413(self, browser, world: World) -> None:
        assert browser("dec").post("/profil/", {"first_name": "x" * 5_000_000}).status_code == 413

    def test_r57_more_fields_than_a_form_has_are_refused(self, browser, world: World) -> None:
        answer = browser("dec").post("/profil/", {f"f{number}": "x" for number in range(300)})
        assert answer.status_code == 400

    def test_r53_r58_absurd_values_never_break(self, browser, world: World) -> None:
        opened = browser("admin")
        for path in (
            "/equipe/?q=%00",
            "/equipe/?etat=%00",
            "/equipe/?page=%ff",
            "/projets/%00/",
            "/equipe/tickets/%F0%9F%8E%AA/",
            "/equipe/?societe=" + "9" * 5000,
        ):
            assert opened.get(path).status_code in (200, 404, 422), path


class TestHealth:
    def test_r155_alive_and_ready(self, browser, world: World) -> None:
        assert browser().get("/healthz").content == b"ok"
        assert browser().get("/readyz").content == b"ok"

    def test_the_icon_and_the_robots(self, browser, world: World) -> None:
        assert browser().get("/favicon.ico")["Location"] == "/static/calypso/icon.svg"
        assert b"Disallow: /" in browser().get("/robots.txt").content


def test_migrations_match_the_models(world: World) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_gallery_shows_every_component(browser, world: World, settings) -> None:
    from django.template import engines

    settings.DEBUG = True
    html = browser().get("/composants/").content.decode()
    names = engines["jinja2"].env.globals["ui"].names()
    missing = [name for name in names if f'data-component="{name}"' not in html]
    assert missing == []


def test_a_component_that_does_not_exist_is_an_error() -> None:
    from django.template import engines

    with pytest.raises(AttributeError, match="inexistant"):
        engines["jinja2"].env.globals["ui"].inexistant  # noqa: B018 - the access is the test


def test_trap_a_ticket_page_of_each_kind_has_one_h1(browser, world: World) -> None:
    add_project(world, "Titres", "alpha", "pm")
    ticket = new_ticket(world)
    for who, path in (
        ("dec", "/projets/"),
        ("dec", f"/tickets/{ticket.reference}/"),
        ("agent", "/equipe/"),
        ("agent", f"/equipe/tickets/{ticket.reference}/"),
    ):
        assert browser(who).get(path).content.decode().count("<h1") == 1


def test_pages_travel_compressed_and_files_as_they_are_stored(browser, world: World) -> None:
    """The same page never has the same length twice: compression must not help to guess what it holds."""
    opened, asked = browser("dec"), {"Accept-Encoding": "gzip"}
    pages = [opened.get(address("portal:project", world), headers=asked) for _ in range(8)]
    assert {page.headers["Content-Encoding"] for page in pages} == {"gzip"}
    assert "Accept-Encoding" in pages[0].headers["Vary"]
    plain = opened.get(address("portal:project", world))
    assert "Content-Encoding" not in plain.headers
    assert max(len(page.content) for page in pages) < len(plain.content) / 2
    assert len({len(page.content) for page in pages}) > 1
    file = opened.get(address("portal:attachment", world), headers=asked)
    assert "Content-Encoding" not in file.headers
