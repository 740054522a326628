"""What the flow of the chain is made of: stages, how wide their parts are drawn, and a number with its key."""

from collections.abc import Sequence
from dataclasses import dataclass

from das_research.style.numbers import HIDDEN, Language
from das_research.style.palette import LIGHT
from das_research.style.svg import text, text_width, wrapped

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
MUTE = LIGHT["mute"]
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


def whole_of(stage: FlowStage) -> float:
    """How many cases were in a stage: those that entered and stood open before, or all that came of them."""
    before = (stage.open_begin.value or 0) if stage.open_begin else 0
    after = sum(amount.value or 0 for amount in (stage.passed_on, stage.left, stage.open_end))
    return max((stage.entered.value or 0) + before, after)


def scale_of(stages: Sequence[FlowStage], longest: float, widest_leaving: float) -> float:
    """Pixels for one case: the largest at which no stage and no leaving ribbon is wider than there is room for."""
    whole = max((whole_of(stage) for stage in stages), default=0) or 1
    leaving = max((stage.left.value or 0 for stage in stages), default=0) or 1
    return min(longest / whole, widest_leaving / leaving)


def extents_of(stage: FlowStage, scale: float) -> Extents:
    """How wide the parts of a stage are drawn at this scale; an unknown number gets a width of its own."""
    on, still, left = (_extent(amount, scale) for amount in (stage.passed_on, stage.open_end, stage.left))
    return Extents(on, still, left, max(on + still + left, whole_of(stage) * scale, UNKNOWN_WIDTH))


def _extent(amount: Amount, scale: float) -> float:
    if amount.value is None:
        return UNKNOWN_WIDTH if amount.text else 0
    return max(amount.value * scale, THINNEST) if amount.value else 0


def fill(part: str, amount: Amount) -> str:
    """The attributes that colour a part: hatched where its number is unknown, an outline where cases are open."""
    if amount.value is None:
        return ' fill="url(#hatch)"'
    if part == "open":
        return f' fill="{LIGHT["paper"]}" stroke="{COLOURS["on"]}"'
    return f' fill="{COLOURS[part]}"'


def lines_under(stage: FlowStage, room: float, language: Language) -> list[str]:
    """The small lines under the number of a stage."""
    words, begin = WORDS[language], stage.open_begin
    before = [f"+ {begin.text} {words['begin']}"] if begin and begin.text and begin.value != 0 else []
    return [words["in"], *before, *wrapped(stage.note, room, 13)]


def hatched(body: str, chart_id: str) -> tuple[str, str]:
    """The pattern of what may not be seen, and the body that refers to it; no pattern where nothing does."""
    if "url(#hatch)" not in body:
        return "", body
    pattern = (
        f'<defs><pattern id="{chart_id}-hatch" width="4" height="4" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V4" stroke="{LIGHT["line"]}" stroke-width="1.4"/></pattern></defs>'
    )
    return pattern, body.replace("url(#hatch)", f"url(#{chart_id}-hatch)")


def path(commands: str, look: str) -> str:
    """One shape, with its attributes."""
    return f'<path d="{commands}"{look}/>'


def number_with_key(
    x: float, y: float, part: str, amount: Amount, width: float, language: Language
) -> tuple[str, float]:
    """A number with its words and the colour of its ribbon; and the y under it."""
    if not amount.text:
        return "", y
    box = path(f"M{x:.1f} {y - 9:.1f}h9v9h-9z", fill(part, amount))
    number = text(x + 14, y, amount.text, 14, bold=True)
    beside = x + 14 + text_width(amount.text, 14) + 6
    said = WORDS[language][part]
    if beside + text_width(said, 13) <= x + width:
        return box + number + text(beside, y, said, 13, colour=MUTE), y + 19
    lines = wrapped(said, width - 14, 13)
    below = "".join(text(x + 14, y + 15 * (place + 1), line, 13, colour=MUTE) for place, line in enumerate(lines))
    return box + number + below, y + 15 * len(lines) + 21
