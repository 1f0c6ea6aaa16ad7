"""What people write, on pages: the marks they meant, nothing that runs, not a word or a space lost (R46–R48)."""

import re

import pytest

from calypso.ui.texts import LONGEST_LINE, as_linked, as_text

FORMATTED = {
    "**gras** et *italique*": "<p><strong>gras</strong> et <em>italique</em></p>",
    "- un\n- deux": "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>",
    "1. un\n2. deux": "<ol>\n<li>un</li>\n<li>deux</li>\n</ol>",
    "> cité\n\nréponse": "<blockquote>\n<p>cité</p>\n</blockquote>\n<p>réponse</p>",
    "le `code`": "<p>le <code>code</code></p>",
    "```\n  if x:\n    y\n```": "<pre><code>  if x:\n    y\n</code></pre>",
    "> cité\nréponse": "<blockquote>\n<p>cité</p>\n</blockquote>\n<p>réponse</p>",
    "- un\n- deux\nMerci": "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>\n<p>Merci</p>",
    "- un\n  suite\n- deux": "<ul>\n<li>un<br>\nsuite</li>\n<li>deux</li>\n</ul>",
    "1. a\n2. b\n**gras**": "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n<p><strong>gras</strong></p>",
    "> a\n`code`": "<blockquote>\n<p>a</p>\n</blockquote>\n<p><code>code</code></p>",
    "**a** puis 5*3*2 m": "<p><strong>a</strong> puis 5*3*2 m</p>",
    "__init__.py est **absent**, __souligné__": "<p>__init__.py est <strong>absent</strong>, __souligné__</p>",
    "```\n- a\n> b\n```": "<pre><code>- a\n&gt; b\n</code></pre>",
    "a\n**b**": "<p>a<br>\n<strong>b</strong></p>",
    "**https://a.example/x**": '<p><strong><a href="https://a.example/x" rel="noopener noreferrer nofollow">https://a.example/x</a></strong></p>',
}


@pytest.mark.parametrize("text", FORMATTED)
def test_the_marks_people_type_are_seen(text: str) -> None:
    assert as_text(text) == f'<div class="formatted">{FORMATTED[text]}\n</div>'


AS_TYPED = [
    "Bonjour,\n  2026-11-29 ERROR  deux espaces\n\tune tabulation",
    "5 * 3 * 2 = 30",
    "Stand 5*3*2 m, fichier mon_beau_fichier.txt et * astérisque",
    "fichier __init__.py, variable a_b_c, _souligné_",
    "# 12 n'est pas un titre",
    "total : 3 > 2",
    "un prix de 12.50 €",
    "- " * 3,
    "*",
    "a" * (LONGEST_LINE + 1) + " **x**",
]


@pytest.mark.parametrize("text", AS_TYPED)
def test_a_text_without_marks_stands_as_it_was_typed(text: str) -> None:
    shown = as_text(text)
    assert shown == as_linked(text) or text.startswith("- ")


HOSTILE = [
    "<script>alert(1)</script> **x**",
    "**<img src=x onerror=alert(1)>**",
    "[x](javascript:alert(1)) **y**",
    "![x](https://a.example/pixel.png) **y**",
    "<https://a.example> **y**",
    "`<b>`",
    "```\n<script>\n```",
    "> <iframe src=//a.example>",
    "- {{ 7*7 }} {% raw %}",
    "**&lt;b&gt;**",
    "\\*pas gras\\* **gras**",
    "[a]: javascript:alert(1)\n\n[a] **b**",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_r46_nothing_that_is_written_runs(text: str) -> None:
    tags = set(re.findall(r"<(/?\w+)([^>]*)>", as_text(text)))
    allowed = {"div", "p", "strong", "em", "ul", "li", "blockquote", "pre", "code", "br", "a"}
    assert {name.strip("/") for name, _attributes in tags} <= allowed
    for name, attributes in tags:
        assert not attributes or name in ("a", "div", "code")
        assert "javascript" not in attributes


@pytest.mark.parametrize("text", [*FORMATTED, *HOSTILE])
def test_no_word_is_lost(text: str) -> None:
    shown = re.sub(r"<[^>]+>", " ", as_text(text)).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    for word in re.findall(r"\w{3,}", text):
        assert word in shown.replace("&quot;", '"')


def test_r59_a_text_made_to_be_slow_is_read_whole() -> None:
    for pattern in ("*a ", "**a\n", "`\n", "> " * 40 + "\n", "a* \n", "- " * 40 + "x\n", "*_\n"):
        text = (pattern * 20_000)[:20_000]
        shown = re.sub(r"<[^>]+>", "", as_text(text))
        assert [letter for letter in shown if letter in "abx"] == [letter for letter in text if letter in "abx"]


def test_what_is_nested_too_deep_is_shown_as_it_was_typed() -> None:
    text = "> " * 120 + "mot **gras**"
    assert as_text(text) == as_linked(text)
