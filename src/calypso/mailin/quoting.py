"""What the author of a message wrote, apart from the mails that they quote and from their signature (R97).

Nothing is lost: the whole text stays beside what is understood. A line is left out when the mail program marked it as
quoted, when it stands under the lines that programs write above a quoted mail, or when it was in a mail that we sent to
this very person: an answer between our lines is kept, even where the program marks nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from calypso.base.text import fold
from calypso.mailin import marks, phrases

SURE = 12  # folded signs from which a piece of our own mail is recognised anywhere in it
SIGNATURE_LINES = 15  # lines under a name, at most, that are still a signature
NAME_LINE = 60  # signs of a line, at most, that is a name in a signature
_NOT_WORDS = re.compile(r"[\W_]+")
_SPACES = re.compile(r"[ \t\xa0\u202f\u2007]+")
_BLANKS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a message: its words, how deep it is quoted, whether the page calls it a signature."""

    words: str
    depth: int = 0
    signed: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.words.strip()


@dataclass(frozen=True, slots=True)
class Known:
    """The mails that we sent to the author, as texts and as pages without their tags; the names of those who write."""

    lines: frozenset[str]
    words: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, texts: Sequence[str], names: Sequence[str] = ()) -> "Known":
        lines = frozenset(_folded(line) for text in texts for line in text.split("\n"))
        return cls(lines, "\n".join(_folded(text) for text in texts), tuple(filter(None, map(_folded, names))))

    def writes(self, words: str) -> bool:
        """Returns whether a line names somebody who writes mails: an address, the author, us."""
        return "@" in words or any(name in _folded(words) for name in self.names)

    def has(self, words: str) -> bool:
        """Returns whether we wrote this line, or a piece of it that another program folded elsewhere."""
        folded = _folded(words)
        return bool(folded) and (folded in self.lines or (len(folded) >= SURE and folded in self.words))


def own_words(text: str, *, known: Known, names: Sequence[str], forwards: bool = False) -> str:
    """Returns what the author wrote in `text`, a text with `marks`.

    `known` is what they may be quoting, `names` are how their signature may call them; with `forwards`, a mail under a
    line that says so is what they want to give.
    """
    own, between = _without_history(list(_joined(_lines(text))), known, forwards=forwards)
    unsigned = [line for line in own if not line.signed and not phrases.DEVICE.match(line.words.strip())]
    return _written(_without_signature(unsigned, names) + between) or _written(unsigned)


def _written(lines: list[Line]) -> str:
    text = _BLANKS.sub("\n\n", "\n".join(line.words.rstrip() for line in lines)).strip()
    return text if text.strip("-_=*> \n") else ""


def whole_words(text: str) -> str:
    """Returns the whole text, quotations and signature included, to be read as it came."""
    plain = text.replace(marks.HISTORY, "").replace(marks.ATTRIBUTION + " ", "").replace(marks.SIGNED, "")
    return _BLANKS.sub("\n\n", "\n".join(line.rstrip() for line in plain.split("\n"))).strip()


def _folded(words: str) -> str:
    return _NOT_WORDS.sub("", fold(words))


def _lines(text: str) -> Iterator[Line]:
    for raw in text.split("\n"):
        words, depth, signed = raw, 0, False
        while words[:1] in (marks.QUOTED, marks.SIGNED) and words:
            depth, signed = (depth + 1, signed) if words[0] == marks.QUOTED else (depth, True)
            words = words[1:].removeprefix(" ")
        yield Line(_SPACES.sub(" ", words) if words.strip() else "", depth, signed)


def _joined(lines: Iterator[Line]) -> Iterator[Line]:
    """Joins the lines that say whose words are quoted, which mail programs fold."""
    rows = list(lines)
    place = 0
    while place < len(rows):
        line = rows[place]
        taken = 1
        if phrases.ATTRIBUTION_BEGINS.match(line.words.strip()):
            group = [line, *_following(rows[place + 1 : place + phrases.ATTRIBUTION_LINES], line.depth)]
            for more in range(1, len(group) + 1):
                joined = " ".join(row.words.strip() for row in group[:more])
                if phrases.ATTRIBUTION.match(joined):
                    line, taken = Line(f"{marks.ATTRIBUTION} {joined}", line.depth), more
                    break
        yield line
        place += taken


def _following(rows: list[Line], depth: int) -> Iterator[Line]:
    """Yields the lines that may go on with the one above: no empty line, no other depth, no other beginning."""
    for row in rows:
        if row.is_blank or row.depth != depth or phrases.ATTRIBUTION_BEGINS.match(row.words.strip()):
            return
        yield row


def _without_history(lines: list[Line], known: Known, *, forwards: bool) -> tuple[list[Line], list[Line]]:
    """Returns what stands above the mail that is repeated, and what was written between its lines."""
    own: list[Line] = []
    place, quotes = 0, False
    while place < len(lines):
        line = lines[place]
        words = line.words.strip()
        if line.depth:
            run = _run(lines[place:])
            quotes = quotes or _is_quoted(run, known)
            own += [] if quotes else [Line(f"{marks.QUOTED * row.depth} {row.words}".rstrip()) for row in run]
            place += len(run)
            continue
        if _is_attribution(words) and _introduces(lines, place, known):
            place, quotes = place + 1, True
            continue
        if forwards and (phrases.FORWARDED.match(words) or words == marks.HISTORY):
            return own, [
                row for row in lines[place:] if row.words.strip() != marks.HISTORY and not known.has(row.words)
            ]
        if words == marks.HISTORY or _begins_history(lines, place, known):
            return own, _answers_between(lines[place + 1 :], known)
        if not known.has(words) or not _stands_in_a_copy(lines, place, known):
            own.append(line)
        place += 1
    return own, []


def _run(lines: list[Line]) -> list[Line]:
    """Returns the marked lines that follow each other, blank ones between them included."""
    end = next((at for at, line in enumerate(lines) if not line.depth and not line.is_blank), len(lines))
    return lines[: max(at for at, line in enumerate(lines[:end]) if line.depth) + 1]


def _is_attribution(words: str) -> bool:
    return words.startswith(marks.ATTRIBUTION) or bool(phrases.ATTRIBUTION.match(words))


def _introduces(lines: list[Line], place: int, known: Known) -> bool:
    """Returns whether a line that looks like « … a écrit : » is one: it names who writes, or quoted words follow."""
    following = next((line for line in lines[place + 1 :] if not line.is_blank), Line(""))
    return known.writes(lines[place].words) or following.depth > 0 or known.has(following.words)


def _is_quoted(run: list[Line], known: Known) -> bool:
    """Returns whether marked lines that nothing introduces are of a mail: ours, or of somebody whom they name.

    People mark lines too: what a console said.
    """
    rows = [line for line in run if not line.is_blank]
    ours = [line for line in rows if known.has(line.words)]
    return len(ours) * 2 >= len(rows) or any(_is_attribution(line.words.strip()) for line in rows)


def _begins_history(lines: list[Line], place: int, known: Known) -> bool:
    """Returns whether mail programs put an earlier mail under this line: a separator, or the header of that mail."""
    words = lines[place].words.strip()
    if phrases.SEPARATOR.match(words) or phrases.FORWARDED.match(words):
        return True
    if not phrases.HEADER_FIRST.match(words) or not known.writes(words):
        return False
    block = [line.words.strip() for line in lines[place + 1 : place + 12] if not line.is_blank]
    return sum(1 for line in block[:6] if phrases.HEADER_LINE.match(line)) >= 2


def _stands_in_a_copy(lines: list[Line], place: int, known: Known) -> bool:
    """Returns whether a known line has an unmarked neighbour that is known: « Bonjour, » alone repeats no mail."""
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(lines) and lines[at].is_blank:
            at += step
        if 0 <= at < len(lines) and not lines[at].depth and known.has(lines[at].words):
            return True
    return False


def _answers_between(lines: list[Line], known: Known) -> list[Line]:
    """Returns what the author wrote between the lines of our mail, which their program repeats without marking them.

    Only where most of what is repeated is ours: under the header of another mail, nobody can tell.
    """
    start = 0
    while start < len(lines) and _belongs_to_header(lines[start]):
        start += 1
    ends = (at for at in range(start, len(lines)) if _begins_older(lines[at]) or _begins_history(lines, at, known))
    end = next(ends, len(lines))
    copied = [line for line in lines[start:end] if not line.is_blank and not line.depth]
    ours = [line for line in copied if known.has(line.words)]
    if len(ours) * 2 < len(copied):
        return []
    return [line for line in copied if line not in ours and not line.signed]


def _belongs_to_header(line: Line) -> bool:
    words = line.words.strip()
    return (
        line.is_blank
        or words == marks.HISTORY
        or bool(phrases.HEADER_FIRST.match(words) or phrases.HEADER_LINE.match(words) or phrases.SEPARATOR.match(words))
    )


def _begins_older(line: Line) -> bool:
    words = line.words.strip()
    return words == marks.HISTORY or _is_attribution(words) or bool(phrases.SEPARATOR.match(words))


def _without_signature(lines: list[Line], names: Sequence[str]) -> list[Line]:
    """Leaves out what people put under every message of theirs: their name, and few lines under it.

    `names` are those of the author, the most complete first.
    """
    folded = [name for name in map(_folded, names) if len(name) > 1]
    for place, line in enumerate(lines):
        words, below = line.words.strip(), [row for row in lines[place + 1 :] if not row.is_blank]
        if len(below) > SIGNATURE_LINES:
            continue
        named = any(name in _folded(row.words) for row in below[:2] for name in folded)
        if line.words == "-- " or (words == "--" and named) or (phrases.FORMULA.match(words) and named):
            return lines[: place + bool(phrases.THANKS.search(words))] + _postscripts(lines[place + 1 :])
        if below and len(words) <= NAME_LINE and folded and _folded(words) == folded[0]:
            return lines[:place] + _postscripts(lines[place + 1 :])
    return lines


def _postscripts(lines: list[Line]) -> list[Line]:
    """Returns what is added under a signature, which is not part of it: what says so, or asks."""
    for place, line in enumerate(lines):
        if phrases.POSTSCRIPT.match(line.words.strip()) or line.words.rstrip().endswith("?"):
            return lines[place:]
    return []
