"""What a reader sees: every cell of the files that leave, and of the register of what left before, as sets of units."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from das_research.disclosure.attacker.readings import readings_of
from das_research.errors import NotJudged

ALL = "_T"
PERIOD = "period"
OTHERS = "~"  # the codes that no file holds
Hierarchies = Mapping[str, Mapping[str, str]]
Where = tuple[tuple[str, frozenset[str]], ...]


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
    least : int
        What is known of it when it is hidden: 1 where zeros are shown as such.
    zero_tells : bool
        Whether to know that it is zero tells of everybody else: that it happened to all, or to nobody.
    persons : int or None
        How many persons are in it, where its file tells.
    file, place : int, tuple of (str, str)
        Which file of the release shows it, counted from zero, and by which measure, codes and period.
    base, within : int
        Of a rounded number, of what it is a multiple, and that it lies less than `within` from the number under it;
        else 0.
    """

    counted: str
    where: tuple[tuple[str, frozenset[str]], ...]
    value: int | None
    release: str
    least: int = 1
    zero_tells: bool = False
    persons: int | None = field(default=None, compare=False)
    file: int = field(default=-1, compare=False)
    place: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    base: int = 0
    within: int = 0


@dataclass(frozen=True)
class Besides:
    """What a reader knows that stands in no file.

    Parameters
    ----------
    apart : frozenset of (str, str)
        What is counted and a dimension of which the codes overlap or are not all, so that they don't add up.
    incomplete : frozenset of str
        Dimensions with codes that stand in no file, so that a total is more than all codes of all files together.
    hidden_zeros : frozenset of str
        What is counted where a true zero is hidden too, so that a hidden number may be zero.
    """

    apart: frozenset[tuple[str, str]] = frozenset()
    incomplete: frozenset[str] = frozenset()
    hidden_zeros: frozenset[str] = frozenset()


NOTHING = Besides()


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
    more : tuple of (str, tuple of (str, frozenset of str))
        What is added to it: the number stands for the sum of these and of what `counted` and `where` say.
    """

    counted: str
    where: Where
    low: int
    high: int
    source: str
    more: tuple[tuple[str, Where], ...] = ()

    @property
    def parts(self) -> tuple[tuple[str, Where], ...]:
        """All that is added up: what is counted, and which of it."""
        return (self.counted, self.where), *self.more


def read_release(
    texts: Iterable[str],
    hierarchies: Hierarchies | None = None,
    release: str = "",
    besides: Besides = NOTHING,
    project: str = "",
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
    besides : Besides
        What a reader knows that stands in no file.
    project : str
        Whose Results they are.

    Returns
    -------
    list of Seen
        Of what counts no units, as a curve or a weighted estimate, nothing.

    Raises
    ------
    ReleaseRefused
        When one can't be read.
    """
    try:
        documents = [json.loads(text) for text in texts]
        return _seen(documents, project, hierarchies or {}, release, besides)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable("a released Result") from error


def read_csv(
    text: str,
    dimensions: Sequence[str],
    hierarchies: Hierarchies | None = None,
    release: str = "",
    besides: Besides = NOTHING,
    rounded: Mapping[str, Any] | None = None,
) -> list[Seen]:
    """The cells of one CSV file of an edition; parameters and errors as in `read_release`.

    How its counts were rounded, `rounded`, stands in the metadata beside it.

    Examples
    --------
    >>> text = "measure,soort,period,value,disclosure\\nzaken,wv,2024,,hidden\\nzaken,gw,2024,40,shown\\n"
    >>> [(cell.value, sorted(dict(cell.where)["soort"])) for cell in read_csv(text, ["soort"])]
    [(None, ['wv']), (40, ['gw'])]
    """
    try:
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\N{BYTE ORDER MARK}"))))
        columns = list(rows[0]) if rows else []
        document = {"columns": columns, "rows": [[row[name] for name in columns] for row in rows]}
        document |= {"dimensions": list(dimensions), "rounded": rounded}
        return _seen([document], "", hierarchies or {}, release, besides)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unreadable("the columns of a released table") from error


def read_register(text: str | None) -> list[Seen]:
    """The cells that left before.

    Parameters
    ----------
    text : str or None
        JSON: a list of `{release, cells: [{counted, where: {dimension: [finest codes]}, value, least, zero_tells}]}`;
        a hidden cell has the value null, a rounded one its `base` and `within`. None where there is no register, which
        is not the same as an empty one.

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
                int(cell.get("least", 1)),
                bool(cell.get("zero_tells", False)),
                base=int(cell.get("base", 0)),
                within=int(cell.get("within", 0)),
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
                "least": cell.least,
                "zero_tells": cell.zero_tells,
            }
            | ({"base": cell.base, "within": cell.within} if cell.within else {})
            for cell in cells
        ],
    }


def unreadable(what: str) -> NotJudged:
    """What is said of a file without which nothing can be judged."""
    return NotJudged(
        "Whether the release is safe could not be judged.",
        why=f"The attacker can't read {what}.",
        ask="the maintainers",
    )


def _seen(
    documents: Sequence[Mapping[str, Any]], project: str, above: Hierarchies, release: str, besides: Besides
) -> list[Seen]:
    told = [
        (file, row, it, document["dimensions"])
        for file, document in enumerate(documents)
        for row, it in readings_of(document, project)
    ]
    used: dict[str, set[str]] = {}
    for _, row, reading, dimensions in told:
        for name in (*dimensions, *((PERIOD,) if reading.by_period else ())):
            used.setdefault(name, set()).add(row[name])
    whole = [name for name, codes in used.items() if name != PERIOD and codes == {ALL}]  # no file tells it apart
    finest = {name: _finest(codes, above.get(name, {}), name) for name, codes in used.items()}
    for name in finest.keys() & besides.incomplete:
        finest[name][ALL] |= {OTHERS}
    found = []
    for file, row, reading, dimensions in told:
        names = [*dimensions, *((PERIOD,) if reading.by_period else ())]
        apart = [name for name in names if (reading.counted, name) in besides.apart]
        where = {name: finest[name][row[name]] for name in names if name not in (*apart, *whole)} | dict(reading.which)
        counted = "/".join([reading.counted, *(f"{name}={row[name]}" for name in apart)])
        least = int(reading.zero_is_told and reading.counted not in besides.hidden_zeros)
        place = tuple((name, str(row[name])) for name in ("measure", *dimensions, PERIOD))
        tells = not reading.zero_is_told
        which = tuple(sorted(where.items()))
        numbers = reading.value, release, least, tells, reading.persons, file, place, reading.base, reading.within
        found.append(Seen(counted, which, *numbers))
    return found


def _finest(codes: set[str], above: Mapping[str, str], name: str) -> dict[str, frozenset[str]]:
    """Every code to the finest ones in it: below it in the hierarchy, or the months of a period."""
    named = codes - {ALL}
    if name == PERIOD:
        known = {code: frozenset(months_in(code)) for code in named}
    else:
        above_it = {code: upward(code, above) for code in named}
        leaves = {code for code in named if not any(code in above_it[other] for other in named if other != code)}
        known = {code: frozenset(leaf for leaf in leaves if code in above_it[leaf]) for code in named}
    return known | {ALL: frozenset().union(*known.values()) or frozenset({ALL})}


def months_in(period: str) -> list[str]:
    """The months of years, a year or a quarter; any other period is nothing but itself.

    Examples
    --------
    >>> months_in("2024-Q2"), len(months_in("2020/2021")), months_in("2024-05")
    (['2024-04', '2024-05', '2024-06'], 24, ['2024-05'])
    """
    first, _, last = period.partition("/")
    year, _, quarter = period.partition("-Q")
    if quarter in ("1", "2", "3", "4") and year.isdecimal():
        return [f"{year}-{month:02}" for month in range(3 * int(quarter) - 2, 3 * int(quarter) + 1)]
    if not (first.isdecimal() and (last or first).isdecimal()):
        return [period]
    return [f"{one}-{month:02}" for one in range(int(first), int(last or first) + 1) for month in range(1, 13)]


def upward(code: str, above: Mapping[str, str]) -> set[str]:
    """A code and all that it is a part of.

    Examples
    --------
    >>> sorted(upward("zwaar", {"zwaar": "geweld", "geweld": "misdrijf"}))
    ['geweld', 'misdrijf', 'zwaar']
    """
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
