"""Rules for the severities of a dataset: a check that can hold in it, about a variable or event it can be about."""

from collections.abc import Callable, Iterator, Sequence

from das_research.catalog.models import Check, Dataset, Order, Severity, Variable
from das_research.catalog.names import Fault, unknown
from das_research.catalog.yaml_lines import Location

ABOUT: dict[Check, tuple[str, Callable[[Variable], bool]]] = {
    "missing": ("a variable with 'required'", lambda it: it.required),
    "not-a-date": ("a date", lambda it: it.type == "date"),
    "not-a-number": ("an integer or decimal", lambda it: it.type in ("integer", "decimal")),
    "not-a-boolean": ("a boolean", lambda it: it.type == "boolean"),
    "not-the-form": (
        "an identifier or a variable with 'pattern'",
        lambda it: it.pattern is not None or it.type == "identifier",
    ),
    "no-number": ("an identifier", lambda it: it.type == "identifier"),
    "cell-error": ("a text or code", lambda it: it.type in ("text", "code")),
    "unknown-code": ("a code", lambda it: it.type == "code"),
    "not-valid-code": ("a code", lambda it: it.type == "code"),
    "out-of-range": ("a variable with 'range'", lambda it: it.range is not None),
    "before": ("a date with 'not_before'", lambda it: it.not_before is not None),
    "unknown-reference": ("a variable with 'references'", lambda it: it.references is not None),
}


def severity_faults(severity: Severity, dataset: Dataset, orders: Sequence[Order], at: Location) -> Iterator[Fault]:
    """A check of rows that is about no variable, one of values that is about a taken variable of its kind, or one of
    the chain's orders that is about an event of the dataset."""
    check, name = severity.check, severity.variable
    if severity.above and severity.then != "reject":
        yield (*at, "above"), f"'above' is for then: reject, and this is {severity.then}"
    if check in ("no-key", "no-moment") and severity.then == "mark":
        yield (*at, "then"), f"a row without {check.removeprefix('no-')} can't be used, so it can't be marked only"
    if check == "order-reversed":
        yield from _order_faults(severity, dataset, orders, at)
        return
    if severity.event is not None:
        yield (*at, "event"), f"'event' is for check: order-reversed, and this is {check}"
    rows = {"no-key": next(iter(dataset.row_keys), ()), "no-moment": dataset.moment, "not-unique": dataset.unique}
    if check in rows:
        if not rows[check]:
            yield (*at, "check"), f"rows of '{dataset.id}' have no such key, so '{check}' never holds"
        elif name not in (None, rows[check][0]):
            yield (*at, "variable"), f"'{check}' is about whole rows and is named after '{rows[check][0]}'"
        return
    kind, can_be = ABOUT[check]
    possible = [it for it, variable in dataset.variables.items() if variable.take and can_be(variable)]
    if name is None and not possible:
        yield (*at, "check"), f"'{check}' is about {kind}, and the dataset takes none"
    elif name is not None and name not in dataset.variables:
        yield (*at, "variable"), unknown("variable", name, dataset.variables)
    elif name is not None and name not in possible:
        yield (*at, "variable"), f"'{check}' is about {kind} that is taken, and '{name}' is none"


def _order_faults(severity: Severity, dataset: Dataset, orders: Sequence[Order], at: Location) -> Iterator[Fault]:
    """The dataset must tell of an event that comes later in an order, and keep the row: it was linked by then."""
    told, later = {rule.event for rule in dataset.events}, [order.later for order in orders]
    possible = [event for event in dict.fromkeys(later) if event in told]
    if severity.variable is not None:
        yield (*at, "variable"), "'order-reversed' is about an event, so it has the field 'event' in its place"
    if severity.then == "quarantine":
        yield (*at, "then"), "an order is known once its rows are linked, so a row can be marked for it, not kept out"
    if not possible:
        yield (*at, "check"), f"'{dataset.id}' tells of no event that is 'later' in an order, so this never holds"
    elif severity.event is not None and severity.event not in possible:
        yield (*at, "event"), unknown("later event of an order", severity.event, possible)
