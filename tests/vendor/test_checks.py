"""What a public installation must have chosen before it serves anybody (R138)."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from calypso.vendor import checks
from calypso.vendor.actions.choices import save_choices
from tests.world import World

NAMES = {"vendor": "Orvault", "support": "aide@orvault.example"}
ADMIN = ("ada@orvault.example", "Ada", "MINISTRE")


def found() -> list[str]:
    return [f"{message.id} {message.msg}" for message in checks.names_are_chosen(None)]


def test_r138_a_public_installation_has_names_by_the_desk_or_the_environment(world: World, settings) -> None:
    assert found() == [], "nothing is asked of an embedded installation"
    settings.PRODUCTION, settings.CLIENT_PASSWORD_POLICY = True, "cnil"
    (vendor, support) = found()
    assert vendor.startswith("calypso.E007 CALYPSO_VENDOR_NAME is not set, nor chosen at the desk")
    assert support.startswith("calypso.E007 CALYPSO_SUPPORT_ADDRESS")
    save_choices(world.admin, values=NAMES)
    assert found() == []


def test_r138_the_password_rule_chosen_at_the_desk_counts(world: World, settings) -> None:
    settings.PRODUCTION = True
    save_choices(world.admin, values=NAMES)
    assert [said[:12] for said in found()] == ["calypso.W001"]
    save_choices(world.admin, values={"password_rule": "cnil"})
    assert found() == []


def test_an_installation_without_anybody_is_asked_by_init(world: World, settings, monkeypatch) -> None:
    """Its whole way is in the tests of the wheel."""
    settings.PRODUCTION, settings.CLIENT_PASSWORD_POLICY = True, "cnil"
    monkeypatch.setattr(checks, "has_accounts", lambda: False)
    assert found() == []
    with pytest.raises(CommandError, match="donnez --vendor et --support"):
        call_command("init", *ADMIN)
    with pytest.raises(CommandError, match="donnez --support"):
        call_command("init", *ADMIN, "--vendor=Orvault")


def test_a_database_that_is_away_is_said_elsewhere(settings, monkeypatch) -> None:
    def away() -> bool:
        raise DatabaseError

    settings.PRODUCTION, settings.CLIENT_PASSWORD_POLICY = True, "cnil"
    monkeypatch.setattr(checks, "has_accounts", away)
    monkeypatch.setattr("calypso.base.chosen._readers", [])
    assert found() == []
