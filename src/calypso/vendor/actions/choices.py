"""The action that saves what the vendor chooses."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction

from calypso.accounts import audit_log
from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base import chosen, journal
from calypso.base.editing import changes
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import CONTEXT_MAX
from calypso.base.validation import Input
from calypso.vendor import following
from calypso.vendor.catalogue import CHOICES, NAME_MOST, PROBLEMS, Choice, Kind, words_of
from calypso.vendor.models import VendorChoice
from calypso.vendor.notices import tell_test
from calypso.vendor.queries import ABOUT, in_force, saved_texts


def save_choices(by: User, *, values: Mapping[str, str], shown: Mapping[str, str] | None = None) -> None:
    """Saves choices, by key; those that the environment fixes stay.

    Writes what differs from `shown`, the values that the page showed. For administrators. All or nothing: raises
    Invalid naming each key that is refused, Conflict when somebody else changed the same choice meanwhile (R102),
    Forbidden.
    """
    require(by, Capability.SET_UP)
    with transaction.atomic():
        saved = saved_texts()
        before = {key: in_force(choice, saved) for key, choice in CHOICES.items()}
        texts = _checked(values, before, shown)
        for key, text in texts.items():
            VendorChoice.objects.update_or_create(name=CHOICES[key].name, defaults={"value": text})
        if texts:
            old_words = {key: words_of(CHOICES[key], before[key]) for key in texts}
            new_words = {key: words_of(CHOICES[key], text) for key, text in texts.items()}
            audit_log.record(by, ABOUT, "changed", old_words, new_words)
        following.run_for({CHOICES[key].name for key in texts})
    chosen.changed()


def _checked(values: Mapping[str, str], before: Mapping[str, str], shown: Mapping[str, str] | None) -> dict[str, str]:
    """Returns what changes, by key."""
    checked, changed_texts = Input(), {}
    for key, choice in CHOICES.items():
        if chosen.is_fixed(choice.name) or key not in values:
            continue
        text = _clean(checked, choice, values[key])
        current = before[key]
        if text == current or not changes((shown or before).get(key), text, current):
            continue
        if problem := _problem(choice, text):
            checked.refuse(key, problem)
        changed_texts[key] = text
    checked.done()
    _check_room({**before, **changed_texts})
    return changed_texts


def _clean(checked: Input, choice: Choice, text: str) -> str:
    """Returns the text of a choice on one line, a site as an address; refuses what is neither."""
    if choice.kind is Kind.URL:
        return checked.web_address(choice.key, text)
    return checked.line(choice.key, text, NAME_MOST if choice.kind is Kind.NAME else CONTEXT_MAX)


def _check_room(texts: Mapping[str, str]) -> None:
    """Raises Invalid when the files of one form would not fit in one request."""
    most = settings.REQUEST_MAX_BYTES // 2**20
    if int(texts["file_max"]) * max(int(texts["opening_files"]), int(texts["comment_files"])) > most:
        raise Invalid({"file_max": [_("Les fichiers d'un envoi tiennent ensemble en %(most)d Mo.") % {"most": most}]})


def _problem(choice: Choice, text: str) -> str:
    """Returns what is wrong with a text, in words; nothing when it may be chosen."""
    least, most = choice.between
    if choice.kind is Kind.NUMBER:
        if text.isascii() and text.isdigit() and len(text) < 9 and least <= int(text) <= most:
            return ""
        return _("Indiquez un nombre entier entre %(least)d et %(most)d.") % {"least": least, "most": most}
    is_known = text in choice.options or not choice.options or choice.kind is Kind.DAYS
    is_named = bool(text) or choice.kind is not Kind.NAME
    try:
        chosen.parse(choice.name, text)
    except ValueError:
        return _(PROBLEMS[choice.kind])
    return "" if is_known and is_named else _(PROBLEMS[choice.kind])


def send_test_mail(by: User) -> None:
    """Mails the administrator themself, to try the mail server. Raises Forbidden."""
    with transaction.atomic():
        tell_test(by, f"test:{new_key()}")
    journal.record("mail.tested", actor=by.key)
