"""The picture of the site: the whole chain as one flow, its widths by number, and what leaves it where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from das_research.style.numbers import HIDDEN, Language
from das_research.style.palette import LIGHT
from das_research.style.svg import Chart, chart, synthetic_mark, text, text_width, wrapped

WORDS = {
    "nl": {
        "in": "ingestroomd",
        "on": "gaat door",
        "left": "verlaat de keten",
        "open": "nog open",
        "begin": "stond al open",
    },
    "en": {"in": "entered", "on": "goes on", "left": "leaves the chain", "open": "still open", "begin": "open before"},
}
INK, MUTE, RULE = LIGHT["ink"], LIGHT["mute"], LIGHT["rule"]
COLOURS = {"bar": LIGHT["accent"], "on": LIGHT["flow"], "left": LIGHT["gone"]}
THINNEST = 1.2
UNKNOWN_WIDTH = 9
BAR = 9
BEND = 9


@dataclass(frozen=True)
class Amount:
    """A number and how it is printed; a hidden number has no value and prints as a point."""

    value: float | None
    text: str = HIDDEN


@dataclass(frozen=True)
class FlowStage:
    """One stage of the chain.

    Parameters
    ----------
    id, label : str
        Its id and its name.
    entered, passed_on, left, open_end : Amount
        How many came in, went on to a later stage, left the chain here, and are still here at the end.
    note : str
        A short line under the number.
    open_begin : Amount, optional
        How many were already here at the begin.
    """

    id: str
    label: str
    entered: Amount
    passed_on: Amount
    left: Amount
    open_end: Amount
    note: str = ""
    open_begin: Amount | None = None


@dataclass(frozen=True)
class Extents:
    """How wide the parts of one stage are drawn, in the order in which they lie: going on, still open, leaving."""

    on: float
    open: float
    left: float
    whole: float


def chain_flow(
    stages: Sequence[FlowStage],
    *,
    chart_id: str,
    title: str,
    language: Language = "nl",
    orientation: Literal["horizontal", "vertical"] = "horizontal",
    synthetic: bool = False,
    for_print: bool = False,
) -> Chart:
    """The chain as one flow.

    Parameters
    ----------
    stages : sequence of FlowStage
        In the order of the chain.
    chart_id : str
        Begins every id in the picture.
    title : str
        Its name.
    language : {'nl', 'en'}
        Language of the words in it; the numbers come as texts.
    orientation : {'horizontal', 'vertical'}
        From left to right, 1040 wide; or from top to bottom, 320 wide, for a telephone.
    synthetic : bool
        True adds the mark of fictitious data.
    for_print : bool
        Real colours in the place of CSS variables.
    """
    draw = _horizontal if orientation == "horizontal" else _vertical
    body, size = draw(stages, language)
    if synthetic:
        body += synthetic_mark(size[1] + 14, language)
        size = (size[0], size[1] + 20)
    hatch = f"{chart_id}-hatch"
    if hatch_used := "url(#hatch)" in body:
        body = body.replace("url(#hatch)", f"url(#{hatch})")
    pattern = (
        f'<defs><pattern id="{hatch}" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path d="M0 0V4" stroke="{LIGHT["line"]}" stroke-width="1.4"/></pattern></defs>'
    )
    return chart(
        (pattern if hatch_used else "") + body,
        chart_id=chart_id,
        title=title,
        description=describe(stages, language),
        size=size,
        language=language,
        for_print=for_print,
    )


def describe(stages: Sequence[FlowStage], language: Language) -> str:
    """The picture in words, one sentence a stage."""
    words = WORDS[language]
    sentences = []
    for stage in stages:
        parts = [f"{stage.entered.text} {words['in']}"]
        parts += [
            f"{amount.text} {words[part]}"
            for part, amount in (("on", stage.passed_on), ("left", stage.left), ("open", stage.open_end))
            if amount.text
        ]
        sentences.append(f"{stage.label}: {', '.join(parts)}.")
    return " ".join(sentences).replace(f" {HIDDEN} ", {"nl": " onbekend aantal ", "en": " unknown number "}[language])


# --- how wide --------------------------------------------------------------------------------------------------------


def _whole(stage: FlowStage) -> float:
    before = (stage.open_begin.value or 0) if stage.open_begin else 0
    after = sum(amount.value or 0 for amount in (stage.passed_on, stage.left, stage.open_end))
    return max((stage.entered.value or 0) + before, after)


def _scale(stages: Sequence[FlowStage], longest: float, widest_leaving: float) -> float:
    whole = max((_whole(stage) for stage in stages), default=0) or 1
    leaving = max((stage.left.value or 0 for stage in stages), default=0) or 1
    return min(longest / whole, widest_leaving / leaving)


def _extents(stage: FlowStage, scale: float) -> Extents:
    on, still, left = (_extent(amount, scale) for amount in (stage.passed_on, stage.open_end, stage.left))
    return Extents(on, still, left, max(on + still + left, _whole(stage) * scale, UNKNOWN_WIDTH))


def _extent(amount: Amount, scale: float) -> float:
    if amount.value is None:
        return UNKNOWN_WIDTH if amount.text else 0
    return max(amount.value * scale, THINNEST) if amount.value else 0


def _fill(part: str, amount: Amount) -> str:
    if amount.value is None:
        return ' fill="url(#hatch)"'
    if part == "open":
        return f' fill="{LIGHT["paper"]}" stroke="{COLOURS["on"]}"'
    return f' fill="{COLOURS[part]}"'


def _path(commands: str, look: str) -> str:
    return f'<path d="{commands}"{look}/>'


def _key(x: float, y: float, part: str, amount: Amount, width: float, language: Language) -> tuple[str, float]:
    """A number with its words and the colour of its ribbon; and the y under it."""
    if not amount.text:
        return "", y
    box = _path(f"M{x:.1f} {y - 9:.1f}h9v9h-9z", _fill(part, amount))
    number = text(x + 14, y, amount.text, 14, bold=True)
    beside = x + 14 + text_width(amount.text, 14) + 6
    said = WORDS[language][part]
    if beside + text_width(said, 13) <= x + width:
        return box + number + text(beside, y, said, 13, colour=MUTE), y + 19
    lines = wrapped(said, width - 14, 13)
    below = "".join(text(x + 14, y + 15 * (place + 1), line, 13, colour=MUTE) for place, line in enumerate(lines))
    return box + number + below, y + 15 * len(lines) + 21


# --- from left to right ----------------------------------------------------------------------------------------------


def _horizontal(stages: Sequence[FlowStage], language: Language) -> tuple[str, tuple[float, float]]:
    width = 1040.0
    pitch = width / max(len(stages), 1)
    room = pitch - 18
    scale = _scale(stages, longest=230, widest_leaving=room - BAR - BEND - 8)
    heads = [_head(place * pitch, stage, room, language) for place, stage in enumerate(stages)]
    top = max((y for _, y in heads), default=0) + 26
    extents = [_extents(stage, scale) for stage in stages]
    bottom = top + max((each.whole + (BEND + each.left if each.left else 0) for each in extents), default=0)
    deepest = top + max((each.whole for each in extents), default=0) + 46
    floor = max(bottom - 60, deepest)
    shapes, keys, lowest = [], [], floor
    for place, (stage, size) in enumerate(zip(stages, extents, strict=True)):
        x = place * pitch
        following = extents[place + 1] if place + 1 < len(stages) else None
        shapes.append(_stage_across(x, top, pitch, stage, size, following, floor, language))
        y = floor + 34
        for part, amount in (("left", stage.left), ("open", stage.open_end)):
            drawn, y = _key(x, y, part, amount, room, language)
            keys.append(drawn)
        lowest = max(lowest, y)
    return "".join([*shapes, *(drawn for drawn, _ in heads), *keys]), (width, round(lowest))


def _head(x: float, stage: FlowStage, room: float, language: Language) -> tuple[str, float]:
    lines = wrapped(stage.label, room, 15)
    drawn = [text(x, 16 + 18 * place, line, 15, bold=True) for place, line in enumerate(lines)]
    y = 16 + 18 * (len(lines) - 1) + 34
    drawn.append(text(x, y, stage.entered.text, 30, colour=COLOURS["bar"], bold=True))
    notes = [WORDS[language]["in"]]
    if stage.open_begin is not None and stage.open_begin.text:
        notes.append(f"+ {stage.open_begin.text} {WORDS[language]['begin']}")
    notes += wrapped(stage.note, room, 13) if stage.note else []
    for note in notes:
        y += 18
        drawn.append(text(x, y, note, 13, colour=MUTE))
    return "".join(drawn), y


def _stage_across(
    x: float,
    top: float,
    pitch: float,
    stage: FlowStage,
    size: Extents,
    following: Extents | None,
    floor: float,
    language: Language,
) -> str:
    edge, end = x + BAR, x + pitch
    shapes = []
    if size.on and following is not None:
        target = min(size.on, following.whole)
        middle = (edge + end) / 2
        shapes.append(
            _path(
                f"M{edge:.1f} {top:.1f}H{end:.1f}V{top + target:.1f}"
                f"C{middle:.1f} {top + target:.1f} {middle:.1f} {top + size.on:.1f} {edge:.1f} {top + size.on:.1f}Z",
                _fill("on", stage.passed_on),
            )
        )
        shapes.append(text(edge + 6, top - 7, f"{stage.passed_on.text} {WORDS[language]['on']}", 13, colour=MUTE))
    y = top + size.on
    if size.open:
        stub = edge + min(34, pitch / 4)
        shapes.append(
            _path(f"M{edge:.1f} {y:.1f}H{stub:.1f}v{size.open:.1f}H{edge:.1f}Z", _fill("open", stage.open_end))
        )
    y += size.open
    if size.left:
        outer, half = BEND + size.left, size.left / 2
        turn = y + outer
        tip = min(half, 12)
        shapes.append(
            _path(
                f"M{edge:.1f} {y:.1f}A{outer:.1f} {outer:.1f} 0 0 1 {edge + outer:.1f} {turn:.1f}"
                f"V{max(floor, turn):.1f}l{-half:.1f} {tip:.1f}l{-half:.1f} {-tip:.1f}V{turn:.1f}"
                f"A{BEND} {BEND} 0 0 0 {edge:.1f} {y + size.left:.1f}Z",
                _fill("left", stage.left),
            )
        )
    shapes.append(_path(f"M{x:.1f} {top:.1f}h{BAR}v{size.whole:.1f}h-{BAR}z", f' fill="{COLOURS["bar"]}"'))
    return "".join(shapes)


# --- from top to bottom ----------------------------------------------------------------------------------------------


def _vertical(stages: Sequence[FlowStage], language: Language) -> tuple[str, tuple[float, float]]:
    width, beside = 320.0, 164.0
    scale = _scale(stages, longest=124, widest_leaving=80)
    extents = [_extents(stage, scale) for stage in stages]
    drawn, y = [], 2.0
    for place, (stage, size) in enumerate(zip(stages, extents, strict=True)):
        following = extents[place + 1] if place + 1 < len(stages) else None
        words, lowest, turn = _beside(beside, y, width - beside, stage, size, following is None, language)
        foot = max(lowest, turn + size.left / 2 + 8) + (14 if following else 0)
        drawn += [_stage_down(y, foot, turn, beside - 10, stage, size, following), words]
        y = foot
    return "".join(drawn), (width, round(y))


def _beside(
    x: float, y: float, room: float, stage: FlowStage, size: Extents, last: bool, language: Language
) -> tuple[str, float, float]:
    """The words of one stage, the y under them, and the height at which the leaving ribbon reaches its number."""
    drawn, y = [], y + 12
    for line in wrapped(stage.label, room, 15):
        drawn.append(text(x, y, line, 15, bold=True))
        y += 18
    y += 8
    drawn.append(text(x, y, stage.entered.text, 24, colour=COLOURS["bar"], bold=True))
    notes = [WORDS[language]["in"]]
    if stage.open_begin is not None and stage.open_begin.text:
        notes.append(f"+ {stage.open_begin.text} {WORDS[language]['begin']}")
    for note in notes + (wrapped(stage.note, room, 13) if stage.note else []):
        y += 17
        drawn.append(text(x, y, note, 13, colour=MUTE))
    y += 24
    for part, amount in (("on", stage.passed_on), ("open", stage.open_end)):
        if part != "on" or not last:
            key, y = _key(x, y, part, amount, room, language)
            drawn.append(key)
    turn = max(y - 5, y - 5 + size.left / 2 - 12)
    key, y = _key(x, turn + 5, "left", stage.left, room, language)
    return "".join([*drawn, key]), y, turn


def _stage_down(
    top: float, foot: float, turn: float, beside: float, stage: FlowStage, size: Extents, following: Extents | None
) -> str:
    edge = top + BAR
    shapes = []
    if size.on and following is not None:
        target = min(size.on, following.whole)
        middle = (edge + foot) / 2
        shapes.append(
            _path(
                f"M0 {edge:.1f}V{foot:.1f}H{target:.1f}"
                f"C{target:.1f} {middle:.1f} {size.on:.1f} {middle:.1f} {size.on:.1f} {edge:.1f}Z",
                _fill("on", stage.passed_on),
            )
        )
    x = size.on
    if size.open:
        shapes.append(_path(f"M{x:.1f} {edge:.1f}v26h{size.open:.1f}v-26z", _fill("open", stage.open_end)))
    x += size.open
    if size.left:
        far, half = x + size.left, size.left / 2
        tip = min(half, 12)
        outer = BEND + size.left
        shapes.append(
            _path(
                f"M{x:.1f} {edge:.1f}V{turn + half - outer:.1f}"
                f"A{outer:.1f} {outer:.1f} 0 0 0 {x + outer:.1f} {turn + half:.1f}"
                f"H{beside - tip:.1f}l{tip:.1f} {-half:.1f}l{-tip:.1f} {-half:.1f}H{x + outer:.1f}"
                f"A{BEND} {BEND} 0 0 1 {far:.1f} {turn - half - BEND:.1f}V{edge:.1f}Z",
                _fill("left", stage.left),
            )
        )
    shapes.append(_path(f"M0 {top:.1f}h{size.whole:.1f}v{BAR}H0z", f' fill="{COLOURS["bar"]}"'))
    return "".join(shapes)
