"""How a person is notified: their preferences, and what they have seen (I10, I14)."""

from collections.abc import Mapping

from calypso.accounts.models import User
from calypso.accounts.queries import choosable
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.outbox import maintenance
from calypso.outbox.preferences import Mail, Preference, default_for, offered


def set_notification_preferences(
    by: User, *, mails: Mapping[str, str], bells: set[str], shown: tuple[Mapping[str, str], set[str]] | None = None
) -> None:
    """Saves, for each kind with preferences, when its mail is sent (`Mail`) and whether the bell shows it.

    The mail of a kind absent from `mails` is sent at once. A kind that is as the page showed it (`shown`) is not
    changed, because another window may have changed it. Raises Invalid, by kind, for an option that is not on offer.
    """
    errors, preferences = {}, {}
    current = User.objects.values_list("notification_preferences", flat=True).get(pk=by.pk)
    for kind in choosable(by):
        if shown and (mails.get(kind.key), kind.key in bells) == (shown[0].get(kind.key), kind.key in shown[1]):
            if kind.key in current:
                preferences[kind.key] = current[kind.key]
            continue
        mail = mails.get(kind.key, default_for(kind).mail)
        if mail not in offered(kind):
            errors[kind.key] = [_("Ce choix n'est pas proposé.")]
            continue
        preference = Preference(Mail(mail), kind.key in bells)
        if preference != default_for(kind):
            preferences[kind.key] = {"mail": preference.mail.value, "bell": preference.bell}
    if errors:
        raise Invalid(errors)
    User.objects.filter(pk=by.pk).update(notification_preferences=preferences)


def mark_notifications_seen(by: User) -> None:
    """Marks all of the person's own notifications as seen."""
    maintenance.see_all(by.key)
