"""Typed readers of the environment.

Every variable is read once, through a reader that records its name, type, default and help. The settings page of the
documentation is generated from that record, so that no variable exists without being described.
"""

import ipaddress
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

from environs import Env

PREFIX = "CALYPSO_"
_OR_FILE = "(or NAME_FILE, a path)"
_MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
_IMAP_PORTS = {"imap": 143, "imap+tls": 143, "imaps": 993}


@dataclass(frozen=True, slots=True)
class Variable:
    """One documented variable: `name` without prefix, `kind` and `default` as the documentation writes them.

    `parse` reads a text as the environment is read; it raises ValueError. `written` is what the environment says, None
    when it says nothing, or a secret.
    """

    name: str
    kind: str
    default: str
    help: str
    parse: Callable[[str], Any]
    written: str | None


class Environment:
    """Reads `CALYPSO_*` variables. A value that does not parse raises environs' error, which names the variable."""

    def __init__(self) -> None:
        self._env = Env(prefix=PREFIX)
        self.variables: list[Variable] = []

    def _record(self, name: str, kind: str, default: object, help: str, parse: Callable[[str], Any] = str) -> None:
        shown = "" if default is None else str(default)
        holds_secret = _OR_FILE in kind  # a second copy would be one more place to leak from
        written = None if holds_secret else os.environ.get(f"{PREFIX}{name}") or None
        self.variables.append(Variable(name, kind, shown, help, parse, written))

    def is_given(self, name: str) -> bool:
        """Returns whether the variable, or the one that names its file, is set and not empty."""
        return any(os.environ.get(f"{PREFIX}{name}{file}") for file in ("", "_FILE"))

    def unknown(self) -> list[str]:
        """Returns the variables of the environment that bear our prefix and that no reader reads: misspelt names."""
        names = {f"{PREFIX}{variable.name}" for variable in self.variables}
        names |= {f"{PREFIX}{variable.name}_FILE" for variable in self.variables if _OR_FILE in variable.kind}
        return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in names)

    def text(self, name: str, default: str, help: str, parse: Callable[[str], Any] = str) -> str:
        self._record(name, "text", default, help, parse)
        value: str = self._env.str(name, default)
        return value

    def flag(self, name: str, default: bool, help: str) -> bool:
        self._record(name, "yes / no", "yes" if default else "no", help, lambda text: text == "yes")
        value: bool = self._env.bool(name, default)
        return value

    def number(self, name: str, default: int, help: str, *, at_least: int = 0, at_most: int | None = None) -> int:
        def checked(value: int) -> int:
            if value < at_least:
                raise ValueError(f"{PREFIX}{name} must be at least {at_least}, not {value}")
            if at_most is not None and value > at_most:
                raise ValueError(f"{PREFIX}{name} must be at most {at_most}, not {value}")
            return value

        self._record(name, "whole number", default, help, lambda text: checked(int(text)))
        return checked(self._env.int(name, default))

    def choice(self, name: str, default: str, choices: Sequence[str], help: str) -> str:
        def checked(value: str) -> str:
            if value not in choices:
                raise ValueError(f"{PREFIX}{name} must be one of {', '.join(choices)}, not {value!r}")
            return value

        self._record(name, " / ".join(choices), default, help, checked)
        return checked(self._env.str(name, default))

    def parsed[T](self, name: str, default: str, parse: Callable[[str], T], help: str) -> T:
        """Returns what `parse` makes of a text; its ValueError is raised again, naming the variable."""
        try:
            return parse(self.text(name, default, help, parse))
        except ValueError as refusal:
            raise ValueError(f"{PREFIX}{name}: {refusal}") from None

    def address(self, name: str, default: str, help: str) -> str:
        """Returns one mail address, without a display name. Raises ValueError for anything else.

        Empty when that is the default.
        """

        def checked(value: str) -> str:
            if value == default == "":
                return value
            local, at, domain = value.rpartition("@")
            if not (local and at and domain) or any(sign in value for sign in " <>\"',;"):
                raise ValueError(
                    f"{PREFIX}{name} must be one mail address, such as extranet@example.org, not {value!r}"
                )
            return value

        return checked(self.text(name, default, help, checked))

    def zone(self, name: str, default: str, help: str) -> str:
        """Returns the name of a time zone. Raises ValueError for an unknown one."""
        value = self.text(name, default, help)
        if value not in available_timezones():
            raise ValueError(f"{PREFIX}{name} must be the name of a time zone, such as Europe/Paris, not {value!r}")
        return value

    def words(self, name: str, default: Sequence[str], help: str) -> list[str]:
        self._record(name, "list, separated by commas", ",".join(default), help)
        value: list[str] = self._env.list(name, list(default))
        return [word.strip() for word in value if word.strip()]

    def path(self, name: str, default: Path, shown: str, help: str) -> Path:
        self._record(name, "folder", shown, help)
        value: Path = self._env.path(name, default)
        try:
            value.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as failure:
            raise ValueError(f"{PREFIX}{name}: {value}: {failure.strerror}") from None
        return value.resolve()

    def secret(self, name: str, help: str) -> str:
        """Returns a secret, which may come from a file: `NAME_FILE`. Empty when neither is set; ValueError for both."""
        self._record(name, f"secret {_OR_FILE}", None, help)
        return self._value_or_file(name, "")

    def _value_or_file(self, name: str, default: str) -> str:
        """Returns the value of a variable that may hold a secret: the content of its file, else its own value."""
        file: str = self._env.str(f"{name}_FILE", "")
        value: str = self._env.str(name, default)
        if file and os.environ.get(f"{PREFIX}{name}"):
            raise ValueError(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set: only one can be used")
        if not file:
            return value
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as failure:
            raise ValueError(f"{PREFIX}{name}_FILE: {file}: {failure.strerror}") from None

    def site(self, name: str, default: str, help: str) -> str:
        """Returns the address of the site: a scheme and a host. Raises ValueError naming any other part."""
        value = self.text(name, default, help).rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{PREFIX}{name} must be http:// or https:// and a host, not {value!r}")
        if extra := parts.path or parts.query or parts.fragment or parts.username:
            raise ValueError(f"{PREFIX}{name}: the site stands at the root of its host, {extra!r} cannot be used")
        return value

    def hosts(self, name: str, default: Sequence[str], help: str) -> list[str]:
        """Returns host names, as browsers send them. Raises ValueError for one that could never match."""
        names = self.words(name, default, help)
        for host in names:
            if "/" in host or (":" in host and not host.startswith("[")):
                raise ValueError(
                    f"{PREFIX}{name}: {host!r} is no host name; leave out the scheme, the port and the path"
                )
        return names

    def networks(self, name: str, default: Sequence[str], help: str) -> list[Any]:
        """Returns addresses and networks (`10.0.0.0/8`). Raises ValueError for a name, which would never match."""
        try:
            return [ipaddress.ip_network(word) for word in self.words(name, default, help)]
        except ValueError as refusal:
            raise ValueError(f"{PREFIX}{name}: {refusal}") from None

    def database(self, name: str, default: str, shown: str, help: str) -> dict[str, Any]:
        """Returns a database as Django's settings, from `sqlite:///path` or an address of PostgreSQL as libpq reads it.

        Several hosts and every option of libpq are accepted. Raises ValueError, naming an option that libpq does not
        know.
        """
        self._record(name, f"database address {_OR_FILE}", shown, help)
        address = self._value_or_file(name, default)
        parts = urlsplit(address.partition("@")[0])
        if parts.scheme == "sqlite":
            path, separator, options = address.removeprefix("sqlite://").partition("?")
            if options or separator or not path.startswith("/"):
                raise ValueError(f"{PREFIX}{name}: sqlite:///path takes no host and no option, not {options or path!r}")
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": unquote(path[1:]), "OPTIONS": {}}
        if parts.scheme not in ("postgres", "postgresql"):
            raise ValueError(f"{PREFIX}{name} must start with sqlite://, postgres:// or postgresql://")
        from psycopg import ProgrammingError  # only where PostgreSQL is used
        from psycopg.conninfo import conninfo_to_dict

        try:
            conninfo: dict[str, Any] = dict(conninfo_to_dict(address))
        except ProgrammingError as refusal:
            raise ValueError(f"{PREFIX}{name}: {str(refusal).strip()}") from None
        names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
        facts = {django: str(conninfo.pop(libpq, "")) for django, libpq in names.items()}
        return {"ENGINE": "django.db.backends.postgresql", **facts, "OPTIONS": conninfo}

    def mail_server(self, name: str, help: str) -> dict[str, Any] | None:
        """Returns the address of the SMTP server as Django mailer options, None when unset.

        Accepts `smtp://user:password@host:port`, `smtp+tls://…` (STARTTLS, never downgraded, R80) and `smtps://…`.
        Raises ValueError, naming the variable, for anything else.
        """
        server = self._server(name, "SMTP", help, _MAIL_PORTS)
        if server is None:
            return None
        scheme = server.pop("scheme")
        if server.pop("path"):  # not shown: it may be half a password
            raise ValueError(
                f"{PREFIX}{name}: something stands behind the port; a password writes @ / # ? as %40 %2F %23 %3F"
            )
        return {
            **server,
            "use_tls": scheme == "smtp+tls",
            "use_ssl": scheme == "smtps",
            "timeout": 60,  # a server may ask the recipient's before it answers; other mails leave meanwhile
        }

    def mailbox(self, name: str, help: str) -> dict[str, Any] | None:
        """Returns host, port, username, password, scheme and folder of a mailbox, None when unset.

        Accepts `imaps://user:password@host:port/Folder`, `imap+tls://…` (STARTTLS) and `imap://…`; the folder is INBOX
        unless one is named. Raises ValueError, naming the variable, for anything else.
        """
        server = self._server(name, "IMAP", help, _IMAP_PORTS)
        if server is None:
            return None
        if not server["username"]:
            raise ValueError(f"{PREFIX}{name} must name a user: imaps://user:password@host")
        return {**server, "folder": unquote(server.pop("path")) or "INBOX"}

    def token_source(self, name: str, help: str) -> dict[str, Any] | None:
        """Returns what an OAuth2 server is asked for a token: its url, and the fields of the question. None when unset.

        Accepts `https://client:secret@host/path?scope=…`, with `&refresh_token=…` for a person's mailbox. Raises
        ValueError, naming the variable, for anything else.
        """
        self._record(name, f"address of an OAuth2 server {_OR_FILE}", None, help)
        value = self._value_or_file(name, "")
        if not value:
            return None
        address = urlsplit(value)
        is_local = address.hostname in ("127.0.0.1", "localhost")
        if not address.hostname or not (address.scheme == "https" or (address.scheme == "http" and is_local)):
            raise ValueError(f"{PREFIX}{name} must start with https://")
        fields = dict(parse_qsl(address.query))
        fields |= {"client_id": unquote(address.username or ""), "client_secret": unquote(address.password or "")}
        fields["grant_type"] = "refresh_token" if "refresh_token" in fields else "client_credentials"
        host = address.netloc.rpartition("@")[2]
        return {"url": f"{address.scheme}://{host}{address.path}", "fields": fields}

    def _server(self, name: str, protocol: str, help: str, ports: Mapping[str, int]) -> dict[str, Any] | None:
        """Returns the parts of the address of a mail server, None when unset. Raises ValueError."""
        self._record(name, f"{protocol} address {_OR_FILE}", None, help)
        value = self._value_or_file(name, "")
        if not value:
            return None
        address = urlsplit(value)
        if address.scheme not in ports or not address.hostname:
            raise ValueError(f"{PREFIX}{name} must start with {', '.join(f'{s}://' for s in ports)}")
        try:
            port = address.port
        except ValueError:
            raise ValueError(f"{PREFIX}{name}: the port must be a number") from None
        return {
            "scheme": address.scheme,
            "host": address.hostname,
            "port": port or ports[address.scheme],
            "username": unquote(address.username or ""),
            "password": unquote(address.password or ""),
            "path": address.path.strip("/") + address.query + address.fragment,
        }
