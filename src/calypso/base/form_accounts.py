"""Signs into each form the account that it was shown to: what is typed is saved for that account only (R120)."""

from django.core.signing import BadSignature, TimestampSigner

FIELD = "compte"  # the form field that carries the signed account
LIFE = 12 * 3600  # seconds during which the input of a shown form can still be saved for its account
_SALT = "calypso.form.account"


def sign_account(account: str) -> str:
    """Returns the signed value that a form carries to identify an account."""
    return TimestampSigner(salt=_SALT).sign(account)


def signed_account(signed_value: str) -> str:
    """Returns the account that a form carries; empty if missing, wrongly signed or older than `LIFE`."""
    try:
        return TimestampSigner(salt=_SALT).unsign(signed_value, max_age=LIFE)
    except BadSignature:
        return ""
