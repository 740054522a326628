"""How well the sources found each other: for whom, in which years, by which evidence, and for whom not."""

from collections.abc import Callable, Mapping
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
Bits = Callable[[ir.IntegerValue], ir.IntegerValue]
YEAR = "int16"
NOBODY = -1  # in the place of the number of what keys hold together, which start at 0


@dataclass(frozen=True)
class Subject:
    """What is linked: its surrogate, and what numbers alone hold together of it."""

    name: str
    key: str
    exact: str
    attributes: tuple[str, ...]
    table: str


def linkage_quality(engine: Backend, catalog: Catalog, rows: ir.Table, tables: Mapping[str, ir.Table]) -> ir.Table:
    """The table ``linkage_quality`` of a snapshot: it holds counts and no persons.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    catalog : Catalog
        Datasets, and the attributes by which is compared who was linked and who was not.
    rows : Table
        ``place`` (of its dataset in the catalogue), ``moment, case_id, person_id, exact_case, exact_person`` of every
        linked row.
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
    bits = _bits(len(catalog.datasets))
    found = [ibis.memtable([], schema=QUALITY)]
    for subject in subjects:
        told = rows.filter(rows[subject.key].notnull())
        told = told.mutate(own=bits(told.place), year=told.moment.year().cast(YEAR))
        # what keys hold together is a part of one subject, but for few: so rows are grouped once
        told = told.mutate(part=told[subject.exact].fill_null(NOBODY))
        parts = keep(engine, told.group_by(subject.key, "part").agg(own=told.own.bit_or(), size=told.count()))
        by_links = keep(engine, parts.group_by(subject.key).agg(every=parts.own.bit_or(), size=parts["size"].sum()))
        held = _held(parts, by_links, subject).left_join(_known(tables[subject.table], subject), subject.key)
        found += [_sizes(by_links, subject), _pairs(engine, catalog, told, held, subject, bits)]
    return ibis.union(*found)


def _sizes(sizes: ir.Table, subject: Subject) -> ir.Table:
    classes = ibis.cases(*((sizes["size"] <= most, name) for most, name in SIZES), else_=MORE)
    counts = sizes.group_by(code=classes).agg(rows=sizes.count())
    return _conform(counts, subject=subject.name, measure="size")


def _bits(datasets: int) -> Bits:
    """How the place of a dataset is written: as one bit of a number, which is as short as can be."""
    kind = "int32" if datasets < 32 else "int64"
    return lambda place: ibis.literal(1, kind) << place.cast(kind)


def _pairs(engine: Backend, catalog: Catalog, rows: ir.Table, held: ir.Table, subject: Subject, bits: Bits) -> ir.Table:
    """Of every pair of datasets how it was linked: in all, by year, and by each attribute.

    Which datasets hold a subject is one number, a bit for each: rows are counted by that and by what they are broken
    down by, the pairs come after.
    """
    held_by = ["place", "exact", "likely"]
    joined = rows.select("place", "year", subject.key, "part").join(held, [subject.key, "part"])
    told = keep(engine, joined.select(*held_by, "year", *subject.attributes))
    of_year = keep(engine, told.group_by(*held_by, "year").agg(rows=told.count()))
    nothing = {"year": ibis.null(YEAR), "attribute": ibis.null("string"), "code": ibis.null("string")}
    in_all = of_year.group_by(*held_by).agg(rows=of_year.rows.sum())
    breakdowns = [in_all.mutate(nothing), of_year.mutate(nothing | {"year": of_year.year})]
    for name in subject.attributes:
        of_code = told.group_by(*held_by, code=name).agg(rows=told.count())
        code = of_code.code.cast("string")
        breakdowns.append(of_code.mutate(nothing | {"attribute": ibis.literal(name), "code": code}))
    columns = ["rows", *held_by, *nothing]
    counts = keep(engine, ibis.union(*(it.select(*columns) for it in breakdowns)))
    names = {"name": list(catalog.datasets), "place": list(range(len(catalog.datasets)))}
    named = ibis.memtable(names).semi_join(counts, "place")
    others = named.select(other="name", bit=bits(named.place))
    pairs = counts.join(named, "place").rename(dataset="name")
    pairs = pairs.join(others, pairs.dataset != others.other)
    exact, likely = (ibis.ifelse((pairs[way] & pairs.bit) > 0, pairs.rows, 0) for way in ("exact", "likely"))
    by = ("dataset", *nothing)
    summed = pairs.group_by(*by, "other").agg(rows=pairs.rows.sum(), exact=exact.sum(), likely=likely.sum())
    summed = summed.mutate(unlinked=summed.rows - summed.exact - summed.likely)
    return _conform(summed, subject=subject.name, measure="pair")


def _held(parts: ir.Table, by_links: ir.Table, subject: Subject) -> ir.Table:
    """Of every part of a subject the datasets that hold it by numbers alone, and by likely links besides."""
    by_numbers = parts.filter(parts.part != NOBODY).group_by("part").agg(exact=parts.own.bit_or())
    joined = parts.join(by_links, subject.key).left_join(by_numbers, "part")
    exact = joined.exact.fill_null(0)
    return joined.select(subject.key, "part", exact=exact, likely=joined.every & ~exact)


def _known(attributes: ir.Table, subject: Subject) -> ir.Table:
    """What is known of every subject."""
    return attributes.filter(attributes[subject.key].notnull()).select(subject.key, *subject.attributes)


def _conform(table: ir.Table, **same: str | None) -> ir.Table:
    fixed = {name: ibis.literal(value, "string") for name, value in same.items()}
    missing = {name: ibis.null(kind) for name, kind in QUALITY.items() if name not in (*table.columns, *same)}
    return table.mutate(**fixed, **missing).select(*QUALITY).cast(QUALITY)
