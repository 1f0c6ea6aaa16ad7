"""The notifications in the bell of a person."""

from calypso.accounts.models import User
from calypso.accounts.subjects import visible_among
from calypso.outbox.models import Notification
from calypso.outbox.queries import notifications_of

LATEST = 50


def bell(viewer: User) -> list[Notification]:
    """Returns those of the fifty latest notifications whose subject the person still sees, newest first (R8)."""
    latest = list(notifications_of(viewer.key)[:LATEST])
    visible = visible_among(viewer, {notification.about for notification in latest})
    return [notification for notification in latest if notification.about in visible]
