"""Curves of steps over time, as Kaplan and Meier draw them, each with its band and its median."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from das_research.errors import UsageError
from das_research.style.canvas import canvas, frame, inner_svg
from das_research.style.labels import EndLabel, fit
from das_research.style.numbers import SYNTHETIC, Language, format_number, is_missing
from das_research.style.palette import DASHES, LIGHT, MARKERS, MAX_SERIES, SERIES_LIGHT
from das_research.style.svg import Chart, chart, sentences

if TYPE_CHECKING:
    from matplotlib.axes import Axes

YEAR = 365
WORDS = {
    "nl": {
        "median": "mediaan",
        "days": "dagen",
        "year": "jaar",
        "years": "jaar",
        "after": "na",
        "wider": "bredere treden: de waarden ertussen zijn onbekend of geheim",
    },
    "en": {
        "median": "median",
        "days": "days",
        "year": "year",
        "years": "years",
        "after": "after",
        "wider": "wider steps: the values between are unknown or confidential",
    },
}


@dataclass(frozen=True)
class Curve:
    """One curve: its name, the days of its steps, the share from that day on, its interval, and its median in days.

    A share that is None is not known: the step before it then reaches as far as the next known one, and a note says so.
    An empty interval draws no band.
    """

    label: str
    days: tuple[float, ...]
    shares: tuple[float | None, ...]
    lower: tuple[float | None, ...] = ()
    upper: tuple[float | None, ...] = ()
    median: float | None = None

    def known(self) -> list[tuple[float, float]]:
        """Day and share of every step that is known."""
        steps = zip(self.days, self.shares, strict=True)
        return [(day, share) for day, share in steps if share is not None and not is_missing(share)]

    def has_wider_steps(self) -> bool:
        """Whether a step between two known ones is not known."""
        known = [place for place, share in enumerate(self.shares) if not is_missing(share)]
        return bool(known) and known[-1] - known[0] + 1 > len(known)


def step_curves(
    curves: Sequence[Curve],
    *,
    chart_id: str,
    title: str,
    language: Language = "nl",
    unit_label: str = "",
    synthetic: bool = False,
    for_print: bool = False,
    notes: Sequence[str] = (),
    width: float = 640,
    height: float = 360,
) -> Chart:
    """Shares in percent over days, as steps.

    Parameters
    ----------
    curves : sequence of Curve
        At most five.
    chart_id, title : str
        Begins every id; the name of the image.
    language : {'nl', 'en'}
        Language of numbers and words.
    unit_label : str
        The words above the axis of shares.
    synthetic, for_print : bool
        The mark of fictitious data; real colours in the place of CSS variables.
    notes : sequence of str
        Lines under the chart.
    width, height : float
        Of the drawing; 340 wide for a telephone.

    Raises
    ------
    UsageError
        With more than five curves.
    """
    if len(curves) > MAX_SERIES:
        raise UsageError(
            f"{len(curves)} curves do not fit in one chart.",
            fix=f"Draw at most {MAX_SERIES}, or a chart for each group.",
        )
    with canvas(chart_id, width, height) as figure:
        axes = figure.add_subplot()
        frame(axes)
        longest = max((day for curve in curves for day, _ in curve.known()), default=YEAR) or YEAR
        _scales(axes, longest, language, narrow=width < 480)
        for place, curve in enumerate(curves):
            _curve(axes, place, curve)
        ends = [_label(place, curve, language) for place, curve in enumerate(curves)]
        wider = [WORDS[language]["wider"]] if any(curve.has_wider_steps() for curve in curves) else []
        under = [*wider, *notes, *([SYNTHETIC[language]] if synthetic else [])]
        fit(figure, axes, ends, size=(width, height), above=unit_label, notes=under)
        body = inner_svg(figure, chart_id)
    return chart(
        body,
        chart_id=chart_id,
        title=title,
        description=describe(curves, language),
        size=(width, height),
        language=language,
        for_print=for_print,
    )


def describe(curves: Sequence[Curve], language: Language) -> str:
    """The median and the last share of every curve, in words."""
    words, told = WORDS[language], []
    for curve in curves:
        parts = []
        if curve.median is not None:
            parts.append(f"{words['median']} {format_number(curve.median, '', language)} {words['days']}")
        if curve.known():
            day, share = curve.known()[-1]
            parts.append(
                f"{format_number(share, 'percent', language)} {words['after']} "
                f"{format_number(day, '', language)} {words['days']}"
            )
        told.append(f"{curve.label}: {', '.join(parts) or format_number(None)}")
    return sentences(told)


def _label(place: int, curve: Curve, language: Language) -> EndLabel:
    end = curve.known()[-1][1] if curve.known() else None
    words = WORDS[language]
    median = (
        f"{words['median']} {format_number(curve.median, '', language)} {words['days']}"
        if curve.median is not None
        else ""
    )
    return EndLabel(curve.label, end, SERIES_LIGHT[place], below=median)


def _scales(axes: "Axes", longest: float, language: Language, narrow: bool) -> None:
    words = WORDS[language]
    most = 2 if narrow else 8
    if longest >= 2 * YEAR:
        step = -(-int(longest / YEAR) // most)
        numbers = range(0, int(longest / YEAR) + 1, step)
        ticks = {
            number * YEAR: f"{number} {words['year' if number == 1 else 'years']}" if number else "0"
            for number in numbers
        }
    else:
        step = next(size for size in (1, 2, 5, 10, 15, 30, 60, 90, 180, 365) if longest / size <= most)
        ticks = {day: str(day) for day in range(0, int(longest) + 1, step)}
        last = max(ticks)
        ticks[last] = f"{last} {words['days']}"
    axes.set_xlim(0, longest)
    axes.set_xticks(list(ticks), list(ticks.values()))
    axes.set_ylim(0, 100)
    axes.set_yticks(
        [0, 25, 50, 75, 100], [format_number(share, "percent", language, decimals=0) for share in (0, 25, 50, 75, 100)]
    )
    axes.tick_params(labelsize=12)


def _curve(axes: "Axes", place: int, curve: Curve) -> None:
    colour = SERIES_LIGHT[place]
    if curve.lower and curve.upper:
        bounds = [
            (day, low, high)
            for day, low, high in zip(curve.days, curve.lower, curve.upper, strict=True)
            if not is_missing(low) and not is_missing(high)
        ]
        days, lows, highs = zip(*bounds, strict=True) if bounds else ((), (), ())
        axes.fill_between(days, lows, highs, step="post", facecolor=colour, alpha=0.14, linewidth=0, zorder=2)
    axes.plot(
        [day for day, _ in curve.known()], [share for _, share in curve.known()], drawstyle="steps-post",
        color=colour, linewidth=2.2, linestyle=DASHES[place], zorder=3,
    )  # fmt: skip
    if curve.median is not None:
        axes.plot([curve.median] * 2, [0, 50], color=colour, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
        axes.plot([curve.median], [50], marker=MARKERS[place], markersize=7, markerfacecolor=LIGHT["paper"],
                  markeredgecolor=colour, markeredgewidth=1.8, linestyle="none", zorder=4)  # fmt: skip
