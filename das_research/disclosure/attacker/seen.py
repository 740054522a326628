"""What a reader sees: every cell of the files that leave, and of the register of what left before, as sets of units."""

import csv
import io
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from das_research.errors import ReleaseRefused

ALL = "_T"
PERIOD = "period"
OTHERS = "~"  # the codes that no file holds
Hierarchies = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Seen:
    """A cell as a reader sees it.

    Parameters
    ----------
    counted : str
        What is counted, among whom.
    where : tuple of (str, frozenset of str)
        Dimension to the finest codes that the cell is about; all dimensions of its table, by name.
    value : int or None
        None where it is hidden.
    release : str
        Which release shows it.
    """

    counted: str
    where: tuple[tuple[str, frozenset[str]], ...]
    value: int | None
    release: str


@dataclass(frozen=True)
class Bound:
    """A number that others published of the same units, as far as they tell it.

    Parameters
    ----------
    counted : str
        What is counted, among whom: as in the cells that it is about.
    where : tuple of (str, frozenset of str)
        Dimension to the finest codes; a dimension that is not named is at its total, with codes that no file holds.
    low, high : int
        The least and the greatest number that it stands for, by how it is rounded.
    source : str
        Who published it.
    """

    counted: str
    where: tuple[tuple[str, frozenset[str]], ...]
    low: int
    high: int
    source: str


def read_release(
    texts: Iterable[str], hierarchies: Hierarchies | None = None, release: str = "", incomplete: Collection[str] = ()
) -> list[Seen]:
    """The cells of the JSON of all Results of a release.

    Parameters
    ----------
    texts : iterable of str
        The files.
    hierarchies : mapping, optional
        Dimension to code to the code above it, as the catalogue publishes it.
    release : str
        A name: cells of different releases are compared more closely.
    incomplete : collection of str
        Dimensions with codes that stand in no file, so that a total is more than all codes of all files together.

    Returns
    -------
    list of Seen

    Raises
    ------
    ReleaseRefused
        When one can't be read, or holds a number that is no whole one.
    """
    try:
        documents = [json.loads(text) for text in texts]
        tables = [
            ([dict(zip(it["columns"], row, strict=True)) for row in it["rows"]], [*it["dimensions"], PERIOD])
            for it in documents
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise unreadable("a released Result") from error
    return _seen(tables, hierarchies or {}, release, incomplete)


def read_csv(
    text: str,
    dimensions: Sequence[str],
    hierarchies: Hierarchies | None = None,
    release: str = "",
    incomplete: Collection[str] = (),
) -> list[Seen]:
    """The cells of one CSV file of an edition; parameters and errors as in `read_release`.

    Examples
    --------
    >>> text = "measure,soort,period,value,disclosure\\nzaken,wv,2024,,hidden\\nzaken,gw,2024,40,shown\\n"
    >>> [(cell.value, sorted(dict(cell.where)["soort"])) for cell in read_csv(text, ["soort"])]
    [(None, ['wv']), (40, ['gw'])]
    """
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\N{BYTE ORDER MARK}"))))
    return _seen([(rows, [*dimensions, PERIOD])], hierarchies or {}, release, incomplete)


def read_register(text: str | None) -> list[Seen]:
    """The cells that left before.

    Parameters
    ----------
    text : str or None
        JSON: a list of `{release, cells: [{counted, where: {dimension: [finest codes]}, value}]}`; a hidden cell has
        the value null. None where there is no register, which is not the same as an empty one.

    Returns
    -------
    list of Seen

    Raises
    ------
    ReleaseRefused
        When it is missing or can't be read: what left before is then not known.
    """
    if text is None:
        raise unreadable("the register of releases, which is missing")
    try:
        return [
            Seen(
                cell["counted"],
                tuple(sorted((name, frozenset(codes)) for name, codes in cell["where"].items())),
                _whole(cell["value"]),
                entry["release"],
            )
            for entry in json.loads(text)
            for cell in entry["cells"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable("the register of releases") from error


def register_entry(release: str, cells: Iterable[Seen]) -> dict[str, Any]:
    """What the register keeps of a release: every cell with its definition in finest codes."""
    return {
        "release": release,
        "cells": [
            {
                "counted": cell.counted,
                "where": {name: sorted(codes) for name, codes in cell.where},
                "value": cell.value,
            }
            for cell in cells
        ],
    }


def unreadable(what: str) -> ReleaseRefused:
    """What is said of a file without which nothing can be judged."""
    return ReleaseRefused(
        "Whether the release is safe could not be judged.",
        why=f"The attacker can't read {what}.",
        ask="the maintainers",
    )


def _seen(
    tables: Sequence[tuple[list[dict[str, Any]], list[str]]],
    above: Hierarchies,
    release: str,
    incomplete: Collection[str],
) -> list[Seen]:
    try:
        used: dict[str, set[str]] = {}
        for rows, dimensions in tables:
            for name in dimensions:
                used.setdefault(name, set()).update(row[name] for row in rows)
        finest = {name: _finest(codes, above.get(name, {}), name) for name, codes in used.items()}
        for name in finest.keys() & set(incomplete):
            finest[name][ALL] |= {OTHERS}
        return [
            Seen(
                "/".join([row.get("figure") or "", row["measure"]]),
                tuple(sorted((name, finest[name][row[name]]) for name in dimensions)),
                None if row["disclosure"] == "hidden" else _whole(row["value"]),
                release,
            )
            for rows, dimensions in tables
            for row in rows
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise unreadable("the columns of a released table") from error


def _finest(codes: set[str], above: Mapping[str, str], name: str) -> dict[str, frozenset[str]]:
    """Every code to the finest ones in it: below it in the hierarchy, or the years of a period."""
    named = codes - {ALL}
    if name == PERIOD:
        known = {code: frozenset(_years(code)) for code in named}
    else:
        upward = {code: _upward(code, above) for code in named}
        leaves = {code for code in named if not any(code in upward[other] for other in named if other != code)}
        known = {code: frozenset(leaf for leaf in leaves if code in upward[leaf]) for code in named}
    return known | {ALL: frozenset().union(*known.values()) or frozenset({ALL})}


def _years(period: str) -> list[str]:
    first, _, last = period.partition("/")
    if not (first.isdecimal() and last.isdecimal()):
        return [period]
    return [str(year) for year in range(int(first), int(last) + 1)]


def _upward(code: str, above: Mapping[str, str]) -> set[str]:
    codes: set[str] = set()
    while code not in codes:
        codes.add(code)
        code = above.get(code, code)
    return codes


def _whole(value: Any) -> int | None:
    if value is None or value == "":
        return None
    number = float(value)
    if number != int(number) or number < 0:
        raise ValueError("no count")
    return int(number)
