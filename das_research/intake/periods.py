"""When the codes of a classification are valid, as the catalogue says it."""

from datetime import date

from das_research.catalog.models import Catalog, Dataset, Variable
from das_research.catalog.tables import correspondence_of

Period = tuple[date | None, date | None]


def valid_periods(catalog: Catalog, dataset: Dataset, variable: Variable) -> dict[tuple[Period, ...], tuple[str, ...]]:
    """The periods in which delivered codes are valid, each with these codes.

    Returns
    -------
    dict
        Periods from day to day, both included and None where open, to the delivered codes valid in one of them. A code
        that is always valid isn't in it, nor one that leads to no unified code.
    """
    classification = catalog.classifications.get(variable.classification or "")
    if classification is None:
        return {}
    periods: dict[str, list[Period]] = {}
    for code in classification.codes:
        periods.setdefault(code.code, []).append((code.valid_from, code.valid_to))
    correspondence = correspondence_of(catalog, dataset, variable)
    delivered = correspondence.codes if correspondence else {code: code for code in periods}
    found: dict[tuple[Period, ...], tuple[str, ...]] = {}
    for spelled, unified in sorted(delivered.items()):
        valid = tuple(periods.get(unified, []))
        if valid and (None, None) not in valid:
            found[valid] = (*found.get(valid, ()), spelled)
    return found


def moment_of(dataset: Dataset, name: str) -> tuple[str, ...]:
    """The dates by which a code is judged, first known first: of the event whose outcome it is, else of the row."""
    return next((rule.moment for rule in dataset.events if rule.outcome == name), dataset.moment)
