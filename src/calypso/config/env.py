"""Typed readers of the environment.

Every variable is read once, here, through a reader that records its name, type, default and help: the settings page of
the documentation is generated from that record, so a variable cannot exist without being described.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from environs import Env

PREFIX = "CALYPSO_"
_MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Variable:
    """One documented variable: `name` without prefix, `kind` and `default` in words for the documentation."""

    name: str
    kind: str
    default: str
    help: str


class Environment:
    """Reads `CALYPSO_*` variables. A value that does not parse raises environs' error, which names the variable."""

    def __init__(self) -> None:
        self._env = Env(prefix=PREFIX)
        self.variables: list[Variable] = []

    def _record(self, name: str, kind: str, default: object, help: str) -> None:
        self.variables.append(Variable(name, kind, "" if default is None else str(default), help))

    def text(self, name: str, default: str, help: str) -> str:
        self._record(name, "text", default, help)
        value: str = self._env.str(name, default)
        return value

    def flag(self, name: str, default: bool, help: str) -> bool:
        self._record(name, "yes / no", "yes" if default else "no", help)
        value: bool = self._env.bool(name, default)
        return value

    def number(self, name: str, default: int, help: str, *, at_least: int = 0) -> int:
        self._record(name, "whole number", default, help)
        value: int = self._env.int(name, default)
        if value < at_least:
            raise ValueError(f"{PREFIX}{name} must be at least {at_least}, not {value}")
        return value

    def choice(self, name: str, default: str, choices: Sequence[str], help: str) -> str:
        self._record(name, " / ".join(choices), default, help)
        value: str = self._env.str(name, default)
        if value not in choices:
            raise ValueError(f"{PREFIX}{name} must be one of {', '.join(choices)}, not {value!r}")
        return value

    def parsed[T](self, name: str, default: str, parse: Callable[[str], T], help: str) -> T:
        """What `parse` makes of a text; its ValueError is raised again, naming the variable."""
        try:
            return parse(self.text(name, default, help))
        except ValueError as refusal:
            raise ValueError(f"{PREFIX}{name}: {refusal}") from None

    def words(self, name: str, default: Sequence[str], help: str) -> list[str]:
        self._record(name, "list, separated by commas", ",".join(default), help)
        value: list[str] = self._env.list(name, list(default))
        return [word.strip() for word in value if word.strip()]

    def path(self, name: str, default: Path, shown: str, help: str) -> Path:
        self._record(name, "folder", shown, help)
        value: Path = self._env.path(name, default)
        return value.resolve()

    def secret(self, name: str, help: str) -> str:
        """A value that may also be given as a file: `NAME_FILE` wins over `NAME`. Empty when neither is set."""
        self._record(name, "secret (or NAME_FILE, a path)", None, help)
        file: str = self._env.str(f"{name}_FILE", "")
        if file:
            return Path(file).read_text(encoding="utf-8").strip()
        value: str = self._env.str(name, "")
        return value

    def database(self, name: str, default: str, shown: str, help: str) -> dict[str, Any]:
        self._record(name, "database address", shown, help)
        value: dict[str, Any] = dict(self._env.dj_db_url(name, default))
        return value

    def mail_server(self, name: str, help: str) -> dict[str, Any] | None:
        """The address of the SMTP server as Django mailer options, None when unset.

        Accepts `smtp://user:password@host:port`, `smtp+tls://…` (STARTTLS, never downgraded, R80) and `smtps://…`.
        Raises ValueError, naming the variable, for anything else.
        """
        self._record(name, "SMTP address", None, help)
        if not self._env.str(name, ""):
            return None
        address = urlsplit(self._env.str(name))
        if address.scheme not in _MAIL_PORTS or not address.hostname:
            raise ValueError(f"{PREFIX}{name} must start with {', '.join(f'{s}://' for s in _MAIL_PORTS)}")
        return {
            "host": address.hostname,
            "port": address.port or _MAIL_PORTS[address.scheme],
            "username": unquote(address.username or ""),
            "password": unquote(address.password or ""),
            "use_tls": address.scheme == "smtp+tls",
            "use_ssl": address.scheme == "smtps",
            "timeout": 20,
        }
