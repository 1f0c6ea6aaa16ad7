"""The actions on the logo of the vendor, shown on pages and in mails."""

from collections.abc import Iterable

from django.db import transaction

from calypso.accounts import audit_log
from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base import chosen, files, isolation
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.logos import Logo
from calypso.vendor.models import VendorChoice
from calypso.vendor.queries import ABOUT

CHOICE = "LOGO"
MOST_BYTES = 2 * 2**20
MEGABYTES, SECONDS = 768, 10  # of the program that reads it


def save_logo(by: User, *, chunks: Iterable[bytes]) -> None:
    """Takes an image as the logo, made small. For administrators.

    Raises Invalid (`logo`) for more than two megabytes or for what is no image, the last logo staying; Forbidden.
    """
    require(by, Capability.SET_UP)
    head, _line, content = _small(_bounded(chunks)).partition(b"\n")
    width, height = map(int, head.split())
    logo = Logo(files.store([content], limit=MOST_BYTES).name, width, height)
    _choose(by, logo)


def remove_logo(by: User) -> None:
    """Gives our mark back. For administrators. Raises Forbidden."""
    require(by, Capability.SET_UP)
    _choose(by, None)


def _bounded(chunks: Iterable[bytes]) -> bytes:
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > MOST_BYTES:
            raise Invalid({"logo": [_("Deux mégaoctets au plus.")]})
    return bytes(content)


def _small(content: bytes) -> bytes:
    if not content:
        raise Invalid({"logo": [_("Choisissez un fichier.")]})
    try:
        return isolation.run("calypso.pictures.logo_program", content, megabytes=MEGABYTES, seconds=SECONDS)
    except isolation.Died:
        said = _(
            "Ce fichier ne se lit pas comme une image : donnez un PNG ou un JPEG, de 8 000 pixels de côté au plus."
        )
        raise Invalid({"logo": [said]}) from None


def _choose(by: User, logo: Logo | None) -> None:
    """Saves the choice. The file of the last logo goes with a sweep."""
    with transaction.atomic():
        before = Logo.read(VendorChoice.objects.filter(name=CHOICE).values_list("value", flat=True).first() or "")
        VendorChoice.objects.update_or_create(name=CHOICE, defaults={"value": logo.written() if logo else ""})
        audit_log.record(by, ABOUT, "changed", {"logo": _said(before)}, {"logo": _said(logo)})
    chosen.changed()


def _said(logo: Logo | None) -> str:
    """Returns how the history tells one logo from another."""
    return f"{logo.width} × {logo.height} ({logo.name[:6]})" if logo else ""
