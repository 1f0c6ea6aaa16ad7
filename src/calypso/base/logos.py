"""The logo of the vendor, as the choice `LOGO` names it: a stored PNG file and its size."""

from dataclasses import dataclass
from typing import ClassVar, Self


@dataclass(frozen=True, slots=True)
class Logo:
    """A stored PNG file: its name in the store, its width and height in pixels; `IN_MAIL` is its address in mails."""

    IN_MAIL: ClassVar = "cid:logo"
    name: str
    width: int
    height: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Returns the logo that a choice names; None for the empty text."""
        if not text:
            return None
        name, width, height = text.split()
        return cls(name, int(width), int(height))

    def written(self) -> str:
        """Returns the text of the choice."""
        return f"{self.name} {self.width} {self.height}"

    def width_at(self, height: int) -> int:
        """Returns the width in pixels at which it is shown when it is `height` pixels high."""
        return max(1, round(self.width * height / self.height))
