"""The product as processes: one command serves and stops, a killed worker loses no mail (must show 1 and 8)."""

import collections
import http.client
import itertools
import os
import re
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import on_postgresql
from tests.installation import Installation, installation, prepared, wait_for
from tests.smtp import SmtpServer

ONE_ENGINE = pytest.mark.skipif(on_postgresql(), reason="how processes live and end is the same on both engines")
OPEN_TICKETS = """
from calypso.accounts.models import User
from calypso.projects.models import Project
from calypso.tickets.actions.opening import Request, open_ticket
by = User.objects.get(email="dec@alpha.example")
project = Project.objects.get(name__startswith="A1 ")
for number in range(3):
    open_ticket(by, project=project, request=Request(title=f"Tué {number}", priority="1"))
"""
COUNT = "from calypso.outbox.models import OutgoingEmail as M; print(M.objects.filter(state='%s', subject__contains='Tué').count())"


LOADED = """
import gc, sys, threading
from django.db import connections
from calypso.ops.management.commands.web import loaded
loaded()
held = [one.alias for one in connections.all() if one.connection is not None]
print(threading.active_count(), held, "calypso.portal.urls" in sys.modules, gc.get_freeze_count() > 10_000)
"""


def page(made: Installation, path: str) -> str:
    """What a browser with cookies is shown."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(made.address + path, timeout=10) as answer:
        return answer.read().decode()


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(child) for child in found.split()]


def command_of(pid: int) -> list[bytes]:
    """The words of a command that runs; none of one that ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[:-1]
    except OSError:
        return []


@ONE_ENGINE
def test_one_command_serves_then_stops_cleanly_and_keeps_everything(tmp_path: Path) -> None:
    with installation(tmp_path) as made:
        first = made.serve()
        html = page(made, "/connexion/")
        assert "Bienvenue sur" in html
        style = re.search(r'href="(/static/calypso/calypso\.[0-9a-f]+\.css)"', html)
        assert style is not None
        with urllib.request.urlopen(made.address + style[1], timeout=10) as answer:
            assert "immutable" in answer.headers["Cache-Control"]
        spawned = children(first.pid)
        assert len(spawned) == 2  # the web server and the worker
        tickets = made.python("from calypso.tickets.models import Ticket; print(Ticket.objects.count())")
        first.send_signal(signal.SIGINT)
        assert first.wait(30) == 0
        said = made.said(first)
        assert made.address in said
        assert "xavier.declarant@leni-tests.example" in said
        assert "Calypso est arrêté." in said
        assert not [pid for pid in spawned if os.path.exists(f"/proc/{pid}")]
        again = made.serve()
        assert made.python("from calypso.tickets.models import Ticket; print(Ticket.objects.count())") == tickets
        again.send_signal(signal.SIGTERM)
        assert again.wait(30) == 0


def test_web_processes_inherit_the_loaded_pages_without_a_thread_or_a_connection(
    tmp_path: Path, tmp_path_factory
) -> None:
    """Held once for all of them, the code of the pages takes a third less memory."""
    with installation(tmp_path, like=prepared("migrated", tmp_path_factory)) as made:
        assert made.python(LOADED) == "1 [] True True"


def web_of(process: subprocess.Popen[str]) -> dict[int, list[int]]:
    """The servers of the web processes, each with the process that answers."""
    return {pid: children(pid) for pid in children(process.pid) if b"web" in command_of(pid)}


def gone(process: subprocess.Popen[str], victim: int) -> bool:
    """Whether none of the processes of the command is `victim`."""
    webs = web_of(process)
    return victim not in {*webs, *itertools.chain(*webs.values()), *worker_of(process)}


def worker_of(process: subprocess.Popen[str]) -> list[int]:
    return [pid for pid in children(process.pid) if b"worker" in command_of(pid)]


class Clients:
    """People who read a page again and again, each on a connection of their own at each time."""

    def __init__(self, made: Installation, number: int) -> None:
        self.port, self.read, self.refused, self._stop = made.port, 0, [], threading.Event()  # type: ignore[var-annotated]
        self._threads = [threading.Thread(target=self._go) for _ in range(number)]

    def _go(self) -> None:
        while not self._stop.is_set():
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            try:
                line.request("GET", "/connexion/")
                assert line.getresponse().status == 200
                self.read += 1
            except ConnectionRefusedError as failure:
                self.refused.append(failure)
            except (OSError, http.client.HTTPException):
                pass  # it was being answered by the one that was killed
            finally:
                line.close()

    def __enter__(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        wait_for(lambda: self.read > 20)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def test_r141_r142_r151_any_process_killed_refuses_nobody_and_is_back(tmp_path: Path, tmp_path_factory) -> None:
    """Decision 32, under clients: a process that answers, the server of one, the worker."""
    with installation(tmp_path, like=prepared("migrated", tmp_path_factory)) as made:
        process = made.serve(demo=False, workers=2)
        with Clients(made, 4) as clients:
            for victims in (
                lambda: [answering for answering, *_ in web_of(process).values()],
                lambda: list(web_of(process)),
                lambda: worker_of(process),
            ):
                victim, read = victims()[0], clients.read
                os.kill(victim, signal.SIGKILL)
                wait_for(lambda: gone(process, victim))  # noqa: B023
                wait_for(lambda: len(web_of(process)) == 2 and all(web_of(process).values()) and worker_of(process))
                wait_for(lambda: clients.read > read + 50)  # noqa: B023
        assert clients.refused == []
        assert process.poll() is None
        assert made.answers()


@ONE_ENGINE
def test_r155_what_keeps_dying_turns_the_answer_and_the_others_serve(tmp_path: Path, tmp_path_factory) -> None:
    with installation(tmp_path, like=prepared("migrated", tmp_path_factory)) as made:
        process = made.serve(demo=False)
        for death in range(1, 4):
            wait_for(lambda: worker_of(process))
            os.kill(worker_of(process)[0], signal.SIGKILL)
            wait_for(lambda: f'"deaths": {death}' in made.said(process))  # noqa: B023
        with pytest.raises(urllib.error.HTTPError) as ko:
            page(made, "/readyz")
        assert (ko.value.code, ko.value.read()) == (503, b"ko")
        assert "ouvrier" in made.python(
            "from calypso.ops.health import look; print([p.detail for p in look() if p.health == 'En panne'])"
        )
        assert page(made, "/healthz") == "ok"


@ONE_ENGINE
def test_nothing_serves_once_the_command_was_killed(tmp_path: Path, tmp_path_factory) -> None:
    """A second start would otherwise share the port with processes that nobody watches."""
    with installation(tmp_path, like=prepared("migrated", tmp_path_factory)) as made:
        process = made.serve(demo=False)
        spawned = children(process.pid)
        process.kill()
        wait_for(lambda: not any(command_of(pid) for pid in spawned))


@ONE_ENGINE
def test_a_port_that_is_taken_is_named_at_once(tmp_path: Path, tmp_path_factory) -> None:
    with socket.socket() as taken, installation(tmp_path, like=prepared("migrated", tmp_path_factory)) as made:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = made.start("run", "--port", str(taken.getsockname()[1]))
        assert process.wait(60) != 0
        assert "Impossible d'écouter sur 127.0.0.1" in made.said(process)


def test_an_unmigrated_database_is_refused_when_asked(tmp_path: Path) -> None:
    with installation(tmp_path) as made:
        process = made.start("run", "--no-migrate", "--port", str(made.port))
        assert process.wait(60) != 0
        assert "calypso migrate" in made.said(process)


@pytest.mark.checklist("S128")
def test_r142_a_worker_killed_while_sending_loses_no_mail(tmp_path: Path, tmp_path_factory) -> None:
    """Killed between the acceptance by the server and our mark: at most one duplicate, with the same Message-ID."""
    with SmtpServer() as smtp:
        settings = {"CALYPSO_EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}", "CALYPSO_MAIL_LEASE": "2"}
        with installation(tmp_path, like=prepared("world", tmp_path_factory), **settings) as made:
            made.python(OPEN_TICKETS)
            owed = int(made.python(COUNT % "waiting"))
            assert owed >= 3
            smtp.hold = threading.Event()
            doomed = made.start("worker")
            assert smtp.receiving.wait(60)
            doomed.kill()
            doomed.wait()
            smtp.hold.set()
            smtp.hold = None
            made.start("worker")
            wait_for(lambda: int(made.python(COUNT % "sent")) == owed, 90)
            counts = collections.Counter(message["Message-ID"] for message in smtp.messages)
            assert len(counts) == owed
            assert sum(counts.values()) - owed <= 1  # what the dispatcher held
            duplicated = [key for key, number in counts.items() if number > 1]
            again = [message for message in smtp.messages if message["Message-ID"] in duplicated]
            texts = {(message["To"], message["Subject"], message.get_body().get_content()) for message in again}
            assert len(texts) == len(duplicated)  # the same words; the boundary between the parts is drawn anew


@ONE_ENGINE
def test_r154_a_stop_lets_the_mail_in_hand_be_finished_and_takes_no_other(tmp_path: Path, tmp_path_factory) -> None:
    """The web server, which has nothing to finish, ends first: the worker must not be told twice for that."""
    with SmtpServer() as smtp:
        settings = {"CALYPSO_EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}"}
        with installation(tmp_path, like=prepared("world", tmp_path_factory), **settings) as made:
            made.python(OPEN_TICKETS)
            owed = int(made.python(COUNT % "waiting"))
            smtp.hold = threading.Event()
            process = made.serve(demo=False)
            assert smtp.receiving.wait(60)
            [web] = web_of(process)
            process.send_signal(signal.SIGTERM)
            wait_for(lambda: command_of(web) == [] and "mail.ending" in made.said(process))
            smtp.hold.set()
            assert process.wait(30) == 0
            in_hand = len(smtp.messages)
            assert 1 <= in_hand == int(made.python(COUNT % "sent")) <= 4, "two at most to each of the two domains"
            assert int(made.python(COUNT % "waiting")) == owed - in_hand


def test_r45_a_real_installation_starts_with_no_account_and_checks_the_first(tmp_path: Path, tmp_path_factory) -> None:
    with installation(tmp_path, like=prepared("migrated", tmp_path_factory)) as made:
        assert made.python("from calypso.accounts.models import User; print(User.objects.count())") == "0"
        process = made.start("init", "pas-une-adresse", "A", "B")
        assert process.wait(60) != 0
        assert "adresse e-mail valide" in made.said(process)
        said = made.run("init", "ada@vendeur.example", "Ada", "MINISTRE")
        link = re.search(rf"{made.address}/mot-de-passe/lien/premiere-connexion/\S+", said)
        assert link is not None, "without a mail server, the first administrator still gets in"
        later = made.run("link", "Ada@Vendeur.example").strip()
        made.start("run", "--port", str(made.port))
        wait_for(made.answers)
        for address in (link[0], later):
            assert "Initialiser mon mot de passe" in page(made, address.removeprefix(made.address))
        unknown = made.start("link", "personne@vendeur.example")
        assert unknown.wait(60) != 0
        assert "Aucun compte actif" in made.said(unknown)
        assert (
            made.python("from calypso.accounts.models import User; print(User.objects.get().roles)")
            == "[<Role.ADMIN: 'admin'>]"
        )


def test_r45_known_passwords_have_no_place_in_production(settings, db: None) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="known passwords"):
        call_command("demo", skip_checks=True)
