"""Seaborn and matplotlib in the style of the house, and how their SVG becomes one that fits in a page."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from das_research.style.palette import LIGHT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS_AN_INCH = 72  # one unit of the drawing is one pixel
STYLE_ATTRIBUTE = re.compile(r'style="([^"]*)"')
FONT_SIZE = re.compile(r"([\d.]+)px")


def house_style(chart_id: str = "das") -> Any:
    """Settings for ``matplotlib.rc_context``: thin rules, text as text, equal to the byte for equal data."""
    import seaborn  # both take a second to import, which only those who draw should wait for

    return seaborn.axes_style("ticks") | {
        "svg.fonttype": "none",
        "svg.hashsalt": chart_id,
        "font.family": "DejaVu Sans",  # comes with matplotlib, so texts measure the same everywhere
        "font.size": 13,
        "text.color": LIGHT["ink"],
        "axes.labelcolor": LIGHT["mute"],
        "axes.edgecolor": LIGHT["line"],
        "axes.linewidth": 1,
        "grid.color": LIGHT["rule"],
        "grid.linewidth": 1,
        "xtick.color": LIGHT["line"],
        "ytick.color": LIGHT["line"],
        "xtick.labelcolor": LIGHT["mute"],
        "ytick.labelcolor": LIGHT["mute"],
        "xtick.direction": "out",
        "xtick.major.size": 5,
        "ytick.major.size": 0,
        "path.simplify": False,
    }


@contextmanager
def canvas(chart_id: str, width: float, height: float) -> Iterator["Figure"]:
    """An empty figure in the style of the house; nothing of it stays behind in matplotlib."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context(house_style(chart_id)):
        figure = Figure(figsize=(width / POINTS_AN_INCH, height / POINTS_AN_INCH), dpi=POINTS_AN_INCH)
        FigureCanvasAgg(figure)  # measures texts, which the canvas for SVG can't
        yield figure


def frame(axes: "Axes") -> None:
    """Only the axis below and thin lines across."""
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    axes.patch.set_visible(False)


def inner_svg(figure: "Figure", chart_id: str) -> str:
    """What matplotlib drew, without its root: ids prefixed, styles as attributes, no background, no leftovers."""
    figure.patch.set_visible(False)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    drawn = buffer.getvalue()
    drawn = drawn[drawn.index(">", drawn.index("<svg")) + 1 : drawn.rindex("</svg>")]
    drawn = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<style.*?</style>", "", drawn, flags=re.DOTALL)
    drawn = STYLE_ATTRIBUTE.sub(_attributes, drawn).replace("xlink:href", "href")
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', drawn))
    drawn = re.sub(r' id="([^"]+)"', lambda m: f' id="{chart_id}-{m[1]}"' if m[1] in used else "", drawn)
    drawn = re.sub(r'(href="#|url\(#)', rf"\g<1>{chart_id}-", drawn)
    drawn = re.sub(r'(?<= )(d|x|y|transform)="[^"]*"', lambda m: re.sub(r"(\d+\.\d)\d+", r"\1", m[0]), drawn)
    drawn = re.sub(r"\s*\n\s*", " ", drawn).replace("> <", "><").strip()
    drawn = re.sub(r' transform="rotate\(-0 [^)]*\)"|<defs></defs>|<g/>', "", drawn)
    if "<g " not in drawn:  # groups that say nothing
        drawn = drawn.replace("<g>", "").replace("</g>", "")
    return re.sub(r" +(?=[/>\"])|(?<=d=\") ", "", drawn)


def _attributes(match: re.Match[str]) -> str:
    pairs = [declaration.split(":", 1) for declaration in match[1].split(";") if ":" in declaration]
    written = []
    for name, value in ((name.strip(), value.strip()) for name, value in pairs):
        if name == "font":
            size = FONT_SIZE.search(value)
            written.append(f'font-size="{size[1]}"' if size else "")
            written.append('font-weight="700"' if "bold" in value or "700" in value else "")
        elif name not in ("font-family", "stroke-linejoin"):
            written.append(f'{name}="{value.removesuffix("px")}"')
    return " ".join(part for part in written if part)
