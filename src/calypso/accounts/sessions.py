"""The lifetime of sessions, and the names of their fields (R35, decision 21)."""

import time
from collections.abc import Mapping
from typing import Any

USER_FIELD, STARTED_FIELD, SEEN_FIELD, REMEMBER_FIELD, DEVICE_FIELD = "person", "started", "seen", "remember", "device"


HOUR = 3600
DAY = 24 * HOUR


def limits(*, staff: bool, remembered: bool) -> tuple[int, int]:
    """Returns the longest idle time and the longest life of a session, in seconds (R35, decision 21)."""
    if staff:
        return HOUR, 12 * HOUR
    return (14 * DAY, 30 * DAY) if remembered else (2 * HOUR, 12 * HOUR)


def is_over(data: Mapping[str, Any], *, staff: bool) -> bool:
    """Returns whether the session with this data is over, by idleness or by age."""
    idle, life = limits(staff=staff, remembered=bool(data.get(REMEMBER_FIELD)))
    now = time.time()
    return bool(now - data.get(SEEN_FIELD, 0) > idle or now - data.get(STARTED_FIELD, 0) > life)
