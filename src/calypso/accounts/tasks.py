"""Housekeeping of accounts: what expired leaves."""

from django.tasks import task

from calypso.accounts import throttle
from calypso.accounts.mfa import one_time_challenges
from calypso.accounts.models import Session
from calypso.base import clock


@task
def sweep() -> None:
    """Removes expired sessions, old tries and spent challenges. Run every hour; running it twice changes nothing."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    throttle.forget_old()
    one_time_challenges.forget_old()
