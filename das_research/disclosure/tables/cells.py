"""Tables as disclosure control reads them: whole numbers at addresses, and what adds up to what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal, NamedTuple

TOTAL = "_T"

Zeros = Literal["published", "structural", "protected"]


class Status(IntEnum):
    """What may become of a cell; of a cell in several tables the highest counts.

    Examples
    --------
    >>> max(Status.FREE, Status.FIXED).name
    'FIXED'
    """

    FREE = 0  # may be shown, or hidden to protect another
    WITHHELD = 1  # hidden before to protect another: stays hidden
    FIXED = 2  # seen already, or known to everybody: can't be hidden
    PRIMARY = 3  # unsafe by itself: hidden, and must not be recomputed


class Address(NamedTuple):
    """Where a number stands, the same in every table that shows it.

    Parameters
    ----------
    measure : str
        What is counted, among whom: two tables share a cell when these words are the same.
    place : tuple of (str, str)
        Dimension and code, in the order of the dimensions' names; a dimension at its total is not named.

    Examples
    --------
    >>> Address.at("zaken", {"soort": "wv", "jaar": "_T"})
    Address(measure='zaken', place=(('soort', 'wv'),))
    """

    measure: str
    place: tuple[tuple[str, str], ...]

    @classmethod
    def at(cls, measure: str, codes: Mapping[str, str]) -> "Address":
        """The address with these codes by dimension."""
        return cls(measure, tuple(sorted((name, code) for name, code in codes.items() if code != TOTAL)))


@dataclass(frozen=True)
class Dimension:
    """A dimension of a table, with its sub-totals.

    Parameters
    ----------
    name : str
        Its name: tables of one release that share a name mean the same.
    parents : mapping of str to str
        Every code but the total to the code that it is a part of; the total is ``_T``.

    Examples
    --------
    >>> Dimension.flat("soort", ["wv", "gw"]).parents
    {'wv': '_T', 'gw': '_T'}
    """

    name: str
    parents: Mapping[str, str]

    @classmethod
    def flat(cls, name: str, codes: Iterable[str]) -> "Dimension":
        """A dimension without sub-totals."""
        return cls(name, {code: TOTAL for code in codes if code != TOTAL})


@dataclass(frozen=True)
class Cell:
    """One number of a table.

    Parameters
    ----------
    value : int
        The number: a count, or a magnitude in whole units.
    status : Status
        What may become of it.
    units : int, optional
        How many contribute; by default the value itself, as in a count.
    """

    value: int
    status: Status = Status.FREE
    units: int | None = None

    @property
    def contributors(self) -> int:
        """How many contribute."""
        return self.value if self.units is None else self.units


@dataclass(frozen=True)
class Table:
    """A table with its totals and sub-totals.

    Parameters
    ----------
    measure : str
        What is counted, among whom.
    dimensions : tuple of Dimension
        In the order of the codes of `cells`.
    cells : mapping of tuple of str to Cell
        Codes to number. An inner cell that is left out is a zero; a total that is left out is an error.
    """

    measure: str
    dimensions: tuple[Dimension, ...]
    cells: Mapping[tuple[str, ...], Cell] = field(repr=False)

    def address(self, codes: tuple[str, ...]) -> Address:
        """The address of a cell in this table."""
        names = (dimension.name for dimension in self.dimensions)
        return Address.at(self.measure, dict(zip(names, codes, strict=True)))
