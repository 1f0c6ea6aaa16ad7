"""Looking for references one does not see is slowed (R20)."""

from datetime import timedelta

import time_machine

from calypso.accounts import throttle
from calypso.base import clock
from tests.world import World


def test_r20_unknown_references_are_slowed_absent_or_hidden_alike(world: World, browser, monkeypatch) -> None:
    monkeypatch.setattr(throttle, "LOOKUPS_OF_ACCOUNT", 4)
    opened = browser("dec")
    hidden = world.ticket("B1").reference
    for reference in ("ABCDEFGH", hidden, "ABCDEFGH", hidden):
        assert opened.get(f"/tickets/{reference}/").status_code == 404
    for reference in ("ABCDEFGH", hidden):
        answer = opened.get(f"/tickets/{reference}/")
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "3600"
        assert "mot de passe" not in answer.text
    assert opened.get(f"/tickets/{world.ticket('A1').reference}/").status_code == 200
    assert browser("pm").get("/tickets/ABCDEFGH/").status_code == 404
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert browser("dec").get("/tickets/ABCDEFGH/").status_code == 404


def test_r20_a_stranger_is_asked_to_sign_in_and_counts_for_nobody(world: World, browser, monkeypatch) -> None:
    monkeypatch.setattr(throttle, "LOOKUPS_OF_ACCOUNT", 0)
    assert browser().get("/tickets/ABCDEFGH/").status_code == 302
