"""The open data of an edition: every released table as CSV, as CSV for Dutch spreadsheets, and its description."""

import csv
import hashlib
import io
import json
from typing import Any

from das_research.catalog.models import Catalog, Text
from das_research.presentation.wide import rounding_notes
from das_research.publish import links
from das_research.publish.editions import Edition
from das_research.publish.words import WORDS
from das_research.result import Result
from das_research.style.numbers import LANGUAGES, Language


def files(catalog: Catalog, edition: Edition) -> dict[str, bytes]:
    """Every download of an edition.

    Parameters
    ----------
    catalog : Catalog
        Definitions, publisher and licence.
    edition : Edition
        Its released Results; a hidden cell is empty and its column ``disclosure`` says so.

    Returns
    -------
    dict
        File name to content, for each Result ``<name>.csv``, ``<name>_nl.csv`` and ``<name>-metadata.json``.
    """
    written: dict[str, bytes] = {}
    for name, result in edition.results.items():
        tables = {
            f"{name}.csv": _marked(result, edition, None).encode(),
            f"{name}_nl.csv": _marked(result, edition, "nl").encode(),
        }
        about = describe(catalog, edition, name, tables)
        written |= tables | {f"{name}-metadata.json": (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode()}
    return written


def describe(catalog: Catalog, edition: Edition, name: str, tables: dict[str, bytes]) -> dict[str, Any]:
    """What a reader of the file has to know, for one table."""
    result = edition.results[name]
    figure = catalog.figures.get(result.definition)
    return {
        "title": result.title.model_dump(),
        "definition": {
            "id": result.definition,
            "version": result.definition_version,
            "text": figure.definition.model_dump() if figure else None,
        },
        "unit_of_counting": _unit(catalog, result).model_dump(),
        "edition": edition.id,
        "published": edition.date.isoformat(),
        "release": edition.release,
        "snapshot": edition.snapshot,
        "publisher": catalog.host.model_dump(),
        "contact": catalog.contact,
        "licence": catalog.licence,
        "remarks": [WORDS[word] for word in marks(edition)],
        "columns": list(result.table.columns),
        "dimensions": list(result.dimensions),
        "labels": {
            column: {code: text.model_dump() for code, text in codes.items()} for column, codes in result.labels.items()
        },
        "disclosure": _protected(result),
        "rounded": result.rounded.to_document() if result.rounded else None,
        "linkage": links.described(result),
        "files": {file: {"sha256": hashlib.sha256(content).hexdigest()} for file, content in tables.items()},
    }


def _unit(catalog: Catalog, result: Result) -> Text:
    """What is counted: of an own table what it says itself, where it has one unit."""
    figure = catalog.figures.get(result.definition)
    own = list(result.labels.get("unit", {}).values())
    if figure is None and len(own) == 1:
        return own[0]
    return figure.unit if figure and figure.is_key else catalog.chain.unit


def _protected(result: Result) -> dict[str, str]:
    """What a reader must know of how its cells were protected."""
    hides = result.rounded is None or not result.rounded.adds_up
    return {
        language: " ".join(
            [*([WORDS["disclosure_note"][language]] if hides else []), *rounding_notes(result, language)]
        )
        for language in LANGUAGES
    }


def marks(edition: Edition) -> list[str]:
    """The marks that everything of this edition carries."""
    return ["synthetic"] * edition.synthetic + ["unreviewed"] * (not edition.reviewed)


def _marked(result: Result, edition: Edition, language: Language | None) -> str:
    """The table as CSV; a file travels without its page, so it also says when nobody reviewed it."""
    text = result.to_csv(language)
    if edition.reviewed:
        return text
    delimiter = ";" if language == "nl" else ","
    head, *rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    marked = io.StringIO()
    writer = csv.writer(marked, delimiter=delimiter, lineterminator="\n")
    writer.writerows([[*head, "review"], *([*row, WORDS["unreviewed"][language or "en"]] for row in rows)])
    return marked.getvalue()
