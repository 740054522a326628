"""Certificates: whole tables that are said to fit what is seen. Each is verified in whole numbers before it counts."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from das_research.disclosure.attacker.atoms import Atoms
from das_research.disclosure.attacker.bounds import Reader
from das_research.disclosure.attacker.known import Seen
from das_research.disclosure.attacker.seen import unreadable

Numbers = Mapping[tuple[str, tuple[tuple[str, frozenset[str]], ...]], int]


def read_certificates(text: str | None) -> list[Numbers]:
    """The tables of a file of certificates: of each the numbers of hidden cells; none where there is no file.

    Raises
    ------
    ReleaseRefused
        When it can't be read.
    """
    if text is None:
        return []
    try:
        return [
            {
                (
                    cell["counted"],
                    tuple(sorted((name, frozenset(codes)) for name, codes in cell["where"].items())),
                ): int(cell["value"])
                for cell in table
            }
            for table in json.loads(text)
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable("the certificates") from error


def certificates_of(tables: Iterable[tuple[Sequence[Seen], Sequence[Seen]]], seen: Iterable[Seen]) -> list[list[Any]]:
    """Certificates, of tables as they would be read if nothing were hidden; those that say nothing are left out.

    Parameters
    ----------
    tables : iterable of (sequence of Seen, sequence of Seen)
        Of each what leaves and what left before.
    seen : iterable of Seen
        As it is: hidden cells are those that a certificate has numbers of.
    """
    hidden = {(cell.counted, cell.where) for cell in seen if cell.value is None}
    documents = []
    for several in tables:
        cells = {(it.counted, it.where): it.value for them in several for it in them if it.value is not None}
        documents.append([
            {"counted": counted, "where": {name: sorted(codes) for name, codes in where}, "value": value}
            for (counted, where), value in cells.items() if (counted, where) in hidden
        ])  # fmt: skip
    return [it for it in documents if it]


def certified_table(atoms: Atoms, reader: Reader, given: Numbers, zeros_shown: bool = True) -> np.ndarray | None:
    """The atoms of a certificate; None where it does not fit all that is seen, or says nothing of this.

    From the cells that are one atom. Where atoms are finer than cells a solver proposes them, and fits it nevertheless.
    """
    told = {
        row: given[cell.counted, cell.where]
        for row, cell in enumerate(atoms.cells)
        if cell.value is None and (cell.counted, cell.where) in given
    }
    if not told:
        return None
    numbers = np.full(atoms.matrix.shape[1], -1, dtype=np.int64)
    for row, cell in enumerate(atoms.cells):
        first, last = atoms.matrix.indptr[row : row + 2]
        value = given.get((cell.counted, cell.where), cell.value)
        if last - first == 1 and value is not None:
            numbers[atoms.matrix.indices[first]] = value
    if reader.fits(numbers) and all((atoms.matrix[[row]] @ numbers)[0] == value for row, value in told.items()):
        return numbers
    if (numbers >= 0).all():
        return None
    table = Reader(atoms, zeros_shown, told).table_at_once()  # it takes what is told for granted, below the least too
    return table if table is not None and reader.fits(table) else None
