"""Certificates: whole tables that are said to fit what is seen. Each is verified in whole numbers before it counts."""

import json
from collections.abc import Mapping

import numpy as np

from das_research.disclosure.attacker.atoms import Atoms
from das_research.disclosure.attacker.bounds import Reader
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


def certified_table(atoms: Atoms, reader: Reader, given: Numbers) -> np.ndarray | None:
    """The atoms of a certificate, from the cells that are one atom; None where it does not fit all that is seen."""
    numbers = np.full(atoms.matrix.shape[1], -1, dtype=np.int64)
    for row, cell in enumerate(atoms.cells):
        first, last = atoms.matrix.indptr[row : row + 2]
        value = given.get((cell.counted, cell.where), cell.value)
        if last - first == 1 and value is not None:
            numbers[atoms.matrix.indices[first]] = value
    return numbers if reader.fits(numbers) else None
