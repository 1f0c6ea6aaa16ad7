"""What the bell of a person says: their notifications about what they still see."""

from calypso.accounts.models import User
from calypso.accounts.subjects import visible_among
from calypso.outbox.models import Notification
from calypso.outbox.queries import notifications_of

LATEST = 50


def bell(viewer: User) -> list[Notification]:
    """The fifty latest notifications, newest first, without those about what the person no longer sees (R8)."""
    latest = list(notifications_of(viewer.key)[:LATEST])
    visible = visible_among(viewer, {notification.about for notification in latest})
    return [notification for notification in latest if notification.about in visible]
