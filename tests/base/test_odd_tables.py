"""What an address card, a page and a column hold besides what is read of them."""

from types import SimpleNamespace

from calypso.base import aggregates
from calypso.base.address_cards import read_cards
from calypso.base.aggregates import Median
from calypso.base.html_tables import read_html
from calypso.pictures import logo_program, render_program
from calypso.tickets.models import Ticket
from tests.world import World


def test_of_a_card_the_first_value_counts_and_a_line_that_says_nothing_is_passed_over() -> None:
    text = "BEGIN:VCARD\nFN:Ada Ministre\nFN:Une autre\nsans deux-points\nEMAIL:ada@vendeur.example\nEND:VCARD\n"
    rows = read_cards(text)
    assert any("ada@vendeur.example" in row for row in rows)
    assert not any("autre" in cell for row in rows for cell in row)


def test_of_a_page_what_stands_outside_a_table_is_passed_over() -> None:
    assert read_html("<br><p>Bonjour</p><table><tr><td>a<br>b</td><td><b>c</b></td></tr></table>") == [[["a b", "c"]]]


def test_a_median_leaves_out_what_is_not_known(world: World) -> None:
    ours, other = Ticket.objects.order_by("pk")[:2]
    Ticket.objects.update(answer_seconds=None)
    Ticket.objects.filter(pk=ours.pk).update(answer_seconds=10)
    Ticket.objects.filter(pk=other.pk).update(answer_seconds=20)
    assert Ticket.objects.aggregate(found=Median("answer_seconds")) == {"found": 15.0}
    assert Ticket.objects.none().aggregate(found=Median("answer_seconds")) == {"found": None}
    aggregates._teach_sqlite(connection=SimpleNamespace(vendor="postgresql"))  # which has it already


def test_the_programs_of_pictures_run_only_when_they_are_started() -> None:
    assert callable(render_program.main)
    assert callable(logo_program.main)
