"""Keys as numbers: what rows show is compared and joined by these, the keys themselves are spelled out once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from das_research.engines import number_of, stacked
from das_research.linkage.keys import ROW, Spelled, pseudonym, row_place

BESIDE = {"left": "uint64", "right": "uint64", "delivery": "string"}
KEYS = {"domain": "string", "pseudonym": "string", "number": "uint64", "delivery": "string"}


@dataclass(frozen=True)
class Numbering:
    """How keys are numbered.

    Parameters
    ----------
    domain : callable
        What the engine writes their domains with.
    attempt : int
        Which: each gives other numbers.
    """

    domain: Callable[[str], ir.StringValue]
    attempt: int

    def number(self, key: Spelled) -> ir.Value:
        """The number of a key; null where it is not complete."""
        return ibis.ifelse(key.known, self._number(key.text, self.domain(key.domain)), ibis.null("uint64"))

    def _number(self, text: ir.StringValue, domain: ir.StringValue) -> ir.Value:
        # texts of one number are of one number in every domain, so another attempt is of other texts
        return number_of(f"{self.attempt}|" + text if self.attempt else text, domain, self.attempt)

    def first(self, rows: ir.Table, keys: Sequence[Spelled], itself: bool) -> ir.Value:
        """The number of the first of some keys that is complete; where none is, that of the row itself if asked."""
        numbers = [self.number(it) for it in keys]
        if itself:
            numbers.append(self._number(row_place(rows), self.domain(ROW)))
        return ibis.coalesce(ibis.null("uint64"), *numbers)

    def beside(self, rows: ir.Table, keys: Sequence[Spelled]) -> list[ir.Table]:
        """The first of some keys and each of the others, of the rows in which several are complete: `BESIDE`."""
        first = self.first(rows, keys, itself=False)
        pairs = [rows.select(left=first, right=self.number(it), delivery="delivery") for it in keys[1:]]
        return [it.filter(it.left != it.right) for it in pairs]

    def spelled(self, rows: ir.Table, key: Spelled) -> ir.Table:
        """A key in all rows in which it is complete."""
        return rows.filter(key.known).select("delivery", domain=self.domain(key.domain), text=key.text)

    def keys(self, spelled: Sequence[ir.Table]) -> ir.Table:
        """Every one of some keys once: `KEYS`."""
        every = stacked(spelled, {"delivery": "string", "domain": "string", "text": "string"})
        every = every.group_by("domain", "text").agg(delivery=every.delivery.min())
        number = self._number(every.text, every.domain)
        return every.mutate(pseudonym=pseudonym(every.domain, every.text), number=number).select(*KEYS)
