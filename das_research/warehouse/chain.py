"""The chain over all datasets: what happened in every case, and what is known of cases and persons."""

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Attribute, Catalog, EventRule
from das_research.catalog.tables import unified_codes
from das_research.conditions import condition_to_expression
from das_research.engines import few, stacked
from das_research.linkage.firsts import first_known
from das_research.linkage.graph import NODE
from das_research.linkage.told import Links
from das_research.warehouse.harmonise import conform

EVENTS = {
    "case_id": NODE,
    "stage": "string",
    "event": "string",
    "outcome": "string",
    "moment": "date",
    "delivery": "string",
}


def stage_of(catalog: Catalog, dataset: str, event: str) -> str | None:
    """The stage whose dataset told of an event.

    Where several stages share the dataset, the one that lists the event; for a dataset of no stage, the stage that
    lists the event, if any.
    """
    lists = [
        stage.id
        for stage in catalog.chain.stages
        if event == stage.enter or event in [leaving.event for leaving in stage.leave]
    ]
    own = [stage.id for stage in catalog.chain.stages if stage.dataset == dataset]
    if own:
        return next((stage for stage in own if stage in lists), own[0])
    return lists[0] if lists else None


def events(engine: Backend, catalog: Catalog, datasets: Mapping[str, ir.Table], links: Links) -> ir.Table:
    """Every event that a row tells of, by the event rules of its dataset.

    Parameters
    ----------
    engine : Backend
        Where it is computed.
    catalog : Catalog
        The rules.
    datasets : mapping of str to Table
        Dataset to its harmonised table.
    links : Links
        The person of every case.

    Returns
    -------
    Table
        One row for each rule that holds for a row and whose moment is known. The person is that of the case.
    """
    codes = {"stage": {stage.id for stage in catalog.chain.stages}, "event": {it.id for it in catalog.chain.events}}
    codes["outcome"] = {
        code
        for dataset in catalog.datasets.values()
        for rule in dataset.events
        if rule.outcome
        for code in unified_codes(catalog, dataset, rule.outcome)
    }
    written = {name: few(engine, texts) for name, texts in codes.items()}
    found = [
        _told(table, rule, stage_of(catalog, name, rule.event), written)
        for name, table in datasets.items()
        for rule in catalog.datasets[name].events
    ]
    return conform(stacked(found, EVENTS).join(links.cases, "case_id"), catalog, "events")


def _told(table: ir.Table, rule: EventRule, stage: str | None, written: Mapping[str, Callable]) -> ir.Table:
    moment = ibis.coalesce(*(table[name] for name in rule.moment))
    return table.filter(condition_to_expression(table, rule.when) & moment.notnull()).select(
        "case_id",
        stage=written["stage"](ibis.literal(stage, "string")),
        event=written["event"](rule.event),
        outcome=written["outcome"](table[rule.outcome] if rule.outcome else ibis.null("string")),
        moment=moment,
        delivery="delivery",
    )


def cases(catalog: Catalog, datasets: Mapping[str, ir.Table], links: Links) -> ir.Table:
    """Every case with its person and the case attributes of the chain."""
    table = with_attributes(links.cases, "case_id", catalog.chain.case_attributes, datasets)
    return conform(table, catalog, "cases")


def with_attributes(
    table: ir.Table, key: str, attributes: dict[str, Attribute], datasets: Mapping[str, ir.Table]
) -> ir.Table:
    """The table with the attributes of what its key names.

    Each is the first known value of its sources in their order, then by moment, delivery and row.

    Parameters
    ----------
    table : Table
        Every key once.
    key : str
        A column of surrogates, of the table and of the datasets.
    attributes : dict
        Name to attribute.
    datasets : mapping of str to Table
        Dataset to its harmonised table.
    """
    needed: dict[str, set[str]] = {}
    for attribute in attributes.values():
        for source in attribute.sources:
            name, _, variable = source.partition(".")
            needed.setdefault(name, set()).add(variable)
    for name, variables in sorted(needed.items()):
        first = first_known(datasets[name], key, sorted(variables))
        first = first.select(key, **{f"{name}.{variable}": first[variable] for variable in sorted(variables)})
        table = table.left_join(first, key).drop(f"{key}_right")
    return table.mutate(
        **{name: ibis.coalesce(*(table[it] for it in each.sources)) for name, each in attributes.items()}
    )
