"""A judged delivery as the files of its folder, each closed with a data key of its own."""

import shutil

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research import engines
from das_research.catalog.models import Dataset
from das_research.changes import tombstone, warehouse_lock
from das_research.home import Home, new_file, new_folder
from das_research.intake.check import DELIVERED, MOMENT, REASON, Checked, delivered_texts
from das_research.intake.delivery import ACCEPTED, FILE, QUARANTINED, Delivery, is_stored
from das_research.intake.dependencies import for_linkage, taken
from das_research.intake.stored import KEYS
from das_research.keys.data import data_keys


def store(home: Home, engine: Backend, checked: Checked, delivery: Delivery, dataset: Dataset) -> bool:
    """Write the folder of a delivery and what the vault keeps of it; the folder appears last, when all is complete.

    Parameters
    ----------
    home : Home
        Where it is stored.
    engine : Backend
        Where the tables are.
    checked : Checked
        The judged rows, with pseudonyms.
    delivery : Delivery
        What ``delivery.json`` says.
    dataset : Dataset
        Which variables are stored.

    Returns
    -------
    bool
        False where another process has stored the same file meanwhile.

    Raises
    ------
    DasError
        When the engine can't encrypt here; nothing is stored then.
    """
    with warehouse_lock(home):
        if is_stored(home, delivery.id):
            return False
        folder, keys = home.deliveries / delivery.id, data_keys(home)
        if folder.exists():
            shutil.rmtree(folder)  # its key is gone
        if for_linkage(dataset):
            with new_file(home.vault / f"{delivery.id}.parquet") as path:
                engines.write_parquet(engine, _vault(checked, dataset), path, keys.new(f"vault-{delivery.id}"))
        tables = {ACCEPTED: accepted_rows(checked, dataset), QUARANTINED: _quarantined(checked, dataset)}
        with new_folder(folder) as staging:
            for name, table in tables.items():
                engines.write_parquet(engine, table, staging / name, keys.new(f"{KEYS[name]}-{delivery.id}"))
            (staging / FILE).write_text(delivery.to_json(), encoding="utf-8")
        tombstone(folder).unlink(missing_ok=True)  # of the same file, withdrawn before
    return True


def accepted_rows(checked: Checked, dataset: Dataset) -> ir.Table:
    """The rows that pass, in the order of the file."""
    rows = checked.table.filter(checked.table[REASON].isnull())
    names = [ibis.ifelse(rows[rule.name], rule.name, ibis.null("string")) for rule in checked.of_values]
    marks = ibis.array([*names, ibis.null("string")]).filter(lambda mark: mark.notnull())
    any_mark = ibis.or_(ibis.literal(False), *(rows[rule.name] for rule in checked.of_values))
    none = ibis.literal([], type="array<string>")  # lists are slow to make, and few rows have a mark
    return rows.select("row", *taken(dataset), moment=rows[MOMENT], marks=ibis.ifelse(any_mark, marks, none))


def _quarantined(checked: Checked, dataset: Dataset) -> ir.Table:
    rows = checked.table.filter(checked.table[REASON].notnull())
    texts = {name: rows[DELIVERED][name] for name in delivered_texts(dataset)}
    return rows.select("row", rule=rows[REASON], **{name: texts.get(name, rows[name]) for name in taken(dataset)})


def _vault(checked: Checked, dataset: Dataset) -> ir.Table:
    """What tells who the accepted rows are about: text without spaces around it, null where nothing is left."""
    rows = checked.table.filter(checked.table[REASON].isnull())
    return rows.select("row", **{name: rows[name].strip().nullif("") for name in for_linkage(dataset)})
