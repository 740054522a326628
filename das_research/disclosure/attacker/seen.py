"""What a reader sees: every cell of the files that leave, and of the register of what left before, as sets of units."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from das_research.disclosure.attacker.codes import ALL, OTHERS, PERIOD, finest_of
from das_research.disclosure.attacker.known import NOTHING, Besides, Place, Seen, Where
from das_research.disclosure.attacker.readings import Reading, Row, readings_of
from das_research.disclosure.attacker.within import within_wholes
from das_research.errors import NotJudged

Hierarchies = Mapping[str, Mapping[str, str]]
Told = tuple[int, Row, Reading, tuple[str, ...]]  # file, row, reading, and the dimensions by which it adds up


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


def places_of(texts: Iterable[str], project: str = "") -> dict[str, frozenset[Place]]:
    """What is counted to every place that files have; parameters and errors as in `read_release`."""
    try:
        return _places(_told([json.loads(text) for text in texts], project))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable("a released Result") from error


def _told(documents: Sequence[Mapping[str, Any]], project: str) -> list[Told]:
    return [
        (file, row, it, (*document["dimensions"], *((PERIOD,) if it.by_period else ())))
        for file, document in enumerate(documents)
        for row, it in readings_of(document, project)
    ]


def _places(told: Iterable[Told]) -> dict[str, frozenset[Place]]:
    found: dict[str, set[Place]] = defaultdict(set)
    for _, row, reading, names in told:
        found[reading.counted].add(frozenset((name, row[name]) for name in names))
    return {counted: frozenset(places) for counted, places in found.items()}


def _seen(
    documents: Sequence[Mapping[str, Any]], project: str, above: Hierarchies, release: str, besides: Besides
) -> list[Seen]:
    told = _told(documents, project)
    places = {counted: it | besides.places.get(counted, it) for counted, it in _places(told).items()}
    found: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    kinds = {counted: _Kind(counted, it, above, besides) for counted, it in places.items()}
    for file, row, reading, names in told:
        least = int(reading.zero_is_told and reading.counted not in besides.hidden_zeros)
        place = tuple((name, str(row[name])) for name in ("measure", *documents[file]["dimensions"], PERIOD))
        tells = not reading.zero_is_told
        counted, where = kinds[reading.counted].where(row, reading, names)
        numbers = reading.value, release, least, tells, reading.persons, file, place, reading.base, reading.within
        found[counted, reading.counted].append(Seen(counted, where, *numbers))
    return [cell for (_, counted), cells in found.items() for cell in kinds[counted].told_apart(cells)]


class _Kind:
    """One kind of units: of which codes its dimensions consist, and whose parts overlap."""

    def __init__(self, counted: str, places: Iterable[Place], above: Hierarchies, besides: Besides):
        used: dict[str, set[str]] = defaultdict(set)
        for name, code in (pair for place in places for pair in place):
            used[name].add(code)
        # a dimension that no file tells apart is none
        self._used = {name: codes for name, codes in used.items() if name == PERIOD or codes != {ALL}}
        self._apart = [name for name in sorted(self._used) if (counted, name) in besides.apart]
        self._is_loose = counted in besides.loose
        self._finest = {}
        for name, codes in self._used.items():
            up = {} if (counted, name) in besides.alone else above.get(name, {})
            self._finest[name] = finest_of(codes, up, name, overlap=name in self._apart)
            if name in besides.incomplete:
                self._finest[name][ALL] |= {OTHERS}
        self._places = places

    def where(self, row: Row, reading: Reading, names: Collection[str]) -> tuple[str, Where]:
        """What is counted, and its finest codes by dimension; a part that may hold more than its whole by itself."""
        known = [name for name in names if name in self._used and not (self._is_loose and name in self._apart)]
        where = {name: self._finest[name][row[name]] for name in known} | dict(reading.which)
        if not self._is_loose:
            where |= {name: self._finest[name][ALL] for name in self._apart if name not in names}
        codes = [f"{name}={row[name]}" for name in self._apart if self._is_loose and name in names]
        return "/".join([reading.counted, *codes]), tuple(sorted(where.items()))

    def told_apart(self, cells: Sequence[Seen]) -> Iterable[Seen]:
        """The cells; those of overlapping parts by which of them their units are in."""
        if not self._apart or self._is_loose:
            return cells
        words = {}
        for place in self._places:
            codes = {name: dict(place).get(name, ALL) for name in self._apart}
            key = tuple(self._finest[name][code] for name, code in codes.items())
            words[key] = "/".join(f"{name}={code}" for name, code in codes.items())
        return within_wholes(cells, self._apart, words)


def _whole(value: Any) -> int | None:
    if value is None or value == "":
        return None
    number = float(value)
    if number != int(number) or number < 0:
        raise ValueError("no count")
    return int(number)
