"""Rules across tables: each asks something of a row that no file alone can tell, so a build asks it and not gate 1."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.engines import keep, stacked
from das_research.errors import BuildRefused
from das_research.intake.rules import Rule

Tables = Mapping[str, ir.Table]
Counts = dict[str, dict[str, int]]

FOUND = {"delivery": "string", "row": "int64", "dataset": "string", "rule": "string", "place": "int64"}


@dataclass(frozen=True)
class AcrossRule:
    """One rule across tables.

    Parameters
    ----------
    dataset : str
        Whose rows are judged.
    rule : Rule
        What it is called, and what follows where it holds.
    broken : str
        What is the matter with a row in which it holds, for whoever has to mend it.
    needs : str
        The dataset that may be the one to mend.
    """

    dataset: str
    rule: Rule
    broken: str
    needs: str

    def found(self, rows: ir.Table, place: int) -> ir.Table:
        """Rows in which it holds, as `FOUND`; the first place is that of the rule which is told first."""
        return rows.select(
            "delivery",
            "row",
            dataset=ibis.literal(self.dataset),
            rule=ibis.literal(self.rule.name),
            place=ibis.literal(place, "int64"),
        )


def keep_found(engine: Backend, found: Sequence[ir.Table]) -> ir.Table:
    """The rows that some rules found, computed: few, as long as few rows are faulty."""
    return keep(engine, stacked(found, FOUND).distinct())


def rows_of(tables: Tables) -> dict[str, int]:
    """How many rows of each delivery stand in some tables."""
    counted = [table.group_by("delivery").agg(rows=table.count()) for table in tables.values()]
    return {it["delivery"]: it["rows"] for it in ibis.union(*counted).to_pyarrow().to_pylist()}


def count_found(found: ir.Table) -> Iterator[tuple[str, str, str, int]]:
    """Dataset, rule and delivery, and in how many of its rows the rule holds."""
    counted = found.group_by("dataset", "rule", "delivery").agg(rows=found.count(), place=found.place.min())
    for it in counted.order_by("dataset", "place", "delivery").to_pyarrow().to_pylist():
        yield it["dataset"], it["rule"], it["delivery"], it["rows"]


def by_rule(counts: Iterable[tuple[str, str, str, int]]) -> Counts:
    """Dataset to the rows of each rule, over all deliveries."""
    found: Counts = {}
    for dataset, rule, _, rows in counts:
        of_rule = found.setdefault(dataset, {})
        of_rule[rule] = of_rule.get(rule, 0) + rows
    return found


def marked(engine: Backend, tables: Tables, *found: ir.Table) -> tuple[dict[str, ir.Table], Counts]:
    """Tables whose rows are marked with the rules that hold in them now; a build before left no marks.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    tables : mapping of str to Table
        Dataset to its rows, with ``marks`` as gate 1 and the codes of today give them.
    *found : Table
        The rows in which rules hold, as `FOUND`.

    Returns
    -------
    dict, dict
        The same tables, and dataset to the rows that each rule marked.
    """
    every = ibis.union(*found)
    names = keep(engine, every.group_by("delivery", "row").agg(names=every.rule.collect(order_by=["place", "rule"])))
    counts = by_rule(count_found(every))
    return {name: _with_marks(table, names) if name in counts else table for name, table in tables.items()}, counts


def refuse_above(
    catalog: Catalog, rules: Sequence[AcrossRule], counts: Sequence[tuple[str, str, str, int]], rows: Mapping[str, int]
) -> None:
    """Refuse a build in which a rule holds for a larger share of a delivery's rows than the catalogue tolerates.

    Parameters
    ----------
    catalog : Catalog
        Whose partners are asked.
    rules : sequence of AcrossRule
        Those that may refuse are among them.
    counts : sequence
        As `count_found` gives them.
    rows : mapping of str to int
        Delivery to its rows that count.

    Raises
    ------
    BuildRefused
        With every such rule and delivery, and how many rows.
    """
    known = {(it.dataset, it.rule.name): it for it in rules}
    faults = [
        (known[dataset, rule], delivery, found)
        for dataset, rule, delivery, found in counts
        if (tolerated := known[dataset, rule].rule.tolerated) is not None and found > tolerated * rows[delivery]
    ]
    if not faults:
        return
    why = [
        f"{delivery}: {it.broken} in {found} of {rows[delivery]} rows, where the catalogue tolerates "
        f"{it.rule.tolerated:.1%} ({it.rule.name})"
        for it, delivery, found in faults
    ]
    datasets = dict.fromkeys(name for it, *_ in faults for name in (it.dataset, it.needs))
    partners = ", ".join(sorted({catalog.datasets[name].partner for name in datasets}))
    mending = "; ".join(f"das deliver {name} FILE" for name in datasets)
    taking_back = "; ".join(dict.fromkeys(f"das delivery withdraw {delivery}" for _, delivery, _ in faults))
    raise BuildRefused(
        f"Too many rows break a rule across tables: {', '.join(dict.fromkeys(it.rule.name for it, *_ in faults))}.",
        why="; ".join(why) + ".",
        fix=f"Deliver what mends it: {mending}. Or take back what is wrong: {taking_back}",
        ask=f"the partners who delivered it ({partners}), or the data steward who maintains the severities",
    )


def _with_marks(table: ir.Table, names: ir.Table) -> ir.Table:
    joined = table.left_join(names, ["delivery", "row"])
    marks = ibis.ifelse(joined.names.isnull(), joined.marks, joined.marks.concat(joined.names))
    return joined.mutate(marks=marks).select(*table.columns)
