"""The hourly cleaning of accounts."""

from django.tasks import task

from calypso.accounts import throttle
from calypso.accounts.mfa import one_time_challenges
from calypso.accounts.models import Session
from calypso.base import clock


@task
def sweep() -> None:
    """Deletes expired sessions, old attempts and spent challenges. Runs every hour; repeating it changes nothing."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    throttle.forget_old()
    one_time_challenges.forget_old()
