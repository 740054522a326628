"""What rows show of cases and persons, read once: in the rows every key is a number, in full it is spelled once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.engines import few, keep, number_of, stacked
from das_research.intake.units import beside_person
from das_research.linkage.keys import (
    ROW,
    Spelled,
    any_known,
    key_domains,
    pseudonym,
    row_place,
    row_pseudonym,
    spelled_keys,
)
from das_research.linkage.records import linkage_datasets

ORIGIN = {"place": "int16", "dataset": "string", "delivery": "string", "row": "int64", "moment": "date"}
NAMES = {"names_case": "boolean", "names_person": "boolean"}
NUMBERS = {"case:0": "uint64", "person:0": "uint64"}  # and as many more as some row shows
KEYS = {"domain": "string", "pseudonym": "string", "number": "uint64", "delivery": "string"}


@dataclass(frozen=True)
class Shown:
    """The keys that accepted rows show.

    Parameters
    ----------
    rows : Table
        Every row that may tell of a case or a person: `ORIGIN` (``place`` is that of the dataset in the catalogue);
        whether it ``names_case`` and ``names_person``; the numbers of its keys of a case, ``case:0, case:1`` and so on,
        and of a person, ``person:0`` and so on, the first being that of the row itself where it names none; and
        ``beside:0`` and so on, of what stands beside the person in the key of a case.
    cases, persons : Table
        Every key that some row shows, once: `KEYS`, ``delivery`` being the first that does. They are computed where
        they are asked for, and are without the rows that are keys themselves.
    written : callable
        What the engine writes domains with.
    """

    rows: ir.Table
    cases: ir.Table
    persons: ir.Table
    written: Callable[[str], ir.StringValue]

    def themselves(self, rows: ir.Table, number: str) -> ir.Table:
        """Some of the rows that name none, as keys: `KEYS`."""
        found = rows.select("delivery", domain=self.written(ROW), pseudonym=row_pseudonym(rows), number=number)
        return found.select(*KEYS)


def shown_keys(engine: Backend, catalog: Catalog, accepted: Mapping[str, ir.Table], attempt: int = 0) -> Shown:
    """Read the identifiers of accepted rows.

    Parameters
    ----------
    engine : Backend
        Where it is computed; the rows are kept there.
    catalog : Catalog
        Key sets of the datasets; whether the chain knows persons, and of whom a linkage could find the person.
    accepted : mapping of str to Table
        Dataset to its accepted rows, with ``delivery``, ``row`` and ``moment``.
    attempt : int
        Each attempt gives other numbers.
    """
    numbering = _Numbering(few(engine, key_domains(catalog)), attempt)
    written, findable = few(engine, catalog.datasets), linkage_datasets(catalog)
    parts, cases, persons = [], [], []
    for place, (name, dataset) in enumerate(catalog.datasets.items()):
        if name not in accepted or not dataset.is_linked:
            continue
        rows = accepted[name].mutate(place=ibis.literal(place, "int16"), dataset=written(name))
        of_case = spelled_keys(rows, dataset, dataset.case_keys)
        of_person = spelled_keys(rows, dataset, dataset.person_keys) if catalog.chain.person else []
        columns = {"names_case": any_known(of_case), "names_person": any_known(of_person)}
        columns |= numbering.columns(rows, "case", of_case, itself=bool(of_case))
        columns |= numbering.columns(rows, "person", of_person, itself=bool(of_person) and name in findable)
        columns |= numbering.columns(rows, "beside", spelled_keys(rows, dataset, beside_person(dataset)))
        parts.append((rows, columns))
        cases += [numbering.spelled(rows, it) for it in of_case]
        persons += [numbering.spelled(rows, it) for it in of_person]
    every = dict.fromkeys([*NUMBERS, *(name for _, columns in parts for name in columns)], ibis.null("uint64"))
    told = [rows.select(*ORIGIN, **every | columns) for rows, columns in parts]
    kept = keep(engine, stacked(told, ORIGIN | NUMBERS | NAMES))
    return Shown(kept, numbering.keys(cases), numbering.keys(persons), numbering.domain)


def columns_of(rows: ir.Table, what: str) -> list[str]:
    """The columns with numbers of one kind: ``case``, ``person`` or ``beside``."""
    return [name for name in rows.columns if name.startswith(f"{what}:")]


@dataclass(frozen=True)
class _Numbering:
    """How keys are numbered: what the engine writes their domains with, and by which attempt."""

    domain: Callable[[str], ir.StringValue]
    attempt: int

    def columns(self, rows: ir.Table, what: str, keys: Sequence[Spelled], itself: bool = False) -> dict[str, ir.Value]:
        """The numbers of some keys as columns; where there is none of them, the number of the row itself if asked."""
        found = {f"{what}:{place}": self._number(it) for place, it in enumerate(keys)}
        if itself:
            found[f"{what}:0"] = ibis.ifelse(
                any_known(keys), found[f"{what}:0"], number_of(row_place(rows), self.domain(ROW), self.attempt)
            )
        return found

    def _number(self, key: Spelled) -> ir.Value:
        number = number_of(key.text, self.domain(key.domain), self.attempt)
        return ibis.ifelse(key.known, number, ibis.null("uint64"))

    def spelled(self, rows: ir.Table, key: Spelled) -> ir.Table:
        """A key in all rows in which it is complete."""
        return rows.filter(key.known).select("delivery", domain=self.domain(key.domain), text=key.text)

    def keys(self, spelled: Sequence[ir.Table]) -> ir.Table:
        """Every one of some keys once: `KEYS`."""
        every = stacked(spelled, {"delivery": "string", "domain": "string", "text": "string"})
        every = every.group_by("domain", "text").agg(delivery=every.delivery.min())
        number = number_of(every.text, every.domain, self.attempt)
        return every.mutate(pseudonym=pseudonym(every.domain, every.text), number=number).select(*KEYS)
