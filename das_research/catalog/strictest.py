"""The rules of disclosure control of one project: the strictest of the catalogue, its agreements and its grant."""

from collections.abc import Iterable
from typing import TypeVar

from das_research.catalog.models import Catalog, Disclosure, Protection

Number = TypeVar("Number", int, float)
LEVELS = ("exact", "threshold", "wide")  # each asks for what the one before asks, and more


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
        A minimum can only get higher, a level only wider, a share that one unit, a few or one code may make up only
        lower, and p only higher.
    """
    grant = catalog.grants.get(project)
    if grant is None:
        return catalog
    agreements = (catalog.agreements.get(name) for name in grant.agreements)
    asked = [it.disclosure for it in (grant, *agreements) if it is not None and it.disclosure is not None]
    rules = catalog.disclosure
    strict = {
        "minimum": max([rules.minimum, *_known(it.minimum for it in asked)]),
        "level": max([rules.level, *(it.level for it in asked if it.level)], key=LEVELS.index),
        "dominance": min(_known([rules.dominance, *(it.dominance for it in asked)]), default=None),
        "dominance_of": {
            size: min(it.dominance_of[size] for it in (rules, *asked) if size in it.dominance_of)
            for size in sorted({size for it in (rules, *asked) for size in it.dominance_of})
        },
        "group_percent": min([rules.group_percent, *_known(it.group_percent for it in asked)]),
        "p_percent": max(_known([rules.p_percent, *(it.p_percent for it in asked)]), default=None),
    }
    if all(getattr(rules, name) == value for name, value in strict.items()):
        return catalog
    return catalog.model_copy(update={"disclosure": rules.model_copy(update=strict)})


def protection_of(catalog: Catalog, monitor: str) -> Protection:
    """How small numbers of a monitor are protected, by a base that is no less than the rules of its project ask for.

    Parameters
    ----------
    catalog : Catalog
        The catalogue.
    monitor : str
        One that isn't known, as a researcher's own work, is protected by suppression.
    """
    found = catalog.monitors.get(monitor)
    if found is None or found.protection.method != "controlled rounding":
        return found.protection if found else Protection()
    least = least_base(as_strict_as_asked(catalog, found.project).disclosure)
    return found.protection.model_copy(update={"base": max(found.protection.base or 0, least)})


def least_base(rules: Disclosure) -> int:
    """The least base of controlled rounding that rules of disclosure control allow.

    A reader of a published 0 believes 0 to base - 1, of a published base 1 to 2 base - 1, of more no fewer numbers. So
    rounding never hides that a number is small, but how small it is. `exact` asks that it is not known: 3. `threshold`
    asks for half the minimum: then 0 and the base itself are all that is surely under it. `wide` asks for the minimum:
    then no two numbers under it are told apart where one is shown as 0.

    Examples
    --------
    >>> [least_base(Disclosure(minimum=10, level=level)) for level in ("exact", "threshold", "wide")]
    [3, 5, 10]
    """
    return {"exact": 3, "threshold": max(3, (rules.minimum + 1) // 2), "wide": rules.minimum}[rules.level]


def _known(values: Iterable[Number | None]) -> list[Number]:
    return [value for value in values if value is not None]
