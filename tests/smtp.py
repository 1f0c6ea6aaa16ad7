"""A real SMTP server for tests, which can be told to refuse, to wait, or to hang up."""

import asyncio
import email
import email.policy
import threading
from email.message import EmailMessage
from types import TracebackType
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class SmtpServer:
    """Listens on a free port of this machine. `messages` is what it accepted, in order.

    `answer` is the code and text given to DATA; `refuse` maps an address to the code given to RCPT, `slow` to what it waits for;
    `sender` is given to MAIL FROM.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answer = "250 OK"
        self.refuse: dict[str, str] = {}
        self.slow: dict[str, threading.Event] = {}
        self.sender = "250 OK"
        self.receiving = threading.Event()
        self.hold: threading.Event | None = None
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if address in self.slow:
            await asyncio.get_running_loop().run_in_executor(None, self.slow[address].wait, 60)
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if self.sender.startswith("2"):
            envelope.mail_from = address
        return self.sender

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.receiving.set()
        if self.hold is not None:
            await asyncio.get_running_loop().run_in_executor(None, self.hold.wait, 30)
        if self.answer.startswith("2"):
            content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
            self.messages.append(email.message_from_bytes(content, policy=email.policy.default))
            self.recipients += envelope.rcpt_tos
        return self.answer

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(lambda: SMTP(self, enable_SMTPUTF8=True, loop=self._loop), "127.0.0.1", 0)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def __enter__(self) -> "SmtpServer":
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for gate in (self.hold, *self.slow.values()):
            if gate is not None:
                gate.set()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    @property
    def mailers(self) -> dict[str, Any]:
        """The setting that sends to this server."""
        options = {"host": "127.0.0.1", "port": self.port, "timeout": 10}
        return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}

    def to(self, address: str) -> list[EmailMessage]:
        """The messages that `address` received."""
        return [message for message in self.messages if message["To"] == address]
