"""How much of sums and means is the largest contributors', as far as disclosure control needs it: whole percents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from das_research.presentation.bands import Place


@dataclass(frozen=True)
class Dominance:
    """What the rules of concentration say of the sums and means of a Result.

    Parameters
    ----------
    needs : mapping of tuple to int
        Addresses (as those of a band) of cells that tell too much of one unit or a few: how far above the number, in
        percent of it, a reader must be able to believe it.
    known : mapping of tuple to int
        Of every cell that is not zero the percentage that those who gave most know to be there, rounded up.
    apart : frozenset of tuple
        Cells of which another measure differs by little but the value of one unit or a few.
    signed : frozenset of str
        Measures to which somebody gave less than nothing: the rules mean nothing there.
    spread : frozenset of str
        Means of which somewhere too much of the sum of squares is one unit's: a standard error would tell it.
    rows : frozenset of tuple
        Cells of counts, shares and means of which too many rows are one unit's or a few's.

    Examples
    --------
    >>> found = Dominance({("boete", "_T"): 4}, {("boete", "_T"): 52}, signed=frozenset({"saldo"}))
    >>> sorted(found.places), Dominance.from_document(found.to_document()) == found
    ([('boete', '_T')], True)
    """

    needs: Mapping[Place, int] = field(default_factory=dict)
    known: Mapping[Place, int] = field(default_factory=dict)
    apart: frozenset[Place] = frozenset()
    signed: frozenset[str] = frozenset()
    spread: frozenset[str] = frozenset()
    rows: frozenset[Place] = frozenset()

    @property
    def places(self) -> frozenset[Place]:
        """The cells that may not be shown as they are."""
        return self.apart.union(self.needs, self.rows)

    def to_document(self) -> dict[str, Any]:
        """As JSON values, in an order of their own."""
        return {
            "needs": sorted([*place, percent] for place, percent in self.needs.items()),
            "known": sorted([*place, percent] for place, percent in self.known.items()),
            "apart": sorted(map(list, self.apart)),
            "signed": sorted(self.signed),
            "spread": sorted(self.spread),
            "rows": sorted(map(list, self.rows)),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Dominance":
        """Read what `to_document` wrote."""
        needs, known = (
            {tuple(place): int(percent) for *place, percent in document[name]} for name in ("needs", "known")
        )
        signed, spread = (frozenset(document[name]) for name in ("signed", "spread"))
        apart, rows = (frozenset(map(tuple, document.get(name, ()))) for name in ("apart", "rows"))
        return cls(needs, known, apart, signed, spread, rows)
