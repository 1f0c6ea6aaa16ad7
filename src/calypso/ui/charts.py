"""Charts as coordinates, which a component renders as SVG on a plane of 1000 by 100 that its box stretches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from calypso.base.i18n import gettext as _
from calypso.base.period import Period
from calypso.ui.formats import as_date, as_days

WIDTH, HEIGHT = 1000, 100


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: its label, its tone, a value for each slot."""

    label: str
    tone: str
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Slot:
    """One step of the horizontal axis: its left edge, its width, its label."""

    x: float
    width: float
    label: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over slots. `ticks` are the values of the horizontal rules, from the top; `marks` label the axis."""

    slots: list[Slot]
    series: Sequence[Series]
    ticks: tuple[int, int, int]
    marks: Sequence[str]

    def points(self, series: Series) -> str:
        """Returns the points of a line, as SVG writes them; a single value is drawn as a line across."""
        heights = [round(HEIGHT - value * HEIGHT / self.ticks[0], 2) for value in series.values]
        if len(heights) == 1:
            return f"0,{heights[0]} {WIDTH},{heights[0]}"
        return " ".join(f"{slot.x + slot.width / 2:.1f},{y}" for slot, y in zip(self.slots, heights, strict=True))


def line_chart(labels: Sequence[str], series: Sequence[Series], marks: Sequence[str]) -> LineChart:
    """Returns the chart of `series` over at least one slot, with one label for each slot."""
    width = WIDTH / len(labels)
    slots = [Slot(round(index * width, 2), round(width, 2), label) for index, label in enumerate(labels)]
    top = _ceiling(max(value for line in series for value in line.values))
    return LineChart(slots, series, (top, top // 2, 0), marks)


class Counted(Protocol):
    """A part of a period, with how many things were created and closed in it."""

    @property
    def period(self) -> Period: ...
    @property
    def created(self) -> int: ...
    @property
    def closed(self) -> int: ...


def flow_chart(parts: Sequence[Counted]) -> LineChart:
    """Returns the chart of how many things were created and closed, part after part of a period."""
    return line_chart(
        [as_days(part.period) for part in parts],
        [
            Series(_("Créés"), "teal", [part.created for part in parts]),
            Series(_("Clôturés"), "amber", [part.closed for part in parts]),
        ],
        [as_date(parts[0].period.first), as_date(parts[-1].period.last)],
    )


def _ceiling(value: int) -> int:
    """Returns the first of 2, 4, 6, 8, 10, 20, 40… not under `value`: even, so that its half is a whole number."""
    scale = 1
    while value > 10 * scale:
        scale *= 10
    return next(step * scale for step in (2, 4, 6, 8, 10) if step * scale >= value)
