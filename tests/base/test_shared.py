"""What pages share is worked out once, then again when something happened, when it is old, when there is too much of it."""

from itertools import count

import pytest

from calypso.base import shared
from calypso.base.shared import Lately, Shared


def test_an_answer_is_made_once_for_its_key_and_marks() -> None:
    made, answers = count(), Shared[int]()
    assert [answers.get("a", 1, lambda: next(made)) for _ in range(3)] == [0, 0, 0]
    assert answers.get("b", 1, lambda: next(made)) == 1
    assert answers.get("a", 2, lambda: next(made)) == 2
    assert answers.get("a", 2, lambda: next(made)) == 2
    shared.forget_all()
    assert answers.get("a", 2, lambda: next(made)) == 3


def test_an_old_answer_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "LIFE", -1)
    made, answers = count(), Shared[int]()
    assert [answers.get("a", 1, lambda: next(made)) for _ in range(2)] == [0, 1]


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "MOST", 2)
    made, answers = count(), Shared[int]()
    assert [answers.get(key, 1, lambda: next(made)) for key in "abc"] == [0, 1, 2]
    assert [answers.get(key, 1, lambda: next(made)) for key in "ca"] == [2, 3]


def test_what_was_seen_lately_is_bounded_and_forgotten_in_time() -> None:
    seen, gone = Lately(life=60, most=3), Lately(life=-1, most=3)
    for words in ({"badge", "stand"}, {"plan"}):
        seen.see(words)
        gone.see(words)
    assert seen.unseen({"badge", "plan", "hall"}) == {"hall"}
    assert gone.unseen({"badge", "plan", "hall"}) == {"badge", "plan", "hall"}
    seen.see({"hall"})
    assert seen.unseen({"badge", "hall"}) == {"badge"}
    shared.forget_all()
    assert seen.unseen({"hall"}) == {"hall"}
