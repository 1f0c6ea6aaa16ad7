"""The pages of authentication through their addresses (S1–S25, R21–R42)."""

import re
import time
from ipaddress import ip_network

import pytest
from django.conf import settings as django_settings
from django_ox.testing import run_tasks

from calypso.accounts import links
from calypso.accounts.actions.people import Identity, invite_contact
from calypso.accounts.links import Purpose
from calypso.accounts.models import Attempt, Session
from calypso.accounts.sessions import SEEN_FIELD, STARTED_FIELD
from calypso.base.errors import NotVisible
from calypso.outbox.models import OutgoingEmail
from tests.accounts.solve import solved
from tests.pages import in_order, words
from tests.world import PASSWORD, World


@pytest.mark.checklist("S1-S10")
def test_the_sign_in_page_says_what_the_guide_says(browser) -> None:
    page = browser().get("/connexion/")
    assert in_order(
        page,
        "Bienvenue sur l'extranet Calypso !",
        "Cet espace est réservé aux utilisateurs des solutions Digitales de Léni construites autour de sa plateforme « Calypso ».",
        "Dans cette première version, cet espace vous permet de communiquer avec nos équipes par des tickets :",
        "Identifiez-vous pour retrouver la liste de vos projets Calypso en cours,",
        "Suivez l'avancement des tickets qui leur sont rattachés,",
        "Faites-nous part de vos demandes en créant de nouveaux tickets",
        "Pourquoi et comment utiliser cet outil ?",
        "Vous avez déjà un compte ?",
        "Identifiant (email) :",
        "Mot de passe :",
        "Se souvenir de moi",
        "Mot de passe oublié ?",
        "Se connecter",
        "C'est votre première connexion ?",
        "Pour pouvoir vous connecter il faut que votre email soit connu chez Léni. Si votre adresse email n'est pas connue, "
        "il faut faire la demande auprès de votre chef de projet.",
    )
    html = page.content.decode()
    for address in ("/aide/", "/mot-de-passe/oublie/", "/premiere-connexion/"):
        assert f'href="{address}"' in html


@pytest.mark.checklist("S4", "S11-S13")
def test_the_help_page_needs_no_account(browser) -> None:
    assert in_order(
        browser().get("/aide/"),
        "Comment et pourquoi utiliser notre outil de ticketing :",
        "1 - Dans la phase de construction de vos sites :",
        "Au fur et à mesure de vos tests, faites-nous part de vos retours (IHM, fonctionnement...) en créant des tickets",
        "Nous les traiterons, et vous préviendrons pour que vous puissiez aller vérifier leur traitement (soit au fur et à mesure, soit par lots)",
        "Pour chaque ticket, si son traitement vous convient, vous le clôturerez, sinon le complèterez",
        "2 - Dans la phase d'utilisation opérationnelle :",
        "Faites-nous part à tout moment d'un éventuel dysfonctionnement ou d'une demande de modification, en créant un ticket",
        "Votre chef de projet et l'équipe en charge du support en seront immédiatement avertis, et le traiteront dans les meilleurs délais",
        "Vous serez avertis par email du traitement de votre ticket, et si son traitement est ok vous le clôturerez, sinon le complèterez",
        "Dans les 2 cas, l'outil vous permettra d'avoir un suivi permanent et temps réel de l'avancement du traitement de l'ensemble de vos tickets",
        "9 – Clôturé",
    )


@pytest.mark.checklist("S14-S17")
def test_first_connection_step_one(browser) -> None:
    assert in_order(
        browser().get("/premiere-connexion/"),
        "Première connexion",
        "Comment créer votre mot de passe ?",
        "Saisissez votre email (qui sera votre identifiant), pour demander votre mot de passe :",
        "S'il n'est pas reconnu et que vous avez une erreur contactez votre chef de projet qui créera votre compte, et vous pourrez ensuite renouveler l'opération",
        "S'il est reconnu, vous recevrez un e-mail contenant un lien sur lequel vous devrez cliquer pour pouvoir saisir votre mot de passe.",
        "Votre adresse mail :",
        "Créer mon mot de passe",
        "Retour sur la page de connexion",
        "Le niveau de sécurité du mot de passe paramétré est : 6 caractères mini, avec au moins une minuscule et un chiffre",
    )


@pytest.mark.checklist("S22", "S23")
def test_forgotten_password_step_one(browser) -> None:
    page = browser().get("/mot-de-passe/oublie/")
    assert in_order(
        page,
        "Demande de réinitialisation de mot de passe",
        "Comment réinitialiser votre mot de passe ?",
        "Saisissez l'email qui a servi à la création de votre compte.",
        "Vous recevrez un e-mail contenant un lien de réinitialisation. Cliquez sur le lien et choisissez votre mot de passe.",
        "Votre adresse mail :",
        "Confidentialité - Conditions",
        "Réinitialiser mon mot de passe",
        "Retour sur la page de connexion",
    )
    assert 'data-label="Je ne suis pas un robot"' in page.content.decode()


@pytest.mark.parametrize(
    "path, form", [("/premiere-connexion/", "premiere-connexion"), ("/mot-de-passe/oublie/", "mot-de-passe-oublie")]
)
@pytest.mark.parametrize("email", ["dec@alpha.example", "out@alpha.example", "inconnu@nulle.part.example"])
def test_r22_one_answer_for_every_address(path: str, form: str, email: str, world: World, browser) -> None:
    opened = browser()
    answer = opened.post(path, {"email": email, "captcha": solved(form)})
    reference = browser().post(path, {"email": "autre@x.example", "captcha": solved(form)}, REMOTE_ADDR="10.9.9.9")
    assert answer.status_code == 200
    assert "Si cette adresse est connue de Léni, un e-mail vient de vous être envoyé." in words(answer)
    assert len(answer.content) == len(reference.content)


@pytest.mark.parametrize("path", ["/premiere-connexion/", "/mot-de-passe/oublie/"])
def test_r32_without_the_captcha_nothing_leaves_and_the_address_stays(path: str, world: World, browser) -> None:
    before = OutgoingEmail.objects.count()
    answer = browser().post(path, {"email": "dec@alpha.example", "captcha": ""})
    assert answer.status_code == 422
    assert 'value="dec@alpha.example"' in answer.content.decode()
    assert "Je ne suis pas un robot" in words(answer)
    run_tasks(raise_failures=True)
    assert OutgoingEmail.objects.count() == before


def test_r31_beyond_ten_demands_a_network_waits(world: World, browser) -> None:
    for number in range(10):
        browser().post(
            "/mot-de-passe/oublie/", {"email": f"x{number}@x.example", "captcha": solved("mot-de-passe-oublie")}
        )
    answer = browser().post("/mot-de-passe/oublie/", {"email": "y@x.example", "captcha": solved("mot-de-passe-oublie")})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 3600
    assert "patientez 60 min" in words(answer)


def follow_link(opened, purpose: Purpose, token: str):
    """Opens the link of a mail, as a person does: the token leaves the address."""
    answer = opened.get(f"/mot-de-passe/lien/{purpose.value}/{token}")
    assert answer.status_code == 302
    assert token not in answer["Location"]
    assert answer["Referrer-Policy"] == "no-referrer"
    return opened.get(answer["Location"])


@pytest.mark.checklist("S19", "S21")
def test_first_connection_step_two(world: World, browser) -> None:
    person = invite_contact(
        world.manager, organization=world.organization("alpha"), identity=Identity("neuf@alpha.example", "Noé", "NEUF")
    )
    opened, token = browser(), links.mint(person, Purpose.FIRST_CONNECTION)
    page = follow_link(opened, Purpose.FIRST_CONNECTION, token)
    assert in_order(
        page,
        "Première connexion",
        "Comment créer votre mot de passe ?",
        "Mot de passe : *",
        "Confirmation du mot de passe : *",
        "Initialiser mon mot de passe",
        "Retour sur la page de connexion",
    )
    assert page["Cache-Control"] == "no-store"
    refused = opened.post("/mot-de-passe/choisir/", {"password": "court", "confirmation": "autre"})
    assert refused.status_code == 422
    assert "6 caractères mini" in words(refused)
    done = opened.post("/mot-de-passe/choisir/", {"password": "Bonjour-1", "confirmation": "Bonjour-1"})
    assert done["Location"] == "/projets/?fait=mot-de-passe"
    assert "vous êtes connecté" in words(opened.get(done["Location"]))  # at once
    opened.post("/deconnexion/")
    inside = opened.post("/connexion/", {"email": "neuf@alpha.example", "password": "Bonjour-1"})
    assert inside.status_code == 302
    assert opened.get("/projets/").status_code == 200


@pytest.mark.checklist("S25")
def test_reset_step_two(world: World, browser) -> None:
    opened = browser()
    page = follow_link(opened, Purpose.RESET, links.mint(world.dec, Purpose.RESET))
    assert in_order(
        page,
        "Demande de réinitialisation de mot de passe",
        "Saisissez l'email qui a servi à la création de votre compte.",
        "Nouveau mot de passe : *",
        "Confirmation du mot de passe : *",
        "Réinitialiser mon mot de passe",
        "Retour sur la page de connexion",
    )


@pytest.mark.parametrize("who, first", [("obs", "/projets/"), ("agent", "/equipe/")])
def test_r25_a_link_opened_where_somebody_else_is_signed_in_says_whose_it_is(
    who: str, first: str, world: World, browser
) -> None:
    opened = browser(who)
    page = follow_link(opened, Purpose.RESET, links.mint(world.dec, Purpose.RESET))
    assert in_order(page, "Pour le compte", "dec@alpha.example")
    done = opened.post("/mot-de-passe/choisir/", {"password": "Bonjour-1", "confirmation": "Bonjour-1"}, follow=True)
    assert done.redirect_chain[-1][0] == f"{first}?fait=mot-de-passe-autre"
    assert "Vous restez connecté au vôtre" in words(done)


def test_r25_scanners_burn_nothing(world: World, browser) -> None:
    token = links.mint(world.dec, Purpose.RESET)
    for _ in range(5):
        scanner = browser()
        follow_link(scanner, Purpose.RESET, token)
        scanner.head(f"/mot-de-passe/lien/{Purpose.RESET.value}/{token}")
    opened = browser()
    follow_link(opened, Purpose.RESET, token)
    assert (
        opened.post("/mot-de-passe/choisir/", {"password": "Bonjour-1", "confirmation": "Bonjour-1"}).status_code == 302
    )


@pytest.mark.parametrize("token", ["x.y-z", "....", "a" * 500])
def test_r24_r27_every_dead_link_has_one_page(token: str, world: World, browser) -> None:
    answer = follow_link(browser(), Purpose.RESET, token)
    assert answer.status_code == 410
    assert in_order(answer, "Ce lien n'est plus valable", "Demander un nouveau lien")


def test_r24_a_link_used_meanwhile_has_the_same_page(world: World, browser) -> None:
    first, second = browser(), browser()
    token = links.mint(world.dec, Purpose.RESET)
    for opened in (first, second):
        follow_link(opened, Purpose.RESET, token)
    data = {"password": "Bonjour-1", "confirmation": "Bonjour-1"}
    assert first.post("/mot-de-passe/choisir/", data).status_code == 302
    assert second.post("/mot-de-passe/choisir/", data).status_code == 410


def test_r25_a_link_used_between_our_look_and_our_write_is_dead_too(world: World, browser, monkeypatch) -> None:
    from calypso.signin.views import links as view

    def too_late(**_: object) -> None:
        raise NotVisible

    opened = browser()
    follow_link(opened, Purpose.RESET, links.mint(world.dec, Purpose.RESET))
    monkeypatch.setattr(view, "choose_password", too_late)
    assert (
        opened.post("/mot-de-passe/choisir/", {"password": "Bonjour-1", "confirmation": "Bonjour-1"}).status_code == 410
    )


def log_in(opened, email: str = "dec@alpha.example", password: str = PASSWORD, **more: str):
    return opened.post("/connexion/", {"email": email, "password": password, **more})


@pytest.mark.checklist("S9", "S27")
def test_each_lands_on_their_first_page(browser, world: World) -> None:
    for email, page in (("dec@alpha.example", "/projets/"), ("agent@leni.example", "/equipe/")):
        opened = browser()
        assert log_in(opened, email)["Location"] == "/"
        assert opened.get("/")["Location"] == page


def test_r21_r135_a_failure_keeps_the_address_and_forgets_the_password(browser, world: World) -> None:
    answer = log_in(browser(), password="Mauvais-9")
    assert answer.status_code == 422
    assert "Identifiant ou mot de passe incorrect." in words(answer)
    html = answer.content.decode()
    assert 'value="dec@alpha.example"' in html
    assert "Mauvais-9" not in html
    assert 'autocomplete="current-password"' in html
    assert 'role="alert"' in html


def test_r21_failures_weigh_the_same(browser, world: World) -> None:
    sizes = {len(log_in(browser(), email, "Mauvais-9").content) for email in ("dec@alpha.example", "nul@alpha.example")}
    assert len(sizes) == 1


def test_decision_20_the_captcha_shows_after_three_failures(browser, world: World) -> None:
    opened = browser()
    assert "altcha-widget" not in opened.get("/connexion/").content.decode()
    for _ in range(3):
        log_in(opened, password="Mauvais-9")
    assert "altcha-widget" in opened.get("/connexion/").content.decode()
    assert log_in(opened).status_code == 422
    assert log_in(opened, captcha=solved("connexion")).status_code == 302


def test_r30_the_wall_is_a_429(browser, world: World) -> None:
    opened = browser()
    for _ in range(5):
        log_in(opened, password="Mauvais-9", captcha=solved("connexion"))
    answer = log_in(opened, captcha=solved("connexion"))
    assert answer.status_code == 429
    assert "Retry-After" in answer


def test_r41_a_forged_address_does_not_move_the_limits(browser, world: World) -> None:
    opened = browser()
    for number in range(3):
        opened.post("/connexion/", {"email": "a", "password": "b"}, headers={"X-Forwarded-For": f"10.0.0.{number}"})
    assert set(Attempt.objects.values_list("network", flat=True)) == {"127.0.0.1"}


def test_r41_a_listed_proxy_tells_the_address(browser, world: World, settings) -> None:
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    browser().post(
        "/connexion/", {"email": "a", "password": "b"}, headers={"X-Forwarded-For": "6.6.6.6, 2001:db8:1:2:3::4"}
    )
    assert set(Attempt.objects.values_list("network", flat=True)) == {"2001:db8:1:2::"}


def test_r41_only_a_listed_proxy_tells_the_scheme(browser, world: World, settings) -> None:
    settings.SECURE_HSTS_SECONDS = 3600
    forged = {"X-Forwarded-Proto": "https"}
    assert "Strict-Transport-Security" not in browser().get("/connexion/", headers=forged)
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    assert "Strict-Transport-Security" in browser().get("/connexion/", headers=forged)


def test_an_unreadable_address_is_a_network_too(browser, world: World) -> None:
    browser().post("/connexion/", {"email": "a", "password": "b"}, REMOTE_ADDR="unix:")
    assert set(Attempt.objects.values_list("network", flat=True)) == {""}


@pytest.mark.checklist("S129")
@pytest.mark.parametrize(
    "asked, landed",
    [
        ("/tickets/ABC/", "/tickets/ABC/"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_r38_return_addresses_stay_local(asked: str, landed: str, browser, world: World) -> None:
    assert log_in(browser(), next=asked)["Location"] == landed


def test_s129_the_link_of_a_mail_survives_sign_in(browser, world: World) -> None:
    opened, path = browser(), f"/tickets/{world.ticket('A1').reference}/"
    to_login = opened.get(path)["Location"]
    assert to_login == f"/connexion/?next={path}"
    assert f'name="next" value="{path}"' in opened.get(to_login).content.decode()


@pytest.mark.checklist("S8")
@pytest.mark.parametrize(
    "email, remember, age",
    [("dec@alpha.example", "on", 30 * 86400), ("dec@alpha.example", "", None), ("agent@leni.example", "on", None)],
)
def test_r35_remembering_is_for_clients(email: str, remember: str, age: int | None, browser, world: World) -> None:
    answer = log_in(browser(), email, remember=remember)
    cookie = answer.cookies[django_settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"] or None) == age
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize(
    "who, remembered, idle, age, alive",
    [
        ("dec", False, 7199, 0, True),
        ("dec", False, 7201, 0, False),
        ("dec", False, 0, 12 * 3600 + 1, False),
        ("dec", True, 13 * 86400, 13 * 86400, True),
        ("dec", True, 14 * 86400 + 1, 0, False),
        ("dec", True, 0, 30 * 86400 + 1, False),
        ("agent", False, 3601, 0, False),
        ("agent", False, 0, 12 * 3600 + 1, False),
    ],
)
def test_r35_lifetimes(who: str, remembered: bool, idle: int, age: int, alive: bool, browser, world: World) -> None:
    opened = browser(who)
    session = opened.session
    session["remember"] = remembered
    session[SEEN_FIELD], session[STARTED_FIELD] = time.time() - idle, time.time() - max(age, idle)
    session.save()
    answer = opened.get("/profil/")
    assert (answer.status_code == 200) is alive
    if alive and idle > 300:
        assert time.time() - opened.session[SEEN_FIELD] < 60


def test_r33_a_new_session_id_at_sign_in(browser, world: World) -> None:
    opened = browser()
    opened.cookies[django_settings.SESSION_COOKIE_NAME] = "fixee-par-un-attaquant"
    log_in(opened)
    assert opened.cookies[django_settings.SESSION_COOKIE_NAME].value != "fixee-par-un-attaquant"


@pytest.mark.checklist("S26")
def test_r36_signing_out_really_ends(browser, world: World) -> None:
    opened = browser("dec")
    key = opened.cookies[django_settings.SESSION_COOKIE_NAME].value
    typed = opened.get("/deconnexion/")
    assert (typed.status_code, typed["Allow"]) == (405, "POST")
    assert "Elle sert à envoyer un formulaire" in words(typed)
    assert opened.post("/deconnexion/")["Location"] == "/connexion/?fait=deconnecte"
    assert not Session.objects.filter(session_key=key).exists()
    opened.cookies[django_settings.SESSION_COOKIE_NAME] = key
    assert opened.get("/projets/").status_code == 302


def test_r39_anonymous_traffic_stores_no_session(browser, world: World) -> None:
    before = Session.objects.count()
    for path in ("/connexion/?next=/projets/", "/projets/", "/aide/", "/premiere-connexion/"):
        browser().get(path)
    assert Session.objects.count() == before


def test_r37_r120_sign_in_asks_for_its_token(browser, world: World) -> None:
    opened = browser(enforce_csrf_checks=True)
    assert log_in(opened).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', opened.get("/connexion/").content.decode())
    assert token is not None
    assert log_in(opened, csrfmiddlewaretoken=token[1]).status_code == 302


def test_r40_a_wrong_host_is_refused_and_never_mailed(browser, world: World) -> None:
    answer = browser().post("/mot-de-passe/oublie/", {"email": "dec@alpha.example"}, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert not OutgoingEmail.objects.filter(text__contains="evil.example").exists()


def test_the_language_is_asked_for_and_remembered(browser, world: World) -> None:
    opened = browser()
    assert "Welcome" in words(opened.get("/connexion/?langue=en"))
    assert "Welcome" in words(opened.get("/connexion/"))
    assert "Bienvenue" in words(opened.get("/connexion/?langue=fr"))
    assert "Bienvenue" in words(browser().get("/connexion/?langue=xx"))


class TestProfile:
    def test_it_shows_and_saves(self, browser, world: World) -> None:
        opened = browser("dec")
        assert in_order(
            opened.get("/profil/"),
            "Mon profil",
            "dec@alpha.example",
            "Identité et langue",
            "Mot de passe",
            "Mes sessions (1)",
        )
        data = {"civility": "M.", "first_name": "Denis", "last_name": "Écluse", "locale": "en"}
        assert opened.post("/profil/", data)["Location"] == "/profil/?fait=profil"
        assert "My profile" in words(opened.get("/profil/"))

    def test_a_refusal_keeps_what_was_typed(self, browser, world: World) -> None:
        answer = browser("dec").post(
            "/profil/", {"civility": "M.", "first_name": "", "last_name": "Tapé", "locale": "fr"}
        )
        assert answer.status_code == 422
        assert 'value="Tapé"' in answer.content.decode()

    def test_r28_r42_a_new_password_signs_out(self, browser, world: World) -> None:
        opened = browser("dec")
        data = {"current": PASSWORD, "password": "Bonjour-1", "confirmation": "Bonjour-1"}
        assert opened.post("/profil/mot-de-passe/", {**data, "current": "faux"}).status_code == 422
        assert opened.post("/profil/mot-de-passe/", data)["Location"] == "/connexion/?fait=mot-de-passe-change"
        assert opened.get("/profil/").status_code == 302
        assert log_in(opened, password="Bonjour-1").status_code == 302

    def test_sessions_are_ended_from_the_page(self, browser, world: World) -> None:
        here, there = browser("dec"), browser("dec")
        page = here.get("/profil/").content.decode()
        handle = re.search(r"/profil/sessions/([0-9a-f]+)/fermer/", page)
        assert handle is not None
        assert here.post(handle[0])["Location"] == "/profil/?fait=session"
        assert there.get("/profil/").status_code == 302
        assert here.post("/profil/sessions/fermer/")["Location"] == "/profil/?fait=sessions"

    @pytest.mark.parametrize(
        "agent, device",
        [
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge · Windows"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 20_0) Safari/604.1", "Safari · iPhone"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox · Linux"),
            ("curl/8", "Navigateur"),
        ],
    )
    def test_a_device_is_named_in_words(self, agent: str, device: str, browser, world: World) -> None:
        opened = browser(headers={"User-Agent": agent})
        log_in(opened)
        assert device in words(opened.get("/profil/"))


def test_the_captcha_s_challenge_is_ours(browser) -> None:
    assert "parameters" in browser().get("/captcha/connexion/").json()
    assert browser().get("/captcha/autre/").status_code == 404


def test_the_toast_says_what_was_done_and_nothing_else(browser) -> None:
    assert "Vous êtes déconnecté." in words(browser().get("/connexion/?fait=deconnecte"))
    assert "data-toast" not in browser().get("/connexion/?fait=<b>x").content.decode()
