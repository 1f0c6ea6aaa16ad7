"""What the vendor chose: by the environment, which wins, else at the desk, else by default (decision 29).

Code that follows such a choice asks `chosen`, never the settings. A room keeps what is chosen at the desk, and says
here how it is read.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from calypso.base.process_cache import cached, forget

_NAME = "chosen"
_readers: list[Callable[[], Mapping[str, str]]] = []
_latest: dict[str, Any] = {}  # as this process read them last, for the pages that must not ask the database


def provide(read: Callable[[], Mapping[str, str]]) -> None:
    """Registers what reads the texts chosen at the desk, by name. Called when the applications are ready."""
    _readers.append(read)


def chosen(name: str) -> Any:
    """Returns the value of a setting, as the settings of the same name have it."""
    value = _saved().get(name)
    return getattr(settings, name) if value is None else value


def known(name: str) -> Any:
    """Returns the value of a setting as this process knew it last, without asking the database."""
    return _latest.get(name, getattr(settings, name))


def is_saved(name: str) -> bool:
    """Returns whether a setting was chosen at the desk."""
    return name in _saved()


def is_fixed(name: str) -> bool:
    """Returns whether the environment sets a setting, so that nothing else may."""
    return name in settings.VARIABLES and settings.VARIABLES[name].written is not None


def parse(name: str, text: str) -> Any:
    """Returns the value that a text gives to a setting; a setting of the desk alone is its text. Raises ValueError."""
    return settings.VARIABLES[name].parse(text) if name in settings.VARIABLES else text


def changed() -> None:
    """Has the choices read again at once in this process; the others read them again within five seconds."""
    forget(_NAME, ())


def _saved() -> Mapping[str, Any]:
    return cached(_NAME, (), _parsed)


def _parsed() -> dict[str, Any]:
    try:
        texts = {name: text for read in _readers for name, text in read().items()}
    except DatabaseError:  # a page that says that the database is away has names all the same
        return {}
    values = {name: parse(name, text) for name, text in texts.items() if not is_fixed(name)}
    _latest.clear()
    _latest.update(values)
    return values
