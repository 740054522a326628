"""From a table to the numbers a model is fitted on: complete rows only, in a fixed order, and nobody's identifier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from das_research.catalog.models import Text
from das_research.chain.models.terms import MOST_LEVELS, Term
from das_research.errors import UsageError
from das_research.result import Step

Numbers = NDArray[np.float64]
UNIT, ROWS = "_unit", "_rows"


@dataclass(frozen=True)
class Column:
    """One column of the design: a level of a term, or a term that is a number (then the level is empty)."""

    term: str
    level: str = ""


@dataclass(frozen=True)
class Design:
    """What a model is fitted on.

    Parameters
    ----------
    columns : tuple of Column
        Names of the columns of `matrix`, without the intercept.
    matrix : array
        A row an observation, a column a coefficient; without an intercept.
    given : dict
        Name to the numbers of what is explained: ``outcome``, or ``duration`` and ``event``.
    units : array
        Which person (else case) a row is of, as a number from 0.
    levels : dict
        Term to its levels, the reference first; of a number an empty tuple.
    classes : dict
        Term with classes to the place of every row's level in `levels`.
    attrition : tuple of Step
        The rows left out because something of them is not known.
    """

    columns: tuple[Column, ...]
    matrix: Numbers
    given: dict[str, Numbers]
    units: NDArray[np.int64]
    levels: dict[str, tuple[str, ...]]
    classes: dict[str, NDArray[np.int64]]
    attrition: tuple[Step, ...]

    @property
    def persons(self) -> int:
        """How many different persons (else cases) the rows are of."""
        return int(self.units.max(initial=-1)) + 1

    def count(self, rows: NDArray[np.bool_]) -> int:
        """How many different persons some rows are of."""
        return len(np.unique(self.units[rows]))


def collect(table: ir.Table, keys: Sequence[str], given: Mapping[str, str], terms: Sequence[Term]) -> Design:
    """Let the engine give what the model needs of the complete rows, and code it.

    Parameters
    ----------
    table : Table
        A row an observation.
    keys : sequence of str
        The columns of which the first known names whom a row is of; see `das_research.tabulation.own_keys.keys_of`.
    given : mapping
        What is explained: name to column.
    terms : sequence of Term
        What explains it.

    Raises
    ------
    UsageError
        When no row is complete, a term has one level or very many, or a reference does not occur.
    """
    unit = ibis.coalesce(*(table[key].cast("string") for key in keys))
    kept = {name: table[column].cast("float64") for name, column in given.items()}
    coded = {f"_term_{term.name}": _code(table, term) for term in terms}
    narrow = table.select(**{UNIT: unit}, **kept, **coded)
    needed = {UNIT: "", **given} | {f"_term_{term.name}": term.name for term in terms}
    frame, attrition = _complete(narrow, needed)
    if frame.empty:
        raise UsageError(
            "There is nothing to fit: no row of the table is complete.",
            why="A row counts when its person, what is explained and every term are known.",
            fix="Leave out a term that is seldom known, or look at table.count().",
        )
    if not np.isfinite(frame.select_dtypes("number").to_numpy()).all():
        raise UsageError(
            "A column of numbers holds what is no finite number.",
            why="A quotient by zero, or a logarithm of zero, perhaps.",
            fix="Make those unknown: table.mutate(x=table.x.nullif(float('nan'))).",
        )
    frame = frame.loc[frame.index.repeat(frame[ROWS])].drop(columns=ROWS)
    order = [*(str(name) for name in frame if name != UNIT), UNIT]
    frame = frame.sort_values(order, kind="stable", ignore_index=True)  # sums don't follow the engine
    levels = {term.name: _levels(frame, term) for term in terms}
    classes = {
        term.name: pd.Categorical(frame[f"_term_{term.name}"], levels[term.name]).codes.astype("int64")
        for term in terms
        if term.classes
    }
    columns, numbers = [], []
    for term in terms:
        if term.classes:
            columns += [Column(term.name, level) for level in levels[term.name][1:]]
            numbers += [(classes[term.name] == place) * 1.0 for place in range(1, len(levels[term.name]))]
        else:
            columns.append(Column(term.name))
            numbers.append(frame[f"_term_{term.name}"].to_numpy("float64"))
    return Design(
        columns=tuple(columns),
        matrix=np.column_stack(numbers),
        given={name: frame[name].to_numpy("float64") for name in given},
        units=pd.factorize(frame[UNIT])[0].astype("int64"),
        levels=levels,
        classes=classes,
        attrition=attrition,
    )


def _code(table: ir.Table, term: Term) -> ir.Column:
    column = table[term.name]
    if not term.classes:
        return column.cast("float64")
    if column.type().is_boolean():
        return ibis.cases((column, "true"), (~column, "false"))  # an engine spells them its own way
    return column.cast("string").nullif("")


def _complete(narrow: ir.Table, needed: Mapping[str, str]) -> tuple[pd.DataFrame, tuple[Step, ...]]:
    """The complete rows, and how many went for the lack of each column, the first lacking one."""
    names = list(needed)
    known = [narrow[name].notnull() for name in names]
    whole = [reduce(and_, known[: place + 1]) for place in range(len(known))]
    counts = {f"_{place}": narrow.count(where=rows) for place, rows in enumerate(whole)}
    try:
        (sizes,) = narrow.agg(all=narrow.count(), **counts).to_pyarrow().to_pylist()
        frame = _counted(narrow.filter(whole[-1])).to_pyarrow().to_pandas()
    except Exception:
        raise UsageError(
            "The table of the model could not be computed.",
            why="The engine stopped; its message can quote a value and is not shown.",
            fix="Look at table.head(), and whether every column of the model is what you think.",
        ) from None
    left = [sizes["all"], *(sizes[f"_{place}"] for place in range(len(names)))]
    steps = [
        Step(left[place], left[place + 1], _unknown(needed[name]))
        for place, name in enumerate(names)
        if left[place] != left[place + 1]
    ]
    return frame, tuple(steps)


def _counted(complete: ir.Table) -> ir.Table:
    """How many equal rows each person has; numbers stand for persons, so that no identifier leaves the engine."""
    numbered = complete.mutate(**{UNIT: ibis.dense_rank().over(order_by=complete[UNIT])})
    return numbered.group_by(numbered.columns).agg(**{ROWS: numbered.count()})


def _unknown(column: str) -> Text:
    if not column:
        return Text(nl="persoon onbekend", en="person unknown")
    return Text(nl=f"{column} onbekend", en=f"{column} unknown")


def _levels(frame: pd.DataFrame, term: Term) -> tuple[str, ...]:
    """The levels that occur, the reference first: the one asked for, else the one with most rows."""
    values: Any = frame[f"_term_{term.name}"]
    if not term.classes:
        if values.nunique() < 2:
            raise _one_level(term.name)
        return ()
    counts = values.value_counts()
    if len(counts) < 2:
        raise _one_level(term.name)
    if len(counts) > MOST_LEVELS:
        raise UsageError(
            f"The term {term.name} has more than {MOST_LEVELS} levels.",
            why="So many are no classes that a reader can follow, or a rule protect.",
            fix="Use coarser classes, or a number.",
        )
    reference = min(counts[counts == counts.max()].index) if term.reference is None else term.reference
    if reference not in counts.index:
        raise UsageError(
            f"The reference of {term.name} does not occur among the rows that are complete.",
            fix=f'Choose a level that does: table["{term.name}"].value_counts() shows them.',
        )
    return (reference, *sorted(set(counts.index) - {reference}))


def _one_level(term: str) -> UsageError:
    return UsageError(
        f"The term {term} has the same value in every complete row.",
        why="What doesn't vary explains nothing.",
        fix="Leave it out of terms=.",
    )
