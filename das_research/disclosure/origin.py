"""Where a hand-over says it comes from, against the catalogue: its file was written by a researcher's own process."""

import re
from collections.abc import Iterator
from typing import Any

from das_research.catalog.models import Catalog, Parameter
from das_research.disclosure.texts import holds_number
from das_research.errors import ReleaseRefused
from das_research.handover import Handover

EXTRACT, SNAPSHOT = re.compile(r"ext-[0-9a-f]{12}"), re.compile(r"snap-[0-9a-f]{12}")
DIGITS = re.compile(r"[0-9a-f]{12}")


def check_origin(catalog: Catalog, handover: Handover, run: str) -> None:
    """Refuse a hand-over without Results, and one whose origin the catalogue does not know.

    Project, author, monitor, parameters, extract, snapshot and run are copied into the dossier and the log, and some of
    them onto pages: what is not one of the catalogue's could be anything.

    Parameters
    ----------
    catalog : Catalog
        Grants and monitors.
    handover : Handover
        What it says of itself.
    run : str
        The name of its folder.

    Raises
    ------
    ReleaseRefused
        Says which field does not fit, never what stands in it.
    """
    fault = next(_faults(catalog, handover, run), None)
    if fault:
        raise ReleaseRefused(
            f"The hand-over can't be released: {fault}.",
            why="What it says of itself is published, and must be what the catalogue knows.",
            fix="Run the notebook again in the project, and hand over what it computes.",
        )


def _faults(catalog: Catalog, handover: Handover, run: str) -> Iterator[str]:
    if not handover.results:
        yield "it holds no result"
    grant = catalog.grants.get(handover.project)
    if grant is None:
        yield "the catalogue has no grant for its project"
    elif handover.author not in {person.account for person in grant.people}:
        yield "its author is none of the grant's people"
    if not EXTRACT.fullmatch(handover.extract):
        yield "its extract is not the id of one"
    if not SNAPSHOT.fullmatch(handover.snapshot):
        yield "its snapshot is not the id of one"
    if not isinstance(handover.synthetic, bool):
        yield "it does not say whether it is of fictitious data"
    name, _, digits = run.rpartition("-")
    if name != (handover.monitor or handover.project) or not DIGITS.fullmatch(digits):
        yield "its folder does not have the name of a run"
    known: dict[str, Parameter] = {}
    if handover.monitor:
        monitor = catalog.monitors.get(handover.monitor)
        if monitor is None or monitor.project != handover.project:
            yield "its project has no such monitor"
            return
        known = monitor.parameters
    if not set(handover.parameters) <= set(known):
        yield "it has parameters that its monitor does not have"
    for name, parameter in known.items():
        if name in handover.parameters and not _fits(parameter, handover.parameters[name]):
            yield f"its parameter {name} has a value that the monitor does not take"


def _fits(parameter: Parameter, value: Any) -> bool:
    if type(value) is not {"integer": int, "text": str}[parameter.type]:
        return False
    if parameter.choices:
        return value in parameter.choices
    return parameter.type == "integer" or not holds_number(str(value), set())
