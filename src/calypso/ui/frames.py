"""The frame of the pages that everybody signed in has: notifications, profile. An interface may provide its own."""

from collections.abc import Callable, Mapping
from typing import Any

type Frame = tuple[str, Mapping[str, Any]]  # a template to extend, and its context

_PLAIN: Frame = ("ui/app.html", {})
_providers: list[Callable[[Any], Frame | None]] = []


def provide_frame(frame_of: Callable[[Any], Frame | None]) -> None:
    """Registers what returns the frame of a person, None for the plain one. Called when the applications are ready."""
    _providers.append(frame_of)


def framed(viewer: Any, context: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the context of a page that extends `frame`, in the frame of the person who reads it."""
    frames = (frame for frame_of in _providers if (frame := frame_of(viewer)))
    template, navigation = next(frames, _PLAIN)
    return {**navigation, **context, "frame": template}
