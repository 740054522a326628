"""From true rows to the partner's file: the one place that spells values as the dataset of the catalogue says."""

import gzip
import io
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from das_research.catalog.models import Catalog, Dataset, Recoded, Variable
from das_research.catalog.tables import correspondence_of
from das_research.synthetic import identifiers
from das_research.synthetic.chance import Flags, Whole, uniform
from das_research.synthetic.columns import Coded, Column, Rows, looked_up
from das_research.synthetic.days import ISO
from das_research.synthetic.days import spelled as days_spelled
from das_research.synthetic.identifiers import Serials

Spelled = dict[str, pa.Array]
YES_AND_NO = {True: "J", False: "N"}


def spell(catalog: Catalog, rows: Rows, seed: int, recoded: tuple[Recoded, ...] = ()) -> Spelled:
    """Every value as the text the partner writes.

    Parameters
    ----------
    catalog : Catalog
        Its datasets tell the layout, its classifications the partner's own codes.
    rows : Rows
        The true values.
    seed : int
        Where several codes stand for one thing, chance picks.
    recoded : tuple of Recoded
        Changes of code lists, which pick instead.

    Returns
    -------
    dict
        Variable to its texts, in the order of the layout; a missing value is null.
    """
    dataset = catalog.datasets[rows.dataset]
    spelled = {}
    for name, variable in dataset.variables.items():
        column = rows.columns[name]
        if variable.type == "code" and isinstance(column, Coded):
            drawn = uniform(seed, f"codes {dataset.id} {name}", rows.entity)
            for change in recoded:
                if (change.dataset, change.variable) == (dataset.id, name):
                    moment = np.asarray(rows.columns[change.moment])
                    drawn = np.where(moment >= np.datetime64(change.begin), 1 - 1e-9, 0.0)
            spelled[name] = _codes(catalog, dataset, variable, column, drawn)
        else:
            spelled[name] = spelled_as(dataset, variable, column)
    return spelled


def write(dataset: Dataset, spelled: Mapping[str, pa.Array], header: bool, compress: bool) -> bytes:
    """The bytes of the partner's file, or of a part of it; the same for the same values.

    Parameters
    ----------
    dataset : Dataset
        Column names, delimiter, encoding, spelling of missing values.
    spelled : mapping
        From `spell`.
    header : bool
        Whether it is the first part.
    compress : bool
        Gzip it; parts stand behind each other as they are.
    """
    names = [variable.column or name for name, variable in dataset.variables.items()]
    columns = [pc.fill_null(spelled[name], dataset.file.missing[0]) for name in dataset.variables]
    table = pa.table(columns, names=names)
    text = _csv(table, dataset.file.delimiter)
    lines = text if header else text[text.index(b"\n") + 1 :]
    if dataset.file.encoding != "utf-8":
        lines = lines.decode("utf-8").encode(dataset.file.encoding)
    return gzip.compress(lines, compresslevel=6, mtime=0) if compress else lines


def _csv(table: pa.Table, delimiter: str) -> bytes:
    """Without quotes where no value needs them."""
    for style in ("none", "needed"):
        content = io.BytesIO()
        try:
            csv.write_csv(table, content, csv.WriteOptions(delimiter=delimiter, quoting_style=style))
        except pa.ArrowInvalid:
            continue
        text = content.getvalue()
        end = text.index(b"\n")
        return text[:end].replace(b'"', b"") + text[end:]
    raise ValueError("a value can't be written")


def _codes(catalog: Catalog, dataset: Dataset, variable: Variable, column: Coded, drawn: np.ndarray) -> pa.Array:
    """The partner's codes for unified ones; the drawn number picks where several stand for one."""
    correspondence = correspondence_of(catalog, dataset, variable)
    own: dict[str, list[str]] = {}
    for source, code in (correspondence.codes if correspondence else {}).items():
        own.setdefault(code, []).append(source)
    choices = [own.get(name, [name]) for name in column.names]
    texts = [text for each in choices for text in each]
    begin = np.cumsum([0, *(len(each) for each in choices)])[:-1]
    number = np.array([len(each) for each in choices])
    place = column.place
    chosen = begin[place] + (drawn * number[place]).astype(np.int64)
    return looked_up(texts, np.where(place < 0, -1, chosen))


def spelled_as(dataset: Dataset, variable: Variable, column: Column) -> pa.Array:
    """The values of one column as the layout spells them, where codes have been spelled already."""
    if isinstance(column, Serials):
        return identifiers.as_partner_writes(dataset.id, column)
    if isinstance(column, Coded):
        return column.text()
    if variable.type == "date":
        return days_spelled(column, (*variable.formats, *ISO)[0])
    if variable.type == "boolean":
        return looked_up([YES_AND_NO[False], YES_AND_NO[True]], column.astype(np.int64))
    if variable.type == "decimal":
        return _decimals(column, dataset.file.decimal)
    return _whole(column)


def _whole(column: np.ndarray) -> pa.Array:
    unknown: Flags = np.isnan(column) if column.dtype.kind == "f" else np.zeros(len(column), dtype=bool)
    numbers: Whole = np.where(unknown, 0, column).astype(np.int64)
    return pa.array(numbers, mask=unknown).cast(pa.string())


def _decimals(column: np.ndarray, decimal: str) -> pa.Array:
    unknown = np.isnan(column)
    cents = np.round(np.where(unknown, 0.0, column) * 100).astype(np.int64)
    whole, rest = np.divmod(cents, 100)
    text = pc.binary_join_element_wise(
        pa.array(whole).cast(pa.string()), looked_up([f"{number:02d}" for number in range(100)], rest), decimal
    )
    return pc.if_else(pa.array(unknown), pa.scalar(None, pa.string()), text)
