"""The action that saves what the vendor chooses."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction

from calypso.accounts import audit_log
from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base import chosen, journal
from calypso.base.errors import Conflict, Invalid, NotVisible
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
        changes = _checked(asked, values, before, shown)
        for choice in asked.choices:
            if choice.key in changes:
                VendorChoice.objects.update_or_create(name=choice.name, defaults={"value": changes[choice.key]})
        audit_log.record(by, ABOUT, "changed", {key: before[key] for key in changes}, changes)
        names = {choice.name for choice in asked.choices if choice.key in changes}
        following.run_for(names)
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
    checked, changes = Input(), {}
    for choice in section.choices:
        if chosen.is_fixed(choice.name) or choice.key not in values:
            continue
        text = checked.line(choice.key, values[choice.key], CONTEXT_MAX)
        if text == (shown or before).get(choice.key) or text == before[choice.key]:
            continue
        if shown is not None and before[choice.key] != shown.get(choice.key):
            raise Conflict(
                _("Quelqu'un a changé la même chose pendant que cette page était ouverte. Relisez, puis enregistrez.")
            )
        if problem := _problem(choice, text):
            checked.refuse(choice.key, problem)
        changes[choice.key] = text
    checked.done()
    files = {
        key: int({**before, **changes}[key]) for key in ("opening_files", "comment_files", "file_max") if key in before
    }
    if (
        files
        and files["file_max"] * max(files["opening_files"], files["comment_files"])
        > settings.REQUEST_MAX_BYTES // 2**20
    ):
        most = settings.REQUEST_MAX_BYTES // 2**20
        raise Invalid({"file_max": [_("Les fichiers d'un envoi tiennent ensemble en %(most)d Mo.") % {"most": most}]})
    return changes


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
