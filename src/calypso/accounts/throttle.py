"""Limits on attempts: guessing is slowed without a lockout (R30), and links cannot flood a mailbox (R31).

Counts are rows of the database, shared by every process and kept over restarts. An attempt is counted before it is
checked, so that concurrent attempts count each other.
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
CAPTCHA_AFTER_ANYWHERE = 300  # guessing spread over many networks: everybody solves the captcha for a while
LINK_WINDOW = timedelta(hours=1)
LINKS_OF_ADDRESS = 3
LINKS_OF_NETWORK = 10
KEEP_ATTEMPTS = timedelta(days=1)

LOOKUP_WINDOW = timedelta(hours=1)
LOOKUPS_OF_ACCOUNT = 60

LOGIN, LINK, CODE, LOOKUP = "login", "link", "code", "lookup"


def _subject(email: str) -> str:
    return hashlib.sha256(email_key(email).encode("utf-8", "replace")).hexdigest()


def login_try(email: str, network: str) -> None:
    """Counts one sign-in attempt. Raises TooOften after too many from this network, in all or for this account."""
    now, subject = clock.now(), _subject(email)
    attempt = Attempt.objects.create(kind=LOGIN, subject=subject, network=network, at=now)
    recent = Attempt.objects.filter(kind=LOGIN, network=network, at__gt=now - WINDOW).exclude(pk=attempt.pk)
    earlier_instants = list(recent.filter(subject=subject).order_by("-at").values_list("at", flat=True)[:MOST_TRIES])
    wait = timedelta()
    if len(earlier_instants) >= MOST_TRIES or recent.count() >= MOST_TRIES_OF_NETWORK:
        wait = WINDOW
    elif len(earlier_instants) >= FREE_TRIES:
        wait = timedelta(seconds=2 ** (len(earlier_instants) - FREE_TRIES)) - (now - earlier_instants[0])
    if wait > timedelta():
        attempt.delete()  # a refused attempt does not lengthen the wait
        raise TooOften(int(wait.total_seconds()) + (wait != WINDOW))


def login_succeeded(email: str, network: str) -> None:
    """Deletes the attempts of this account from this network."""
    Attempt.objects.filter(kind=LOGIN, subject=_subject(email), network=network).delete()


def code_try(email: str, network: str) -> None:
    """Counts one second-factor attempt. Raises TooOften beyond ten in fifteen minutes for the account (R44).

    They count from any network: only a person who has the password gets here, so nobody else can lock the account.
    """
    now, subject = clock.now(), _subject(email)
    attempt = Attempt.objects.create(kind=CODE, subject=subject, network=network, at=now)
    recent = Attempt.objects.filter(kind=CODE, subject=subject, at__gt=now - WINDOW).exclude(pk=attempt.pk)
    if recent.count() >= MOST_TRIES:
        attempt.delete()  # a refused attempt does not lengthen the wait
        raise TooOften(int(WINDOW.total_seconds()))


def code_succeeded(email: str) -> None:
    """Deletes the second-factor attempts of this account."""
    Attempt.objects.filter(kind=CODE, subject=_subject(email)).delete()


def login_needs_captcha(network: str) -> bool:
    """Returns whether sign-in from this network requires the captcha: after failures there, or everywhere."""
    recent = Attempt.objects.filter(kind=LOGIN, at__gt=clock.now() - WINDOW)
    return recent.filter(network=network).count() >= CAPTCHA_AFTER or recent.count() >= CAPTCHA_AFTER_ANYWHERE


def link_request(email: str, network: str) -> bool:
    """Counts one request for a link, known address or not; returns whether a mail may be sent for it.

    Raises TooOften beyond ten requests an hour from one network, at the same count for every address.
    """
    now, subject = clock.now(), _subject(email)
    attempt = Attempt.objects.create(kind=LINK, subject=subject, network=network, at=now)
    recent = Attempt.objects.filter(kind=LINK, at__gt=now - LINK_WINDOW).exclude(pk=attempt.pk)
    if recent.filter(network=network).count() >= LINKS_OF_NETWORK:
        raise TooOften(int(LINK_WINDOW.total_seconds()))
    return recent.filter(subject=subject).count() < LINKS_OF_ADDRESS


def unknown_reference(email: str, network: str) -> None:
    """Counts one URL of something that this account does not see. Raises TooOften beyond sixty an hour (R20)."""
    now, subject = clock.now(), _subject(email)
    recent = Attempt.objects.filter(kind=LOOKUP, subject=subject, at__gt=now - LOOKUP_WINDOW)
    if recent.count() >= LOOKUPS_OF_ACCOUNT:
        raise TooOften(int(LOOKUP_WINDOW.total_seconds()))
    Attempt.objects.create(kind=LOOKUP, subject=subject, network=network, at=now)


def forget(email: str) -> None:
    """Deletes all attempts of an address (R130)."""
    Attempt.objects.filter(subject=_subject(email)).delete()


def forget_old() -> None:
    """Deletes the attempts that are older than every window."""
    Attempt.objects.filter(at__lt=clock.now() - KEEP_ATTEMPTS).delete()
