"""Guessing is slowed without locking anyone out (R30); links cannot be used to flood a mailbox (R31).

Counts are rows of the database, so that every process and every restart shares them. A try is counted before it is
judged, so that parallel tries do not slip between the count and the row.
"""

import hashlib
from datetime import timedelta

from calypso.accounts.emails import email_key
from calypso.accounts.models import Attempt
from calypso.base import clock
from calypso.base.errors import TooOften

WINDOW = timedelta(minutes=15)
FREE_TRIES = 5
MOST_TRIES = 10
MOST_TRIES_OF_NETWORK = 100
CAPTCHA_AFTER = 3
CAPTCHA_AFTER_ANYWHERE = 300  # a guessing wave over many networks: everybody proves to be a person for a while
LINK_WINDOW = timedelta(hours=1)
LINKS_OF_ADDRESS = 3
LINKS_OF_NETWORK = 10
KEPT = timedelta(days=1)

LOOKUP_WINDOW = timedelta(hours=1)
LOOKUPS_OF_ACCOUNT = 60

LOGIN, LINK, CODE, LOOKUP = "login", "link", "code", "lookup"


def _subject(email: str) -> str:
    return hashlib.sha256(email_key(email).encode("utf-8", "replace")).hexdigest()


def login_try(email: str, network: str) -> None:
    """Counts one sign-in try. Raises TooOften when this account and network, or this network, tried too much."""
    now, subject = clock.now(), _subject(email)
    mine = Attempt.objects.create(kind=LOGIN, subject=subject, network=network, at=now)
    recent = Attempt.objects.filter(kind=LOGIN, network=network, at__gt=now - WINDOW).exclude(pk=mine.pk)
    earlier = list(recent.filter(subject=subject).order_by("-at").values_list("at", flat=True)[:MOST_TRIES])
    wait = timedelta()
    if len(earlier) >= MOST_TRIES or recent.count() >= MOST_TRIES_OF_NETWORK:
        wait = WINDOW
    elif len(earlier) >= FREE_TRIES:
        wait = timedelta(seconds=2 ** (len(earlier) - FREE_TRIES)) - (now - earlier[0])
    if wait > timedelta():
        mine.delete()  # a try that was not judged does not lengthen the wait
        raise TooOften(int(wait.total_seconds()) + (wait != WINDOW))


def login_succeeded(email: str, network: str) -> None:
    """Forgets the tries of this account from this network."""
    Attempt.objects.filter(kind=LOGIN, subject=_subject(email), network=network).delete()


def code_try(email: str, network: str) -> None:
    """Counts one second proof. Raises TooOften beyond ten in fifteen minutes for the account, from anywhere (R44).

    Only who holds the password comes here, so the count can be the account's without becoming a way to lock it.
    """
    now, subject = clock.now(), _subject(email)
    mine = Attempt.objects.create(kind=CODE, subject=subject, network=network, at=now)
    recent = Attempt.objects.filter(kind=CODE, subject=subject, at__gt=now - WINDOW).exclude(pk=mine.pk)
    if recent.count() >= MOST_TRIES:
        mine.delete()  # a try that was not judged does not lengthen the wait
        raise TooOften(int(WINDOW.total_seconds()))


def code_succeeded(email: str) -> None:
    """Forgets the tried codes of this account."""
    Attempt.objects.filter(kind=CODE, subject=_subject(email)).delete()


def login_needs_captcha(network: str) -> bool:
    """Whether sign-in from here must prove that a person types: after failures, here or everywhere."""
    recent = Attempt.objects.filter(kind=LOGIN, at__gt=clock.now() - WINDOW)
    return recent.filter(network=network).count() >= CAPTCHA_AFTER or recent.count() >= CAPTCHA_AFTER_ANYWHERE


def link_request(email: str, network: str) -> bool:
    """Counts one demand of a link, known address or not; returns whether a mail may leave for it.

    Raises TooOften beyond ten demands an hour from one network, at the same count for every address.
    """
    now, subject = clock.now(), _subject(email)
    mine = Attempt.objects.create(kind=LINK, subject=subject, network=network, at=now)
    recent = Attempt.objects.filter(kind=LINK, at__gt=now - LINK_WINDOW).exclude(pk=mine.pk)
    if recent.filter(network=network).count() >= LINKS_OF_NETWORK:
        raise TooOften(int(LINK_WINDOW.total_seconds()))
    return recent.filter(subject=subject).count() < LINKS_OF_ADDRESS


def unknown_reference(email: str, network: str) -> None:
    """Counts one address that named nothing this account sees. Raises TooOften beyond sixty an hour (R20)."""
    now, subject = clock.now(), _subject(email)
    recent = Attempt.objects.filter(kind=LOOKUP, subject=subject, at__gt=now - LOOKUP_WINDOW)
    if recent.count() >= LOOKUPS_OF_ACCOUNT:
        raise TooOften(int(LOOKUP_WINDOW.total_seconds()))
    Attempt.objects.create(kind=LOOKUP, subject=subject, network=network, at=now)


def forget(email: str) -> None:
    """Removes every count of an address (R130)."""
    Attempt.objects.filter(subject=_subject(email)).delete()


def forget_old() -> None:
    """Removes what no window reaches any more."""
    Attempt.objects.filter(at__lt=clock.now() - KEPT).delete()
