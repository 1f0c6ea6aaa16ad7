"""The account that a form was shown to, signed in the form itself: what is typed is kept for it alone (R120)."""

from django.core.signing import BadSignature, TimestampSigner

FIELD = "compte"  # the field of a form that carries it
LIFE = 12 * 3600  # seconds during which a form that was shown can still be kept for its account
_SALT = "calypso.form.account"


def sign_account(account: str) -> str:
    """What a form carries to name an account."""
    return TimestampSigner(salt=_SALT).sign(account)


def signed_account(given: str) -> str:
    """The account that a form names; empty when it names none, was signed by nobody, or is too old."""
    try:
        return TimestampSigner(salt=_SALT).unsign(given, max_age=LIFE)
    except BadSignature:
        return ""
