"""Events of which one needs the other: cases in which the later one came first are counted, their rows marked.

Only linked rows tell which events are of one case, so a row is never set aside for its order: it was linked by then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.conditions import condition_to_expression
from das_research.engines import keep, only_row
from das_research.intake.rules import rule_of
from das_research.warehouse.across import AcrossRule, Counts, Tables, count_found, keep_found, refuse_above


@dataclass(frozen=True)
class Ordered:
    """What the orders of a chain say of its cases.

    Parameters
    ----------
    found : Table
        The rows that tell of an event before one that comes earlier, as `across.FOUND`.
    counts : dict
        ``earlier -> later`` to ``cases``, those that have both, and ``reversed``, by the first of each kind.
    """

    found: ir.Table
    counts: Counts


def judge_orders(
    engine: Backend, catalog: Catalog, datasets: Tables, events: ir.Table, rows: Mapping[str, int]
) -> Ordered:
    """Compare the first moments of the events of each case.

    A case is reversed where the first of its later events lies before the first of its earlier ones; so it has a row,
    at least, that tells of a later event before that day, and these rows are the ones in which the rule holds.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    catalog : Catalog
        The orders, and what follows.
    datasets : mapping of str to Table
        Dataset to its harmonised table.
    events : Table
        The events of the snapshot.
    rows : mapping of str to int
        Delivery to its rows.

    Raises
    ------
    BuildRefused
        When the rule holds in more rows of a delivery than the catalogue tolerates.
    """
    orders = catalog.chain.orders
    if not orders:
        return Ordered(keep_found(engine, []), {})
    names = sorted({name for order in orders for name in (order.earlier, order.later)})
    told = events.filter(events.event.isin(names))
    firsts = {_first(name): told.moment.min(where=told.event == name) for name in names}
    cases = keep(engine, told.group_by("case_id").agg(**firsts))
    pairs = [(f"{it.earlier} -> {it.later}", cases[_first(it.earlier)], cases[_first(it.later)]) for it in orders]
    both = {f"cases {name}": (before.notnull() & after.notnull()).sum() for name, before, after in pairs}
    turned = {f"reversed {name}": (after < before).sum() for name, before, after in pairs}
    numbers = {name: int(number or 0) for name, number in only_row(cases.agg(**both, **turned)).items()}
    counts = {name: {"cases": numbers[f"cases {name}"], "reversed": numbers[f"reversed {name}"]} for name, *_ in pairs}
    faulty = keep(engine, cases.filter(ibis.or_(*(after < before for _, before, after in pairs))))
    rules = list(_rules(catalog))
    found = keep_found(engine, [it.found(_reversed(catalog, it, datasets, faulty), at) for at, it in enumerate(rules)])
    refuse_above(catalog, rules, list(count_found(found)), rows)
    return Ordered(found, counts)


@dataclass(frozen=True)
class LaterEvent(AcrossRule):
    """An event that a dataset tells of, and those of which none may come after it."""

    event: str
    earlier: Sequence[str]


def _rules(catalog: Catalog) -> Iterator[LaterEvent]:
    for name, dataset in catalog.datasets.items():
        for event in dict.fromkeys(rule.event for rule in dataset.events):
            earlier = [order.earlier for order in catalog.chain.orders if order.later == event]
            if earlier:
                broken = f"{event} comes before {' or '.join(earlier)}"
                yield LaterEvent(name, rule_of(dataset, "order-reversed", event), broken, name, event, earlier)


def _reversed(catalog: Catalog, later: LaterEvent, datasets: Tables, faulty: ir.Table) -> ir.Table:
    """``delivery, row`` of the rows of faulty cases whose event comes before an earlier one."""
    found = []
    for rule in catalog.datasets[later.dataset].events:
        if rule.event == later.event:
            table = datasets[later.dataset]
            moment = ibis.coalesce(*(table[name] for name in rule.moment))
            told = table.filter(condition_to_expression(table, rule.when)).select(
                "delivery", "row", "case_id", told=moment
            )
            of_case = told.join(faulty, "case_id")
            found.append(of_case.filter(ibis.or_(*(of_case.told < of_case[_first(it)] for it in later.earlier))))
    return ibis.union(*(it.select("delivery", "row") for it in found))


def _first(event: str) -> str:
    return f"first:{event}"  # no other column can be named so
