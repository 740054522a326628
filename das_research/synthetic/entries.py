"""Entries as arrays: one column an attribute, one place an entry."""

from dataclasses import dataclass
from typing import Self

from das_research.synthetic.chance import Flags, Whole


@dataclass(frozen=True)
class Entries:
    """Columns of equal length, each an attribute."""

    def only(self, rows: Flags | Whole) -> Self:
        """These entries alone."""
        return type(self)(**{name: each[rows] for name, each in vars(self).items()})
