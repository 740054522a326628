"""The rules of disclosure control of one project: the strictest of the catalogue, its agreements and its grant."""

from collections.abc import Iterable
from typing import TypeVar

from das_research.catalog.models import Catalog

Number = TypeVar("Number", int, float)


def as_strict_as_asked(catalog: Catalog, project: str) -> Catalog:
    """The catalogue with the strictest rules that hold for a project.

    Parameters
    ----------
    catalog : Catalog
        The catalogue, or what this function made of it before.
    project : str
        One that isn't known, or for which nothing stricter is asked, leaves the catalogue as it is.

    Returns
    -------
    Catalog
        A minimum can only get higher, a share that one unit or a few may make up only lower, and p
        only higher.
    """
    grant = catalog.grants.get(project)
    if grant is None:
        return catalog
    agreements = (catalog.agreements.get(name) for name in grant.agreements)
    asked = [it.disclosure for it in (grant, *agreements) if it is not None and it.disclosure is not None]
    rules = catalog.disclosure
    strict = {
        "minimum": max([rules.minimum, *_known(it.minimum for it in asked)]),
        "dominance": min(_known([rules.dominance, *(it.dominance for it in asked)]), default=None),
        "dominance_of": {
            size: min(it.dominance_of[size] for it in (rules, *asked) if size in it.dominance_of)
            for size in sorted({size for it in (rules, *asked) for size in it.dominance_of})
        },
        "p_percent": max(_known([rules.p_percent, *(it.p_percent for it in asked)]), default=None),
    }
    if all(getattr(rules, name) == value for name, value in strict.items()):
        return catalog
    return catalog.model_copy(update={"disclosure": rules.model_copy(update=strict)})


def _known(values: Iterable[Number | None]) -> list[Number]:
    return [value for value in values if value is not None]
