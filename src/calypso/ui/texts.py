"""What people write, as HTML: escaped, addresses as links, and the light marks of Markdown (R46–R48).

Bold, italics, lists, quotes and code; no heading, image or HTML (ADR 0024). A text without a mark is shown exactly as
it was typed, spaces included: logs and addresses are pasted more often than marks are meant.
"""

import re
from collections.abc import Sequence
from functools import cache

from django.utils.html import escape, urlize
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

RULES = ("newline", "escape", "backticks", "emphasis", "list", "blockquote", "fence")
MARKS = re.compile(r"[*`>~]|^\s*([-+]|\d{1,3}[.)])\s", re.MULTILINE)  # a text without any is not parsed
_ITEM = re.compile(r"\s*([-+*]|\d{1,3}[.)])\s")
LONGEST_LINE = 2_000  # characters: in a longer line, which nobody typed, no mark is looked for
_PLAIN = frozenset({"paragraph_open", "paragraph_close", "text", "softbreak"})
_MAY_BE_LINK = re.compile(r"[.@/]\w|:/")  # a text without any has no URL, and is not searched word by word for one


def as_linked(value: str) -> Markup:
    """Returns a text as HTML: escaped, URLs as links, line breaks left to the style sheet."""
    if not _MAY_BE_LINK.search(value):
        return Markup(escape(value))  # noqa: S704 - just escaped
    linked = urlize(value, nofollow=True, autoescape=True)
    return Markup(linked.replace('rel="nofollow"', 'rel="noopener noreferrer nofollow"'))  # noqa: S704 - just escaped


def as_text(value: str) -> Markup:
    """Returns a text as HTML, formatted where it holds marks; the others as `as_linked` does."""
    if not MARKS.search(value) or any(len(line) > LONGEST_LINE for line in value.splitlines()):
        return as_linked(value)
    tokens = _parser().parse(_with_ends(value))
    leaves = [leaf for token in tokens for leaf in token.children or (token,)]
    if not _is_formatted(leaves) or _letters(value) != _letters("".join(leaf.info + leaf.content for leaf in leaves)):
        return as_linked(value)  # the parser leaves out what is nested beyond what it follows
    html = _parser().renderer.render(tokens, _parser().options, {})
    return Markup('<div class="formatted">%s</div>') % Markup(html)  # noqa: S704 - the renderer escapes, and takes no HTML


def as_page(value: str) -> Markup:
    """Returns a text of the vendor as HTML: the same marks, and titles of its parts (`## …`)."""
    tokens = _page_parser().parse(_with_ends(value))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h2"
    html = _page_parser().renderer.render(tokens, _page_parser().options, {})
    return Markup('<div class="formatted">%s</div>') % Markup(html)  # noqa: S704 - the renderer escapes, and takes no HTML


def _is_formatted(leaves: Sequence[Token]) -> bool:
    """Returns whether there are marks, and words that they mark."""
    return any(leaf.content.strip() for leaf in leaves) and any(leaf.type not in _PLAIN for leaf in leaves)


def _with_ends(value: str) -> str:
    """Returns the text with a blank line after each quote and each list: Markdown would go on with the next line.

    Whoever answers under a quoted line, or thanks under a list, does not mean to be quoted or listed.
    """
    lines: list[str] = []
    block, fenced = "", False
    for line in value.splitlines():
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        kind = "" if fenced or not line.strip() else _kind_of(line, block)
        if block and kind != block and line.strip():
            lines.append("")
        lines.append(line)
        block = kind
    return "\n".join(lines)


def _kind_of(line: str, before: str) -> str:
    """Returns what a line belongs to: a quote, a list, or neither. An indented line goes on with a list."""
    if line.lstrip().startswith(">"):
        return "quote"
    return "list" if _ITEM.match(line) or (before == "list" and line[:1] in " \t") else ""


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text))


class _Renderer(RendererHTML):
    """Renders as the library does, except that texts have their addresses as links."""

    def text(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return as_linked(tokens[idx].content)


def _stars(state: StateInline, silent: bool) -> bool:
    """Takes stars for marks, as the library does, but never inside a word (« 3*2*5 »), and never underscores."""
    if silent or state.src[state.pos] != "*":
        return False
    found = state.scanDelims(state.pos, False)
    for _star in range(found.length):
        token = state.push("text", "", 0)
        token.content = "*"
        state.delimiters.append(
            Delimiter(ord("*"), found.length, len(state.tokens) - 1, -1, open=found.can_open, close=found.can_close)
        )
    state.pos += found.length
    return True


@cache
def _parser() -> MarkdownIt:
    return _parser_of(RULES)


@cache
def _page_parser() -> MarkdownIt:
    return _parser_of((*RULES, "heading"))


def _parser_of(rules: Sequence[str]) -> MarkdownIt:
    parser = MarkdownIt("zero", {"breaks": True, "html": False}, renderer_cls=_Renderer).enable(list(rules))
    parser.inline.ruler.at("emphasis", _stars)
    return parser
