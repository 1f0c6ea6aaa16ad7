"""What many pages share is worked out once, then again when something happened or when it is old."""

from itertools import count

from django.core.cache import cache

from calypso.base import process_cache
from calypso.base.process_cache import cached


def test_an_answer_is_made_once_for_its_name_and_what_it_depends_on() -> None:
    made = count()
    assert [cached("a", (1,), lambda: next(made)) for _ in range(3)] == [0, 0, 0]
    assert cached("b", (1,), lambda: next(made)) == 1
    assert cached("a", (2,), lambda: next(made)) == 2
    assert cached("a", (2, "l'été, à 100 % \x7f" * 200), lambda: next(made)) == 3, "whatever a request holds"
    cache.clear()
    assert cached("a", (2,), lambda: next(made)) == 4


def test_an_old_answer_is_made_again(monkeypatch) -> None:
    monkeypatch.setattr(process_cache, "LIFETIME", -1)
    made = count()
    assert [cached("a", (1,), lambda: next(made)) for _ in range(2)] == [0, 1]


def test_readers_share_no_object() -> None:
    first, second = (cached("list", (), lambda: [1]) for _ in range(2))
    first.append(2)
    assert second == [1]
