"""What a page says of the links under its numbers: the share linked, and how far a number depends on the link."""

from collections.abc import Iterable
from typing import Any

from das_research.catalog.models import Catalog
from das_research.presentation.bands import leading_row, printed
from das_research.publish.words import WORDS
from das_research.result import Result
from das_research.style.numbers import Language, format_number, format_period


def shares(catalog: Catalog, results: Iterable[Result], language: Language) -> list[str]:
    """How much of each file was linked to what came before it, as a sentence; none where nothing is known of it."""
    known = {dataset: share for result in results for dataset, share in result.linkage.items()}
    said = [
        f"{entry.title[language]} {format_number(100 * known[id], 'percent', language, decimals=0)}"
        for id, entry in catalog.datasets.items()
        if id in known
    ]
    return [WORDS["linked"][language].format(", ".join(said))] if said else []


def leading(result: Result, language: Language) -> str:
    """How far its leading number depends on the link, as a sentence; empty where that is not known."""
    if result.band is None:
        return ""
    row = leading_row(result)
    if not result.band.cells or row is None:
        return WORDS["insensitive"][language]
    said = printed(result, row, language)
    period = format_period(str(row["period"]), language)
    return f"{said[0].upper()}{said[1:]} ({period})." if said else ""


def bands(results: Iterable[Result], language: Language) -> list[str]:
    """How far the numbers of an edition depend on the link, as sentences; those that don't are told together."""
    known = [result for result in results if result.band is not None]
    moved = [result for result in known if result.band and result.band.cells]
    told = [f"{result.title[language].partition(':')[0]}: {leading(result, language)}" for result in moved]
    if moved:
        told.append(WORDS["band_note"][language])
    if len(moved) < len(known):
        told.append(WORDS["insensitive_others" if moved else "insensitive_all"][language])
    return told


def described(result: Result) -> dict[str, Any]:
    """The links under one table, for the description beside its download."""
    return {
        "known_to_an_earlier_stage": dict(result.linkage),
        "by_the_strict_and_the_loose_link": None if result.band is None else result.band.to_document(result.dimensions),
        "text": {language: leading(result, language) for language in ("nl", "en")},
        "note": WORDS["band_note"],
    }
