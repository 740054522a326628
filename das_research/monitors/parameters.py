"""The parameters of a monitor: known by name, of the right type, one of the choices; anything else is refused."""

from collections.abc import Mapping

from das_research.catalog.models import Catalog, Monitor, Parameter
from das_research.errors import UsageError

Value = str | int


def find_monitor(catalog: Catalog, monitor_id: str) -> Monitor:
    """The monitor of this id.

    Raises
    ------
    UsageError
        When the catalogue has none; the message lists those that it has.
    """
    if monitor_id not in catalog.monitors:
        known = ", ".join(catalog.monitors) or "none"
        raise UsageError(f"There is no monitor {monitor_id}.", fix=f"Choose from: {known}.")
    return catalog.monitors[monitor_id]


def resolve_parameters(monitor: Monitor, given: Mapping[str, str]) -> dict[str, Value]:
    """The value of every parameter: the given one, or the default.

    Parameters
    ----------
    monitor : Monitor
        The monitor of the catalogue.
    given : mapping
        Name to value, as text from the command line.

    Returns
    -------
    dict
        Every parameter of the monitor, typed.

    Raises
    ------
    UsageError
        A parameter the monitor does not have, a value that is no number, or one outside the choices.
    """
    unknown = sorted(set(given) - set(monitor.parameters))
    if unknown:
        raise UsageError(
            f"Monitor {monitor.id} has no parameter {', '.join(unknown)}.",
            fix=f"Use one of: {', '.join(monitor.parameters)}.",
        )
    return {
        name: _typed(monitor.id, name, parameter, given[name]) if name in given else parameter.default
        for name, parameter in monitor.parameters.items()
    }


def _typed(monitor: str, name: str, parameter: Parameter, text: str) -> Value:
    value: Value = text
    if parameter.type == "integer":
        try:
            value = int(text)
        except ValueError:
            raise UsageError(
                f"Parameter {name} of monitor {monitor} is a whole number.", fix=f"Type -p {name}={parameter.default}."
            ) from None
    if parameter.choices and value not in parameter.choices:
        raise UsageError(
            f"Parameter {name} of monitor {monitor} can't be that.",
            fix=f"Choose from: {', '.join(str(choice) for choice in parameter.choices)}.",
        )
    return value
