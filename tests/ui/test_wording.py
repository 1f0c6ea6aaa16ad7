"""What a template says is set in its language when it is compiled; the values are filled in, escaped, as it is drawn."""

from unittest import mock

import pytest
from django.utils import translation
from jinja2 import DictLoader

from calypso.ui import wording
from calypso.ui.jinja import environments

TEMPLATES = {
    "page.html": '<b>{{ _("Accès :") }}</b>{{ _("Pour %(name)s :", name=who) }}{{ _(label) }}',
    "page.txt": '{{ _("Accès :") }}{{ _("Pour %(name)s :", name=who) }}',
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
    known = environments(loader=DictLoader(TEMPLATES))
    values = {"who": "<Ana & Co>", "label": "Commentaires"}
    with translation.override(language):
        assert known.get_template("page.html").render(values) == html
        assert known.get_template("page.txt").render(values) == text


def test_words_are_looked_up_once_however_often_they_are_drawn() -> None:
    known = environments(loader=DictLoader({"page.html": '{{ _("Accès :") }}'}))
    with mock.patch.object(wording, "gettext", wraps=wording.gettext) as asked:
        for _ in range(3):
            known.get_template("page.html").render()
    assert asked.call_count == 1
