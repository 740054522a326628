"""What a line of the audit log says besides ids and counts: whose data, for which purpose, what was asked."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from das_research.catalog.models import Catalog

Fact = str | int | bool | list[str]


def fingerprint(asked: Any) -> str:
    """What was asked, as a line tells it: a hash, never the text.

    Examples
    --------
    >>> fingerprint({"function": "das_research.chain.flow", "parameters": {"first_year": 2020}})[:12]
    'f54fc5d3f999'
    """
    return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def use_of(catalog: Catalog, project: str) -> dict[str, Fact]:
    """What a line says of a project: its purpose, and the partners whose data it may touch."""
    grant = catalog.grants.get(project)
    if grant is None:
        return {}
    return {"project": project, "purpose": grant.purpose, "partners": partners_of(catalog, grant.agreements)}


def partners_of(catalog: Catalog, agreements: Iterable[str]) -> list[str]:
    """The partners of some agreements, sorted."""
    return sorted({catalog.agreements[name].partner for name in agreements if name in catalog.agreements})
