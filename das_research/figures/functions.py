"""The named functions of key figures: they add columns where a line needs a join or an order of events."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from inspect import isfunction
from typing import TYPE_CHECKING

import ibis.expr.types as ir

from das_research.catalog.models import Figure
from das_research.errors import CatalogError

if TYPE_CHECKING:
    from das_research.access.project import Project

Function = Callable[["Project", ir.Table], ir.Table]


def functions_of(theme: str) -> dict[str, Function]:
    """The functions of ``figures/<theme>.py`` by name; none where the theme needs no module.

    Examples
    --------
    >>> sorted(functions_of("tenuitvoerlegging"))
    ['begun_within_two_years']
    """
    name = f"das_research.figures.{theme}"
    if find_spec(name) is None:
        return {}
    module = import_module(name)
    return {
        name: found
        for name, found in vars(module).items()
        if isfunction(found) and found.__module__ == module.__name__ and not name.startswith("_")
    }


def with_its_columns(project: "Project", figure: Figure, table: ir.Table) -> ir.Table:
    """The counted table with the columns that the figure's function adds; unchanged where it names none.

    Raises
    ------
    CatalogError
        When no function has the name.
    """
    if figure.function is None:
        return table
    known = functions_of(str(figure.theme))
    if figure.function not in known:
        raise CatalogError(
            f"The figure '{figure.id}' names the function '{figure.function}', which does not exist.",
            why=f"figures/{figure.theme}.py has: {', '.join(known) or 'none'}.",
            fix=f"Write it there, or take the field 'function' out of figures/{figure.id}.yaml.",
        )
    return known[figure.function](project, table)
