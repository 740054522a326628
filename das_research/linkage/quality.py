"""How well the sources found each other: for whom, in which years, by which evidence, and for whom not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.catalog.tables import PERSON
from das_research.engines import keep

COUNTS = ("rows", "exact", "likely", "unlinked")
QUALITY = {
    "subject": "string",
    "measure": "string",
    "dataset": "string",
    "other": "string",
    "year": "int64",
    "attribute": "string",
    "code": "string",
} | dict.fromkeys(COUNTS, "int64")
SIZES = ((1, "1"), (2, "2"), (5, "3-5"), (10, "6-10"), (20, "11-20"))
MORE = "21+"


@dataclass(frozen=True)
class Subject:
    """What is linked: its surrogate, and what numbers alone hold together of it."""

    name: str
    key: str
    exact: str
    attributes: tuple[str, ...]
    table: str


def linkage_quality(
    engine: Backend, catalog: Catalog, rows: ir.Table, moments: ir.Table, tables: Mapping[str, ir.Table]
) -> ir.Table:
    """The table ``linkage_quality`` of a snapshot: it holds counts and no persons.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    catalog : Catalog
        Datasets, and the attributes by which is compared who was linked and who was not.
    rows : Table
        ``dataset, delivery, row, case_id, person_id, exact_case, exact_person``.
    moments : Table
        ``delivery, row, moment`` of every row.
    tables : mapping of str to Table
        ``cases`` and ``persons`` of the snapshot, with their attributes.

    Returns
    -------
    Table
        The columns of `QUALITY`. The measure ``pair``: of the rows of ``dataset`` that name the subject, those whose
        subject the ``other`` dataset holds by numbers alone (``exact``), by likely links besides (``likely``) or not at
        all, in all, by year, and by attribute and code. The measure ``size``: subjects (``rows``) by the number of rows
        that tell of them (``code``).
    """
    chain = catalog.chain
    subjects = [Subject("case", "case_id", "exact_case", tuple(chain.case_attributes), "cases")]
    if chain.person:
        subjects.append(Subject("person", PERSON, "exact_person", tuple(chain.person_attributes), "persons"))
    dated = rows.left_join(moments, ["delivery", "row"])
    dated = keep(engine, dated.select(*rows.columns, year=moments.moment.year().cast("int64")))
    found = [ibis.memtable([], schema=QUALITY)]
    for subject in subjects:
        told = dated.filter(dated[subject.key].notnull())
        found += [_sizes(told, subject), *_pairs(engine, catalog, told, subject, tables[subject.table])]
    return ibis.union(*found)


def _sizes(rows: ir.Table, subject: Subject) -> ir.Table:
    sizes = rows.group_by(subject.key).agg(size=rows.count())
    classes = ibis.cases(*((sizes["size"] <= most, name) for most, name in SIZES), else_=MORE)
    counts = sizes.group_by(code=classes).agg(rows=sizes.count())
    return _conform(counts, subject=subject.name, measure="size")


def _pairs(
    engine: Backend, catalog: Catalog, rows: ir.Table, subject: Subject, attributes: ir.Table
) -> Iterator[ir.Table]:
    """Of every pair of datasets how it was linked: in all, by year, and by each attribute."""
    present = set(rows.select("dataset").distinct().to_pyarrow()["dataset"].to_pylist())
    names = [name for name in catalog.datasets if name in present]
    for way in (subject.key, subject.exact):
        held = rows.group_by(way).agg(**{f"{way}:{name}": (rows.dataset == name).any() for name in names})
        rows = rows.left_join(held, way).drop(f"{way}_right")
    rows = keep(engine, rows)
    known = attributes.filter(attributes[subject.key].notnull()).select(subject.key, *subject.attributes)
    described = keep(engine, rows.left_join(known, subject.key))
    yield from _counted(rows.mutate(year=ibis.null("int64")), names, subject)
    yield from _counted(rows, names, subject)
    for name in subject.attributes:
        told = described.mutate(code=described[name].cast("string"), year=ibis.null("int64"))
        yield from _counted(told, names, subject, name)


def _counted(rows: ir.Table, names: list[str], subject: Subject, attribute: str | None = None) -> Iterator[ir.Table]:
    by = ["dataset", "year", *(["code"] if attribute else [])]
    sums: dict[str, ir.Value] = {}
    for name in names:
        exact = rows[f"{subject.exact}:{name}"].fill_null(False)
        likely = rows[f"{subject.key}:{name}"].fill_null(False) & ~exact
        sums |= {f"exact:{name}": exact.sum(), f"likely:{name}": likely.sum()}
    counts = rows.group_by(by).agg(total=rows.count(), **sums)
    for name in names:
        pair = counts.filter(counts.dataset != name)
        exact, likely = pair[f"exact:{name}"], pair[f"likely:{name}"]
        kept = pair.select(*by, rows=pair.total, exact=exact, likely=likely, unlinked=pair.total - exact - likely)
        yield _conform(kept, subject=subject.name, measure="pair", other=name, attribute=attribute)


def _conform(table: ir.Table, **same: str | None) -> ir.Table:
    fixed = {name: ibis.literal(value, "string") for name, value in same.items()}
    missing = {name: ibis.null(kind) for name, kind in QUALITY.items() if name not in (*table.columns, *same)}
    return table.mutate(**fixed, **missing).select(*QUALITY).cast(QUALITY)
