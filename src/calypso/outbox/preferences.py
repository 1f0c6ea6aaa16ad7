"""Notification preferences, by kind of message: mail at once, in the morning or never; notification or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from calypso.base import clock
from calypso.outbox.kinds import Kind

PAGE = "/profil/notifications/"  # where a person chooses
DIGEST_HOUR = 8  # local time at which the messages of a day are sent as one


class Mail(StrEnum):
    """When the mail of a kind is sent."""

    NOW = "now"
    DAILY = "daily"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Preference:
    """The preference for one kind; the default is mail at once, and a notification in the bell where the kind rings."""

    mail: Mail = Mail.NOW
    bell: bool = True


type Preferences = Mapping[str, Mapping[str, str | bool]]  # by kind, as stored on the person's row


def offered(kind: Kind) -> list[Mail]:
    """Returns when the mail of a kind may be sent: `NONE` is not offered for what waits for its reader (`must`)."""
    return [mail for mail in Mail if mail is not Mail.NONE or not (kind.choice and kind.choice.must)]


def default_for(kind: Kind) -> Preference:
    """Returns the preference of who chose nothing. A kind without choice is mailed at once, without notification."""
    return Preference(bell=bool(kind.choice and kind.choice.rings))


def preference_for(kind: Kind, notification_preferences: Preferences) -> Preference:
    """Returns the preference of a person for a kind."""
    stored = notification_preferences.get(kind.key)
    if stored is None or kind.choice is None:
        return default_for(kind)
    mail = Mail(str(stored["mail"]))
    return Preference(mail if mail in offered(kind) else Mail.DAILY, bool(stored["bell"]))


def next_digest() -> datetime:
    """Returns the next time at which the messages of a day are sent (`DIGEST_HOUR`)."""
    today = clock.at(clock.today(), DIGEST_HOUR)
    return today if clock.now() < today else clock.at(clock.today() + timedelta(days=1), DIGEST_HOUR)
