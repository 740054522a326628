"""The dossier of a release: one document for machines and one page a language, filled by the gate, never by the author.

It holds every criterion with its verdict, after what the SATRE specification asks of an output process (pillar data
management, output management): what leaves, by which approved use, how it was judged, by whom. The author writes the
context alone.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from das_research.catalog.models import Catalog
from das_research.catalog.own_files import seen_by
from das_research.disclosure.dossier_page import page_of
from das_research.disclosure.nothing_left import NOTHING_LEFT
from das_research.disclosure.own_tables import has_query, is_of_persons
from das_research.disclosure.releases import Release
from das_research.home import write_file
from das_research.result import Result
from das_research.style.numbers import LANGUAGES

FILE = "dossier.json"
OF_PEOPLE = {  # criterion to its rules
    "groups": ("one code holds all", "one code holds most", "all but one"),
    "something left": (NOTHING_LEFT,),
}
RANGES = (1, 2, 5, 10, 100)  # times the minimum of units: where a range of cells begins


def write_dossier(folder: Path, catalog: Catalog, release: Release) -> None:
    """Write ``dossier.json``, ``dossier.nl.html`` and ``dossier.en.html`` into the folder of a release."""
    document = dossier(catalog, release)
    write_file(folder / FILE, json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1))
    for language in LANGUAGES:
        write_file(folder / f"dossier.{language}.html", page_of(catalog, release, document, language))


def dossier(catalog: Catalog, release: Release) -> dict[str, Any]:
    """All that is known of a release, as JSON values.

    Parameters
    ----------
    catalog : Catalog
        Grant, purpose and agreements.
    release : Release
        What is released. Before the last verdict no review is told.

    Returns
    -------
    dict
        ``release, state, use, made, results, criteria, context, reviews, earlier, revisions, attacked,
        audit``.
    """
    catalog = seen_by(catalog, release.project)
    grant = catalog.grants.get(release.project)
    use: dict[str, Any] = {"project": release.project}
    if grant is not None:
        use |= {
            "title": grant.title.model_dump(),
            "purpose": grant.purpose,
            "legal_basis": grant.legal_basis.model_dump(),
            "agreements": list(grant.agreements),
            "permissions": [{"partner": it.partner, "reference": it.reference} for it in grant.permissions],
            "outputs": [output.model_dump() for output in grant.outputs],
        }
    made = ("author", "account", "run", "extract", "snapshot", "synthetic", "monitor", "parameters")
    return {
        "release": release.id,
        "state": release.state,
        "needed": release.needed,
        "agreed": list(release.agreed),
        "use": use,
        "made": {name: getattr(release, name) for name in (*made, "code_version", "catalog_hash")},
        "results": {
            name: _result(result, release, name, catalog.disclosure.minimum) for name, result in release.results.items()
        },
        "criteria": list(criteria(release)),
        "context": [
            {"section": it.id, "headline": it.headline.model_dump(), "text": it.text.model_dump()}
            for it in release.sections
        ],
        "reviews": [
            {"account": it.account, "role": it.role, "act": it.act, "kind": it.kind, "why": it.why}
            | {"fictitious": it.fictitious, "moment": it.moment, "told": list(it.told)}
            for it in release.reviews_told()
        ],
        "earlier": list(release.earlier),
        "revisions": list(release.revisions),
        "attacked": release.attacked,
        "audit": {"head": release.audit_head, "line": release.audit_line, "key": release.audit_key},
    }


def criteria(release: Release) -> Iterator[dict[str, Any]]:
    """Every criterion with its verdict: passed, failed or not checked. What is not checked is for people.

    Yields
    ------
    dict
        ``criterion, verdict, results``: names of the Results that it hangs on, with commas; and ``checks`` where rules
        put it before people: each rule of each ``result`` as its decision has it.
    """
    not_again = [name for name, result in release.results.items() if not result.definition]
    yield _criterion("origin", "passed")
    yield _criterion("computed again", "not checked" if not_again else "passed", not_again)
    unpassed = release.unpassed
    worst = {release.decisions[name]["status"] for name in unpassed if name in release.decisions}
    yield _criterion("rules", "failed" if "failed" in worst else "not checked" if unpassed else "passed", unpassed)
    asked = _asked_of_people(release)
    for criterion, rules in OF_PEOPLE.items():
        yield _of_people(criterion, [it for rule in rules for it in asked.pop(rule, [])])
    yield _criterion("texts", "passed")
    own = [name for name, result in release.results.items() if has_query(result)]
    yield _criterion("query of an own table", "not checked" if own else "passed", own)
    asked.pop("query", None)
    unsummed = [it["result"] for it in asked.pop("sums", [])]
    if asked:
        yield _of_people("left to people", [it for found in asked.values() for it in found])
    beside = [name for name, result in release.results.items() if has_query(result) or is_of_persons(result)]
    alone = [name for name in beside if not release.decisions.get(name, {}).get("compared")]
    yield _criterion("own tables beside each other", "not checked" if alone else "passed", alone)
    checks = [it["name"] for decision in release.decisions.values() for it in decision.get("checks", ())]
    if unsummed or "sums with others" in checks:
        yield _criterion("sums of several tables", "not checked" if unsummed else "passed", unsummed)
    revised = sorted({it["result"] for it in release.revisions})
    yield _criterion("revisions", "not checked" if revised else "passed", revised)
    unknown = sorted({it.partition("/")[0] for it in release.attacked.get("unknown", [])})
    yield _criterion("earlier releases", "not checked" if unknown or not release.attacked else "passed", unknown)
    if (elsewhere := release.attacked.get("elsewhere")) is not None:
        yield _criterion("own tables elsewhere", "not checked" if elsewhere else "passed", elsewhere)
    yield _criterion("attacker", "passed" if release.attacked else "not checked")
    if insiders := release.attacked.get("insiders"):
        yield _criterion("insiders", "not checked" if insiders["not_asked"] else "passed")
    if published := release.attacked.get("published"):
        yield _criterion("published by others", "not checked" if published["not_checked"] else "passed")


def open_criteria(release: Release) -> list[dict[str, Any]]:
    """The criteria that did not pass.

    They are put before a reviewer before the verdict, and a product that was agreed beforehand and has one needs both.
    """
    return [it for it in criteria(release) if it["verdict"] != "passed"]


def _asked_of_people(release: Release) -> dict[str, list[dict[str, Any]]]:
    """Rule to the Results that did not pass it, each with what was asked of it."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, decision in release.decisions.items():
        for check in decision.get("checks", ()):
            if check["verdict"] != "passed":
                found[check["name"]].append({"result": name, **check})
    return found


def _of_people(name: str, checks: list[dict[str, Any]]) -> dict[str, Any]:
    if not checks:
        return _criterion(name, "passed")
    return _criterion(name, "not checked", sorted({it["result"] for it in checks})) | {"checks": checks}


def _criterion(name: str, verdict: str, results: list[str] | tuple[str, ...] = ()) -> dict[str, Any]:
    return {"criterion": name, "verdict": verdict, "results": ", ".join(results)}


def _result(result: Result, release: Release, name: str, minimum: int) -> dict[str, Any]:
    return {
        "title": result.title.model_dump(),
        "definition": result.definition,
        "definition_version": result.definition_version,
        "function": result.recipe.function,
        "parameters": result.recipe.parameters,
        "decision": release.decisions.get(name, {}),
        "rounded": result.rounded.to_document() if result.rounded else None,
        "cells": cells_by_units(result, minimum),
        "linkage": result.linkage,
        "band": None if result.band is None else len(result.band.cells),
    }


def cells_by_units(result: Result, minimum: int) -> list[dict[str, int | None]]:
    """How many shown cells rest on how many units.

    Parameters
    ----------
    result : Result
        As released: a hidden cell has no number of units. Where persons are not told, it is what a count counts, or
        the smaller part of a share; of a rounded one as it is shown.
    minimum : int
        The catalogue's.

    Returns
    -------
    list of dict
        ``least`` and ``most`` units (None where the last range is open, and both where the number is not told), and
        ``cells``; ranges without cells are left out.
    """
    told = result.table.disclosure.isin(("shown", "rounded")) & (result.table.kind != "cannot occur")
    units = _units(result.table[told])
    begins = [0, *(minimum * times for times in RANGES)]
    found: list[dict[str, int | None]] = []
    for begin, end in zip(begins, [*begins[1:], None], strict=True):
        cells = int(((units >= begin) & (True if end is None else units < end)).sum())
        found.append({"least": begin, "most": None if end is None else end - 1, "cells": cells})
    found.append({"least": None, "most": None, "cells": int(units.isna().sum())})
    return [one for one in found if one["cells"]]


def _units(shown: pd.DataFrame) -> "pd.Series[float]":
    parts = shown[["numerator"]].assign(other=shown.denominator - shown.numerator).min(axis=1)
    counted = parts.where(shown.numerator.notna(), shown.denominator.where(shown.denominator.notna(), shown.value))
    return shown.n.where(shown.n.notna(), counted)
