"""First connection and reset: the links and the password (decisions 17–19, R22–R29)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django_ox.testing import run_tasks

from calypso.accounts import links, passwords
from calypso.accounts.actions import people
from calypso.accounts.actions.passwords import ask_link, change_password, choose_password, hand_link, person_behind
from calypso.accounts.emails import clean_email, email_key
from calypso.accounts.links import Purpose
from calypso.accounts.models import Session, User
from calypso.base.errors import Invalid, NotVisible, TooOften
from calypso.outbox.models import OutgoingEmail
from tests.accounts.solve import solved
from tests.world import PASSWORD, World

FIRST, RESET = Purpose.FIRST_CONNECTION, Purpose.RESET
CHOSEN = "Bonjour-1"
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def newcomer(world: World) -> User:
    """A contact who never connected."""
    identity = people.Identity("neuf@alpha.example", "Noé", "NEUF")
    return people.invite_contact(world.admin, organization=world.organization("alpha"), identity=identity)


def ask(email: str, network: str = "10.0.0.1", form: str = "mot-de-passe-oublie") -> None:
    ask_link(email=email, network=network, captcha_answer=solved(form), form=form)
    run_tasks(raise_failures=True)


def mails(email: str) -> list[str]:
    """The kinds of link mails posted to an address since the invitation."""
    kinds = ("accounts.first_connection", "accounts.reset")
    return list(OutgoingEmail.objects.filter(recipient=email, kind__in=kinds).values_list("kind", flat=True))


@pytest.mark.checklist("S14", "S20")
def test_r22_each_population_gets_the_link_it_needs(newcomer: User, world: World) -> None:
    people.set_contact_active(world.admin, person=world.out, active=False)
    for email in (newcomer.email, "dec@alpha.example", "out@alpha.example", "inconnu@nulle.part.example"):
        ask(email, network=email)
    assert mails(newcomer.email) == ["accounts.first_connection"]
    assert mails("dec@alpha.example") == ["accounts.reset"]
    assert mails("out@alpha.example") == []
    assert mails("inconnu@nulle.part.example") == []


def test_the_guide_s_explicit_error_is_a_setting(settings, world: World) -> None:
    settings.REVEAL_UNKNOWN_ADDRESS = True
    with pytest.raises(Invalid, match="reconnue"):
        ask("inconnu@nulle.part.example")


@pytest.mark.parametrize("email", ["", "   ", "x" * 300])
def test_an_address_is_asked_for(email: str, world: World) -> None:
    with pytest.raises(Invalid):
        ask(email)


def test_r31_three_mails_an_hour_to_one_address_and_the_same_answer_after(world: World) -> None:
    for number in range(5):
        ask("dec@alpha.example", network=f"10.0.0.{number}")
    assert len(mails("dec@alpha.example")) == 3


@pytest.mark.parametrize("email", ["dec@alpha.example", "inconnu@nulle.part.example"])
def test_r31_ten_demands_an_hour_from_one_network_whatever_the_address(email: str, world: World) -> None:
    for _ in range(10):
        ask(email)
    with pytest.raises(TooOften):
        ask(email)


@pytest.mark.parametrize("purpose, other", [(FIRST, RESET), (RESET, FIRST)])
def test_r24_links_are_not_interchangeable(purpose: Purpose, other: Purpose, newcomer: User, world: World) -> None:
    person = newcomer if purpose is FIRST else world.dec
    token = links.mint(person, purpose)
    assert person_behind(purpose=purpose, token=token) == person
    with pytest.raises(NotVisible):
        person_behind(purpose=other, token=token)
    with pytest.raises(NotVisible):
        person_behind(purpose=other, token=links.mint(person, other))


@pytest.mark.checklist("S20")
@pytest.mark.parametrize("seconds, alive", [(0, True), (3599, True), (3601, False), (86400, False)])
def test_r24_a_link_lives_one_hour(seconds: int, alive: bool, world: World) -> None:
    with time_machine.travel(NOW, tick=False) as traveller:
        token = links.mint(world.dec, RESET)
        traveller.move_to(NOW + timedelta(seconds=seconds))
        assert links.is_alive(world.dec, RESET, token) is alive


def test_r107_a_link_lives_one_hour_also_when_the_clock_goes_back(world: World) -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    with time_machine.travel(before, tick=False) as traveller:
        token = links.mint(world.dec, RESET)
        traveller.move_to(before + timedelta(seconds=3601))
        assert not links.is_alive(world.dec, RESET, token)


@pytest.mark.parametrize("cause", ["used", "password", "address", "deactivated", "deactivated and back"])
def test_r24_each_cause_kills_a_link(cause: str, world: World) -> None:
    person = world.dec
    token = links.mint(person, RESET)
    match cause:
        case "used":
            choose(token)
        case "password":
            change_password(person, current=PASSWORD, password="Autre-mot-9", confirmation="Autre-mot-9", network="n")
        case "address":
            identity = people.Identity("autre@alpha.example", person.first_name, person.last_name, person.civility)
            people.change_contact(world.admin, person=person, identity=identity)
        case "deactivated":
            people.set_contact_active(world.admin, person=person, active=False)
        case "deactivated and back":
            people.set_contact_active(world.admin, person=person, active=False)
            people.set_contact_active(world.admin, person=person, active=True)
    with pytest.raises(NotVisible):
        person_behind(purpose=RESET, token=token)


def test_r24_several_links_work_until_one_is_used(world: World) -> None:
    tokens = [links.mint(world.dec, RESET) for _ in "123"]
    choose(tokens[1])
    for token in tokens:
        with pytest.raises(NotVisible):
            person_behind(purpose=RESET, token=token)


@pytest.mark.parametrize("token", ["", " ", ".", "a.b", "x" * 1_000_000, "inconnu.abc-def"])
def test_r27_odd_tokens_match_nothing(token: str, world: World) -> None:
    with pytest.raises(NotVisible):
        person_behind(purpose=RESET, token=token)


def test_r27_the_token_of_another_matches_nothing(world: World) -> None:
    signature = links.mint(world.dec, RESET).partition(".")[2]
    with pytest.raises(NotVisible):
        person_behind(purpose=RESET, token=f"{world.obs.key}.{signature}")


def choose(token: str, password: str = CHOSEN, confirmation: str | None = None, purpose: Purpose = RESET) -> User:
    return choose_password(
        purpose=purpose,
        token=token,
        password=password,
        confirmation=password if confirmation is None else confirmation,
        network="10.0.0.1",
    )


@pytest.mark.checklist("S19", "S21", "S25")
def test_the_old_password_is_valid_until_the_new_one_is_sent(world: World) -> None:
    token = links.mint(world.dec, RESET)
    person_behind(purpose=RESET, token=token)
    assert world.dec.check_password(PASSWORD)
    choose(token)
    assert not world.dec.check_password(PASSWORD)
    assert world.dec.check_password("Bonjour-1")


def test_r28_a_new_password_ends_sessions_and_is_told(world: World, browser) -> None:
    opened = browser("dec")
    assert Session.objects.filter(user=world.dec).exists()
    choose(links.mint(world.dec, RESET))
    assert not Session.objects.filter(user=world.dec).exists()
    assert opened.get("/projets/").status_code == 302
    mail = OutgoingEmail.objects.filter(kind="accounts.password_changed", recipient="dec@alpha.example").latest("id")
    assert "10.0.0.1" in mail.text


@pytest.mark.parametrize(
    "password, problem",
    [
        ("abc1", "6 caractères"),
        ("ABCDE1", "une minuscule"),
        ("abcdef", "un chiffre"),
        ("azerty1", "courant"),
        ("ecluse1", "construit"),
        ("Denis12", "construit"),
        ("alpha123", "construit"),
        ("x" * 1001, "long"),
    ],
)
@pytest.mark.checklist("S17")
def test_r29_refused_passwords_say_why(password: str, problem: str, world: World) -> None:
    with pytest.raises(Invalid, match=problem):
        choose(links.mint(world.dec, RESET), password)


@pytest.mark.parametrize(
    "password", ["abcdz1", "zébulon7", "phrase de passe tres longue 1" * 3, "🎪🎪🎪🎪a1", " espaces 1 "]
)
def test_r29_accepted_passwords_are_kept_whole(password: str, world: World) -> None:
    choose(links.mint(world.dec, RESET), password)
    assert world.dec.check_password(password)
    assert not world.dec.check_password(password.strip()[:-1])


def test_two_different_passwords_are_refused(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        choose(links.mint(world.dec, RESET), "Bonjour-1", "Bonjour-2")
    assert set(refusal.value.errors) == {"confirmation"}


def test_r25_of_two_uses_one_wins(world: World) -> None:
    """The second one holds a person read before the first one wrote."""
    from calypso.accounts.actions import passwords as action

    token = links.mint(world.dec, RESET)
    stale = person_behind(purpose=RESET, token=token)
    choose(token)
    with pytest.raises(NotVisible):
        action._replace(stale, "Bonsoir-22", "n")
    assert world.dec.check_password("Bonjour-1")


@pytest.mark.checklist("S17")
def test_the_sentence_is_the_rule(db, settings) -> None:
    said = re.sub("\u202f", " ", passwords.default_rule().sentence())
    assert said == (
        "Le niveau de sécurité du mot de passe paramétré est : 6 caractères mini, avec au moins une minuscule et un chiffre"
    )
    settings.CLIENT_PASSWORD_POLICY = "cnil"
    assert "12 caractères mini" in passwords.default_rule().sentence()


@pytest.mark.parametrize(
    "password, met", [("a" * 11 + "1", True), ("a" * 12, False), ("a" * 16, True), ("Ab1" * 3, False)]
)
def test_the_strong_rule_asks_for_variety_or_length(password: str, met: bool) -> None:
    assert passwords.RULES["cnil"].is_met(password) is met


def test_decision_18_staff_always_has_the_strong_rule(world: World) -> None:
    assert passwords.rule_for(world.agent) is passwords.RULES["cnil"]
    assert passwords.rule_for(world.dec) is passwords.RULES["guide"]


def test_r42_changing_needs_the_current_password_and_is_slowed(world: World) -> None:
    person = world.dec
    for _ in range(5):
        with pytest.raises(Invalid):
            change_password(person, current="faux", password="Bonjour-1", confirmation="Bonjour-1", network="n")
    with pytest.raises(TooOften):
        change_password(person, current="faux", password="Bonjour-1", confirmation="Bonjour-1", network="n")


@pytest.mark.parametrize(
    "one, other",
    [
        ("Xavier@Exemple.FR", "xavier@exemple.fr"),
        ("xavier@faß.example", "xavier@FAß.example"),
        ("xavier@faß.example", "xavier@XN--FA-HIA.example"),
        ('"xavier"@exemple.fr', "xavier@exemple.fr"),
        ("\u200bxavier\u00ad@exemple.fr\u00a0", "xavier@exemple.fr"),
        ("ｘavier@exemple.fr", "xavier@exemple.fr"),
        ("xavier@café.example", "xavier@xn--caf-dma.example"),
    ],
)
def test_r23_spellings_of_one_address_are_one_account(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize(
    "one, other",
    [
        ("mıke@exemple.fr", "mike@exemple.fr"),
        ("a@exemple.fr", "à@exemple.fr"),
        ("kim@faß.example", "kim@fass.example"),  # two domains of the Internet
    ],
)
def test_r23_look_alikes_are_not(one: str, other: str) -> None:
    assert email_key(one) != email_key(other)


def test_r23_an_impossible_domain_equals_nothing() -> None:
    assert email_key(f"a@{'x' * 70}.example") == f"a@{'x' * 70}.example"
    assert email_key("sans-arobase") == "sans-arobase"


def test_r23_the_link_goes_to_the_stored_address(world: World) -> None:
    ask("DEC@ALPHA.EXAMPLE")
    assert mails("dec@alpha.example") == ["accounts.reset"]


def test_r52_an_address_is_one_mailbox() -> None:
    from django.core.exceptions import ValidationError

    assert clean_email(" a@b.example ") == "a@b.example"
    for bad in ("a@b.example, c@d.example", "Nom <a@b.example>", "a@b.example\nBcc: c@d.example"):
        with pytest.raises(ValidationError):
            clean_email(bad)


def test_r45_a_link_is_handed_to_nobody_unknown(world: World) -> None:
    with pytest.raises(NotVisible):
        hand_link(email="inconnu@alpha.example")
