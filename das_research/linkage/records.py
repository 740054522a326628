"""Records to compare: one for everything that numbers hold together, in each dataset and delivery."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog, Dataset, FieldKind, Linkage
from das_research.catalog.tables import correspondence_of
from das_research.engines import few, in_first_row, keep, short, without_accents
from das_research.intake.parse import date_of

TYPES: dict[FieldKind, str] = {
    "name": "string",
    "initials": "string",
    "date": "date",
    "year": "int64",
    "code": "string",
    "place": "string",
    "number": "string",
    "shared": "array<uint64>",  # each text as a number: whether two are equal is all that is asked
}
ROWS = 1 << 40  # more than a delivery can have
ABOUT = {
    "dataset": "string",
    "delivery": "string",
    "row": "int64",
    "node": "int64",
    "key": "int64",
    "first": "int64",
    "fresh": "boolean",
    "keyed": "boolean",
}


def linkage_datasets(catalog: Catalog) -> tuple[str, ...]:
    """The datasets that some field of the linkage is read from; none where the chain has no linkage."""
    linkage = catalog.chain.linkage
    sources = [source for field in linkage.fields.values() for source in field.sources] if linkage else []
    return tuple(dict.fromkeys(source.partition(".")[0] for source in sources))


def records(
    engine: Backend,
    catalog: Catalog,
    linkage: Linkage,
    accepted: Mapping[str, ir.Table],
    names: Mapping[str, ir.Table],
    rows: ir.Table,
) -> ir.Table:
    """The records that are compared.

    Parameters
    ----------
    engine : Backend
        Where they are computed and kept.
    catalog : Catalog
        What the datasets hold, and how dates and codes are spelled.
    linkage : Linkage
        The fields.
    accepted : mapping of str to Table
        Dataset to its accepted rows.
    names : mapping of str to Table
        Dataset to ``delivery, row`` and the variables that are kept for linkage alone, as text; a dataset or a delivery
        without names is missing.
    rows : Table
        ``dataset, delivery, row``, and of those that tell of a person ``person`` (the row's own key), ``exact_person``
        (what numbers hold together) and ``names_person``, whether a number does.

    Returns
    -------
    Table
        ``record`` (a number in the order of dataset, delivery and first row, whatever the keys), ``dataset, delivery,
        node, key, keyed``, ``fresh`` (its names are there), ``rows`` (of the node), ``once`` (bits: datasets in which
        the node stands and persons stand once), and a column for each field: its first known value by row, of a list
        all values, sorted.
    """
    datasets = linkage_datasets(catalog)
    written = few(engine, datasets)
    told = rows.filter(rows.exact_person.notnull())
    nodes = told.select("dataset", "delivery", "row", keyed="names_person", node="exact_person", key="person")
    found = [
        _of_dataset(catalog.datasets[name], catalog, linkage, accepted[name], names.get(name), nodes, written(name))
        for name in datasets
        if name in accepted
    ]
    table = keep(engine, ibis.union(*found))
    bits = ibis.literal(0, "int64")
    for place, dataset in enumerate(linkage.once):
        bits = bits + ibis.ifelse((table.dataset == dataset).any(), 1 << place, 0).cast("int64")
    of_node = table.group_by("node").agg(once=bits, rows=table.first.sum())
    files = table.select("dataset", "delivery").distinct()
    files = keep(engine, files.mutate(file=ibis.row_number().over(order_by=["dataset", "delivery"])))
    joined = table.drop("first").join(of_node, "node").join(files, ["dataset", "delivery"])
    return keep(engine, joined.mutate(record=(joined.file * ROWS + joined["row"]).cast("int64")).drop("file", "row"))


def _of_dataset(
    dataset: Dataset,
    catalog: Catalog,
    linkage: Linkage,
    accepted: ir.Table,
    names: ir.Table | None,
    nodes: ir.Table,
    written: ir.StringValue,
) -> ir.Table:
    # values are made before anything is joined: the engine then makes one for each text of a column, not of each row
    own: dict[str, ir.Value] = {}
    kept: dict[str, ir.Value] = {}
    for name, field in linkage.fields.items():
        for of, _, variable in (source.partition(".") for source in field.sources):
            take = of == dataset.id and dataset.variables[variable].take
            rows, side = (accepted, own) if take else (names, kept)
            if of == dataset.id and rows is not None and variable in rows.columns:
                side[f"{name}:{variable}"] = _value(rows, catalog, dataset, variable, field.kind)
    mine = nodes.filter(nodes.dataset == dataset.id).drop("dataset")
    table = accepted.select("delivery", "row", **own).join(mine, ["delivery", "row"])
    if names is None:
        table = table.mutate(fresh=ibis.literal(False))
    else:
        beside = names.select("delivery", "row", fresh=ibis.literal(True), **kept)
        table = table.left_join(beside, ["delivery", "row"]).drop("delivery_right", "row_right")
        table = table.mutate(fresh=table.fresh.fill_null(False))
    values = {}
    for name, field in linkage.fields.items():
        read = (source.partition(".") for source in field.sources)
        columns = dict.fromkeys(f"{name}:{variable}" for of, _, variable in read if of == dataset.id)
        sources = [table[it] for it in columns if it in table.columns]
        values[name] = ibis.coalesce(*sources) if sources else ibis.null(_single(field.kind))
    table = table.select("delivery", "row", "node", "key", "keyed", "fresh", **values)
    told: dict[str, ir.Value] = {}
    for name, field in linkage.fields.items():
        if field.kind == "shared":
            told[name] = table[name].collect(where=table[name].notnull())
        else:
            told[name] = in_first_row(table[name], table["row"])
    grouped = table.group_by("node", "delivery").agg(
        row=table["row"].min(),
        key=table.key.min(),
        first=table.count(),
        fresh=table.fresh.any(),
        keyed=table.keyed.any(),
        **told,
    )
    lists = {name: grouped[name] for name, field in linkage.fields.items() if field.kind == "shared"}
    sets = {name: ibis.ifelse(it.length() > 1, it.unique().sort(), it) for name, it in lists.items()}
    types = ABOUT | {name: TYPES[field.kind] for name, field in linkage.fields.items()}
    return grouped.mutate(dataset=written, **sets).select(*types).cast(types)


def _single(kind: FieldKind) -> str:
    return "uint64" if kind == "shared" else TYPES[kind]


def _value(rows: ir.Table, catalog: Catalog, dataset: Dataset, variable_name: str, kind: FieldKind) -> ir.Value:
    """One variable as the kind of field compares it: of accepted rows, or of what is kept for linkage alone."""
    variable, column = dataset.variables[variable_name], rows[variable_name]
    if kind in ("date", "year"):
        if variable.type == "date":
            day = column if variable.take else date_of(column, variable.formats)
            return day.year().cast("int64") if kind == "year" else day
        return column.try_cast("int64")
    if kind == "code" and variable.type == "code":
        correspondence = correspondence_of(catalog, dataset, variable)
        return column.substitute(dict(correspondence.codes), else_=ibis.null("string")) if correspondence else column
    if kind == "shared":
        return short(column.cast("string"))
    if kind == "code":
        return column.cast("string")
    return comparable(column.cast("string"), kind)


def comparable(text: ir.StringValue, kind: FieldKind) -> ir.StringValue:
    """A text without capitals, accents and punctuation; of initials and numbers without spaces too."""
    between = " " if kind in ("name", "place") else ""
    plain = without_accents(text).lower().re_replace("[^a-z0-9]+", between).strip()
    return plain.nullif("")
