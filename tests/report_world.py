"""Deliveries of the small dataset of gate 1, written by hand: what the delivery report tells of is all here."""

from typing import Any

import intake_world

from das_research.home import Home
from das_research.intake.delivery import Changes, ColumnCount, Delivery, RuleCount, Units
from das_research.keys.data import data_keys

CATALOG = intake_world.catalog()
RULES = (
    RuleCount("no-key:nummer", "nummer", "quarantined", 3, 0),
    RuleCount("no-moment:instroom", "instroom", "quarantined", 40, 31),
    RuleCount("not-a-date:beslisdatum", "beslisdatum", "nulled", 17, 16),
    RuleCount("out-of-range:leeftijd", "leeftijd", "nulled", 1, 1),
    RuleCount("before:beslisdatum", "beslisdatum", "nulled", 212, 208),
    RuleCount("unknown-code:feit", "feit", "marked", 1390, 1385),
)


def delivery(number: int = 1, **changes: Any) -> Delivery:
    """One of 12,345 rows, received in the month of its number; `missing` rows have no age, `thefts` are known as D."""
    delivered, missing, thefts = (
        changes.pop(name, default) for name, default in (("delivered", 12_345), ("missing", 120), ("thefts", 5_000))
    )
    rules = changes.pop("rules", RULES)
    quarantined = sum(rule.rows for rule in rules if rule.effect == "quarantined")
    fields = {
        "id": f"zaken-{number:012x}",
        "dataset": "zaken",
        "partner": "om",
        "file_sha256": f"{number:064x}",
        "definition_hash": "d" * 64,
        "synthetic": True,
        "delivered": delivered,
        "accepted": delivered - quarantined,
        "quarantined": quarantined,
        "units": Units(delivered - 100, delivered - 131, 31),
        "rules": rules,
        "received": f"2025-{number:02d}-03T09:15:00+00:00",
        "account": "steward",
        "columns": (
            ColumnCount("nummer", delivered - 3),
            ColumnCount("leeftijd", delivered - missing),
            ColumnCount("beslisdatum", delivered - 2_000),
            ColumnCount("feit", delivered, {"D": thefts, "G": delivered - 1_390 - thefts}),
        ),
        "years": {"2021": 4_000, "2022": 4_000, "2023": delivered - quarantined - 8_000},
    }
    return Delivery(**fields | changes)


def store(home: Home, delivery: Delivery) -> None:
    """Put a delivery in a home as if it had been taken in; of its rows there are none."""
    folder = home.deliveries / delivery.id
    folder.mkdir(parents=True)
    (folder / "delivery.json").write_text(delivery.to_json(), encoding="utf-8")
    data_keys(home).new(f"delivery-{delivery.id}")


def correcting(number: int = 7) -> Delivery:
    """One whose rows all take the place of earlier ones."""
    return delivery(number, changes=Changes(added=0, removed=0, changed=40, unchanged=3, columns={"feit": 40}))


def superseding() -> Delivery:
    """One that covers three years whole and takes the place of the first."""
    return delivery(
        9,
        period=("2021-01-01", "2023-12-31"),
        supersedes=("zaken-000000000001",),
        changes=Changes(added=11, removed=7, changed=29, unchanged=12_305, columns={"feit": 23, "beslisdatum": 19}),
    )
