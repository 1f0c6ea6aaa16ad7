"""The choices of the vendor as the desk shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from calypso.accounts.access import require
from calypso.accounts.audit_log import entries_about
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import AuditEntry, User
from calypso.base.chosen import chosen, is_fixed
from calypso.base.errors import NotVisible
from calypso.base.logos import Logo
from calypso.base.paging import Page, page_of
from calypso.outbox.models import OutgoingEmail
from calypso.vendor.catalogue import SECTIONS, TEST_MAIL, Choice, Kind, Section
from calypso.vendor.models import VendorChoice
from calypso.vendor.texts import Name
from calypso.vendor.wording import texts_in_force, written_names

ABOUT = "vendor:choices"  # what the history calls them
TRUE = ("yes", "true", "1", "on", "y", "t")  # what the environment may write


@dataclass(frozen=True, slots=True)
class CurrentChoice:
    """A choice, its value in force as a text, and whether the environment fixes it."""

    choice: Choice
    text: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class CurrentSection:
    """A section with the values in force."""

    section: Section
    rows: Sequence[CurrentChoice]


def saved_texts() -> dict[str, str]:
    """Returns what was chosen at the desk, by name of the setting."""
    return dict(VendorChoice.objects.values_list("name", "value"))


def stored_names() -> list[str]:
    """Returns the stored name of the logo, if there is one."""
    logo = Logo.read(chosen("LOGO"))
    return [logo.name] if logo else []


def choices_page(viewer: User) -> list[CurrentSection]:
    """Returns every section. For administrators. Raises Forbidden, NotVisible to clients."""
    require(viewer, Capability.SET_UP)
    texts = saved_texts()

    def current(choice: Choice) -> CurrentChoice:
        return CurrentChoice(choice, in_force(choice, texts), is_fixed(choice.name))

    return [CurrentSection(section, [current(choice) for choice in section.choices]) for section in SECTIONS]


def in_force(choice: Choice, saved: Mapping[str, str]) -> str:
    """Returns the value in force of a choice, as the environment would write it; `saved` is `saved_texts`."""
    variable = settings.VARIABLES[choice.name]
    text: str = variable.written or saved.get(choice.name, variable.default)
    return ("yes" if text.lower() in TRUE else "no") if choice.kind is Kind.FLAG else text


def choices_history(viewer: User, page: int) -> Page[AuditEntry]:
    """Returns a page of the changes made at the desk, newest first. Raises as `choices_page`."""
    require(viewer, Capability.SET_UP)
    return page_of(entries_about(ABOUT), page, chosen("LIST_PAGE_SIZE"))


def latest_test_mail(viewer: User) -> OutgoingEmail | None:
    """Returns the last mail by which somebody tried the mail server, None without any. Raises as `choices_page`."""
    require(viewer, Capability.SET_UP)
    return OutgoingEmail.objects.filter(kind=TEST_MAIL).order_by("-id").first()


def text_page(viewer: User, name: str) -> tuple[Name, dict[str, str]]:
    """Returns a text of the vendor and its words in force, by language. For administrators.

    Raises Forbidden, NotVisible to clients and for an unknown name.
    """
    require(viewer, Capability.SET_UP)
    try:
        known = Name(name)
    except ValueError:
        raise NotVisible from None
    return known, texts_in_force(known)


def text_rows(viewer: User) -> list[tuple[Name, bool]]:
    """Returns every text with whether the vendor wrote it. Raises as `choices_page`."""
    require(viewer, Capability.SET_UP)
    names = written_names()
    return [(name, name in names) for name in Name]
