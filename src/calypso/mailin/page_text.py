"""The page of a message as text, its quotations and signature marked (`marks`). Nothing that it names is fetched (R96).

Mail programs say in their pages what is quoted, each in its own way; their texts mostly do not. Runs in the program
that reads messages, never elsewhere.
"""

import re
import sys
from typing import Any

from bs4 import BeautifulSoup, Comment, Tag
from markdownify import MarkdownConverter

from calypso.mailin import marks

RECURSION = 20_000  # calls within calls: answers to answers are boxes in boxes
_UNSEEN = (
    "head",
    "style",
    "script",
    "title",
    "template",
    "object",
    "noscript",
    "iframe",
    "svg",
    "math",
    "form > input",
)
_HIDDEN = ("display:none", "mso-hide:all", "visibility:hidden")

# What mail programs write around the mail that is answered. After a `_HISTORY` element nothing is an answer; a
# `_QUOTE` element is quoted lines, between which people answer; an `_ATTRIBUTION` says whose words these are.
_HISTORY = (
    "#appendonsend",  # Outlook on the web, Outlook for phones
    "#divRplyFwdMsg",
    "#x_divRplyFwdMsg",
    "#mail-editor-reference-message-container",  # the new Outlook
    "#ms-outlook-mobile-body-separator-line",
    "#OLK_SRC_BODY_SECTION",  # Outlook for Mac
    "a[name=_MailOriginal]",  # Outlook for Windows
    "#reply-intro",  # Roundcube
)
_QUOTE = (
    "div.gmail_quote:not(:has(> blockquote))",  # Gmail, when it does not set its quotation apart
    ".yahoo_quoted",
    ".protonmail_quote",
    ".tutanota_quote",
    "#zwchr ~ *",
    "#lineBreakAtBeginningOfMessage ~ blockquote",
)
_ATTRIBUTION = (".gmail_attr", ".moz-cite-prefix", ".protonmail_quote > :first-child:not(blockquote)")
_SIGNATURE = (
    ".gmail_signature",
    ".gmail_signature_prefix",
    ".moz-signature",
    "#Signature",
    "#x_Signature",
    "[id^=ms-outlook-mobile-signature]",
    ".protonmail_signature_block",
    "#AppleMailSignature",
    "#ymail_android_signature",
    ".tutanota_signature",
    "#composer_signature",  # Samsung's mail
)
_WHITE = re.compile(r"[ \t\r\n\f]+")  # a page folds its lines where it likes
_OUTLOOK_BORDERS = ("border-top:solid #e1e1e1", "border-top:solid #b5c4df", "border-top:1pt solid")


def as_text(page: str) -> str:
    """Returns the text of a page, with the marks of `marks` and of what people type (ADR 0024).

    Raises RecursionError for boxes in boxes beyond `RECURSION`.
    """
    sys.setrecursionlimit(RECURSION)
    soup = BeautifulSoup(page.translate(marks.TAKEN_OUT), "html.parser")
    for element in soup.select(", ".join(_UNSEEN)):
        element.extract()
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for element in soup.find_all(style=True):
        if any(hidden in _style(element) for hidden in _HIDDEN):
            element.extract()
    for text in soup.find_all(string=True):
        if not text.find_parent("pre"):
            text.replace_with(_WHITE.sub(" ", text))
    _mark(soup)
    return _Text(heading_style="atx", bullets="-").convert_soup(soup)


def _mark(soup: BeautifulSoup) -> None:
    """Renames the elements that mail programs give a meaning to, as `_Text` knows them."""
    for element in soup.select(", ".join(_HISTORY)):
        element.insert_before(soup.new_tag("history"))
    for element in soup.find_all("div", style=True):
        if any(border in _style(element) for border in _OUTLOOK_BORDERS) and _has_header(element):
            element.insert_before(soup.new_tag("history"))
    for name, selectors in (("attribution", _ATTRIBUTION), ("signature", _SIGNATURE), ("blockquote", _QUOTE)):
        for element in soup.select(", ".join(selectors)):
            if name == "signature" or not element.get_text(" ", strip=True).startswith(
                "---"
            ):  # what is forwarded stays
                element.name = name


def _style(element: Tag) -> str:
    return " ".join(str(element["style"]).lower().split()).replace(": ", ":")


def _has_header(element: Tag) -> bool:
    """Returns whether the box of Outlook is the one that repeats sender, date and subject: « De : », « From: »."""
    return ":" in element.get_text(" ", strip=True)[:20]


class _Text(MarkdownConverter):
    """Writes the marks that comments know: bold, italics, lists, quotes, code; addresses beside what they stand on."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return text  # signs as the person typed them

    def convert_history(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{marks.HISTORY}\n\n"

    def convert_attribution(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{marks.ATTRIBUTION} {' '.join(text.split())}\n\n"

    def convert_signature(self, el: Any, text: str, parent_tags: set[str]) -> str:
        lines = "\n".join(f"{marks.SIGNED}{line}" for line in text.strip("\n").split("\n"))
        return f"\n\n{lines}\n\n"

    def convert_p(self, el: Any, text: str, parent_tags: set[str]) -> str:
        if "_inline" in parent_tags:
            return f" {text.strip()} "
        margin = _style(el) if el.has_attr("style") else ""
        close = "MsoNormal" in (el.get("class") or []) or "margin:0" in margin or "margin-bottom:0" in margin
        return _block(text, "\n" if close else "\n\n")

    def convert_div(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f" {text.strip()} " if "_inline" in parent_tags else _block(text, "\n")

    def convert_br(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return " " if "_inline" in parent_tags else "\n"

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        address, words = str(el.get("href") or "").strip(), text.strip()
        plain = address.removeprefix("mailto:").removeprefix("tel:")
        known = not address.startswith(("http://", "https://", "mailto:")) or plain.rstrip("/") in words or not words
        return text if known or marks.IMAGE in words else f"{text.rstrip()} ({plain})"

    def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:
        source = str(el.get("src") or "")
        if source[:4].lower() == "cid:":
            return f"{marks.IMAGE}{source[4:]}{marks.IMAGE_END}"
        words = str(el.get("alt") or "")
        return words if len(words) <= 4 else ""  # a smiley; never the picture that watches who reads

    def convert_hN(self, n: int, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: N802 - the library calls it
        return f"\n\n**{text.strip()}**\n\n" if text.strip() and "_inline" not in parent_tags else text

    def convert_hr(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return "\n\n"

    def convert_tr(self, el: Any, text: str, parent_tags: set[str]) -> str:
        cells = [part.strip() for part in text.split("\x1f")]
        return " | ".join(cell for cell in cells if cell) + "\n"

    def convert_td(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return text.strip("\n") + "\x1f"

    convert_th = convert_td

    def convert_table(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return "\n\n" + text.replace("\x1f", "").strip("\n") + "\n\n"


def _block(text: str, after: str) -> str:
    """Returns a box as lines; an empty one is an empty line, as it is seen."""
    content = text.strip("\n")
    return f"\n{content}{after}" if content.strip("\xa0 ") else "\n\n"
