"""What the deliveries say of themselves, as two tables of a snapshot that hold no persons."""

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Catalog
from das_research.catalog.tables import table_columns
from das_research.intake.delivery import Delivery
from das_research.intake.stored import TYPES


def delivery_rows(catalog: Catalog, deliveries: Sequence[Delivery]) -> ir.Table:
    """``deliveries``: one row a delivery, with its rows and cases."""
    rows = [
        {
            **_origin(catalog, delivery),
            "delivered": delivery.delivered,
            "accepted": delivery.accepted,
            "quarantined": delivery.quarantined,
            "units_delivered": delivery.units.delivered,
            "units_accepted": delivery.units.accepted,
            "units_lost": delivery.units.lost,
        }
        for delivery in deliveries
    ]
    return _table(catalog, "deliveries", rows)


def delivery_rules(catalog: Catalog, deliveries: Sequence[Delivery]) -> ir.Table:
    """``delivery_rules``: what each rule did in each delivery."""
    rows = [
        {
            **_origin(catalog, delivery),
            "rule": rule.rule,
            "effect": rule.effect,
            "rows": rule.rows,
            "units": rule.units,
        }
        for delivery in deliveries
        for rule in delivery.rules
    ]
    return _table(catalog, "delivery_rules", rows)


def _origin(catalog: Catalog, delivery: Delivery) -> dict[str, str | None]:
    stages = [stage.id for stage in catalog.chain.stages if stage.dataset == delivery.dataset]
    return {"dataset": delivery.dataset, "stage": stages[0] if stages else None}


def _table(catalog: Catalog, name: str, rows: list[dict[str, Any]]) -> ir.Table:
    schema = {column.name: TYPES[column.type] for column in table_columns(catalog, name).values()}
    columns = {column: [row[column] for row in rows] for column in schema}
    return ibis.memtable(columns, schema=schema)
