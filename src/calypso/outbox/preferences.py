"""How a person wants to be told of each kind of message: by mail at once, in the morning or not; by the bell or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from calypso.base import clock
from calypso.outbox.kinds import Kind

DIGEST_HOUR = 8  # local: when the messages of a day leave as one


class Mail(StrEnum):
    """When the mail of a kind leaves."""

    NOW = "now"
    DAILY = "daily"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Preference:
    """The preference for one kind; what nobody chose is everything at once."""

    mail: Mail = Mail.NOW
    bell: bool = True


DEFAULT = Preference()
type Preferences = Mapping[str, Mapping[str, str | bool]]  # by kind, as a person's row keeps them


def offered(kind: Kind) -> list[Mail]:
    """When the mail of a kind may leave: never is not on offer for what waits for its reader."""
    return [mail for mail in Mail if mail is not Mail.NONE or not (kind.choice and kind.choice.must)]


def preference_for(kind: Kind, notification_preferences: Preferences) -> Preference:
    """What to do with a message of this kind. A kind without choice is mailed at once and rings no bell."""
    if kind.choice is None:
        return Preference(Mail.NOW, bell=False)
    kept = notification_preferences.get(kind.key)
    if kept is None:
        return DEFAULT
    mail = Mail(str(kept["mail"]))
    return Preference(mail if mail in offered(kind) else Mail.DAILY, bool(kept["bell"]))


def next_digest() -> datetime:
    """The next morning at which the messages of the day leave."""
    today = clock.at(clock.today(), DIGEST_HOUR)
    return today if clock.now() < today else clock.at(clock.today() + timedelta(days=1), DIGEST_HOUR)
