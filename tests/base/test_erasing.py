"""A name leaves a text; the words around it stay as they were (R130)."""

import pytest

from calypso.base.erasing import Eraser, clean_rows
from calypso.tickets.models import Ticket
from tests.world import World, new_ticket


@pytest.mark.parametrize(
    "text, cleaned",
    [
        ("Bien à vous, Ann-Lee MARTIN.", "Bien à vous, [effacé]."),
        ("ann-lee martin, ANN-LEE MARTIN", "[effacé], [effacé]"),
        ("écrire à a.lee@x.example ou à joa.lee@x.example", "écrire à [effacé] ou à joa.lee@x.example"),
        ("écrire à b.a.lee@x.example", "écrire à b.a.lee@x.example"),
        ("<p>Ann-Lee MARTIN</p>", "<p>[effacé]</p>"),
        ("Joann-Lee MARTIN et Ann-Lee MARTINEZ restent", "Joann-Lee MARTIN et Ann-Lee MARTINEZ restent"),
        ("", ""),
    ],
)
def test_r130_whole_names_go_and_nothing_else(text: str, cleaned: str) -> None:
    assert Eraser(["Ann-Lee MARTIN", "a.lee@x.example", ""]).clean(text) == cleaned


def test_r130_a_short_name_harms_no_word_and_makes_no_text_longer() -> None:
    eraser = Eraser(["A B"])
    assert eraser.clean("LA BASE est lente, dit A B") == "LA BASE est lente, dit …"


def test_r130_an_apostrophe_is_found_as_html_writes_it() -> None:
    assert Eraser(["Zoé L'ŒUVRE"]).clean("<b>Zoé L&#39;ŒUVRE</b> Zoé l'œuvre") == "<b>[effacé]</b> [effacé]"


def test_r130_a_row_that_only_looks_like_holding_the_name_is_left(world: World) -> None:
    near, exact = new_ticket(world, title="Joa Bernard"), new_ticket(world, title="Vu : a Ber")
    assert clean_rows(Ticket.objects.all(), ("title",), Eraser(["a Ber"])) == 1
    assert [Ticket.objects.get(pk=row.pk).title for row in (near, exact)] == ["Joa Bernard", "Vu : …"]
