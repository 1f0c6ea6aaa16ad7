"""Passkeys at the server's side: what it accepts, and all that it must not (decision 21, R44)."""

import json
import re
from datetime import UTC, datetime
from html import unescape

import pytest

from calypso.accounts.mfa import passkeys
from calypso.accounts.models import Factor
from tests.pages import in_order, words
from tests.signin.authenticator import Authenticator
from tests.signin.test_second_factor import PAGE, STEP, confirmed, sign_in

ADD = f"{PAGE}ajouter/passkey/"


@pytest.fixture(autouse=True)
def named_site(settings) -> None:
    """Browsers accept passkeys for a name, not for an address in numbers."""
    settings.SITE_URL = "http://localhost:8000"


def asked(page) -> tuple[dict, str]:
    """The options and the token of the page's passkey form."""
    html = page.content.decode()
    options = re.search(r'data-options="([^"]*)"', html).group(1)
    token = re.search(r'data-options=.*?name="token" value="([^"]*)"', html, re.S).group(1)
    return json.loads(unescape(options)), unescape(token)


def added(browser, key: Authenticator, name: str = "Téléphone"):
    opened, page = confirmed(browser, "dec")
    options, token = asked(page)
    return opened.post(ADD, {"token": token, "answer": key.create(options), "name": name})


def test_r44_a_passkey_is_added_and_signs_in(browser, world) -> None:
    key = Authenticator()
    assert "Vos codes de secours" in words(added(browser, key))
    opened = sign_in(browser)
    page = opened.get(STEP)
    assert "Utiliser ma clé d'accès" in words(page)
    options, token = asked(page)
    done = opened.post(STEP, {"token": token, "answer": key.prove(options)})
    assert done["Location"] == "/tickets/"
    assert Factor.objects.get().used_at


def test_a_second_passkey_gives_no_new_recovery_codes(browser, world) -> None:
    added(browser, Authenticator())
    done = added(browser, Authenticator(name=b"another credential, longer"), "Ordinateur")
    assert done["Location"] == f"{PAGE}?fait=preuve"
    opened, page = confirmed(browser, "dec")
    assert "Ordinateur" in words(page)
    assert opened.post(f"{PAGE}{Factor.objects.first().key}/retirer/").status_code == 302
    assert world.dec.two_factor, "one of two proofs is left"


def test_r44_a_challenge_serves_once(browser, world) -> None:
    key = Authenticator()
    added(browser, key)
    opened = sign_in(browser)
    options, token = asked(opened.get(STEP))
    answer = {"token": token, "answer": key.prove(options)}
    assert opened.post(STEP, answer).status_code == 302
    assert sign_in(browser).post(STEP, answer).status_code == 422


@pytest.mark.parametrize(
    "liar",
    [Authenticator(origin="https://evil.example"), Authenticator(), Authenticator(name=b"a credential nobody knows")],
    ids=["another site", "another key", "another credential"],
)
def test_r44_a_false_proof_is_refused(liar: Authenticator, browser, world) -> None:
    added(browser, Authenticator())
    opened = sign_in(browser)
    options, token = asked(opened.get(STEP))
    refused = opened.post(STEP, {"token": token, "answer": liar.prove(options)})
    assert refused.status_code == 422
    assert "n'a pas été reconnue" in words(refused)


@pytest.mark.parametrize("answer", ["{}", "[]", "x", '{"id": 1}', "null", '{"rawId": "AA", "response": {}}'])
def test_r14_an_odd_answer_is_refused(answer: str, browser, world) -> None:
    opened, page = confirmed(browser, "dec")
    _, token = asked(page)
    assert opened.post(ADD, {"token": token, "answer": answer, "name": "x"}).status_code == 422
    added(browser, Authenticator())
    step = sign_in(browser)
    _, token = asked(step.get(STEP))
    assert step.post(STEP, {"token": token, "answer": answer}).status_code == 422


def test_r44_the_ceremony_of_another_person_or_none_adds_nothing(browser, world) -> None:
    _, theirs = confirmed(browser, "obs")
    options, token = asked(theirs)
    opened, _ = confirmed(browser, "dec")
    for sent in (token, "", "x:y"):
        answer = {"token": sent, "answer": Authenticator().create(options), "name": "x"}
        assert opened.post(ADD, answer).status_code == 422
    assert not Factor.objects.exists()


def test_a_passkey_needs_a_name(browser, world) -> None:
    assert added(browser, Authenticator(), " ").status_code == 422


@pytest.mark.parametrize(
    "site, secure, possible",
    [
        ("http://127.0.0.1:8000", False, False),
        ("https://10.0.0.1", True, False),
        ("http://localhost:8000", False, True),
        ("http://extranet.example", False, False),
        ("https://extranet.example", True, True),
    ],
)
def test_where_browsers_accept_passkeys(site: str, secure: bool, possible: bool, settings) -> None:
    settings.SITE_URL, settings.SECURE = site, secure
    assert passkeys.are_possible() is possible


def test_words_of_the_models(browser, world) -> None:
    from calypso.accounts.models import RecoveryCode

    added(browser, Authenticator())
    assert str(Factor.objects.get()) == f"passkey of {world.dec.pk}"
    assert str(RecoveryCode.objects.first()) == f"recovery code of {world.dec.pk}"


@pytest.mark.parametrize("stored", [("Ancienne", "Moyenne", "Récente"), ("Récente", "Moyenne", "Ancienne")])
def test_the_page_lists_proofs_from_the_oldest(stored: tuple[str, ...], browser, world) -> None:
    added(browser, Authenticator())
    credential = Factor.objects.get().secret
    Factor.objects.all().delete()
    days = {"Ancienne": 1, "Moyenne": 2, "Récente": 3, "Première du jour": 4, "Seconde du jour": 4}
    for number, name in enumerate((*stored, "Première du jour", "Seconde du jour")):
        at = datetime(2026, 3, days[name], tzinfo=UTC)
        Factor.objects.create(
            key=f"cle{number}", user=world.dec, kind="passkey", name=name, secret=credential, created_at=at
        )
    _opened, page = confirmed(browser, "dec")
    assert in_order(page, "Ancienne", "Moyenne", "Récente", "Première du jour", "Seconde du jour")


@pytest.mark.parametrize("lie", [{"algorithm": -999}, {"name": b""}])
def test_r44_a_key_that_nobody_could_prove_is_not_kept(lie: dict, browser, world) -> None:
    """An algorithm that nobody knows was kept, and each sign-in with it then failed; no key at all failed at once."""
    assert added(browser, Authenticator(**lie)).status_code == 422
    assert not Factor.objects.exists()
