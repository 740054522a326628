"""What rows name and another dataset should hold: counted, marked, set aside or refused as the catalogue says."""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.engines import keep, short
from das_research.intake.delivery import Delivery
from das_research.intake.dependencies import taken
from das_research.intake.rules import rule_of
from das_research.warehouse.across import (
    AcrossRule,
    Counts,
    Tables,
    by_rule,
    count_found,
    keep_found,
    refuse_above,
    rows_of,
)


@dataclass(frozen=True)
class Reference(AcrossRule):
    """A variable each of whose values another dataset should hold in a column of its own."""

    variable: str
    column: str

    @property
    def name(self) -> str:
        """How the manifest of a snapshot calls it."""
        return f"{self.dataset}.{self.variable} -> {self.needs}.{self.column}"


@dataclass(frozen=True)
class Referred:
    """What the references of a chain say of its rows.

    Parameters
    ----------
    rows : dict of str to Table
        Dataset to the rows that the snapshot is made of: what was set aside is not among them.
    found : Table
        Of these the rows that name what the other dataset doesn't hold, as `across.FOUND`.
    counts : dict
        ``dataset.variable -> dataset.variable`` to ``rows`` (with a value) and ``known`` (whose value the other holds).
    set_aside : dict
        Dataset to each rule that set rows aside, and how many; a row for several rules at the first.
    of_deliveries : dict
        Delivery to its rows: ``accepted`` by gate 1, ``superseded`` by a later delivery, ``set_aside`` here.
    """

    rows: dict[str, ir.Table]
    found: ir.Table
    counts: Counts
    set_aside: Counts
    of_deliveries: Counts

    def standing(self) -> dict[str, int]:
        """Delivery to its rows that are left."""
        return {id: it["accepted"] - it["superseded"] - it["set_aside"] for id, it in self.of_deliveries.items()}


def judge_references(engine: Backend, catalog: Catalog, deliveries: Sequence[Delivery], accepted: Tables) -> Referred:
    """Look up what each row names in the dataset that should hold it.

    A value is known where any accepted row that counts holds it, also one that is set aside itself: so no order of
    asking decides. Where the other dataset was not delivered there is nothing to look up, and no rule.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    catalog : Catalog
        What the variables refer to, and what follows.
    deliveries : sequence of Delivery
        Those that count.
    accepted : mapping of str to Table
        Dataset to its accepted rows that count, with identifiers as pseudonyms.

    Raises
    ------
    BuildRefused
        When more rows of a delivery than the catalogue tolerates name what is not there.
    """
    rules = _references(catalog, {it.dataset for it in deliveries})
    unknown = _unknown(engine, accepted, rules)
    found = keep_found(
        engine, [it.found(rows, place) for place, (it, rows) in enumerate(zip(rules, unknown, strict=True))]
    )
    counts, rows = list(count_found(found)), rows_of(accepted)
    refuse_above(catalog, rules, counts, rows)
    missing, filled = by_rule(counts), _filled(accepted, rules)
    known = {
        it.name: {"rows": filled[it.name], "known": filled[it.name] - missing.get(it.dataset, {}).get(it.rule.name, 0)}
        for it in sorted(rules, key=lambda it: it.name)
        if filled[it.name]
    }
    kept, gone = dict(accepted), []
    out = _out(engine, found, [place for place, it in enumerate(rules) if it.rule.effect == "quarantined"])
    if out is not None:
        gone = list(count_found(out))
        found = keep(engine, found.anti_join(out, ["delivery", "row"]))
        kept |= {name: keep(engine, accepted[name].anti_join(out, ["delivery", "row"])) for name in by_rule(gone)}
    of_deliveries = {
        it.id: {
            "accepted": it.accepted,
            "superseded": it.accepted - rows.get(it.id, 0),
            "set_aside": sum(number for _, _, delivery, number in gone if delivery == it.id),
        }
        for it in deliveries
    }
    return Referred(kept, found, known, by_rule(gone), of_deliveries)


def _references(catalog: Catalog, delivered: set[str]) -> list[Reference]:
    found = []
    for name in sorted(delivered):
        dataset = catalog.datasets[name]
        for variable, each in taken(dataset, "identifier").items():
            other, _, column = (each.references or "").partition(".")
            if other in delivered:
                rule = rule_of(dataset, "unknown-reference", variable)
                broken = f"{variable} is not in {each.references}"
                found.append(Reference(name, rule, broken, other, variable, column))
    return found


def _unknown(engine: Backend, accepted: Tables, rules: Sequence[Reference]) -> list[ir.Table]:
    """Of each rule the rows that name what is not held: whoever names the same things is looked up at once."""
    named: dict[tuple[str, str], list[ir.Table]] = {}
    for place, it in enumerate(rules):
        value, at = short(accepted[it.dataset][it.variable]), ibis.literal(place, "int64")
        rows = accepted[it.dataset].select("delivery", "row", value=value, place=at)
        named.setdefault((it.needs, it.column), []).append(rows.filter(rows.value.notnull()))
    unknown = {}
    for (needs, column), rows in named.items():
        held = accepted[needs].select(value=short(accepted[needs][column]))
        unknown[needs, column] = keep(engine, ibis.union(*rows).anti_join(held, "value").drop("value"))
    tables = [unknown[it.needs, it.column] for it in rules]
    return [table.filter(table.place == place) for place, table in enumerate(tables)]


def _filled(accepted: Tables, rules: Sequence[Reference]) -> dict[str, int]:
    """How many rows have a value that is looked up."""
    if not rules:
        return {}
    counted = [
        accepted[it.dataset].agg(rows=accepted[it.dataset][it.variable].count()).mutate(rule=ibis.literal(it.name))
        for it in rules
    ]
    return {it["rule"]: it["rows"] for it in ibis.union(*counted).to_pyarrow().to_pylist()}


def _out(engine: Backend, found: ir.Table, places: Sequence[int]) -> ir.Table | None:
    """The rows that are set aside, each once, with the first rule that does so; None where there are none."""
    if not places:
        return None
    out = found.filter(found.place.isin(places))
    first = ibis.row_number().over(group_by=["delivery", "row"], order_by="place")
    out = keep(engine, out.mutate(first=first).filter(ibis._.first == 0).drop("first"))
    return out if out.count().to_pyarrow().as_py() else None
