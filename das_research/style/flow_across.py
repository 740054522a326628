"""The flow of the chain from left to right."""

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


def across(stages: Sequence[FlowStage], language: Language, width: float) -> tuple[str, tuple[float, float]]:
    """The shapes and words of the whole chain, and the width and height they take."""
    pitch = width / max(len(stages), 1)
    room = pitch - 18
    scale = scale_of(stages, longest=230, widest_leaving=room - BAR - BEND - 8)
    heads = [_head(place * pitch, stage, room, language) for place, stage in enumerate(stages)]
    top = max((y for _, y in heads), default=0) + 44
    extents = [extents_of(stage, scale) for stage in stages]
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
            drawn, y = number_with_key(x, y, part, amount, room, language)
            keys.append(drawn)
        lowest = max(lowest, y)
    return "".join([*shapes, *(drawn for drawn, _ in heads), *keys]), (width, round(lowest))


def _head(x: float, stage: FlowStage, room: float, language: Language) -> tuple[str, float]:
    lines = wrapped(stage.label, room, 15)
    drawn = [text(x, 16 + 18 * place, line, 15, bold=True) for place, line in enumerate(lines)]
    y = 16 + 18 * (len(lines) - 1) + 34
    drawn.append(text(x, y, stage.entered.text, 30, colour=COLOURS["bar"], bold=True))
    for place, note in enumerate(lines_under(stage, room, language)):
        y += 17 if place else 21
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
            path(
                f"M{edge:.1f} {top:.1f}H{end:.1f}V{top + target:.1f}"
                f"C{middle:.1f} {top + target:.1f} {middle:.1f} {top + size.on:.1f} {edge:.1f} {top + size.on:.1f}Z",
                fill("on", stage.passed_on),
            )
        )
        key, _ = number_with_key(x, top - 10, "on", stage.passed_on, pitch - 18, language)
        shapes.append(key)
    y = top + size.on
    if size.open:
        stub = edge + min(34, pitch / 4)
        shapes.append(path(f"M{edge:.1f} {y:.1f}H{stub:.1f}v{size.open:.1f}H{edge:.1f}Z", fill("open", stage.open_end)))
    y += size.open
    if size.left:
        outer, half = BEND + size.left, size.left / 2
        turn = y + outer
        tip = min(half, 12)
        shapes.append(
            path(
                f"M{edge:.1f} {y:.1f}A{outer:.1f} {outer:.1f} 0 0 1 {edge + outer:.1f} {turn:.1f}"
                f"V{max(floor, turn):.1f}l{-half:.1f} {tip:.1f}l{-half:.1f} {-tip:.1f}V{turn:.1f}"
                f"A{BEND} {BEND} 0 0 0 {edge:.1f} {y + size.left:.1f}Z",
                fill("left", stage.left),
            )
        )
    shapes.append(path(f"M{x:.1f} {top:.1f}h{BAR}v{size.whole:.1f}h-{BAR}z", f' fill="{COLOURS["bar"]}"'))
    return "".join(shapes)
