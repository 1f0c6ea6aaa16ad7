"""The actions on the texts that the vendor writes itself."""

from collections.abc import Mapping

from django.db import transaction

from calypso.accounts import audit_log
from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base.editing import changes
from calypso.vendor.models import VendorText
from calypso.vendor.queries import ABOUT
from calypso.vendor.texts import TEXTS, Name
from calypso.vendor.wording import checked_texts, texts_changed, texts_in_force


def save_text(by: User, *, name: Name, texts: Mapping[str, str], shown: Mapping[str, str] | None = None) -> None:
    """Saves a text, by language, as its page shows it: a page that is owed is then the vendor's in every language.

    Writes what differs from `shown`, the texts that the page showed. For administrators. All or nothing: raises Invalid
    by language for a text that is too long, or emptied where its page may not be empty; Conflict when somebody else
    changed the same text meanwhile (R102); Forbidden.
    """
    require(by, Capability.SET_UP)
    with transaction.atomic():
        before = texts_in_force(name)
        after = {
            language: text if changes((shown or before).get(language, ""), text, before[language]) else before[language]
            for language, text in checked_texts(name, texts).items()
        }
        if after == before:
            return
        for language, text in after.items():
            if text:
                VendorText.objects.update_or_create(name=name, language=language, defaults={"text": text})
            else:
                VendorText.objects.filter(name=name, language=language).delete()
        _record(by, name, before, after)
    texts_changed()


def reset_text(by: User, *, name: Name) -> None:
    """Gives our text back, in every language. For administrators. Raises Forbidden."""
    require(by, Capability.SET_UP)
    with transaction.atomic():
        before = texts_in_force(name)
        VendorText.objects.filter(name=name).delete()
        _record(by, name, before, texts_in_force(name))
    texts_changed()


def _record(by: User, name: Name, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    key = TEXTS[name].key
    audit_log.record(
        by,
        ABOUT,
        "changed",
        {f"{key}_{language}": text for language, text in before.items()},
        {f"{key}_{language}": text for language, text in after.items()},
    )
