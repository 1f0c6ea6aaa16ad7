"""How a person wants to be told of what concerns them (I10, I14)."""

from collections.abc import Mapping

from calypso.accounts.models import User
from calypso.accounts.queries import choosable
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.outbox import upkeep
from calypso.outbox.wishes import USUAL, Mail, Wish, offered


def set_wishes(by: User, *, mails: Mapping[str, str], bells: set[str]) -> None:
    """Keeps, for each kind that the person may choose, when its mail leaves (`Mail`) and whether the bell rings.

    A kind that `mails` does not name is left at once. Raises Invalid, by kind, for what is not on offer.
    """
    errors, kept = {}, {}
    for kind in choosable(by):
        mail = mails.get(kind.key, USUAL.mail)
        if mail not in offered(kind):
            errors[kind.key] = [_("Ce choix n'est pas proposé.")]
            continue
        wish = Wish(Mail(mail), kind.key in bells)
        if wish != USUAL:
            kept[kind.key] = {"mail": wish.mail.value, "bell": wish.bell}
    if errors:
        raise Invalid(errors)
    User.objects.filter(pk=by.pk).update(wishes=kept)


def see_notifications(by: User) -> None:
    """Marks all of one's own notifications as seen."""
    upkeep.see_all(by.key)
