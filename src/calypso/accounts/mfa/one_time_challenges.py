"""Answered challenges, of captchas and passkeys: none serves twice (R32, R44)."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from calypso.accounts.models import SpentChallenge
from calypso.base import clock

LIFE = timedelta(minutes=10)  # between a challenge and its answer, whatever asked it


def spend(signature: str) -> bool:
    """Writes down that this challenge was answered, 64 characters at most; False when it already was."""
    try:
        with transaction.atomic():
            SpentChallenge.objects.create(signature=signature, at=clock.now())
    except IntegrityError:
        return False
    return True


def forget_old() -> None:
    """Removes those whose challenge has expired anyway."""
    SpentChallenge.objects.filter(at__lt=clock.now() - 2 * LIFE).delete()
