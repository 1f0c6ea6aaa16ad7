"""A real IMAP server for tests: Debian's dovecot, in the foreground, with one mailbox in a folder of its own."""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.installation import free_port

USER, PASSWORD = "tickets", "mot-de-passe"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
auth_mechanisms = {mechanisms}
mail_location = maildir:{folder}/mail
first_valid_uid = 1
mailbox_list_index = no
imap_idle_notify_interval = 29 mins
maildir_very_dirty_syncs = no
passdb {{
{passdb}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
}}
"""
STATIC = "  driver = static\n  args = password={password}"
OAUTH = "  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {folder}/oauth2.conf"
OAUTH_CONF = """introspection_mode = auth
introspection_url = {url}
username_attribute = username
username_format = %Ln
active_attribute = active
active_value = yes
"""
_numbers = itertools.count(1)


class ImapServer:
    """Listens on a port of this machine that it keeps; `deliver` puts a message into INBOX, as a mail server would."""

    def __init__(self, folder: Path, *, introspection: str = "") -> None:
        self.folder = folder
        self.port = free_port()
        self._user, self._group = ("nobody", "nogroup") if os.geteuid() == 0 else (os.environ["USER"],) * 2
        passdb = STATIC.format(password=PASSWORD)
        if introspection:
            passdb = OAUTH.format(folder=folder)
        for name in ("run", "state", "home", "mail/new", "mail/cur", "mail/tmp"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "oauth2.conf").write_text(OAUTH_CONF.format(url=introspection), encoding="utf-8")
        self._config = folder / "dovecot.conf"
        self._config.write_text(
            CONFIG.format(
                folder=folder,
                user=self._user,
                group=self._group,
                port=self.port,
                passdb=passdb,
                mechanisms="xoauth2" if introspection else "plain login",
            ),
            encoding="utf-8",
        )
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The mailbox as the setting names it."""
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    @property
    def mailbox(self) -> dict[str, Any]:
        """The mailbox as the setting reads it."""
        return {
            "scheme": "imap",
            "host": "127.0.0.1",
            "port": self.port,
            "username": USER,
            "password": PASSWORD,
            "folder": "INBOX",
        }

    def start(self) -> None:
        """Starts the server, and returns once it answers."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, self._user, self._group)
            for path in self.folder.rglob("*"):
                shutil.chown(path, self._user, self._group)
            for parent in self.folder.parents[:-2]:
                parent.chmod(parent.stat().st_mode | 0o055)
        self._process = subprocess.Popen(["dovecot", "-F", "-c", self._config], start_new_session=True)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                    if probe.recv(100).startswith(b"* OK"):
                        return
            except OSError:
                time.sleep(0.02)
        raise AssertionError((self.folder / "log").read_text())

    def stop(self, signum: int = signal.SIGTERM) -> None:
        """Ends the server and the sessions that it holds, at once with SIGKILL."""
        if self._process is not None:
            os.killpg(self._process.pid, signum)
            self._process.wait(20)
            self._process = None

    def __enter__(self) -> "ImapServer":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def deliver(self, raw: bytes) -> None:
        """Puts a message into INBOX: written beside, then moved there whole."""
        name = f"{time.time_ns()}.{next(_numbers)}.host"
        written = self.folder / "mail" / "tmp" / name
        written.write_bytes(raw)
        if os.geteuid() == 0:
            shutil.chown(written, self._user, self._group)
        written.rename(self.folder / "mail" / "new" / name)

    def make_again(self) -> None:
        """Has the mailbox number its messages again, under another UIDVALIDITY. The server must be stopped."""
        for path in [*(self.folder / "mail").glob("dovecot-uidlist*"), *(self.folder / "mail").glob("dovecot.*")]:
            path.unlink()
