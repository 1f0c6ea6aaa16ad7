"""Answered challenges of captchas and passkeys, stored so that none is accepted twice (R32, R44)."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from calypso.accounts.models import SpentChallenge
from calypso.base import clock

LIFE = timedelta(minutes=10)  # between a challenge and its answer, for captchas, passkeys and applications


def spend(signature: str) -> bool:
    """Stores that a challenge, of at most 64 characters, was answered; returns False if it already was."""
    try:
        with transaction.atomic():
            SpentChallenge.objects.create(signature=signature, at=clock.now())
    except IntegrityError:
        return False
    return True


def forget_old() -> None:
    """Deletes the challenges that have expired."""
    SpentChallenge.objects.filter(at__lt=clock.now() - 2 * LIFE).delete()
