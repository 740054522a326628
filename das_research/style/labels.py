"""Names at the ends of lines instead of a legend, and margins as wide as the words in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from das_research.style.palette import LIGHT
from das_research.style.svg import wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE, SMALL, LINE = 13, 12, 16


@dataclass(frozen=True)
class EndLabel:
    """What stands at the end of a line: its name, a smaller line under it, and the number the line ends at."""

    name: str
    end: float | None
    colour: str
    below: str = ""

    def lines(self, room: float) -> list[tuple[str, bool]]:
        """The printed lines; true for those of the name."""
        below = wrapped(self.below, room, SMALL) if self.below else []
        return [(line, True) for line in wrapped(self.name, room, SIZE)] + [(line, False) for line in below]


def fit(
    figure: "Figure",
    axes: "Axes",
    labels: Sequence[EndLabel],
    *,
    size: tuple[float, float],
    above: str,
    notes: Sequence[str],
) -> None:
    """Set the margins and write the labels, the words above the axis and the notes under it."""
    width, height = size
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    room = width * 0.3
    drawn = [label.lines(room) for label in labels]
    bottom, top = 28 + LINE * len(notes) + (6 if notes else 0), height - (28 if above else 12)
    axes.set_position((0.1, bottom / height, 0.6, (top - bottom) / height))
    left = 8 + max((tick.get_window_extent(renderer).width for tick in axes.get_yticklabels()), default=0)
    widest = 0.0
    for line, bold in (line for lines in drawn for line in lines):
        written = figure.text(0, 0, line, fontsize=SIZE if bold else SMALL, fontweight="bold" if bold else "normal")
        widest = max(widest, written.get_window_extent(renderer).width)
        written.remove()
    right = width - 14 - widest
    axes.set_position((left / width, bottom / height, (right - left) / width, (top - bottom) / height))
    if above:
        figure.text(0, (height - 2) / height, above, fontsize=SMALL, color=LIGHT["mute"], va="top")
    foot(figure, notes, height)
    ended = [place for place, label in enumerate(labels) if label.end is not None]
    scale = (top - bottom) / (axes.get_ylim()[1] - axes.get_ylim()[0])
    wanted = [bottom + ((labels[place].end or 0) - axes.get_ylim()[0]) * scale for place in ended]
    heights = [LINE * len(drawn[place]) + 2 for place in ended]
    for place, y in zip(ended, pushed_apart(wanted, heights, bottom - LINE / 2, top + LINE / 2), strict=True):
        for step, (line, bold) in enumerate(drawn[place]):
            figure.text(
                (right + 12) / width,
                (y + LINE * ((len(drawn[place]) - 1) / 2 - step)) / height,
                line,
                fontsize=SIZE if bold else SMALL,
                fontweight="bold" if bold else "normal",
                color=labels[place].colour if bold else LIGHT["mute"],
                va="center",
            )


def foot(figure: "Figure", notes: Sequence[str], height: float) -> None:
    """The notes, one under the other, at the foot of the drawing."""
    for place, note in enumerate(reversed(notes)):
        figure.text(0, (4 + LINE * place) / height, note, fontsize=SMALL, color=LIGHT["mute"], va="bottom")


def pushed_apart(places: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Middles of labels, moved as little as needed so that none covers another; the order stays.

    Examples
    --------
    >>> pushed_apart([10, 11, 50], heights=[10, 10, 10], low=0, high=100)
    [5.5, 15.5, 50.0]
    >>> pushed_apart([98, 99], heights=[10, 20], low=0, high=100)
    [75.0, 90.0]
    """
    order = sorted(range(len(places)), key=lambda place: places[place])
    tall = [heights[place] for place in order]
    below = [sum(tall[:step]) + tall[step] / 2 for step in range(len(order))]
    blocks: list[tuple[float, int]] = []  # labels that touch: where they want to begin together, and how many
    for step, place in enumerate(order):
        start, count = places[place] - below[step], 1
        while blocks and blocks[-1][0] > start:
            before, others = blocks.pop()
            start, count = (before * others + start * count) / (others + count), others + count
        blocks.append((start, count))
    starts = [min(max(start, low), high - sum(tall)) for start, count in blocks for _ in range(count)]
    placed = {place: start + under for place, start, under in zip(order, starts, below, strict=True)}
    return [float(placed[place]) for place in range(len(places))]
