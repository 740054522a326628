"""Ratios with their limits on one scale of factors: twice as often lies as far from one as half as often."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from das_research.style.numbers import SYNTHETIC, Language, format_number
from das_research.style.palette import LIGHT
from das_research.style.svg import Chart, chart, sentences, text, text_width, wrapped

HIGH, MARK = 16.0, 4.5
THROUGH = {"nl": "tot", "en": "to"}
EQUAL = {"nl": "streep: 1, geen verschil", "en": "line: 1, no difference"}


@dataclass(frozen=True)
class Ratio:
    """One ratio above zero with its limits; the reference has none, and is 1. A new `group` gets a head of its own."""

    label: str
    value: float
    lower: float | None = None
    upper: float | None = None
    group: str = ""


def ratios(
    items: Sequence[Ratio],
    *,
    chart_id: str,
    title: str,
    language: Language = "nl",
    synthetic: bool = False,
    for_print: bool = False,
    width: float = 640,
) -> Chart:
    """Ratios under each other, each with the line of its limits and its number at the end.

    Parameters
    ----------
    items : sequence of Ratio
        In the order in which they stand.
    chart_id, title : str
        Begins every id; the name of the image.
    language : {'nl', 'en'}
        Language of numbers and words.
    synthetic, for_print : bool
        The mark of fictitious data; real colours in the place of CSS variables.
    width : float
        Of the drawing; 340 for a telephone.
    """
    ends = [end for item in items for end in (item.value, item.lower, item.upper) if end is not None and end > 0]
    least, most = log(min(ends, default=1)), log(max(ends, default=1))
    least, most = min(least, 0.0), max(most, 0.0)
    printed = [_printed(item, language) for item in items]
    room = width - max((text_width(words, 13) for words in printed), default=0) - 12

    def place(ratio: float) -> float:
        return MARK + (room - 2 * MARK) * ((log(ratio) - least) / ((most - least) or 1.0))

    drawn: list[str] = []
    y, group = 0.0, ""
    for item, words in zip(items, printed, strict=True):
        if item.group != group:
            group = item.group
            y += 22 if drawn else 14
            drawn.append(text(0, y, group, 14, bold=True))
            y += 4
        for line in wrapped(item.label, width, 13):
            y += 17
            drawn.append(text(0, y, line, 13))
        y += 5
        middle = y + HIGH / 2
        drawn.append(f'<path d="M{place(1):.1f} {y:.1f}v{HIGH:g}" stroke="{LIGHT["line"]}"/>')
        if item.lower and item.upper:
            drawn.append(
                f'<path d="M{place(item.lower):.1f} {middle:.1f}H{place(item.upper):.1f}" '
                f'stroke="{LIGHT["accent"]}" stroke-width="2"/>'
            )
        drawn.append(f'<circle cx="{place(item.value):.1f}" cy="{middle:.1f}" r="{MARK}" fill="{LIGHT["accent"]}"/>')
        drawn.append(text(room + 6, y + 12.5, words, 13, bold=True))
        y += HIGH + 6
    for note in (EQUAL[language], *([SYNTHETIC[language]] if synthetic else [])):
        y += 17
        drawn.append(text(0, y, note, 12, colour=LIGHT["mute"]))
    return chart(
        "".join(drawn),
        chart_id=chart_id,
        title=title,
        description=sentences(
            [
                f"{item.group + ', ' if item.group else ''}{item.label}: {words}"
                for item, words in zip(items, printed, strict=True)
            ],
            "; ",
        ),
        size=(width, round(y + 6)),
        language=language,
        for_print=for_print,
    )


def _printed(item: Ratio, language: Language) -> str:
    said = format_number(item.value, "ratio", language)
    if item.lower is None or item.upper is None:
        return said
    limits = [format_number(end, "ratio", language) for end in (item.lower, item.upper)]
    return f"{said} ({limits[0]} {THROUGH[language]} {limits[1]})"
