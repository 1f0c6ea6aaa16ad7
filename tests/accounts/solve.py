"""Does the work that a browser does for « Je ne suis pas un robot »."""

import base64
import json

import altcha

from calypso.accounts import captcha


def solved(form: str) -> str:
    """An answer to a fresh challenge of `form`, as the widget posts it."""
    challenge = altcha.Challenge.from_dict(captcha.challenge(form))
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    answer = {"challenge": challenge.to_dict(), "solution": solution.to_dict()}
    return base64.b64encode(json.dumps(answer).encode()).decode()
