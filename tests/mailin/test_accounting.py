"""Every message is somewhere, once, whatever is killed meanwhile: worker, IMAP server, database (R91–R93, R143, R145, R146)."""

import json
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.imap import ImapServer
from tests.installation import Installation, installation, prepared, wait_for

MESSAGES = 20
ADDRESSES = """
import json
from calypso.accounts.models import User
from calypso.base.reply_addresses import reply_address
from tests.world import World, address
world = World()
ticket = world.ticket("A1")
print(json.dumps({who: [address(who), reply_address(ticket.reference, world.person(who).key)] for who in ("dec", "obs", "pm")}))
"""
LEDGER = """
import json
from collections import Counter
from calypso.mailin.models import ReceivedEmail
from calypso.tickets.models import TicketEvent
rows = ReceivedEmail.objects.values_list("message_id", "state", "reason")
print(json.dumps([list(rows), Counter(TicketEvent.objects.filter(source="mail").values_list("body", flat=True))]))
"""
LEFT = "from calypso.mailin.models import ReceivedEmail as R; print(R.objects.count(), R.objects.filter(state='waiting').count())"


def _message(number: int, people: dict[str, list[str]]) -> tuple[bytes, str, str]:
    """A message, and what it must become: (raw, state, reason)."""
    kind = number % 5
    sender, to = people[("dec", "obs", "pm")[number % 3]]
    extra, body = "", f"Réponse {number}."
    state, reason = "applied", ""
    if kind == 1:
        sender, to, state, reason = f"inconnu{number}@ailleurs.example", "tickets@leni.example", "held", "unknown"
    elif kind == 2:
        extra, state, reason = "Auto-Submitted: auto-replied\n", "ignored", "absence"
    elif kind == 3:
        parts = "".join(f"--b\nContent-Type: text/plain\n\n{part}\n" for part in range(250))
        extra, body = 'Content-Type: multipart/mixed; boundary="b"\n', f"{parts}--b--\n"
        state, reason = "held", "unreadable"
    kinds = "" if "multipart" in extra else "Content-Type: text/plain; charset=utf-8\n"
    head = (
        f"From: {sender}\nTo: {to}\nSubject: Re: {number}\nMessage-ID: <{number}@compte.example>\nMIME-Version: 1.0\n"
    )
    return f"{head}{extra}{kinds}\n{body}\n".encode(), state, reason


def _cut(made: Installation) -> Callable[[], None]:
    """What takes the database of the installation away for a moment; nothing on SQLite, which has no server."""
    url = made.environment.get("CALYPSO_DATABASE_URL", "")
    if not url:
        return lambda: None
    server, name = url.rsplit("/", 1)

    def cut() -> None:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')  # type: ignore[arg-type]
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            time.sleep(0.5)  # what is away is away for a while
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')  # type: ignore[arg-type]

    return cut


def test_r91_r92_r143_r145_r146_each_message_once_under_kills(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chance = random.Random(7)  # noqa: S311 - it draws when, nothing secret
    with ImapServer(tmp_path / "imap") as imap:
        settings = {
            "CALYPSO_REPLY_ADDRESS": "tickets@leni.example",
            "CALYPSO_IMAP_URL": imap.url,
            "CALYPSO_MAIL_LEASE": "2",
        }
        with installation(tmp_path / "made", like=prepared("world", tmp_path_factory), **settings) as made:
            people = json.loads(made.python(ADDRESSES))
            wanted = {f"<{number}@compte.example>": _message(number, people) for number in range(MESSAGES)}
            delivered = threading.Event()

            def deliver() -> None:
                for raw, _state, _reason in wanted.values():
                    for _copy in range(1 + chance.randrange(2)):
                        imap.deliver(raw)
                    delivered.wait(chance.random() / 5)
                delivered.set()

            thread = threading.Thread(target=deliver)
            thread.start()
            cut = _cut(made)
            for act in ("worker", "imap", "database", "worker"):
                worker = made.start("worker")
                received = int(made.python(LEFT).split()[0])
                wait_for(lambda before=received: int(made.python(LEFT).split()[0]) > before or delivered.is_set())
                if act == "imap":
                    imap.stop(signal.SIGKILL)
                    imap.start()
                elif act == "database":
                    cut()
                worker.kill()
                worker.wait()
            thread.join()
            made.start("worker")
            wait_for(lambda: made.python(LEFT) == f"{MESSAGES} 0", 120)
            rows, comments = json.loads(made.python(LEDGER))
    assert {message: (state, reason) for message, state, reason in rows} == {
        message: (state, reason) for message, (_raw, state, reason) in wanted.items()
    }
    applied = [number for number in range(MESSAGES) if number % 5 in (0, 4)]
    assert comments == {f"Réponse {number}.": 1 for number in applied}
