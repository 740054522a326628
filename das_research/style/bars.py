"""Horizontal bars, each with its name above it and its number at its end: nothing to look up beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from das_research.style.numbers import HIDDEN, SYNTHETIC, Language
from das_research.style.palette import LIGHT
from das_research.style.svg import Chart, chart, sentences, text, text_width, wrapped

THICK = 14.0


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its number, how the number is printed, and a line under it; a hidden number has no value."""

    label: str
    value: float | None
    text: str = HIDDEN
    group: str = ""
    note: str = ""


def bars(
    items: Sequence[Bar],
    *,
    chart_id: str,
    title: str,
    language: Language = "nl",
    synthetic: bool = False,
    for_print: bool = False,
    notes: Sequence[str] = (),
    width: float = 640,
) -> Chart:
    """Bars under each other, on one scale that begins at zero.

    Parameters
    ----------
    items : sequence of Bar
        In the order in which they stand; a new `group` starts under a head of its own.
    chart_id, title : str
        Begins every id; the name of the image.
    language : {'nl', 'en'}
        Language of the description.
    synthetic, for_print : bool
        The mark of fictitious data; real colours in the place of CSS variables.
    notes : sequence of str
        Lines under the chart.
    width : float
        Of the drawing; 320 for a telephone.
    """
    widest = max((text_width(item.text, 13) for item in items), default=0)
    top = max((item.value or 0 for item in items), default=0) or 1
    room = width - widest - 10
    drawn: list[str] = []
    y, group = 0.0, ""
    for item in items:
        if item.group != group:
            group = item.group
            y += 22 if drawn else 14
            drawn.append(text(0, y, group, 14, bold=True))
            y += 4
        for line in wrapped(item.label, width, 13):
            y += 17
            drawn.append(text(0, y, line, 13))
        y += 5
        long = room * (item.value or 0) / top
        if long:
            drawn.append(f'<path d="M0 {y:.1f}h{long:.1f}v{THICK:g}H0z" fill="{LIGHT["accent"]}"/>')
        drawn.append(f'<path d="M0 {y:.1f}v{THICK:g}" stroke="{LIGHT["line"]}"/>')
        drawn.append(text(long + 6, y + 11.5, item.text, 13, bold=True))
        y += THICK + 6
        for line in wrapped(item.note, width, 12):
            y += 12
            drawn.append(text(0, y, line, 12, colour=LIGHT["mute"]))
            y += 4
    for note in [*notes, *([SYNTHETIC[language]] if synthetic else [])]:
        y += 17
        drawn.append(text(0, y, note, 12, colour=LIGHT["mute"]))
    y += 6
    return chart(
        "".join(drawn),
        chart_id=chart_id,
        title=title,
        description=describe(items),
        size=(width, round(y)),
        language=language,
        for_print=for_print,
    )


def describe(items: Sequence[Bar]) -> str:
    """Every bar with its number."""
    told = [
        f"{item.group + ', ' if item.group else ''}{item.label}: {item.text}{f' ({item.note})' if item.note else ''}"
        for item in items
    ]
    return sentences(told, "; ")
