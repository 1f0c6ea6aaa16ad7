"""The second proof: added from the profile, asked at sign-in, compulsory by setting (decision 21, R44)."""

import re
import time
from collections.abc import Iterator
from io import StringIO

import pyotp
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from calypso.accounts.models import Factor, RecoveryCode, User
from calypso.outbox.models import OutgoingEmail
from tests.pages import fill, form, words
from tests.world import PASSWORD, address

PAGE = "/profil/double-authentification/"
ADD = f"{PAGE}ajouter/app/"
STEP = "/connexion/verification/"


@pytest.fixture(autouse=True)
def at() -> Iterator[time_machine.Traveller]:
    """Time stands in the middle of a code's half-minute: two codes asked in a row are one, however slow the machine."""
    with time_machine.travel(time.time() // 30 * 30 + 15, tick=False) as traveller:
        yield traveller


def confirmed(browser, who: str):
    """A browser of `who` that has just given the password again, and the page it sees."""
    opened = browser(who)
    assert opened.post(PAGE, {"current": PASSWORD}).status_code == 302
    return opened, opened.get(PAGE)


def enrol(browser, who: str = "dec") -> tuple[str, list[str]]:
    """Adds an application to the account; returns its secret and the recovery codes."""
    opened, page = confirmed(browser, who)
    secret = re.search(r'data-copy="([A-Z2-7]{32})"', page.content.decode()).group(1)
    done = opened.post(ADD, fill(form(page, ADD), code=pyotp.TOTP(secret).now()))
    assert done.status_code == 200
    return secret, re.findall(r'class="ref">([A-Z2-9]{5}-[A-Z2-9]{5})<', done.content.decode())


def sign_in(browser, who: str = "dec"):
    """A browser past the password, before the second proof."""
    opened = browser()
    done = opened.post("/connexion/", {"email": address(who), "password": PASSWORD, "next": "/tickets/"})
    assert done["Location"] == STEP
    return opened


def test_r44_the_password_alone_opens_nothing_once_an_application_is_added(browser, world, at) -> None:
    secret, codes = enrol(browser)
    assert len(set(codes)) == 10
    opened = sign_in(browser)
    assert opened.get("/projets/").status_code == 302
    wrong = opened.post(STEP, {"code": "000000"})
    assert wrong.status_code == 422
    assert "Ce code n'est pas le bon" in words(wrong)
    at.shift(60)
    done = opened.post(STEP, {"code": pyotp.TOTP(secret).now()})
    assert done["Location"] == "/tickets/"
    assert opened.get("/tickets/").status_code == 200


def test_r44_a_code_serves_once_even_within_its_half_minute(browser, world, at) -> None:
    secret, _ = enrol(browser)
    at.shift(60)
    code = pyotp.TOTP(secret).now()
    assert sign_in(browser).post(STEP, {"code": code}).status_code == 302
    assert sign_in(browser).post(STEP, {"code": code}).status_code == 422


def test_r44_the_code_of_the_enrolment_does_not_sign_in(browser, world) -> None:
    secret, _ = enrol(browser)
    assert sign_in(browser).post(STEP, {"code": pyotp.TOTP(secret).now()}).status_code == 422


def test_r44_a_recovery_code_serves_once_and_is_kept_as_a_digest(browser, world) -> None:
    _, codes = enrol(browser)
    assert not RecoveryCode.objects.filter(digest__in=codes).exists()
    assert sign_in(browser).post(STEP, {"code": f" {codes[0].lower()} "}).status_code == 302
    assert sign_in(browser).post(STEP, {"code": codes[0]}).status_code == 422
    assert RecoveryCode.objects.filter(user=world.dec).count() == 9
    assert sign_in(browser).post(STEP, {"code": codes[1].replace("-", " ")}).status_code == 302
    assert sign_in(browser).post(STEP, {"code": codes[2].replace("-", "").lower()}).status_code == 302


def test_who_holds_the_machine_opens_an_account_whose_second_proof_is_lost(browser, world) -> None:
    """A telephone lost by the only administrator, or a secret that was changed: nothing at the desk can help them."""
    enrol(browser, "admin")
    told = StringIO()
    call_command("link", address("admin"), without_second_factor=True, stdout=told)
    assert "/mot-de-passe/" in told.getvalue()
    opened = browser()
    opened.post("/connexion/", {"email": address("admin"), "password": PASSWORD})
    assert opened.get("/equipe/").status_code == 200
    with pytest.raises(CommandError):
        call_command("link", "personne@x.example", without_second_factor=True)


def test_r44_ten_wrong_codes_close_the_second_page_for_a_while(browser, world) -> None:
    enrol(browser)
    opened = sign_in(browser)
    answers = [opened.post(STEP, {"code": "000000"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_r44_a_reset_does_not_reach_the_desk(browser, world) -> None:
    """The link chooses a password; the second proof is still asked."""
    from calypso.accounts import links
    from calypso.accounts.actions.passwords import choose_password

    enrol(browser, "admin")
    purpose, admin = links.Purpose.RESET, world.admin
    new = "Un-autre-bateau-8"
    choose_password(purpose=purpose, token=links.mint(admin, purpose), password=new, confirmation=new, network="")
    opened = browser()
    assert opened.post("/connexion/", {"email": address("admin"), "password": new})["Location"] == STEP
    assert opened.get("/equipe/").status_code == 302


def test_r44_a_step_begun_before_a_password_change_is_worth_nothing(browser, world) -> None:
    enrol(browser)
    opened = sign_in(browser)
    User.objects.filter(pk=world.dec.pk).update(stamp=world.dec.stamp + 1)
    assert opened.get(STEP)["Location"] == "/connexion/"


def test_r28_a_new_password_is_another_one(browser, world) -> None:
    sent = {"current": PASSWORD, "password": PASSWORD, "confirmation": PASSWORD}
    refused = browser("dec").post("/profil/mot-de-passe/", sent)
    assert refused.status_code == 422
    assert "C'est déjà votre mot de passe" in words(refused)


def test_r42_managing_asks_for_the_password_first(browser, world) -> None:
    opened = browser("dec")
    assert "Ajouter une application" not in words(opened.get(PAGE))
    assert opened.post(PAGE, {"current": "faux"}).status_code == 422
    for path in (ADD, f"{PAGE}codes/", f"{PAGE}abc/retirer/"):
        assert opened.post(path).status_code == 409


def test_a_wrong_first_code_keeps_the_same_key_on_screen(browser, world) -> None:
    opened, page = confirmed(browser, "dec")
    fields = form(page, ADD)
    refused = opened.post(ADD, fill(fields, code="12"))
    assert refused.status_code == 422
    assert form(refused, ADD)["token"] == fields["token"]
    assert not Factor.objects.exists()


def test_r44_an_enrolment_of_somebody_else_adds_nothing(browser, world) -> None:
    _, theirs = confirmed(browser, "obs")
    opened, _ = confirmed(browser, "dec")
    token = form(theirs, ADD)["token"][0]
    secret = re.search(r'data-copy="([A-Z2-7]{32})"', theirs.content.decode()).group(1)
    for sent in (token, "", "x:y"):
        assert opened.post(ADD, {"token": sent, "code": pyotp.TOTP(secret).now()}).status_code == 422


def test_a_second_application_is_a_conflict(browser, world) -> None:
    opened, page = confirmed(browser, "dec")
    fields = form(page, ADD)
    secret = re.search(r'data-copy="([A-Z2-7]{32})"', page.content.decode()).group(1)
    assert opened.post(ADD, fill(fields, code=pyotp.TOTP(secret).now())).status_code == 200
    assert opened.post(ADD, fill(fields, code=pyotp.TOTP(secret).now())).status_code == 409


def test_adding_ends_the_other_sessions_and_tells_the_person(browser, world) -> None:
    other = browser("dec")
    enrol(browser)
    assert other.get("/projets/").status_code == 302
    mail = OutgoingEmail.objects.get(kind="accounts.second_factor")
    assert mail.recipient == address("dec")
    assert "ajouté à votre compte" in mail.text.replace("\u202f", " ")


def test_removing_the_last_proof_asks_the_password_only_again(browser, world) -> None:
    enrol(browser)
    opened, page = confirmed(browser, "dec")
    key = Factor.objects.get().key
    assert "10 codes de secours" in words(page)
    assert opened.post(f"{PAGE}{key}/retirer/").status_code == 302
    assert not RecoveryCode.objects.exists()
    done = browser().post("/connexion/", {"email": address("dec"), "password": PASSWORD})
    assert done["Location"] != STEP


def test_new_recovery_codes_replace_the_old_ones(browser, world) -> None:
    _, old = enrol(browser)
    opened, _ = confirmed(browser, "dec")
    assert opened.post(f"{PAGE}codes/").status_code == 200
    assert sign_in(browser).post(STEP, {"code": old[0]}).status_code == 422
    other, _ = confirmed(browser, "obs")
    assert other.post(f"{PAGE}codes/").status_code == 409


def test_r2_the_proof_of_another_cannot_be_removed(browser, world) -> None:
    enrol(browser)
    opened, _ = confirmed(browser, "obs")
    assert opened.post(f"{PAGE}{Factor.objects.get().key}/retirer/").status_code == 404


def test_r44_the_team_helps_who_lost_everything(browser, world, at) -> None:
    enrol(browser)
    at.shift(60)
    path = reverse("desk:reset_factors", args=[world.dec.key])
    assert browser("agent").post(path).status_code == 403
    assert "Retirer la double authentification" in words(browser("manager").get(f"/equipe/contacts/{world.dec.key}/"))
    assert browser("manager").post(path).status_code == 302
    assert not world.dec.two_factor
    assert OutgoingEmail.objects.filter(kind="accounts.second_factor").count() == 2
    assert browser("admin").post(reverse("desk:reset_factors", args=[world.admin.key])).status_code == 403


@pytest.mark.parametrize("who, stopped", [("agent", True), ("admin", True), ("dec", False)])
def test_r44_compulsory_for_the_team_by_setting(who: str, stopped: bool, browser, world, settings) -> None:
    settings.SECOND_FACTOR = "staff"
    opened = browser(who)
    first = "/projets/" if who == "dec" else "/equipe/"
    answer = opened.get(first)
    assert (answer.status_code == 302) is stopped
    if stopped:
        assert answer["Location"] == PAGE
        part = opened.get(first, headers={"HX-Request": "true"})
        assert (part.status_code, part["HX-Redirect"]) == (401, PAGE)
        assert "demande une double authentification" in words(opened.get(PAGE))
        enrol(browser, who)
        assert browser(who).get(first).status_code == 200
        again, _ = confirmed(browser, who)
        assert again.post(f"{PAGE}{Factor.objects.get().key}/retirer/").status_code == 403


def test_c8_r44_what_was_being_written_when_the_proof_became_compulsory_is_taken_up_again(
    browser, world, settings
) -> None:
    opened, ticket = browser("agent"), f"/equipe/tickets/{world.ticket('A1').reference}/"
    send = f"{ticket}envoyer/"
    written = fill(form(opened.get(ticket), send), body="Une longue réponse.", act="comment")
    settings.SECOND_FACTOR = "staff"
    assert opened.post(send, written)["Location"] == PAGE
    opened.post(PAGE, {"current": PASSWORD})
    page = opened.get(PAGE)
    secret = re.search(r'data-copy="([A-Z2-7]{32})"', page.content.decode()).group(1)
    codes = opened.post(ADD, fill(form(page, ADD), code=pyotp.TOTP(secret).now())).content.decode()
    onward = re.search(r'href="([^"]*brouillon[^"]*)"', codes).group(1).replace("&amp;", "&")
    assert "Une longue réponse." in opened.get(onward).text


def test_r44_a_sealed_secret_is_worth_nothing_elsewhere(browser, world, settings) -> None:
    secret, _ = enrol(browser)
    assert secret not in Factor.objects.get().secret
    Factor.objects.update(secret="odd")
    assert sign_in(browser).post(STEP, {"code": pyotp.TOTP(secret).now()}).status_code == 422
