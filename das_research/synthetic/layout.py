"""From columns to the partner's file: the one place that spells values as the dataset of the catalogue says."""

import csv
import gzip
import io
from collections.abc import Mapping

import numpy as np

from das_research.catalog.models import Catalog, Dataset
from das_research.catalog.tables import correspondence_of
from das_research.synthetic import identifiers
from das_research.synthetic.chance import generator
from das_research.synthetic.deliveries import Columns


def spell(catalog: Catalog, dataset: Dataset, columns: Columns, seed: int) -> Columns:
    """Every value as the text the partner writes.

    Parameters
    ----------
    catalog : Catalog
        Its classifications tell the partner's own codes; where several stand for one unified code, chance picks.
    dataset : Dataset
        The layout.
    columns : dict
        Variable to its values: dates, unified codes, normalised identifiers, numbers, texts.
    seed : int
        The seed of the whole chain.

    Returns
    -------
    dict
        Variable to its spelled values; missing ones in the partner's first spelling of missing.
    """
    spelled = {}
    for name, variable in dataset.variables.items():
        values = columns[name]
        if variable.type == "date":
            text = dates(values, variable.formats[0])
        elif variable.type == "code":
            correspondence = correspondence_of(catalog, dataset, variable)
            unified = correspondence.codes if correspondence else {}
            text = _codes(values, unified, generator(seed, f"codes {dataset.id} {name}"))
        elif variable.type == "identifier":
            text = identifiers.spelled(dataset.id, str(variable.identifier), values)
        elif variable.type == "decimal":
            text = _decimals(values, dataset.file.decimal)
        else:
            text = values.astype(str)
        text = text.astype(object)
        text[text == ""] = dataset.file.missing[0]
        spelled[name] = text
    return spelled


def dates(values: np.ndarray, form: str) -> np.ndarray:
    """Dates in the form of strptime; an unknown date is empty.

    Examples
    --------
    >>> dates(np.array(["2024-02-29", "NaT"], "M8[D]"), "%d-%m-%Y").tolist()
    ['29-02-2024', '']
    """
    days, position = np.unique(values, return_inverse=True)
    return np.array(["" if np.isnat(day) else day.item().strftime(form) for day in days], dtype=object)[position]


def write(dataset: Dataset, spelled: Columns, compress: bool) -> bytes:
    """The bytes of the partner's file, the same for the same values.

    Parameters
    ----------
    dataset : Dataset
        Column names, delimiter and encoding.
    spelled : dict
        From `spell`.
    compress : bool
        Gzip it.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=dataset.file.delimiter, lineterminator="\r\n")
    writer.writerow([variable.column or name for name, variable in dataset.variables.items()])
    writer.writerows(zip(*(spelled[name] for name in dataset.variables), strict=True))
    content = text.getvalue().encode(dataset.file.encoding)
    return gzip.compress(content, mtime=0) if compress else content


def _codes(values: np.ndarray, unified: Mapping[str, str], rng: np.random.Generator) -> np.ndarray:
    """The partner's codes for unified ones; chance picks where several stand for one."""
    own: dict[str, list[str]] = {}
    for source, code in unified.items():
        own.setdefault(code, []).append(source)
    drawn = rng.random(len(values))
    codes, position = np.unique(values, return_inverse=True)
    text = np.full(len(values), "", dtype=object)
    for number, code in enumerate(codes):
        if code:
            rows = position == number
            choices = np.array(own[str(code)], dtype=object)
            text[rows] = choices[(drawn[rows] * len(choices)).astype(int)]
    return text


def _decimals(values: np.ndarray, decimal: str) -> np.ndarray:
    known = ~np.isnan(values)
    text = np.full(len(values), "", dtype=object)
    text[known] = [f"{value:.2f}".replace(".", decimal) for value in values[known]]
    return text
