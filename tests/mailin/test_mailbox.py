"""A real mailbox: what is new in it, once, whatever happens to the server, the reader and the flags (R91, R92, R143, R145)."""

import json
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from imap_tools import MailBoxUnencrypted, MailMessageFlags

from calypso.base import clock
from calypso.mailin import mailbox as mailboxes
from calypso.mailin.mailbox import OpenMailbox
from calypso.mailin.models import MailboxPosition, ReceivedEmail
from calypso.mailin.reader import Reader
from calypso.mailin.tokens import TokenSource
from tests.imap import PASSWORD, USER, ImapServer
from tests.mailin.mails import answer
from tests.world import World


def plain(number: int) -> bytes:
    return f"From: a{number}@ailleurs.example\nSubject: Message {number}\nMessage-ID: <{number}@x>\n\nTexte {number}.\n".encode()


def never() -> bool:
    return False


@pytest.fixture
def imap(tmp_path: Path) -> Iterator[ImapServer]:
    with ImapServer(tmp_path / "imap") as server:
        yield server


def fetch(imap: ImapServer) -> int:
    opened = OpenMailbox(imap.mailbox, None)
    try:
        return opened.fetch(never)
    finally:
        opened.close()


def senders() -> list[str]:
    return list(ReceivedEmail.objects.order_by("id").values_list("sender", flat=True))


def flags(imap: ImapServer) -> list[tuple[str, ...]]:
    with MailBoxUnencrypted("127.0.0.1", imap.port).login(USER, PASSWORD) as box:
        return [message.flags for message in box.fetch(mark_seen=False, headers_only=True)]


@pytest.mark.usefixtures("world")
class TestOnce:
    def test_r91_r92_each_message_is_stored_once_then_marked(self, imap: ImapServer) -> None:
        for number in range(3):
            imap.deliver(plain(number))
        assert [fetch(imap), fetch(imap)] == [3, 0]
        assert senders() == [f"a{number}@ailleurs.example" for number in range(3)]
        assert all(MailMessageFlags.SEEN in seen for seen in flags(imap))

    def test_r91_flags_taken_off_bring_nothing_back(self, imap: ImapServer) -> None:
        imap.deliver(plain(1))
        fetch(imap)
        with MailBoxUnencrypted("127.0.0.1", imap.port).login(USER, PASSWORD) as box:
            box.flag(box.uids(), MailMessageFlags.SEEN, False)
        assert (fetch(imap), len(senders())) == (0, 1)

    def test_a_message_that_somebody_opened_first_is_read_all_the_same(self, imap: ImapServer) -> None:
        imap.deliver(plain(1))
        fetch(imap)
        imap.deliver(plain(2))
        with MailBoxUnencrypted("127.0.0.1", imap.port).login(USER, PASSWORD) as box:
            box.flag(box.uids(), MailMessageFlags.SEEN, True)
        assert (fetch(imap), len(senders())) == (1, 2)

    def test_what_was_dealt_with_before_the_first_look_stays_there(self, imap: ImapServer) -> None:
        imap.deliver(plain(1))
        with MailBoxUnencrypted("127.0.0.1", imap.port).login(USER, PASSWORD) as box:
            box.flag(box.uids(), MailMessageFlags.SEEN, True)
        imap.deliver(plain(2))
        assert (fetch(imap), senders()) == (1, ["a2@ailleurs.example"])

    def test_r145_a_mailbox_made_again_loses_and_doubles_nothing(self, imap: ImapServer) -> None:
        for number in range(3):
            imap.deliver(plain(number))
        fetch(imap)
        imap.stop()
        imap.make_again()
        imap.deliver(plain(3))
        imap.start()
        fetch(imap)
        assert sorted(senders()) == [f"a{number}@ailleurs.example" for number in range(4)]
        assert fetch(imap) == 0

    @pytest.mark.parametrize("place", ["receive", "flag"])
    def test_r92_r143_a_reader_killed_before_or_after_the_commit(
        self, imap: ImapServer, monkeypatch: pytest.MonkeyPatch, place: str
    ) -> None:
        for number in range(3):
            imap.deliver(plain(number))
        fetch(imap)
        imap.deliver(plain(3))

        class Killed(BaseException):
            pass

        def die(*_arguments: object, **_facts: object) -> None:
            raise Killed

        opened = OpenMailbox(imap.mailbox, None)
        with monkeypatch.context() as patch, pytest.raises(Killed):
            if place == "receive":
                patch.setattr(mailboxes, "receive", die)
            else:
                patch.setattr(opened._imap, "flag", die)
            opened.fetch(never)
        opened.close()
        assert len(senders()) == (3 if place == "receive" else 4)
        assert fetch(imap) == 1
        assert len(senders()) == 4

    def test_r93_a_message_too_large_is_kept_in_part_and_stays_on_the_server(
        self, imap: ImapServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mailboxes, "LARGEST", 500)
        imap.deliver(plain(1) + b"x" * 2000)
        imap.deliver(plain(2))
        assert fetch(imap) == 2
        assert list(ReceivedEmail.objects.order_by("id").values_list("partial", flat=True)) == [True, False]
        assert len(flags(imap)) == 2

    def test_r154_a_reader_that_is_told_to_end_leaves_the_rest_there(self, imap: ImapServer) -> None:
        for number in range(3):
            imap.deliver(plain(number))
        opened = OpenMailbox(imap.mailbox, None)
        told = iter([False, True])
        assert (opened.fetch(lambda: next(told)), MailboxPosition.objects.exists()) == (1, False)
        fetch(imap)
        imap.deliver(plain(3))
        assert opened.fetch(lambda: True) == 0
        assert opened.fetch(never) == 1
        assert str(MailboxPosition.objects.get()).startswith("tickets@127.0.0.1")
        opened.close()

    def test_a_message_that_somebody_removed_meanwhile_is_nothing(
        self, imap: ImapServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        imap.deliver(plain(1))
        fetch(imap)
        opened = OpenMailbox(imap.mailbox, None)
        monkeypatch.setattr(opened, "_search", lambda _criteria: [99])
        assert (opened.fetch(never), len(senders())) == (0, 1)
        opened.close()

    def test_a_server_that_tells_nothing_is_asked_again(
        self, imap: ImapServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mailboxes, "POLL", 0.01)
        opened = OpenMailbox(imap.mailbox, None)
        opened._imap.client.capabilities = ("IMAP4REV1",)
        opened.wait(threading.Event())
        opened.close()

    def test_waiting_ends_with_a_message_with_the_reader_and_with_time(
        self, imap: ImapServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened = OpenMailbox(imap.mailbox, None)
        later = threading.Timer(0.3, imap.deliver, [plain(1)])
        later.start()
        opened.wait(threading.Event())
        later.join()
        ended = threading.Event()
        ended.set()
        opened.wait(ended)
        monkeypatch.setattr(mailboxes, "IDLE", 0.0)
        opened.wait(threading.Event())
        assert opened.fetch(never) == 1
        opened.close()

    def test_r152_two_readers_of_one_mailbox(self, imap: ImapServer) -> None:
        imap.deliver(plain(1))
        first, second = (OpenMailbox(imap.mailbox, None) for _reader in range(2))
        first.fetch(never)
        MailboxPosition.objects.all().delete()
        second.fetch(never)
        for opened in (first, second):
            opened.close()
        assert len(senders()) == 1

    def test_a_wrong_password_is_an_error_that_is_tried_again(self, imap: ImapServer) -> None:
        with pytest.raises(Exception, match="AUTHENTICATIONFAILED"):
            OpenMailbox(imap.mailbox | {"password": "autre"}, None)


class Tokens(BaseHTTPRequestHandler):
    """An OAuth2 server: gives a token for the right secret, and says to dovecot whose token it is."""

    asked: list[bytes] = []
    gives: dict[str, object] = {"access_token": "jeton-1", "expires_in": 3600, "refresh_token": "suivant"}

    def _answer(self, facts: dict[str, object]) -> None:
        content = json.dumps(facts).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        self.asked.append(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(self.gives)

    def do_GET(self) -> None:
        good = self.headers.get("Authorization") == "Bearer jeton-1"
        self._answer({"username": USER, "active": "yes"} if good else {"active": "no"})

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture
def oauth() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Tokens)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("world")
def test_a_token_opens_the_mailbox_instead_of_a_password(tmp_path: Path, oauth: str) -> None:
    fields = {"client_id": "c", "client_secret": "s", "refresh_token": "r", "grant_type": "refresh_token"}
    tokens = TokenSource({"url": f"{oauth}/token", "fields": fields})
    with ImapServer(tmp_path / "imap", introspection=f"{oauth}/who") as imap:
        imap.deliver(plain(1))
        for _time in range(2):
            opened = OpenMailbox(imap.mailbox, tokens)
            opened.fetch(never)
            opened.close()
    assert (len(senders()), len(Tokens.asked)) == (1, 1)
    assert b"grant_type=refresh_token" in Tokens.asked[0]


def test_a_token_that_never_changes_is_asked_again_once_it_ends(oauth: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tokens, "gives", {"access_token": "jeton-1", "expires_in": 0})
    tokens = TokenSource({"url": f"{oauth}/token", "fields": {"grant_type": "client_credentials"}})
    assert [tokens.token(), tokens.token()] == ["jeton-1", "jeton-1"]


def test_r145_a_mailbox_that_does_not_open_is_tried_again_and_again(
    live_world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calypso.mailin.reader.FIRST_WAIT", 0.01)
    tries: list[str] = []
    thrice = threading.Event()

    def refused(*_arguments: object) -> None:
        tries.append("essai")
        if len(tries) == 3:
            thrice.set()
        raise ConnectionRefusedError

    monkeypatch.setattr("calypso.mailin.reader.OpenMailbox", refused)
    settings.MAILBOX = {"scheme": "imap", "host": "127.0.0.1", "port": 9}
    reader = Reader()
    reader.start()
    assert thrice.wait(20)
    reader.end()


def test_without_a_mailbox_what_is_brought_is_read(live_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calypso.base.polling.POLL_SECONDS", 0.01)
    read = threading.Event()
    monkeypatch.setattr("calypso.mailin.reader.process_waiting", lambda until: read.set())
    reader = Reader()
    reader.start()
    assert read.wait(20)
    reader.end()


def test_13_4_a_paused_reader_opens_nothing(
    live_world: World, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calypso.mailin.reader.FIRST_WAIT", 0.01)
    looked = threading.Event()
    monkeypatch.setattr("calypso.mailin.reader.pause.is_paused", lambda: looked.set() or True)
    settings.MAILBOX = {"scheme": "imap", "host": "127.0.0.1", "port": 9}
    reader = Reader()
    reader.start()
    assert looked.wait(20)
    reader.end()
    assert not MailboxPosition.objects.exists()


def test_r145_the_reader_comes_back_after_the_server_was_killed(
    live_world: World, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waits in the mailbox, and brings what arrives; the server is killed in between."""
    monkeypatch.setattr("calypso.mailin.reader.FIRST_WAIT", 0.05)
    monkeypatch.setattr("calypso.base.polling.POLL_SECONDS", 0.05)
    ticket = live_world.ticket("A1")
    seen = threading.Event()
    process = "calypso.mailin.reader.process_waiting"
    monkeypatch.setattr(process, lambda until: seen.set() if ReceivedEmail.objects.count() == wanted[0] else None)
    wanted = [1]
    with ImapServer(tmp_path / "imap") as imap:
        settings.MAILBOX = imap.mailbox
        reader = Reader()
        reader.start()
        try:
            imap.deliver(answer(live_world, "dec", ticket, "Un."))
            assert seen.wait(30)
            wanted[0] = 2
            seen.clear()
            imap.stop(signal.SIGKILL)
            imap.deliver(answer(live_world, "dec", ticket, "Deux."))
            imap.start()
            assert seen.wait(30)
        finally:
            reader.end()
    assert ReceivedEmail.objects.count() == 2
    position = MailboxPosition.objects.get()
    assert (position.uid, position.read_at.date()) == (2, clock.now().date())
