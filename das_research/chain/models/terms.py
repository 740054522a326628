"""The terms of a model: which columns explain, as classes or as numbers, and what they must fulfil."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis.expr.types as ir

from das_research.errors import UsageError
from das_research.tabulation.checks import CASE, NAME, PERSON

MOST_LEVELS = 50
ERRORS = ("model", "robust", "clustered")


@dataclass(frozen=True)
class Term:
    """A column that explains: classes, of which one is the reference, or a number."""

    name: str
    classes: bool
    reference: str | None = None


def read_terms(table: ir.Table, terms: Sequence[str], reference: Mapping[str, str]) -> tuple[Term, ...]:
    """The terms a user named.

    Raises
    ------
    UsageError
        When there is none, a column is not there or can't be a term, or a reference is given for no class.
    """
    names = tuple(dict.fromkeys([terms] if isinstance(terms, str) else terms))
    if not names:
        raise UsageError("The model has no terms.", fix='Name columns, as terms=["leeftijdsgroep", "geslacht"].')
    found = tuple(_read(table, name, reference.get(name)) for name in names)
    if wrong := [name for name in reference if name not in {term.name for term in found if term.classes}]:
        raise UsageError(
            f"A reference is given for {', '.join(wrong)}, which is no term with classes.", fix="Take it out."
        )
    return found


def _read(table: ir.Table, name: str, reference: str | None) -> Term:
    check_column(table, name)
    if name in (PERSON, CASE):
        raise UsageError(f"{name} can't be a term.", why="Each of its levels is one person or one case.")
    if not NAME.fullmatch(name):
        raise UsageError(
            f"'{name}' is no name for a term.", fix="table.rename(...) gives it one of small letters, digits, - and _."
        )
    kind = table[name].type()
    if kind.is_string() or kind.is_boolean():
        return Term(name, classes=True, reference=None if reference is None else str(reference))
    if kind.is_numeric():
        return Term(name, classes=False)
    raise UsageError(
        f"The column {name} can't be a term.",
        why=f"It holds {kind}, neither classes nor numbers.",
        fix="Make it a number or a text first, as table.mutate(jaar=table.moment.year()).",
    )


def check_column(table: ir.Table, name: str, boolean: bool = False, numeric: bool = False) -> None:
    """Refuse a column that is not there, or not of the kind that is needed."""
    if name not in table.columns:
        raise UsageError(f"The table has no column {name}.", fix=f"Choose from {', '.join(table.columns)}.")
    kind = table[name].type()
    if (boolean and not kind.is_boolean()) or (numeric and not kind.is_numeric()):
        wanted = "true and false, as table.mutate(opnieuw=table.n > 0)" if boolean else "numbers"
        raise UsageError(f"The column {name} must hold {wanted}.", why=f"It holds {kind}.")


def check_errors(errors: str) -> None:
    """Refuse standard errors of an unknown kind."""
    if errors not in ERRORS:
        raise UsageError(f"There are no standard errors '{errors}'.", fix=f"Choose from: {', '.join(ERRORS)}.")
