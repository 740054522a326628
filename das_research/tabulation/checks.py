"""What a table and the wishes of its maker must fulfil before anything is computed."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import ibis.expr.types as ir

from das_research.errors import UsageError
from das_research.result import AFTER, BEFORE
from das_research.tabulation.cube import UNCOMPUTED, computed_rows

PERIOD_COLUMNS = ("period", "jaar", "year")
PERSON, CASE = "person_id", "case_id"
MAX_DIMENSIONS = 3
NAME = re.compile(r"[a-z][a-z0-9_-]*")
LARGEST = 10**12  # what is added has twelve digits before its point, see `das_research.tabulation.measures.EXACT`


def key_column(table: ir.Table, person: bool) -> str:
    """The column that counts persons, or cases where the chain knows no persons; refused where it is gone."""
    key = PERSON if person else CASE
    if key not in table.columns:
        what = "persons" if person else "cases"
        raise UsageError(
            f"The table has no column {key}.",
            why=f"Without it nobody can tell how many {what} are under a number, and it could never be released.",
            fix=f"Keep {key} in select"
            + (
                f', or join it: table.join(project.tables.cases.select("{CASE}", "{key}"), "{CASE}").'
                if person
                else "."
            ),
        )
    return key


def check_by(table: ir.Table, by: Sequence[str]) -> None:
    """Refuse columns that are not there or can't be dimensions."""
    missing = [column for column in by if column not in table.columns]
    if missing:
        raise UsageError(
            f"The table has no column {', '.join(missing)}.", fix=f"Choose from {', '.join(table.columns)}."
        )
    if keys := [column for column in by if column in (PERSON, CASE)]:
        raise UsageError(f"{keys[0]} can't be a dimension.", why="Each of its codes is one person or one case.")
    if taken := [column for column in by if column in (*BEFORE, *AFTER, "dimension") and column not in PERIOD_COLUMNS]:
        raise UsageError(
            f"A dimension can't be called {taken[0]}, which every Result has already.",
            fix=f"table.rename(...) gives it another name than {taken[0]}.",
        )
    periods = [column for column in by if column in PERIOD_COLUMNS]
    if len(periods) > 1:
        raise UsageError("There can be one period only.", fix=f"Name one of {', '.join(PERIOD_COLUMNS)}.")
    if len(by) - len(periods) > MAX_DIMENSIONS:
        raise UsageError(
            f"{len(by) - len(periods)} dimensions are more than a reader can follow, or a rule protect.",
            fix=f"Name at most {MAX_DIMENSIONS} columns, and besides them one for the period.",
        )


def check_names(measures: Iterable[str]) -> None:
    """Refuse names of measures that could not be addressed."""
    for name in measures:
        if not NAME.fullmatch(name):
            raise UsageError(
                f"'{name}' is no name for a measure.", fix="Use small letters, digits, - and _, a letter first."
            )


def check_numbers(table: ir.Table, columns: Iterable[str]) -> None:
    """Refuse columns that hold what can't be added up.

    What is no number is above every number in each of the engines.

    Examples
    --------
    >>> import ibis
    >>> check_numbers(ibis.memtable({"duur": [3.0, float("inf")]}), ["duur"])
    Traceback (most recent call last):
    das_research.errors.UsageError: The column duur holds what can't be added up.
      why: An infinite value or none at all, as a quotient by zero is, or one of more than twelve digits.
      fix: Make those unknown: table.mutate(duur=(table.duur.abs() < 1e12).ifelse(table.duur, None)).
    """
    asked: dict[str, Any] = {it: table[it] for it in columns}
    if not asked:
        return
    fits = {name: (column.abs() < LARGEST).all() for name, column in asked.items()}
    [told] = computed_rows(table.agg(**fits), *UNCOMPUTED)
    if wrong := [name for name, fit in told.items() if fit is False]:
        name = wrong[0]
        raise UsageError(
            f"The column {name} holds what can't be added up.",
            why="An infinite value or none at all, as a quotient by zero is, or one of more than twelve digits.",
            fix=f"Make those unknown: table.mutate({name}=(table.{name}.abs() < 1e12).ifelse(table.{name}, None)).",
        )
