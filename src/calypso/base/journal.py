"""The security journal: who signed in, failed, was refused, changed a right, exported (R128).

One JSON line an entry on the `calypso.journal` logger; the request's id and address are added by the context of the
request. Entries are kept by the operator's log storage, six to twelve months.
"""

import structlog

_log = structlog.stdlib.get_logger("calypso.journal")


def record(event: str, *, actor: str | None = None, **facts: str | int | bool | None) -> None:
    """Writes one entry. `actor` is the public key of the person acting, None when nobody is signed in.

    Facts are keys and counts, never a text that a person typed, a token or a password.
    """
    _log.info(event, actor=actor, **facts)
