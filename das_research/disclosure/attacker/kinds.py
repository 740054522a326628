"""Who is under the cells that are read: kinds of persons, by how many units of theirs each cell holds.

What is told of who stands where calls a cell by its file and address; whether it shows its number, the file says.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from das_research.disclosure.attacker.codes import ALL, PERIOD
from das_research.disclosure.attacker.known import Seen
from das_research.disclosure.attacker.readings import OUTCOME, WAYS, YES

Matrix = NDArray[np.float64]
OWN_TABLE, OF_SUMS = "das_research.tabulate", "number"  # and the unit of its sums and means


@dataclass(frozen=True)
class File:
    """A file whose cells are laid out over persons.

    Parameters
    ----------
    place : int
        Which of the Results of `standing` it is.
    release : str
        Which release shows it; empty for what is about to leave.
    number : int
        Which file of the release, counted from zero.
    text : str
        Its JSON.
    chosen : bool
        Whether its author chose who is under its cells. What tables that the catalogue chose tell of few among
        themselves is not asked here.
    """

    place: int
    release: str
    number: int
    text: str
    chosen: bool = True


@dataclass(frozen=True, eq=False)
class Kinds:
    """Cells as columns, and kinds of persons as rows.

    Parameters
    ----------
    units : array
        Of every kind how many units of one person each column holds.
    persons : array
        How many persons are of each kind.
    totals : array
        How many units each column holds.
    shown, hidden : dict of int to Seen
        The columns that a cell shows, and those that are hidden in every cell.
    is_whole : bool
        Whether no kind was left out.
    """

    units: Matrix
    persons: Matrix
    totals: Matrix
    shown: dict[int, Seen]
    hidden: dict[int, Seen]
    is_whole: bool


def read_kinds(document: Mapping[str, Any], files: Sequence[File]) -> Kinds:
    """Lay the cells of files out over persons.

    Parameters
    ----------
    document : mapping
        Who stands in the cells, see `das_research.tabulation.standing`.
    files : sequence of File
        What is about to leave, and what left before.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        When one is not as it should be.
    """
    units = np.zeros((len(document["kinds"]), len(document["units"])))
    for row, (_, held) in enumerate(document["kinds"]):
        for column, many in held:
            units[row, column] = many
    parts: dict[int, list[tuple[tuple[str, ...], str, int]]] = {}
    for place, address, part, column in document["cells"]:
        parts.setdefault(place, []).append((tuple(address), part, column))
    shown, hidden = dict[int, Seen](), dict[int, Seen]()
    for file in files:
        result = json.loads(file.text)
        if result.get("rounded"):
            continue
        rows: dict[tuple[str, ...], dict[str, Any]] = {}
        for values in result["rows"]:
            told = dict(zip(result["columns"], values, strict=True))
            rows[(told["measure"], *(str(told[name]) for name in result["dimensions"]), str(told[PERIOD]))] = told
        for address, part, column in parts.get(file.place, ()):
            number, cell = _cell(file, result, address, part, rows.get(address))
            if number is not None and _is_sum(result, rows[address]):
                number = document["units"][column]  # who adds sums up does as with the rows under them
            if number is None:
                hidden.setdefault(column, cell)
            elif number == document["units"][column] and (column not in shown or file.release):
                shown[column] = cell  # what left before is not told anew
    return Kinds(
        units,
        np.array([many for many, _ in document["kinds"]], dtype=float),
        np.array(document["units"], dtype=float),
        shown,
        {column: cell for column, cell in hidden.items() if column not in shown},
        bool(document["whole"]),
    )


def _cell(
    file: File, result: Mapping[str, Any], address: tuple[str, ...], part: str, row: Mapping[str, Any] | None
) -> tuple[int | None, Seen]:
    number = None if row is None or row["disclosure"] != "shown" else _number(row, part)
    yes = WAYS.get(result["recipe"]["function"], {}).get(address[0], YES)
    which = {"holds": yes, "lacks": frozenset({"no"})}.get(part)
    where = () if which is None else ((OUTCOME, which),)
    place = tuple(zip(("measure", *result["dimensions"], PERIOD), address, strict=True))
    told = "/".join(code for _, code in place if code != ALL)
    return number, Seen(f"persons/{told}", where, number, file.release, file=file.number, place=place)


def _is_sum(result: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether a row of an own table tells a sum: it does not tell of how many."""
    is_own = result["recipe"]["function"] == OWN_TABLE
    return is_own and row["unit"] == OF_SUMS and row["denominator"] is None and row["numerator"] is None


def _number(row: Mapping[str, Any], part: str) -> int | None:
    value, above, below = (
        None if row[name] is None else int(row[name]) for name in ("value", "numerator", "denominator")
    )
    if part == "lacks":
        return None if above is None or below is None else below - above
    of = {"known": value if below is None else below, "above": value if below is None else above}
    return of.get(part, above if part == "holds" else below)
