"""The flow of the chain from top to bottom, for a telephone."""

from collections.abc import Sequence

from das_research.style.flow_parts import (
    BAR,
    BEND,
    COLOURS,
    MUTE,
    Extents,
    FlowStage,
    extents_of,
    fill,
    lines_under,
    number_with_key,
    path,
    scale_of,
)
from das_research.style.numbers import Language
from das_research.style.svg import text, wrapped


def down(stages: Sequence[FlowStage], language: Language) -> tuple[str, tuple[float, float]]:
    """The shapes and words of the whole chain, 320 wide, and the width and height they take."""
    width, beside = 320.0, 164.0
    scale = scale_of(stages, longest=124, widest_leaving=80)
    extents = [extents_of(stage, scale) for stage in stages]
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
    for place, note in enumerate(lines_under(stage, room, language)):
        y += 17 if place else 20
        drawn.append(text(x, y, note, 13, colour=MUTE))
    y += 24
    for part, amount in (("on", stage.passed_on), ("open", stage.open_end)):
        if part != "on" or not last:
            key, y = number_with_key(x, y, part, amount, room, language)
            drawn.append(key)
    turn = max(y - 5, y - 5 + size.left / 2 - 12)
    key, y = number_with_key(x, turn + 5, "left", stage.left, room, language)
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
            path(
                f"M0 {edge:.1f}V{foot:.1f}H{target:.1f}"
                f"C{target:.1f} {middle:.1f} {size.on:.1f} {middle:.1f} {size.on:.1f} {edge:.1f}Z",
                fill("on", stage.passed_on),
            )
        )
    x = size.on
    if size.open:
        shapes.append(path(f"M{x:.1f} {edge:.1f}v26h{size.open:.1f}v-26z", fill("open", stage.open_end)))
    x += size.open
    if size.left:
        far, half = x + size.left, size.left / 2
        tip = min(half, 12)
        outer = BEND + size.left
        shapes.append(
            path(
                f"M{x:.1f} {edge:.1f}V{turn + half - outer:.1f}"
                f"A{outer:.1f} {outer:.1f} 0 0 0 {x + outer:.1f} {turn + half:.1f}"
                f"H{beside - tip:.1f}l{tip:.1f} {-half:.1f}l{-tip:.1f} {-half:.1f}H{x + outer:.1f}"
                f"A{BEND} {BEND} 0 0 1 {far:.1f} {turn - half - BEND:.1f}V{edge:.1f}Z",
                fill("left", stage.left),
            )
        )
    shapes.append(path(f"M0 {top:.1f}h{size.whole:.1f}v{BAR}H0z", f' fill="{COLOURS["bar"]}"'))
    return "".join(shapes)
