"""The texts in force: those that the vendor wrote, else ours."""

from collections.abc import Mapping

from django.conf import settings
from django.db import DatabaseError
from django.utils import translation

from calypso.base.i18n import gettext as _
from calypso.base.process_cache import cached, forget
from calypso.base.text import BODY_MAX
from calypso.base.validation import Input
from calypso.vendor.default_texts import default_text
from calypso.vendor.models import VendorText
from calypso.vendor.texts import TEXTS, Name

_NAME = "vendor_texts"
LANGUAGES: Mapping[str, str] = dict(settings.LANGUAGES)


def written_text(name: Name) -> str:
    """Returns what the vendor wrote in the active language; empty without a text of theirs."""
    return _saved().get((name, translation.get_language() or settings.LANGUAGE_CODE), "")


def page_text(name: Name) -> str:
    """Returns the text in force in the active language; empty where its page says something of its own without it."""
    return written_text(name) or default_text(name)


def texts_in_force(name: Name) -> dict[str, str]:
    """Returns the text in force in each language, as `page_text` does, read anew from the database."""
    rows = VendorText.objects.filter(name=name).values_list("language", "text")
    return {language: _in(language, name) for language in LANGUAGES} | dict(rows)


def written_names() -> set[str]:
    """Returns the names of the texts that the vendor wrote."""
    return {name for name, _language in _saved()}


def checked_texts(name: Name, texts: Mapping[str, str]) -> dict[str, str]:
    """Returns the texts cleaned, by language. Raises Invalid, naming the languages that are refused."""
    checked = Input()
    cleaned = {language: checked.lines(language, texts.get(language, ""), BODY_MAX).strip() for language in LANGUAGES}
    for language, text in texts.items():
        if TEXTS[name].is_required and not text.strip():
            checked.refuse(language, _("Cette page ne peut pas être vide."))
    checked.done()
    return cleaned


def texts_changed() -> None:
    """Has the texts read again at once in this process; the others read them again within five seconds."""
    forget(_NAME, ())


def _in(language: str, name: Name) -> str:
    with translation.override(language):
        return default_text(name)


def _saved() -> dict[tuple[str, str], str]:
    return cached(_NAME, (), _read)


def _read() -> dict[tuple[str, str], str]:
    try:
        rows = list(VendorText.objects.values_list("name", "language", "text"))
    except DatabaseError:  # the help is read all the same while the database is away
        return {}
    return {(name, language): text for name, language, text in rows}
