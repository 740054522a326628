"""Every table of a snapshot, computed: the rows of each dataset, and the chain over all of them."""

from collections.abc import Sequence

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.catalog.tables import PERSON_KEYS, QUALITY_TABLE, person_keys
from das_research.engines import for_now, forget, keep, keep_packed, view
from das_research.intake.delivery import Delivery
from das_research.linkage.quality import linkage_quality
from das_research.linkage.told import Links
from das_research.warehouse import chain
from das_research.warehouse.across import Tables
from das_research.warehouse.deliveries import delivery_rows, delivery_rules
from das_research.warehouse.harmonise import conform, gather
from das_research.warehouse.persons import persons
from das_research.warehouse.references import Referred


def gathered_rows(engine: Backend, catalog: Catalog, accepted: Tables, links: Links) -> dict[str, ir.Table]:
    """The rows of every dataset; those that were linked are kept, the others are only counted and written."""
    held = {}
    for name, rows in accepted.items():
        hold = keep_packed if catalog.datasets[name].is_linked else view
        held[name] = hold(engine, gather(engine, catalog, name, rows, links))
    return held


def stand_in_order(catalog: Catalog, deliveries: Sequence[Delivery], dataset: str, referred: Referred) -> bool:
    """Whether the rows of a dataset come in the order of its file: they were joined with nothing."""
    several = sum(it.dataset == dataset for it in deliveries) > 1
    return not (several or catalog.datasets[dataset].is_linked or dataset in referred.set_aside)


def chain_tables(
    engine: Backend,
    catalog: Catalog,
    datasets: Tables,
    links: Links,
    groups: Tables,
    deliveries: Sequence[Delivery],
) -> dict[str, ir.Table]:
    """Every other table of the snapshot, computed; rows in an order that only their content decides."""
    tables = {
        "persons": persons(catalog, datasets, groups).order_by(*person_keys(catalog)),
        "cases": chain.cases(catalog, datasets, links).order_by("case_id"),
        "events": _sorted(chain.events(engine, catalog, datasets, links)),
        "deliveries": _sorted(delivery_rows(catalog, deliveries)),
        "delivery_rules": _sorted(delivery_rules(catalog, deliveries)),
    }
    kept = {name: keep_packed(engine, table) for name, table in tables.items()}
    with for_now(engine) as stay:
        quality = linkage_quality(engine, catalog, links.rows, kept)
        kept[QUALITY_TABLE] = keep(engine, _sorted(conform(quality, catalog, QUALITY_TABLE)))
        stay.append(kept[QUALITY_TABLE])
    forget(engine, links.rows, links.cases)
    return kept


def _sorted(table: ir.Table) -> ir.Table:
    """By all columns but the person, which the case tells."""
    return table.order_by(*(name for name in table.columns if name not in PERSON_KEYS))
