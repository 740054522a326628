"""What every chart becomes: one `<svg>` with a name, a description in words, text as text, and no id of another."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from das_research.errors import UsageError
from das_research.style.numbers import Language
from das_research.style.palette import LIGHT, themed

FONT = "'Liberation Sans',Arial,Helvetica,sans-serif"
CHART_ID = re.compile(r"[a-z][a-z0-9_-]*")
NARROW, WIDE = ".,:;'|ijlIft ()", "mwMW%—"


@dataclass(frozen=True)
class Chart:
    """A drawn chart: the SVG and, for a page that needs them beside it, its title and its description in words."""

    svg: str
    title: str
    description: str

    def __str__(self) -> str:
        return self.svg

    def _repr_svg_(self) -> str:
        """For a notebook, which may be dark: the chart on paper of its own."""
        paper = f'<rect width="100%" height="100%" fill="var(--paper,{LIGHT["paper"]})"/>'
        return self.svg.replace("</desc>", f"</desc>{paper}", 1)


def chart(
    body: str,
    *,
    chart_id: str,
    title: str,
    description: str,
    size: tuple[float, float],
    language: Language,
    for_print: bool,
    data: str = "",
) -> Chart:
    """Wrap drawn shapes.

    Parameters
    ----------
    body : str
        The shapes, in colours of the light palette and without style attributes, which a strict page would refuse.
    chart_id : str
        Begins every id of this chart, so that charts on one page do not collide.
    title, description : str
        The name of the image, and its numbers in words.
    size : tuple of float
        Width and height of the drawing.
    language : {'nl', 'en'}
        Language of the texts in it.
    for_print : bool
        Real colours in the place of CSS variables.
    data : str
        Further attributes of the root.
    """
    if not CHART_ID.fullmatch(chart_id):
        raise UsageError(
            "A chart's id must be small letters, digits, hyphens and underscores.", fix="Give another chart_id."
        )
    width, height = (f"{number:g}" for number in size)
    family = FONT if for_print else f"var(--font,{FONT})"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" lang="{language}" '
        f'aria-labelledby="{chart_id}-title" aria-describedby="{chart_id}-desc" font-family="{family}" '
        f'stroke-linejoin="round"{data}><title id="{chart_id}-title">{escape(title, quote=False)}</title>'
        f'<desc id="{chart_id}-desc">{escape(description, quote=False)}</desc>{body}</svg>'
    )
    return Chart(svg if for_print else themed(svg), title, description)


def text(
    x: float,
    y: float,
    words: str,
    size: float = 13,
    *,
    colour: str = LIGHT["ink"],
    bold: bool = False,
    anchor: Literal["start", "middle", "end"] = "start",
) -> str:
    """One line of text."""
    weight = ' font-weight="700"' if bold else ""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}"{weight}{place}>'
        f"{escape(words, quote=False)}</text>"
    )


def sentences(parts: Sequence[str], between: str = ". ") -> str:
    """Parts of a description, ended by one point, also where the last ends with the point of a hidden number.

    Examples
    --------
    >>> sentences(["a: 1", "b: ."])
    'a: 1. b: .'
    """
    joined = between.join(parts)
    return joined if joined.endswith(".") else joined + "."


def text_width(words: str, size: float) -> float:
    """About how wide a line will be, whatever sans-serif the reader has; rather too wide than too narrow.

    Examples
    --------
    >>> text_width("10.000", 10) < text_width("100000", 10)
    True
    """
    ems = sum(0.3 if sign in NARROW else 0.9 if sign in WIDE else 0.7 if sign.isupper() else 0.57 for sign in words)
    return ems * size


def wrapped(words: str, width: float, size: float) -> list[str]:
    """The lines a text takes within a width.

    Examples
    --------
    >>> wrapped("verlaat de keten", 60, 10)
    ['verlaat de', 'keten']
    """
    lines: list[str] = []
    for word in words.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
