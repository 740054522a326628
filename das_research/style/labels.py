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
    tallest = max((len(drawn[place]) for place in ended), default=1)
    wanted = [bottom + ((labels[place].end or 0) - axes.get_ylim()[0]) * scale for place in ended]
    edge = LINE * (tallest - 1) / 2
    for place, y in zip(ended, pushed_apart(wanted, LINE * tallest + 2, bottom + edge, top - edge), strict=True):
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


def pushed_apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places of labels, moved as little as needed so that each keeps its distance; the order stays.

    Examples
    --------
    >>> pushed_apart([10, 11, 50], gap=10, low=0, high=100)
    [5.5, 15.5, 50.0]
    >>> pushed_apart([98, 99], gap=10, low=0, high=100)
    [90, 100]
    """
    order = sorted(range(len(places)), key=lambda place: places[place])
    blocks: list[list[float]] = []  # each: sum of wanted starts, how many, start
    for place in order:
        blocks.append([float(places[place]), 1, float(places[place])])
        while len(blocks) > 1 and blocks[-2][2] + gap * blocks[-2][1] > blocks[-1][2]:
            total, count, _ = blocks.pop()
            before = blocks[-1]
            before[0] += total - gap * before[1] * count
            before[1] += count
            before[2] = before[0] / before[1]
    starts = [min(max(start, low), high - gap * (count - 1)) for _, count, start in blocks]
    moved = [
        start + gap * step for start, (_, count, _) in zip(starts, blocks, strict=True) for step in range(int(count))
    ]
    for step in range(len(moved) - 2, -1, -1):
        moved[step] = min(moved[step], moved[step + 1] - gap)
    placed = dict(zip(order, moved, strict=True))
    return [placed[place] for place in range(len(places))]
