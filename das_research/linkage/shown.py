"""What rows show of cases and persons, read once: in the rows every key is a number, in full it is spelled once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.engines import few, keep_packed, stacked
from das_research.intake.units import beside_person
from das_research.linkage.keys import (
    ROW,
    any_known,
    key_domains,
    row_pseudonym,
    spelled_keys,
)
from das_research.linkage.numbering import BESIDE, KEYS, Numbering
from das_research.linkage.records import linkage_datasets

ORIGIN = {"place": "int16", "dataset": "string", "delivery": "string", "row": "int64", "moment": "date"}
NAMES = {"names_case": "boolean", "names_person": "boolean"}
NUMBERS = {"case": "uint64", "person": "uint64"}


@dataclass(frozen=True)
class Shown:
    """The keys that accepted rows show.

    Parameters
    ----------
    rows : Table
        Every row that may tell of a case or a person: `ORIGIN` (``place`` is that of the dataset in the catalogue);
        whether it ``names_case`` and ``names_person``; ``case`` and ``person``, the numbers of its first key of each,
        or that of the row itself where it names none; and ``beside:0`` and so on, of what stands beside the person in
        the key of a case.
    cases, persons : Table
        Every key that some row shows, once: `KEYS`, ``delivery`` being the first that does. They are computed where
        they are asked for, and are without the rows that are keys themselves.
    with_cases, with_persons : Table
        `BESIDE`: the first key of rows that show several, and each of the others.
    written : callable
        What the engine writes domains with.
    """

    rows: ir.Table
    cases: ir.Table
    persons: ir.Table
    with_cases: ir.Table
    with_persons: ir.Table
    written: Callable[[str], ir.StringValue]

    def themselves(self, rows: ir.Table, what: str) -> ir.Table:
        """Some of the rows that name no ``case`` or ``person``, as keys: `KEYS`."""
        found = rows.select("delivery", domain=self.written(ROW), pseudonym=row_pseudonym(rows), number=what)
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
    numbering = Numbering(few(engine, key_domains(catalog)), attempt)
    written, findable = few(engine, catalog.datasets), linkage_datasets(catalog)
    parts, cases, persons, with_cases, with_persons = [], [], [], [], []
    for place, (name, dataset) in enumerate(catalog.datasets.items()):
        if name not in accepted or not dataset.is_linked:
            continue
        rows = accepted[name]  # as it is: the engine would compute a table besides where anything is made of it first
        of_case = spelled_keys(rows, dataset, dataset.case_keys)
        of_person = spelled_keys(rows, dataset, dataset.person_keys) if catalog.chain.person else []
        columns = {"place": ibis.literal(place, "int16"), "dataset": written(name)}
        columns |= {"names_case": any_known(of_case), "names_person": any_known(of_person)}
        columns["case"] = numbering.first(rows, of_case, itself=bool(of_case))
        columns["person"] = numbering.first(rows, of_person, itself=bool(of_person) and name in findable)
        beside = spelled_keys(rows, dataset, beside_person(dataset))
        columns |= {f"beside:{number}": numbering.number(it) for number, it in enumerate(beside)}
        parts.append((rows, columns))
        cases += [numbering.spelled(rows, it) for it in of_case]
        persons += [numbering.spelled(rows, it) for it in of_person]
        with_cases += numbering.beside(rows, of_case)
        with_persons += numbering.beside(rows, of_person)
    numbers = NUMBERS | {name: "uint64" for _, columns in parts for name in columns if name.startswith("beside:")}
    types = ORIGIN | NAMES | numbers
    told = []
    for rows, columns in parts:
        own = {name: rows[name] for name in ("delivery", "row", "moment")}
        values = own | dict.fromkeys(numbers, ibis.null("uint64")) | columns
        told.append(rows.select(**{name: values[name] for name in types}))
    kept = keep_packed(engine, stacked(told, types))
    return Shown(
        kept,
        numbering.keys(cases),
        numbering.keys(persons),
        stacked(with_cases, BESIDE).distinct(),
        stacked(with_persons, BESIDE).distinct(),
        numbering.domain,
    )


def columns_of(rows: ir.Table, what: str) -> list[str]:
    """The columns with numbers of one kind: ``case``, ``person`` or ``beside``."""
    return [name for name in rows.columns if name.startswith(f"{what}:")]
