"""Signing in: one answer, slowed guessing, captcha, sessions (R21, R30, R32–R36)."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from calypso.accounts import captcha, throttle
from calypso.accounts.actions import signin
from calypso.accounts.backend import AccountBackend
from calypso.accounts.models import Attempt, Session, SpentChallenge, User
from calypso.accounts.queries import account_of_form, sessions_page
from calypso.accounts.tasks import sweep
from calypso.base import clock
from calypso.base.errors import Invalid, NotVisible, TooOften
from tests.accounts.solve import solved
from tests.world import PASSWORD, World

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def sign_in(email: str = "dec@alpha.example", password: str = PASSWORD, network: str = "10.0.0.1") -> User:
    answer = solved(signin.FORM) if throttle.login_needs_captcha(network) else ""
    return signin.check_credentials(email=email, password=password, network=network, captcha_answer=answer)


def test_r21_every_failure_is_the_same(world: World) -> None:
    User.objects.filter(email="out@alpha.example").update(active=False)
    User.objects.filter(email="obs@alpha.example").update(password="!")
    said = set()
    for number, email in enumerate(
        ("dec@alpha.example", "out@alpha.example", "obs@alpha.example", "admin@leni.example", "nul@x.example", "")
    ):
        with pytest.raises(Invalid) as refusal:
            sign_in(email, "Mauvais-9", f"10.0.1.{number}")
        said.add(str(refusal.value.errors))
    assert len(said) == 1


def test_a_right_password_of_a_disabled_account_is_refused_too(world: World) -> None:
    User.objects.filter(email="dec@alpha.example").update(active=False)
    with pytest.raises(Invalid):
        sign_in()


@pytest.mark.checklist("S6", "S21")
def test_the_address_signs_in_however_it_is_typed(world: World) -> None:
    assert sign_in(" DEC@Alpha.Example ") == world.dec


def test_r30_five_free_tries_then_a_growing_wait_then_a_wall(world: World) -> None:
    with time_machine.travel(NOW, tick=False) as traveller:
        for _ in range(5):
            throttle.login_try("dec@alpha.example", "10.0.0.1")
        waits = []
        for _ in range(5):
            with pytest.raises(TooOften) as refusal:
                throttle.login_try("dec@alpha.example", "10.0.0.1")
            waits.append(refusal.value.retry_after)
            traveller.shift(timedelta(seconds=refusal.value.retry_after))
            throttle.login_try("dec@alpha.example", "10.0.0.1")
        assert waits == [2, 3, 5, 9, 17]
        with pytest.raises(TooOften) as wall:
            throttle.login_try("dec@alpha.example", "10.0.0.1")
        assert wall.value.retry_after == 900
        traveller.shift(timedelta(minutes=16))
        throttle.login_try("dec@alpha.example", "10.0.0.1")


def test_r30_the_owner_elsewhere_still_gets_in(world: World) -> None:
    for _ in range(60):
        try:
            throttle.login_try("dec@alpha.example", "10.6.6.6")
        except TooOften:
            continue
    assert sign_in(network="10.0.0.9") == world.dec


def test_r30_a_hundred_tries_of_one_network(world: World) -> None:
    Attempt.objects.bulk_create(
        Attempt(kind=throttle.LOGIN, subject=str(number), network="10.7.7.7", at=clock.now()) for number in range(100)
    )
    with pytest.raises(TooOften):
        throttle.login_try("dec@alpha.example", "10.7.7.7")


def test_r30_success_forgets_the_failures_of_that_account_there(world: World) -> None:
    for _ in range(2):
        with pytest.raises(Invalid):
            sign_in(password="Mauvais-9")
    sign_in()
    assert not Attempt.objects.filter(kind=throttle.LOGIN).exists()


def test_decision_20_the_captcha_comes_after_failures(world: World) -> None:
    assert not throttle.login_needs_captcha("10.0.0.1")
    for _ in range(3):
        with pytest.raises(Invalid):
            sign_in(password="Mauvais-9")
    assert throttle.login_needs_captcha("10.0.0.1")
    with pytest.raises(Invalid) as refusal:
        signin.check_credentials(email="dec@alpha.example", password=PASSWORD, network="10.0.0.1", captcha_answer="")
    assert set(refusal.value.errors) == {"captcha"}
    assert sign_in() == world.dec


def test_decision_20_a_wave_from_everywhere_asks_everybody(world: World) -> None:
    Attempt.objects.bulk_create(
        Attempt(kind=throttle.LOGIN, subject=str(number), network=f"n{number}", at=clock.now()) for number in range(300)
    )
    assert throttle.login_needs_captcha("10.0.0.1")


class TestCaptcha:
    def test_r32_a_solved_challenge_serves_once(self, world: World) -> None:
        answer = solved("connexion")
        assert captcha.is_solved(answer, "connexion")
        assert not captcha.is_solved(answer, "connexion")
        assert len(str(SpentChallenge.objects.get())) == 64

    def test_r32_it_is_tied_to_its_form(self, world: World) -> None:
        assert not captcha.is_solved(solved("connexion"), "mot-de-passe-oublie")

    def test_r32_it_lives_ten_minutes(self, world: World) -> None:
        with time_machine.travel(NOW, tick=False) as traveller:
            answer = solved("connexion")
            traveller.shift(timedelta(minutes=10, seconds=1))
            assert not captcha.is_solved(answer, "connexion")

    def test_r32_it_is_signed_by_us(self, world: World) -> None:
        answer = json.loads(base64.b64decode(solved("connexion")))
        answer["challenge"]["parameters"]["data"] = {"form": "autre"}
        forged = base64.b64encode(json.dumps(answer).encode()).decode()
        assert not captcha.is_solved(forged, "autre")

    @pytest.mark.parametrize("payload", ["", "x", "e30=", "bnVsbA==", "W10=", "\x00", "é" * 9])
    def test_r32_nonsense_is_no_answer(self, payload: str, world: World) -> None:
        assert not captcha.is_solved(payload, "connexion")


def test_sessions_are_listed_and_ended_by_their_owner_only(world: World, browser) -> None:
    here, there = browser("dec"), browser("dec")
    shown = sessions_page(world.dec, here.session.session_key)
    assert [session.current for session in shown] == [True, False]
    with pytest.raises(NotVisible):
        signin.end_session(world.obs, handle=shown[1].handle)
    signin.end_session(world.dec, handle=shown[1].handle)
    assert there.get("/projets/").status_code == 302
    assert here.get("/projets/").status_code == 200


def test_all_other_sessions_end_at_once(world: World, browser) -> None:
    here, there = browser("dec"), browser("dec")
    signin.end_other_sessions(world.dec, current_key=here.session.session_key)
    assert there.get("/projets/").status_code == 302
    assert here.get("/projets/").status_code == 200


def test_the_sweeper_forgets_what_expired(world: World, browser) -> None:
    opened = browser("dec")
    Session.objects.filter(session_key=opened.session.session_key).update(expire_date=clock.ago(hours=1))
    Attempt.objects.create(kind="login", subject="s", network="n", at=clock.ago(days=2))
    Attempt.objects.create(kind="login", subject="s", network="n", at=clock.now())
    SpentChallenge.objects.create(signature="vieux", at=clock.ago(hours=1))
    sweep.func()
    assert not Session.objects.filter(session_key=opened.session.session_key).exists()
    assert str(Attempt.objects.get()) == "login from n"
    assert not SpentChallenge.objects.exists()


def test_an_inactive_person_is_nobody(world: World) -> None:
    person = world.dec
    assert AccountBackend().get_user(person.pk) == person
    assert person.is_active
    assert account_of_form(f"{person.key}.{person.stamp}") == person
    with pytest.raises(NotVisible):
        account_of_form(f"{person.key}.{person.stamp + 1}")
    User.objects.filter(pk=person.pk).update(active=False)
    assert AccountBackend().get_user(person.pk) is None
    with pytest.raises(NotVisible):
        account_of_form(f"{person.key}.{person.stamp}")
