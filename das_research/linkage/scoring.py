"""What the agreement of two records weighs, asked of Splink: pairs by the blocking rules, each with its weight."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Linkage, LinkageModel
from das_research.engines import keep, splink_database
from das_research.linkage.comparisons import WITH_FREQUENCIES, comparisons

APART = "l.node <> r.node and (l.once & r.once) = 0 and (l.fresh or r.fresh)"


def blocking_rule(linkage: Linkage, fields: tuple[str, ...], condition: str | None = None) -> Any:
    """The pairs that agree on some fields.

    Parameters
    ----------
    linkage : Linkage
        Which of the fields are lists: one number in common is enough.
    fields : tuple of str
        Names of fields.
    condition : str, optional
        What must hold besides, of the records ``l`` and ``r``.
    """
    from splink.blocking_rule_library import CustomRule

    equal = [f"l.{name} = r.{name}" for name in fields]
    lists = [name for name in fields if linkage.fields[name].kind == "shared"]
    return CustomRule(" and ".join([*equal, *([condition] if condition else [])]), arrays_to_explode=lists or None)


@contextmanager
def splink_linker(
    engine: Backend, records: ir.Table, linkage: Linkage, model: LinkageModel | None = None, condition: str = APART
) -> Iterator[Any]:
    """A Splink linker over records, with the comparisons and blocking rules of the catalogue.

    Parameters
    ----------
    engine : Backend
        Holds the records.
    records : Table
        As `keep` gives them: ``record`` (its number), ``node`` (what is known to be one person), ``once`` (bits:
        datasets in which that person stands and stands once), ``fresh`` and a column for each field.
    linkage : Linkage
        Fields and rules.
    model : LinkageModel, optional
        Trained weights.
    condition : str
        Of which records pairs are made.

    Yields
    ------
    Linker
        Its tables are gone when the block ends.
    """
    from splink import Linker, SettingsCreator

    logging.getLogger("splink").setLevel(logging.ERROR)  # its log quotes tables of persons
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record",
        comparisons=comparisons(linkage, model),
        blocking_rules_to_generate_predictions=[blocking_rule(linkage, it, condition) for it in linkage.blocking],
        probability_two_random_records_match=0.5,  # the prior comes after: it is not the same for all pairs
        retain_matching_columns=False,
    )
    database = splink_database(engine)
    linker = Linker(database.register(records.op().name), settings, log_level=logging.ERROR)
    try:
        yield linker
    finally:
        linker.table_management.delete_tables_created_by_splink_from_db()


def scored_pairs(engine: Backend, records: ir.Table, linkage: Linkage, model: LinkageModel, least: float) -> ir.Table:
    """Pairs of records of different nodes with the weight of their agreement.

    Parameters
    ----------
    engine, records, linkage, model
        As for `splink_linker`.
    least : float
        The weight below which a pair is left out.

    Returns
    -------
    Table
        ``left, right`` (numbers of records) and ``weight``: the logarithm (base 2) of how many times more often records
        of one person agree so than those of two.
    """
    asked = in_question(engine, records, linkage)
    with splink_linker(engine, asked, linkage, model) as linker:
        for name, table in _frequencies(engine, records, linkage).items():
            registered = linker._db_api.register(table.op().name)
            linker.table_management.register_term_frequency_lookup(registered, name)
        found = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
        table = engine.table(found.physical_name)
        return keep(engine, table.select(left="record_l", right="record_r", weight=table.match_weight.round(6)))


def in_question(engine: Backend, records: ir.Table, linkage: Linkage) -> ir.Table:
    """The records of which a pair can be made.

    Two rows of a dataset in which a person stands once are two persons. So of a pair, one is of somebody whom some such
    dataset doesn't know, and those are few; the other agrees with it by a blocking rule.
    """
    everywhere = (1 << len(linkage.once)) - 1
    if not everywhere:
        return records
    some = records.filter(records.once != everywhere)
    found = [some.select("record")]
    for fields in linkage.blocking:
        one, other = (_each_value(it, linkage, fields) for it in (records, some))
        found.append(one.semi_join(other, list(fields)).select("record"))
    return keep(engine, records.semi_join(ibis.union(*found), "record"))


def _frequencies(engine: Backend, records: ir.Table, linkage: Linkage) -> Mapping[str, ir.Table]:
    """How often each value stands among all records, of fields in which a rare one tells more, as Splink has it."""
    found = {}
    for name in (name for name, field in linkage.fields.items() if field.kind in WITH_FREQUENCIES):
        values = records.filter(records[name].notnull()).group_by(name).agg(number=ibis._.count())
        share = values.number / values.number.sum().over(ibis.window())
        found[name] = keep(engine, values.select(name, **{f"tf_{name}": share}))
    return found


def _each_value(records: ir.Table, linkage: Linkage, fields: Sequence[str]) -> ir.Table:
    """The records by the values of some fields: of a list once for each value in it."""
    values = records.select("record", *fields)
    for name in fields:
        if linkage.fields[name].kind == "shared":
            values = values.unnest(name)
    return values


def pair_counts(records: ir.Table, linkage: Linkage) -> Mapping[str, int]:
    """How many pairs each blocking rule gives, by the names of its fields joined with '+'."""
    counts = {}
    for fields in linkage.blocking:
        values = _each_value(records, linkage, fields)
        values = values.filter([values[name].notnull() for name in fields])
        groups = values.group_by(*fields).agg(size=values.count())
        pairs = (groups["size"] * (groups["size"] - 1)).sum().fill_null(0).cast("int64")
        counts["+".join(fields)] = int(pairs.execute()) // 2
    return counts
