"""What a template says is in the language of the moment; values are escaped in pages and not in texts."""

import pytest
from django.utils import translation
from jinja2 import DictLoader

from calypso.ui.jinja import environment

TEMPLATES = {
    "page.html": '<b>{{ _("Accès :") }}</b>{{ _("Pour %(name)s :", name=who) }}{{ _(label) }}',
    "page.txt": '{{ _("Accès :") }}{{ _("Pour %(name)s :", name=who) }}',
    "row.html": '{{ _("Accès :") }} {{ thing }} {{ how }}',
    "list.html": '{{ 1|fragment("row.html", "<b>") }}{{ 1|fragment("row.html", "<b>") }}',
}


@pytest.mark.parametrize(
    "language, html, text",
    [
        (
            "fr",
            "<b>Accès\u202f:</b>Pour &lt;Ana &amp; Co&gt;\u202f:Commentaires",
            "Accès\u202f:Pour <Ana & Co>\u202f:",
        ),
        ("en", "<b>Access:</b>For &lt;Ana &amp; Co&gt;:Comments", "Access:For <Ana & Co>:"),
    ],
)
def test_words_are_those_of_the_language_and_values_are_escaped_where_they_must(
    language: str, html: str, text: str
) -> None:
    known = environment(loader=DictLoader(TEMPLATES))
    values = {"who": "<Ana & Co>", "label": "Commentaires"}
    with translation.override(language):
        assert known.get_template("page.html").render(values) == html
        assert known.get_template("page.txt").render(values) == text


def test_a_fragment_that_was_kept_speaks_the_language_of_the_moment() -> None:
    known = environment(loader=DictLoader(TEMPLATES)).get_template("list.html")
    for language, row in (
        ("fr", "Accès\u202f: 1 &lt;b&gt;"),
        ("en", "Access: 1 &lt;b&gt;"),
        ("fr", "Accès\u202f: 1 &lt;b&gt;"),
    ):
        with translation.override(language):
            assert known.render() == row * 2
