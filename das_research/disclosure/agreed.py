"""Products that were agreed beforehand: the fixed tables of a monitor, which need one review where they pass."""

from collections.abc import Collection, Mapping
from datetime import date

from das_research.catalog.models import AgreedProduct, Catalog, is_within
from das_research.disclosure.own_tables import has_query
from das_research.disclosure.rules import Decision
from das_research.handover import Handover
from das_research.result import Result


def agreed_by(
    catalog: Catalog,
    handover: Handover,
    makers: Collection[str],
    results: Mapping[str, Result],
    decisions: Mapping[str, Decision],
    day: date,
) -> tuple[str, ...]:
    """The two accounts that agreed just these tables beforehand; empty where the release is no such product.

    It is one when the monitor's agreement names every Result of the hand-over and no other, each with the function and
    the parameters that computed it again, when all passed the rules, and when neither who agreed is its author or
    brought it. Parameters that the agreement lets vary may differ.

    Parameters
    ----------
    catalog : Catalog
        The monitors.
    handover : Handover
        Which monitor.
    makers : collection of str
        Who made it or may have, and who brings it to the gate.
    results, decisions : mapping
        Name to the Result as it was computed again, and to what the rules say of it.
    day : date
        The agreement counts from its first day to its last.
    """
    monitor = catalog.monitors.get(handover.monitor)
    agreed = monitor.agreed if monitor else None
    if agreed is None or not is_within(agreed.begin, agreed.end, day) or {*makers} & set(agreed.by):
        return ()
    if any(decision.status != "passed" for decision in decisions.values()) or set(results) != set(agreed.tables):
        return ()
    return agreed.by if all(_is_agreed(agreed, name, result) for name, result in results.items()) else ()


def _is_agreed(agreed: AgreedProduct, name: str, result: Result) -> bool:
    asked = agreed.tables[name]
    given = {key: value for key, value in result.recipe.parameters.items() if key not in agreed.vary}
    return not has_query(result) and result.recipe.function == asked.function and given == asked.parameters
