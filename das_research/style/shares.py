"""Bars that are each a whole, split in parts: a panel a stage, a bar a group, so that groups compare along a line."""

from collections.abc import Sequence
from dataclasses import dataclass

from das_research.style.flow_parts import hatched
from das_research.style.numbers import HIDDEN, SYNTHETIC, Language, format_number, is_missing
from das_research.style.palette import LIGHT
from das_research.style.svg import Chart, chart, sentences, text, text_width, wrapped

SIZE, SMALL, LINE = 13, 12, 16
WHOLE_HEIGHT, GROUP_HEIGHT = 26.0, 17.0
TELEPHONE, NARROWEST_PANEL, GAP = 480, 84.0, 22.0
FILLS = (LIGHT["accent"], LIGHT["gone"], LIGHT["paper"])
INKS = (LIGHT["paper"], LIGHT["ink"], LIGHT["ink"])
WORDS = {"nl": {"from": "van", "to": "tot"}, "en": {"from": "from", "to": "to"}}


@dataclass(frozen=True)
class SplitBar:
    """One bar: its name, its parts in percent, and whether it is the whole that the others are groups of.

    A part that is None is unknown or confidential: what it takes of the bar is hatched. One that is 0 is not drawn.
    """

    label: str
    parts: tuple[float | None, ...]
    total: bool = False


@dataclass(frozen=True)
class SplitPanel:
    """The bars that stand together: their title, a smaller line under it, and the bars, named alike in every panel."""

    title: str
    bars: tuple[SplitBar, ...]
    below: str = ""


def split_bars(
    panels: Sequence[SplitPanel],
    parts: Sequence[str],
    *,
    chart_id: str,
    title: str,
    language: Language = "nl",
    synthetic: bool = False,
    for_print: bool = False,
    notes: Sequence[str] = (),
    width: float = 1040,
) -> Chart:
    """Bars of 100%, each split in the same parts.

    Parameters
    ----------
    panels : sequence of SplitPanel
        Beside each other where there is room, with the names of the bars once; else under each other.
    parts : sequence of str
        The names of the parts, at most three: dark, grey and white, so that they differ without colour.
    chart_id, title : str
        Begins every id; the name of the image.
    language : {'nl', 'en'}
        Language of numbers and words.
    synthetic, for_print : bool
        The mark of fictitious data; real colours in the place of CSS variables.
    notes : sequence of str
        Lines under the chart.
    width : float
        Of the drawing; 340 for a telephone.
    """
    names = max((text_width(bar.label, SIZE) for panel in panels for bar in panel.bars), default=0)
    side = min(names, width * 0.24) + 14
    pitch = (width - side) / max(len(panels), 1)
    key, top = _key(parts, width)
    if width >= TELEPHONE and pitch >= NARROWEST_PANEL + GAP:
        drawn, y = _beside(panels, top, side, pitch, language)
    else:
        drawn, y = _under(panels, top, width, language)
    for note in [*notes, *([SYNTHETIC[language]] if synthetic else [])]:
        y += LINE
        drawn.append(text(0, y, note, SMALL, colour=LIGHT["mute"]))
    pattern, body = hatched(key + "".join(drawn), chart_id)
    return chart(
        pattern + body,
        chart_id=chart_id,
        title=title,
        description=describe(panels, parts, language),
        size=(width, round(y + 8)),
        language=language,
        for_print=for_print,
    )


def describe(panels: Sequence[SplitPanel], parts: Sequence[str], language: Language) -> str:
    """The parts of every whole, and between which groups the first part is lowest and highest."""
    words, told = WORDS[language], []
    for panel in panels:
        whole = [bar for bar in panel.bars if bar.total]
        said = [f"{format_number(part, 'percent', language)} {name}"
                for bar in whole for part, name in zip(bar.parts, parts, strict=True) if part != 0]  # fmt: skip
        known = [(bar.parts[0], bar.label) for bar in panel.bars if not bar.total and bar.parts[0]]
        if len(known) > 1:
            ends = (min(known), max(known))
            low, high = (f"{format_number(part, 'percent', language)} ({label})" for part, label in ends)
            said.append(f"{parts[0]} {words['from']} {low} {words['to']} {high}")
        told.append(f"{panel.title}: {', '.join(said) or HIDDEN}")
    return sentences(told)


def _key(parts: Sequence[str], width: float) -> tuple[str, float]:
    """What each part looks like, once above the chart; and the y under it."""
    drawn, x, y = [], 0.0, 13.0
    for place, name in enumerate(parts):
        long = 17 + text_width(name, SMALL)
        if x and x + long > width:
            x, y = 0.0, y + LINE + 2
        drawn.append(_box(x + 0.5, y - 10, 10, 10, place) + text(x + 17, y, name, SMALL, colour=LIGHT["mute"]))
        x += long + 20
    return "".join(drawn), y + 16


def _beside(
    panels: Sequence[SplitPanel], top: float, side: float, pitch: float, language: Language
) -> tuple[list[str], float]:
    drawn, y = [], top
    for place, panel in enumerate(panels):
        head, under = _head(panel, side + place * pitch, top, pitch - GAP)
        drawn.append(head)
        y = max(y, under)
    for label in dict.fromkeys(bar.label for panel in panels for bar in panel.bars):
        bars = [next((bar for bar in panel.bars if bar.label == label), None) for panel in panels]
        total = any(bar is not None and bar.total for bar in bars)
        lines, high = wrapped(label, side - 14, SIZE), WHOLE_HEIGHT if total else GROUP_HEIGHT
        row = max(high, LINE * len(lines))
        first = y + row / 2 - LINE * (len(lines) - 1) / 2 + 4.5
        drawn += [text(0, first + LINE * step, line, SIZE, bold=total) for step, line in enumerate(lines)]
        for place, bar in enumerate(bars):
            if bar is not None:
                drawn.append(_bar(bar, side + place * pitch, y + (row - high) / 2, pitch - GAP, language))
        y += row + (14 if total else 7)
    return drawn, y


def _under(panels: Sequence[SplitPanel], top: float, width: float, language: Language) -> tuple[list[str], float]:
    drawn, y = [], top
    for panel in panels:
        head, y = _head(panel, 0, y, width)
        drawn.append(head)
        for bar in panel.bars:
            for line in wrapped(bar.label, width, SIZE):
                drawn.append(text(0, y + 11, line, SIZE, bold=bar.total))
                y += LINE
            drawn.append(_bar(bar, 0, y, width - 1, language))
            y += (WHOLE_HEIGHT if bar.total else GROUP_HEIGHT) + 8
        y += 18
    return drawn, y


def _head(panel: SplitPanel, x: float, y: float, room: float) -> tuple[str, float]:
    drawn = ""
    for line in wrapped(panel.title, room, 15):
        y += 18
        drawn += text(x, y - 4, line, 15, bold=True)
    for line in wrapped(panel.below, room, SMALL):
        y += LINE
        drawn += text(x, y - 4, line, SMALL, colour=LIGHT["mute"])
    return drawn, y + 8


def _bar(bar: SplitBar, x: float, y: float, width: float, language: Language) -> str:
    high, size = (WHOLE_HEIGHT, SIZE) if bar.total else (GROUP_HEIGHT, SMALL)
    known = sum(part for part in bar.parts if part is not None and not is_missing(part))
    unseen = [place for place, part in enumerate(bar.parts) if is_missing(part)]
    rest = max(100 - known, 0) / len(unseen) if unseen else 0
    scale = width / max(known, 100)
    boxes, words, at = "", "", x
    for place, part in enumerate(bar.parts):
        hidden = part is None or is_missing(part)
        long = (rest if part is None or hidden else part) * scale
        if not long:
            continue
        boxes += _box(at, y, long, high, -1 if hidden else place)
        printed = _fitting(part, long - 9, size, language)
        if hidden and place == unseen[0]:
            boxes += f'<path d="M{at + 3:.1f} {y + 3:.1f}h12v{high - 6:.1f}h-12z" fill="{LIGHT["paper"]}"/>'
            words += text(at + 7, y + high / 2 + 4.5, printed, size, bold=bar.total)
        elif printed and not hidden:
            words += text(at + 5, y + high / 2 + 4.5, printed, size, colour=INKS[place], bold=bar.total)
        at += long
    return boxes + words


def _fitting(part: float | None, room: float, size: float, language: Language) -> str:
    """A share as exact as there is room for; empty where there is none."""
    exact = format_number(part, "percent", language)
    whole = format_number(part, "percent", language, decimals=0)
    return next((said for said in (exact, whole) if said == HIDDEN or text_width(said, size) <= room), "")


def _box(x: float, y: float, width: float, height: float, part: int) -> str:
    """A part in its own look; -1 is the hatch of what may not be seen."""
    look = "url(#hatch)" if part < 0 else FILLS[part]
    return (
        f'<path d="M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}h-{width:.1f}z" fill="{look}" stroke="{LIGHT["line"]}" '
        f'stroke-width="0.8"/>'
    )
