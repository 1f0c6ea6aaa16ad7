"""Small rules of the ground floor: references, clock, words, sorting, paging, validation."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from calypso.accounts.models import Organization
from calypso.base import clock, references
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext, gettext_lazy, ngettext, typeset
from calypso.base.paging import page_of
from calypso.base.sorting import order_by, parse_sort
from calypso.base.validation import Input, search_words


@pytest.mark.checklist("S51")
def test_new_references_have_seven_characters_without_look_alikes() -> None:
    drawn = {references.new_reference() for _ in range(500)}
    assert len(drawn) == 500
    assert {len(reference) for reference in drawn} == {7}
    assert set("".join(drawn)) <= set("ABCDEFGHJKMNPQRSTUVWXYZ23456789")


def test_look_alikes_fold_together() -> None:
    assert references.confusable("KJCOE3R") == references.confusable(" kjc0e3r ")
    assert references.confusable("I1L") == "111"


def test_keys_are_lower_case_and_twelve_long() -> None:
    assert len(references.new_key()) == 12
    assert references.new_key().islower()


@pytest.mark.parametrize("day, hours", [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)])
def test_r107_a_day_is_a_day_of_the_zone_also_when_the_hour_changes(day: date, hours: int) -> None:
    length = clock.start_of(date.fromordinal(day.toordinal() + 1)) - clock.start_of(day)
    assert length.total_seconds() == hours * 3600


@pytest.mark.parametrize(
    "instant, day",
    [
        (datetime(2026, 6, 1, 21, 59, tzinfo=UTC), date(2026, 6, 1)),
        (datetime(2026, 6, 1, 22, 1, tzinfo=UTC), date(2026, 6, 2)),
        (datetime(2026, 1, 1, 22, 59, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2026, 1, 1, 23, 1, tzinfo=UTC), date(2026, 1, 2)),
    ],
)
def test_r107_today_changes_at_midnight_in_paris(instant: datetime, day: date) -> None:
    with clock.set_to(instant):
        assert clock.today() == day
        assert clock.now() == instant
        assert clock.start_of_today() == clock.start_of(day)


def test_the_clock_goes_back_to_the_world_s() -> None:
    with clock.set_to(datetime(2019, 1, 1, tzinfo=UTC)):
        assert clock.ago(hours=1) == datetime(2018, 12, 31, 23, tzinfo=UTC)
    assert clock.now().year > 2019


def test_french_words_get_their_spaces_and_apostrophes() -> None:
    assert typeset("L'outil « Calypso » : prêt ? Oui ! Non ; bien") == (
        "L’outil «\u202fCalypso\u202f»\u202f: prêt\u202f? Oui\u202f! Non\u202f; bien"
    )


def test_the_language_of_the_source_is_never_looked_up() -> None:
    """« Email » is a word of Django's own catalogue, which answered « Courriel » in its place."""
    with translation.override("fr"):
        assert gettext("Email") == "Email"
        assert gettext("") == ""
        assert str(gettext_lazy("Qui ?")) == "Qui\u202f?"


@pytest.mark.parametrize("number, expected", [(0, "ticket"), (1, "ticket"), (2, "tickets"), (-1, "ticket")])
def test_french_counts_zero_as_singular(number: int, expected: str) -> None:
    with translation.override("fr"):
        assert ngettext("ticket", "tickets", number) == expected


def test_english_comes_from_the_catalogue() -> None:
    with translation.override("en"):
        assert gettext("Projets") == "Projects"
        singular, plural = (
            "%(num)d fichier au plus, de %(max_mb)d Mo.",
            "%(num)d fichiers au plus, de %(max_mb)d Mo chacun.",
        )
        assert ngettext(singular, plural, 0) == "At most %(num)d files, of %(max_mb)d MB each."


COLUMNS = {"nom": ("name",), "date": ("created_at", "-name")}


def test_r17_sorting_knows_its_own_keys_only() -> None:
    assert order_by(parse_sort("", COLUMNS, "-date"), COLUMNS) == ["-created_at", "name", "-id"]
    assert order_by(parse_sort("nom", COLUMNS, "-date"), COLUMNS, "id") == ["name", "id"]
    person = {"qui": ("assignee__last_name",)}
    assert [str(part) for part in order_by(parse_sort("-qui", person, "qui"), person)] == [
        "OrderBy(F(assignee__last_name), descending=True)",
        "-id",
    ]
    assert str(parse_sort("-nom", COLUMNS, "nom")) == "-nom"
    assert str(parse_sort("nom", COLUMNS, "nom")) == "nom"
    for bad in ("password", "name", "--nom", "author__password", "nom;drop"):
        with pytest.raises(Invalid):
            parse_sort(bad, COLUMNS, "nom")


def test_r58_a_page_out_of_range_is_the_nearest_one(world) -> None:
    rows = Organization.objects.order_by("name")
    page = page_of(rows, 99, 2)
    assert (page.number, page.pages, page.total, page.first, page.last) == (2, 2, 3, 3, 3)
    assert page_of(rows, -5, 2).number == 1
    empty = page_of(rows.none(), 1, 2)
    assert (empty.pages, empty.first, empty.last) == (1, 0, 0)


def test_a_list_without_end_stops_and_says_so(world, monkeypatch) -> None:
    monkeypatch.setattr("calypso.base.paging.MOST", 2)
    page = page_of(Organization.objects.order_by("name"), 99, 2)
    assert (page.number, page.total, page.more) == (1, 2, True)
    monkeypatch.setattr("calypso.base.paging.MOST", 3)
    assert not page_of(Organization.objects.order_by("name"), 1, 2).more


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("http://a.example", "http://a.example"),
        ("a.example/page", "https://a.example/page"),
        ("", ""),
    ],
)
def test_r48_web_addresses_are_http(typed: str, kept: str) -> None:
    checked = Input()
    assert checked.web_address("url", typed) == kept
    checked.done()


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "ftp://a.example",
        "data:text/html,x",
        "https://user@127.0.0.1/",
        "https://user:pw@a.example",
        "https://",
        "http://[::1",
        "https://a b.example",
        "mailto:a@b.example",
    ],
)
def test_r48_other_schemes_and_user_parts_are_refused(typed: str) -> None:
    checked = Input()
    assert checked.web_address("url", typed) == ""
    with pytest.raises(Invalid) as refusal:
        checked.done()
    assert "url" in refusal.value.errors


def test_every_error_of_a_form_is_named_at_once() -> None:
    checked = Input()
    checked.line("title", " ", 10, required=True)
    checked.line("name", "\x00", 10)
    checked.lines("body", "x" * 11, 10)
    checked.lines("text", "", 10, required=True)
    with pytest.raises(Invalid) as refusal:
        checked.done()
    assert set(refusal.value.errors) == {"title", "name", "body", "text"}


def test_r57_searched_words_have_a_limit() -> None:
    assert search_words("  deux   mots ") == "deux mots"
    with pytest.raises(Invalid):
        search_words("x" * 201)
