"""`calypso doctor --mail`: the way of mails, asked of real servers: SMTP, IMAP and a name server of the test."""

import socketserver
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from django.core.management import CommandError, call_command

from calypso.accounts.actions.teams import save_team
from tests.imap import ImapServer
from tests.smtp import SmtpServer
from tests.world import World

Records = dict[tuple[str, str], list[str]]
GOOD: Records = {
    ("leni.example.", "TXT"): ['"v=spf1 mx -all"', '"autre chose"'],
    ("_dmarc.leni.example.", "TXT"): ['"v=DMARC1; p=quarantine"'],
    ("s1._domainkey.leni.example.", "TXT"): ['"v=DKIM1; k=rsa; p=MIIB"'],
    ("leni.example.", "MX"): ["10 mx.leni.example."],
}


class _Answers(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        content, sock = self.request
        question = dns.message.from_wire(content)
        asked = question.question[0]
        answer = dns.message.make_response(question)
        texts = self.server.records.get((asked.name.to_text(), dns.rdatatype.to_text(asked.rdtype)))
        if texts:
            answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", asked.rdtype, *texts))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        sock.sendto(answer.to_wire(), self.client_address)


@pytest.fixture
def names() -> Iterator[Any]:
    server = socketserver.UDPServer(("127.0.0.1", 0), _Answers)
    server.records = dict(GOOD)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def doctor(names: Any, **options: Any) -> str:
    out = StringIO()
    try:
        call_command("doctor", mail=True, nameserver=f"127.0.0.1:{names.server_address[1]}", stdout=out, **options)
    except CommandError:
        out.write("refusé")
    return out.getvalue()


def test_all_is_well(world: World, names: Any, smtp: SmtpServer, settings: Any, tmp_path: Path) -> None:
    settings.MAILERS = smtp.mailers
    settings.MAIL_SERVER, settings.REPLY_ADDRESS = {"host": "127.0.0.1"}, "tickets@leni.example"
    settings.MAIL_AUTHSERV = "mx.leni.example"
    with ImapServer(tmp_path / "imap") as imap:
        settings.MAILBOX = imap.mailbox
        said = doctor(names, selector="s1")
    assert "refusé" not in said
    for point in (
        "Serveur d'envoi : 127",
        "réception : 127",
        "v=spf1",
        "p=quarantine",
        "s1._domainkey",
        "MX leni.example",
    ):
        assert point in said.replace("’", "'")


def test_what_is_not_published_is_said(world: World, names: Any, settings: Any) -> None:
    names.records.clear()
    said = doctor(names)
    assert said.count("à faire") == 5
    assert "_dmarc.leni.example" in said
    assert "--selector" in said


@pytest.mark.parametrize(
    "records,selector,word",
    [
        ({("leni.example.", "TXT"): ['"v=spf1 a"', '"v=spf1 b"']}, "", "deux fois"),
        ({("_dmarc.leni.example.", "TXT"): ['"v=DMARC1; p=none"']}, "", "p=none"),
        ({("s1._domainkey.leni.example.", "TXT"): []}, "s1", "s1._domainkey.leni.example"),
    ],
)
def test_what_is_published_badly_is_said(world: World, names: Any, records: Records, selector: str, word: str) -> None:
    names.records.update(records)
    assert word in doctor(names, selector=selector)


def test_a_team_has_a_domain_of_its_own(world: World, names: Any) -> None:
    save_team(world.admin, name="Nuit", members=set(), mail_from="nuit@nuit.example")
    assert "SPF nuit.example" in doctor(names)


def test_servers_that_do_not_answer_are_broken(world: World, names: Any, smtp: SmtpServer, settings: Any) -> None:
    settings.MAILERS = {"default": {**smtp.mailers["default"], "OPTIONS": {"host": "127.0.0.1", "port": 9}}}
    settings.MAILBOX = {
        "scheme": "imap",
        "host": "127.0.0.1",
        "port": 9,
        "username": "x",
        "password": "x",
        "folder": "I",
    }
    settings.MAILBOX_TOKENS, settings.REPLY_ADDRESS = {"url": "http://127.0.0.1:9/", "fields": {}}, "t@nulle.example"
    said = doctor(names)
    assert said.count("en panne") == 3
    assert "CALYPSO_MAIL_AUTHSERV" in said
    assert "refusé" in said
