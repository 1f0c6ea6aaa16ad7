"""Concurrent edits of one object (R102): each person overwrites only the fields that they changed."""

from collections.abc import Set
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from calypso.base.errors import Conflict
from calypso.base.i18n import gettext as _

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def merge[T: "DataclassInstance"](shown: T | None, values: T, current: T) -> T:
    """Returns the values to save: the fields of `values` that differ from `shown`, the other fields from `current`.

    `shown` is what the page displayed, or None if unknown: all of `values` is then returned. Raises Conflict when
    somebody else has given another value, since then, to a field that the form changes. A set is merged by its items.
    """
    if shown is None:
        return values
    current_values: dict[str, Any] = {}
    for field in fields(values):
        shown_value, new_value, current_value = (
            _plain(getattr(source, field.name)) for source in (shown, values, current)
        )
        if isinstance(new_value, frozenset):
            current_values[field.name] = frozenset(merge_items(shown_value, new_value, current_value))
        elif not changes(shown_value, new_value, current_value):
            current_values[field.name] = getattr(current, field.name)
    return replace(values, **current_values)


def changes(shown: object, value: object, current: object) -> bool:
    """Returns whether a form gives a value another than the page showed.

    Raises Conflict when somebody else has given it a third one since then.
    """
    if value == shown:
        return False
    if current not in (shown, value):
        raise Conflict(
            _("Quelqu'un a changé la même chose pendant que cette page était ouverte. Relisez, puis enregistrez.")
        )
    return True


def merge_items[T](shown: Set[T] | None, items: Set[T], current: Set[T]) -> set[T]:
    """Returns the items to save: `current` with what was added to `shown` and without what was taken out of it.

    `shown` is what the page displayed, or None if unknown: all of `items` is then returned.
    """
    return set(items) if shown is None else (set(current) - (shown - items)) | (items - shown)


def _plain(value: Any) -> Any:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
