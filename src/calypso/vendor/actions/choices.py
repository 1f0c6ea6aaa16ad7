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
from calypso.base.errors import Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import CONTEXT_MAX
from calypso.base.validation import Input
from calypso.vendor import following
from calypso.vendor.catalogue import PROBLEMS, SECTIONS, Choice, Kind, Section
from calypso.vendor.models import VendorChoice
from calypso.vendor.notices import tell_test
from calypso.vendor.queries import ABOUT, in_force, saved_texts


def save_choices(by: User, *, section: str, values: Mapping[str, str], shown: Mapping[str, str] | None = None) -> None:
    """Saves the choices of one section, by key; those that the environment fixes stay.

    Writes what differs from `shown`, the values that the page showed. For administrators. All or nothing: raises
    Invalid naming each key that is refused, Conflict when somebody else changed the same choice meanwhile (R102),
    Forbidden, NotVisible for an unknown section.
    """
    require(by, Capability.SET_UP)
    asked = _section(section)
    with transaction.atomic():
        saved = saved_texts()
        before = {choice.key: in_force(choice, saved) for choice in asked.choices}
        texts = _checked(asked, values, before, shown)
        changed_choices = [choice for choice in asked.choices if choice.key in texts]
        for choice in changed_choices:
            VendorChoice.objects.update_or_create(name=choice.name, defaults={"value": texts[choice.key]})
        audit_log.record(by, ABOUT, "changed", {key: before[key] for key in texts}, texts)
        following.run_for({choice.name for choice in changed_choices})
    chosen.changed()


def _section(key: str) -> Section:
    for section in SECTIONS:
        if section.key == key:
            return section
    raise NotVisible


def _checked(
    section: Section, values: Mapping[str, str], before: Mapping[str, str], shown: Mapping[str, str] | None
) -> dict[str, str]:
    """Returns what changes, by key."""
    checked, changed_texts = Input(), {}
    for choice in section.choices:
        if chosen.is_fixed(choice.name) or choice.key not in values:
            continue
        text = checked.line(choice.key, values[choice.key], CONTEXT_MAX)
        current = before[choice.key]
        if text == current or not changes((shown or before).get(choice.key), text, current):
            continue
        if problem := _problem(choice, text):
            checked.refuse(choice.key, problem)
        changed_texts[choice.key] = text
    checked.done()
    _check_room({**before, **changed_texts})
    return changed_texts


def _check_room(texts: Mapping[str, str]) -> None:
    """Raises Invalid when the files of one form would not fit in one request; the other sections have none."""
    if "file_max" not in texts:
        return
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
    is_address = choice.kind is not Kind.URL or not text or text.startswith(("https://", "http://"))
    try:
        chosen.parse(choice.name, text)
    except ValueError:
        return _(PROBLEMS[choice.kind])
    return "" if is_known and is_named and is_address else _(PROBLEMS[choice.kind])


def send_test_mail(by: User) -> None:
    """Mails the administrator themself, to try the mail server. Raises Forbidden."""
    with transaction.atomic():
        tell_test(by, f"test:{new_key()}")
    journal.record("mail.tested", actor=by.key)
