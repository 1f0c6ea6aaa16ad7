"""The security journal: sign-ins, failed attempts, refusals, changes of rights, exports (R128).

Each entry is one JSON line on the `calypso.journal` logger; the logging context of the request adds its id and the
client's address. The operator's log storage keeps entries for six to twelve months.
"""

import structlog

_log = structlog.stdlib.get_logger("calypso.journal")


def record(event: str, *, actor: str | None = None, **facts: str | int | bool | None) -> None:
    """Writes one entry. `actor` is the public key of the person acting, None when nobody is signed in.

    `facts` are keys and counts, never a text that a person typed, a token or a password.
    """
    _log.info(event, actor=actor, **facts)
