"""The table of the corpus, as `docs/received-mails.md` has it: `python -m tests.mailin.table > docs/received-mails.md`."""

import tomllib

from tests.mailin.mails import CORPUS, corpus, expected, others

HEAD = """# Received mails: what is understood

<!-- Written by `python -m tests.mailin.table` from tests/mailin/corpus; do not edit. -->

Raw messages in the manner of mail programs, in four languages, and what each becomes: the author's words, without a line of an
earlier mail. Each is a test (`tests/mailin/test_corpus.py`); the whole message stays one click away.

| message | becomes | the author's words | files |
|---|---|---|---|
"""
OTHERS = """
## Written by somebody who had not seen the reader

Each sentence listed beside the message is in what is understood of it, and no piece of a quoted mail or of a signature is.

| message | manner | sentences found |
|---|---|---|
"""


def _cell(text: str, most: int = 110) -> str:
    flat = " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def table() -> str:
    """The whole page."""
    rows = []
    for name in corpus():
        wanted = expected(name)
        becomes = wanted.becomes.replace("held ", "to sort: ").replace("ignored ", "automatic: ")
        rows.append(f"| {name} | {becomes} | {_cell(wanted.words or '')} | {_cell(', '.join(wanted.files or []))} |")
    more = []
    for name in others():
        facts = tomllib.loads((CORPUS / "others" / f"{name}.toml").read_text(encoding="utf-8"))
        more.append(f"| {name} | {_cell(facts['note'])} | {len(facts['must'])} |")
    return HEAD + "\n".join(rows) + "\n" + OTHERS + "\n".join(more) + "\n"


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - its output is the page
