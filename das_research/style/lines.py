"""Lines over the years, each named at its end; more than five become small multiples on one scale."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from das_research.style.canvas import canvas, frame, inner_svg
from das_research.style.labels import LINE, SIZE, SMALL, EndLabel, fit, foot
from das_research.style.numbers import SYNTHETIC, Language, format_number, is_missing
from das_research.style.palette import DASHES, LIGHT, MARKERS, MAX_SERIES, SERIES_LIGHT
from das_research.style.svg import Chart, chart, sentences, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WORDS = {
    "nl": {"in": "in", "highest": "hoogste", "break": "breuk", "open": "open punt: voorlopig"},
    "en": {"in": "in", "highest": "highest", "break": "break", "open": "open marker: provisional"},
}


@dataclass(frozen=True)
class Series:
    """One line: its name and a value for every period; None where there is none, and the line then stops."""

    label: str
    values: tuple[float | None, ...]


def line_chart(
    periods: Sequence[str],
    series: Sequence[Series],
    *,
    chart_id: str,
    title: str,
    language: Language = "nl",
    unit: str = "",
    unit_label: str = "",
    provisional: Sequence[str] = (),
    breaks: Mapping[str, str] | None = None,
    synthetic: bool = False,
    for_print: bool = False,
    notes: Sequence[str] = (),
    width: float = 640,
    height: float = 340,
) -> Chart:
    """One line a series, on a scale that begins at zero.

    Parameters
    ----------
    periods : sequence of str
        Years, in order.
    series : sequence of Series
        More than five become small multiples: each with the others in grey behind it.
    chart_id, title : str
        Begins every id; the name of the image.
    language : {'nl', 'en'}
        Language of numbers and words.
    unit, unit_label : str
        ``percent`` or another id, for the numbers; the words above the axis.
    provisional : sequence of str
        Periods whose points are drawn open.
    breaks : mapping, optional
        Period to a note: a thin rule with a number before it, since the figures before and after can't be compared;
        the notes stand under the chart, which becomes as much higher.
    synthetic, for_print : bool
        The mark of fictitious data; real colours in the place of CSS variables.
    notes : sequence of str
        Lines under the chart.
    width, height : float
        Of the drawing; 340 wide for a telephone. Small multiples take the height they need.
    """
    told = [line for note in _numbered(breaks or {}) for line in wrapped(note, width, SMALL)]
    under = [*told, *([WORDS[language]["open"]] if any(period in provisional for period in periods) else [])]
    under += [*notes, *([SYNTHETIC[language]] if synthetic else [])]
    many = len(series) > MAX_SERIES
    columns = max(1, int(width // 200))
    height = (-(-len(series) // columns) * 170 + 50 if many else height) + LINE * len(told)
    with canvas(chart_id, width, height) as figure:
        if many:
            panels = _panels(figure, columns, series, periods, provisional, unit, language)
            for panel in panels:
                _breaks(panel, periods, breaks or {})
            _fit_panels(figure, panels, (width, height), under)
            data = ""
        else:
            axes = figure.add_subplot()
            _axes(axes, periods, _top(series) * (1.1 if breaks else 1), unit, language, ticks=4)
            for place, one in enumerate(series):
                _line(axes, place, one, periods, provisional)
            _breaks(axes, periods, breaks or {})
            ends = [
                EndLabel(_end(one, unit, language) if len(series) == 1 else one.label, _last(one.values), colour)
                for one, colour in zip(series, SERIES_LIGHT, strict=False)
            ]
            fit(figure, axes, ends, size=(width, height), above=unit_label, notes=under)
            data = _positions(axes, series, len(periods), height)
        body = inner_svg(figure, chart_id)
    return chart(
        body,
        chart_id=chart_id,
        title=title,
        description=describe(periods, series, unit, language, breaks or {}),
        size=(width, height),
        language=language,
        for_print=for_print,
        data=data,
    )


def describe(
    periods: Sequence[str], series: Sequence[Series], unit: str, language: Language, breaks: Mapping[str, str]
) -> str:
    """The first, the last and the highest number of every line, in words."""
    words, told = WORDS[language], []
    for one in series:
        known = [(period, value) for period, value in zip(periods, one.values, strict=True) if not is_missing(value)]
        if not known:
            told.append(f"{one.label}: {format_number(None)}")
            continue
        said = [known[0], known[-1]] if len(known) > 1 else known
        parts = [f"{format_number(value, unit, language)} {words['in']} {period}" for period, value in said]
        peak = max(known, key=lambda pair: pair[1] or 0)
        if peak not in said:
            parts.append(f"{words['highest']} {format_number(peak[1], unit, language)} {words['in']} {peak[0]}")
        told.append(f"{one.label}: {', '.join(parts)}")
    told += [f"{words['break']} {words['in']} {period}: {note}" for period, note in breaks.items()]
    return sentences(told)


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if not is_missing(value)), None)


def _end(one: Series, unit: str, language: Language) -> str:
    """A single line is named by the title of the chart; at its end stands its last number."""
    last = _last(one.values)
    return one.label if last is None else format_number(last, unit, language)


def _top(series: Sequence[Series]) -> float:
    return (
        max((value for one in series for value in one.values if value is not None and not is_missing(value)), default=0)
        or 1
    )


def _axes(
    axes: "Axes", periods: Sequence[str], top: float, unit: str, language: Language, ticks: int, quiet: bool = False
) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    frame(axes)
    beside = 0.02 * (len(periods) - 1) or 0.5
    axes.set_xlim(-beside, len(periods) - 1 + beside)
    axes.yaxis.set_major_locator(
        MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10], integer=unit != "percent" and top >= ticks)
    )
    axes.set_ylim(0, top * 1.06)
    decimals = 0 if top >= 5 else 1
    axes.yaxis.set_major_formatter(
        FuncFormatter(
            lambda value, _: (
                "" if quiet else format_number(value, unit, language, decimals=max(decimals, not value.is_integer()))
            )
        )
    )
    axes.tick_params(labelsize=12)
    step = max(1, -(-(len(periods) - 1) // ticks))
    shown = list(range(len(periods) - 1, -1, -step))[::-1]
    axes.set_xticks(shown, [periods[place] for place in shown])


def _line(axes: "Axes", place: int, one: Series, periods: Sequence[str], provisional: Sequence[str]) -> None:
    colour, marker = SERIES_LIGHT[place], MARKERS[place]
    values = [float("nan") if value is None else value for value in one.values]
    axes.plot(range(len(values)), values, color=colour, linewidth=2.2, linestyle=DASHES[place], zorder=3)
    known = [at for at, value in enumerate(values) if value == value]
    few = len(periods) <= 16
    closed = [at for at in known if periods[at] not in provisional and (few or at in (known[0], known[-1]))]
    still_open = [at for at in known if periods[at] in provisional]
    look: dict[str, Any] = {
        "linestyle": "none",
        "marker": marker,
        "markersize": 6,
        "markeredgecolor": colour,
        "zorder": 4,
        "clip_on": False,
    }
    axes.plot(closed, [values[at] for at in closed], markerfacecolor=colour, markeredgewidth=0.8, **look)
    axes.plot(
        still_open, [values[at] for at in still_open], markerfacecolor=LIGHT["paper"], markeredgewidth=1.8, **look
    )


def _panels(
    figure: "Figure",
    columns: int,
    series: Sequence[Series],
    periods: Sequence[str],
    provisional: Sequence[str],
    unit: str,
    language: Language,
) -> list["Axes"]:
    """Small multiples on one scale, a panel a series."""
    rows, top = -(-len(series) // columns), _top(series)
    panels = [figure.add_subplot(rows, columns, place + 1) for place in range(len(series))]
    for place, axes in enumerate(panels):
        _axes(axes, periods, top, unit, language, ticks=2, quiet=place % columns > 0)
        _panel(axes, place, series, periods, provisional)
    return panels


def _fit_panels(figure: "Figure", panels: Sequence["Axes"], size: tuple[float, float], notes: Sequence[str]) -> None:
    """Set the margins round the panels and write the notes under them."""
    width, height = size
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    widest = max(tick.get_window_extent(renderer).width for tick in panels[0].get_yticklabels())
    below = (34 + LINE * len(notes)) / height
    figure.subplots_adjust((8 + widest) / width, below, 0.98, 1 - 26 / height, wspace=0.12, hspace=0.5)
    foot(figure, notes, height)


def _panel(
    axes: "Axes", place: int, series: Sequence[Series], periods: Sequence[str], provisional: Sequence[str]
) -> None:
    for other in series:
        values = [float("nan") if value is None else value for value in other.values]
        axes.plot(range(len(values)), values, color=LIGHT["rule"], linewidth=1.2, zorder=2)
    _line(axes, 0, series[place], periods, provisional)
    axes.set_title(series[place].label, loc="left", fontsize=SIZE, fontweight="bold", pad=6)
    if len(periods) < 2:
        return
    axes.set_xticks([0, len(periods) - 1], [periods[0], periods[-1]])
    first, last = axes.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")


def _breaks(axes: "Axes", periods: Sequence[str], breaks: Mapping[str, str]) -> None:
    for number, period in enumerate(breaks, start=1):
        at = max(0, list(periods).index(period) - 0.5)  # a break within the first period: at its point
        axes.axvline(at, color=LIGHT["line"], linewidth=1, linestyle=(0, (2, 2)), zorder=1)
        axes.annotate(
            str(number), (at, 1), xycoords=("data", "axes fraction"), xytext=(4, -2), textcoords="offset points",
            va="top", fontsize=12, color=LIGHT["mute"],
        )  # fmt: skip


def _numbered(breaks: Mapping[str, str]) -> list[str]:
    return [f"{number} {period}: {note}" for number, (period, note) in enumerate(breaks.items(), start=1)]


def _positions(axes: "Axes", series: Sequence[Series], periods: int, height: float) -> str:
    """Where the points lie, for a page that reads values out under the pointer or the arrow keys."""
    place = axes.transData.transform
    across = [round(float(place((at, 0))[0]), 1) for at in range(periods)]
    down = [
        [
            None if value is None or is_missing(value) else round(height - float(place((0, value))[1]), 1)
            for value in one.values
        ]
        for one in series
    ]
    packed = (json.dumps(numbers, separators=(",", ":")) for numbers in (across, down))
    return ' data-x="{}" data-y="{}"'.format(*packed)
