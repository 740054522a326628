"""Spots: the columns of a row from which the cells follow that it stands in, as one text."""

from collections.abc import Iterable
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from das_research.tabulation.cube import UNIT
from das_research.tabulation.membership import CASE_OF, COUNTED, ENTRY, Cell, Members

BETWEEN = "|"
ESCAPES = {"%": "%0", BETWEEN: "%1"}


def spot_of(members: Members) -> ir.StringValue:
    """All columns of a row from which its cells follow, as one text."""
    begin = ibis.literal("", "string")
    return reduce(lambda it, name: it + BETWEEN + _text(members.rows[name]), _columns(members), begin)


def spots_in(members: Members, texts: str) -> list[str]:
    """Spots that were written one after the other."""
    size = len(_columns(members))
    words = texts.split(BETWEEN)[1:]
    return [BETWEEN.join(["", *words[at : at + size]]) for at in range(0, len(words), size)] if size else [""]


def cells_of_spots(members: Members, spots: Iterable[str]) -> dict[Cell, list[str]]:
    """Every cell, with those of these texts whose rows stand in it."""
    columns, found = _columns(members), dict[Cell, list[str]]()
    for spot in sorted(spots):
        values = dict(zip(columns, map(_read, spot.split(BETWEEN)[1:]), strict=True))
        for cell in dict.fromkeys(members.cells(values)):
            found.setdefault(cell, []).append(spot)
    return found


def _columns(members: Members) -> list[str]:
    return [name for name in members.rows.columns if name not in (UNIT, ENTRY, CASE_OF, *COUNTED.values())]


def _text(column: Any) -> ir.StringValue:
    if column.type().is_boolean():
        return column.ifelse("1", "0")
    return reduce(lambda text, sign: text.replace(sign, ESCAPES[sign]), ESCAPES, column)


def _read(text: str) -> str:
    return reduce(lambda read, sign: read.replace(ESCAPES[sign], sign), reversed(ESCAPES), text)
