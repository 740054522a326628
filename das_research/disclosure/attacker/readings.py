"""How a reader takes the rows of a released Result: as numbers of units, also those under shares and means.

A share is read as those to whom something happened, those to whom not, and all of them. Where definitions say that
measures are parts of one whole, they are read as outcomes of the same units.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

OUTCOME, CAME, WENT = "~outcome", "~came", "~went"
YES, NO = frozenset({"yes"}), frozenset({"no"})
BREAKDOWNS = ("by", "first_year", "last_year", "every", "figure", "measures")  # parameters that don't change who counts
CHAIN = "das_research.chain."
WAYS: Mapping[str, Mapping[str, frozenset[str]]] = {
    f"{CHAIN}conversion": {
        "reached_next": frozenset({"next"}),
        "reached_later": frozenset({"next", "later"}),
        "left": frozenset({"left"}),
        "open": frozenset({"open"}),
    },
    f"{CHAIN}conversion_by_year": {name: frozenset({name}) for name in ("of_entered", "left", "open")},
}
FLOW = f"{CHAIN}flow"
STREAMS = {
    "open_begin": (CAME, frozenset({"before"})),
    "in": (CAME, frozenset({"from a stage", "from nowhere"})),
    "without_before": (CAME, frozenset({"from nowhere"})),
    "on": (WENT, frozenset({"on"})),
    "out": (WENT, frozenset({"out"})),
    "open_end": (WENT, frozenset({"not yet"})),
}
WHOLE = {  # all of a whole, also where a file tells only some of it
    CAME: frozenset({"before", "from a stage", "from nowhere"}),
    WENT: frozenset({"on", "out", "not yet"}),
}
STOCKS = ("open_begin", "open_end")
PARTS = ("numerator", "denominator")
NUMBERS = ("value", *PARTS, "n")
WITHOUT_UNITS = ("curve", "faults", "model", "series")
PERSONS = "unit=persons"  # of what is counted, who stands under it: one can be in several parts of a whole
KNOWN = ("not checked", "shown", "rounded", "hidden")
NOT_ROUNDED = {"base": 0, "within": 0}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """One number of units that a row tells.

    Parameters
    ----------
    counted : str
        Which units.
    which : dict of str to frozenset of str
        Which of them, beside the codes of the row.
    value : int or None
        None where it is hidden.
    zero_is_told : bool
        Whether a zero would be shown as such; of a part of a share it would not, and to know it would tell of all.
    by_period : bool
        Whether numbers of different periods add up.
    persons : int or None
        How many persons are in it, where that is told and it is no part of a share.
    base, within : int
        Of a rounded number, of what it is a multiple, and that it lies less than `within` from the number under it;
        else 0.
    """

    counted: str
    which: Mapping[str, frozenset[str]]
    value: int | None
    zero_is_told: bool = True
    by_period: bool = True
    persons: int | None = None
    base: int = 0
    within: int = 0


def readings_of(document: Mapping[str, Any], project: str = "") -> Iterator[tuple[Row, Reading]]:
    """Every number of units in a Result, with its row; of what is no number of units, nothing.

    Parameters
    ----------
    document : mapping
        The JSON of a Result.
    project : str
        Whose it is: others may count other rows by the same words.
    """
    if document.get("shape", "counts") in WITHOUT_UNITS:
        return
    rows = [dict(zip(document["columns"], row, strict=True)) for row in document["rows"]]
    _check(document.get("shape", "counts"), rows)
    recipe = document.get("recipe", {"function": "", "parameters": {}})
    asked = {name: value for name, value in recipe["parameters"].items() if name not in BREAKDOWNS}
    what = [project, recipe["function"], document.get("definition", ""), asked]
    base = json.dumps(what, sort_keys=True) if recipe["function"] else ""
    for measure in dict.fromkeys(row["measure"] for row in rows):
        mine = [row for row in rows if row["measure"] == measure]
        how = _how(mine)
        tells_persons = any(
            row.get("n") not in (None, "", row["value"]) for row in mine if row["disclosure"] != "rounded"
        )
        for row in mine if how else ():
            is_rounded = row["disclosure"] == "rounded" and row.get("kind") != "cannot occur"
            rounded = document["rounded"] if is_rounded else NOT_ROUNDED
            for reading in _of_row(row, how, recipe["function"], f"{base}{row.get('figure') or ''}", tells_persons):
                yield row, replace(reading, base=int(rounded["base"]), within=int(rounded["within"]))


def _check(shape: str, rows: Collection[Row]) -> None:
    """A shape or a word that is not known here, or a hidden number that stands in the file, can't be judged."""
    if shape != "counts" or any(row["disclosure"] not in KNOWN for row in rows):
        raise ValueError("a shape or a way of disclosure that is not known")
    if any(row["disclosure"] == "hidden" and any(row.get(name) not in (None, "") for name in NUMBERS) for row in rows):
        raise ValueError("a hidden number that is not hidden")


def definition_of(counted: str) -> str:
    """The figure or definition of what is counted.

    Examples
    --------
    >>> definition_of('["p", "f", "instroom-om", {}]instroom-om/number'), definition_of("instroom-om/number")
    ('instroom-om', 'instroom-om')
    """
    if counted.startswith("["):
        return str(json.JSONDecoder().raw_decode(counted)[0][2])
    return counted.partition("/")[0]


def _how(rows: Collection[Row]) -> str:
    """Whether a measure is a count, a share or a mean; nothing where a number is no whole one."""
    above, below = ([row.get(name) for row in rows if row.get(name) not in (None, "")] for name in PARTS)
    is_share = bool(above and below) or any(row.get("unit") == "percent" for row in rows)
    is_mean = bool(below) and not is_share
    told = [*above, *below] if is_share else below if is_mean else [row["value"] for row in rows]
    if any(float(number) % 1 or float(number) < 0 for number in told if number not in (None, "")):
        return ""
    return "share" if is_share else "mean" if is_mean else "count"


def _of_row(row: Row, how: str, function: str, base: str, tells_persons: bool) -> Iterator[Reading]:
    measure, hidden = row["measure"], row["disclosure"] == "hidden"
    if function == FLOW and measure in STREAMS and row.get("kind") == "cannot occur":
        name, which = STREAMS[measure]
        yield Reading(f"{base}@{row['period']}", {name: which}, 0, by_period=False)  # as everybody knows
        return
    if row.get("kind") == "cannot occur" and measure in WAYS.get(function, {}):
        yield Reading(base, {OUTCOME: WAYS[function][measure]}, 0)  # as everybody knows
        return
    is_of_nothing = row["disclosure"] == "rounded" and all(row.get(name) not in (None, "") for name in PARTS)
    if not hidden and ((row["value"] in (None, "") and not is_of_nothing) or row.get("kind") == "cannot occur"):
        return
    if how == "count":
        value = None if hidden else int(float(row["value"]))
        persons = None if row.get("n") in (None, "") else int(float(row["n"]))
        if function == FLOW and measure in STREAMS:
            name, which = STREAMS[measure]
            yield Reading(f"{base}@{row['period']}", {name: which}, value, by_period=False, persons=persons)
        if not (function == FLOW and measure in STOCKS):
            yield Reading(f"{base}/{measure}", {}, value, persons=persons)
            if tells_persons:
                yield Reading(f"{base}/{measure}/{PERSONS}", {}, persons, persons=persons)
        return
    whole = None if hidden else int(float(row["denominator"]))
    if how == "mean":
        yield Reading(f"{base}/{measure}", {}, whole)
        return
    part = None if hidden else int(float(row["numerator"]))
    ways = WAYS.get(function, {})
    counted = base if measure in ways else f"{base}/{measure}"
    yes = ways.get(measure, YES)
    no = frozenset().union(*ways.values()) - yes if measure in ways else NO
    yield Reading(counted, {}, whole)
    yield Reading(counted, {OUTCOME: yes}, part, zero_is_told=False)
    yield Reading(counted, {OUTCOME: no}, None if whole is None or part is None else whole - part, zero_is_told=False)
