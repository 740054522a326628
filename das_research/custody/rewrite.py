"""A stored delivery or a segment of the key register with other rows: under a fresh data key, the old one destroyed."""

from collections.abc import Mapping
from pathlib import Path

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.changes import Change
from das_research.engines import write_parquet
from das_research.home import Home
from das_research.intake.delivery import FILE, Delivery
from das_research.intake.stored import KEYS
from das_research.linkage.register import EPOCHS, epochs_text, register_epochs

SEGMENTS = ("cases", "persons", "links")  # those that hold keys; aliases hold surrogates alone
KEY_COLUMNS = (("domain", "pseudonym"), ("left_domain", "left_pseudonym"), ("right_domain", "right_pseudonym"))


def rewrite_delivery(made: Change, engine: Backend, delivery: Delivery, tables: Mapping[str, ir.Table]) -> None:
    """Have tables of a delivery replaced.

    Parameters
    ----------
    made : Change
        To which the steps are added; the new files are written now.
    engine : Backend
        Where the tables are.
    delivery : Delivery
        What ``delivery.json`` will say.
    tables : mapping of str to Table
        File name to its rows.
    """
    folder = made.home.deliveries / delivery.id
    for name, rows in tables.items():
        key = made.new_key(f"{KEYS[name]}-{delivery.id}")
        write_parquet(engine, rows.order_by("row"), made.replace(folder / name), key)
    made.write(folder / FILE, delivery.to_json())


def segments(home: Home) -> list[Path]:
    """The segments of the key register that hold keys."""
    return sorted(path for kind in SEGMENTS for path in home.register.glob(f"{kind}-*.parquet"))


def rewrite_segment(made: Change, engine: Backend, path: Path, rows: ir.Table) -> None:
    """Have a segment of the key register replaced; its order is that of its content."""
    engine.to_parquet(rows.order_by(*rows.columns), made.replace(path))


def rewrite_epochs(made: Change, domain: str, epoch: int) -> None:
    """Have the register say under which key its pseudonyms of a domain are."""
    epochs = register_epochs(made.home)
    if domain in epochs:
        made.write(made.home.register / EPOCHS, epochs_text(epochs | {domain: epoch}))
