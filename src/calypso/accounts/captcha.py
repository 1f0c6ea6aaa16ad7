"""« Je ne suis pas un robot » without a third party: a single-use proof of work, for ten minutes and one form (R32).

The browser computes for a second or two; a person ticks a box, by mouse, keyboard or screen reader, and solves no
puzzle.
"""

import secrets
from typing import Any

import altcha
from django.conf import settings

from calypso.accounts.mfa import one_time_challenges
from calypso.base import clock

_ALGORITHM, _COST = "PBKDF2/SHA-256", 1000


def _secret(purpose: str) -> str:
    return f"{settings.SECRET_KEY}:captcha:{purpose}"


def challenge(form: str) -> dict[str, Any]:
    """Returns a new challenge for the form named `form`, as the widget reads it."""
    new_challenge = altcha.create_challenge(
        _ALGORITHM,
        _COST,
        counter=500 + secrets.randbelow(1500),
        expires_at=int((clock.now() + one_time_challenges.LIFE).timestamp()),
        data={"form": form},
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("key"),
    )
    return dict(new_challenge.to_dict())


def is_solved(payload: str, form: str) -> bool:
    """Returns whether `payload` solves a challenge made for the form `form`, which it can do only once."""
    try:
        answer = altcha.Payload.from_base64(payload)
        result = altcha.verify_solution(answer, _secret("challenge"), hmac_key_secret=_secret("key"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    if not result.verified or (answer.challenge.parameters.data or {}).get("form") != form:
        return False
    return one_time_challenges.spend(str(answer.challenge.signature)[:64])
