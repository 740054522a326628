"""What a counting of the catalogue counts: of which rows, on which day, and by which lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from das_research.catalog.models import Condition, Counting

ONE_OF, NONE_OF = ("is", "in"), ("is_not", "not_in")
Line = tuple[str, str, tuple[str, ...]]  # column, operator, values


@dataclass(frozen=True)
class Population:
    """What is counted: of which rows, on which day, and by which lines."""

    of: tuple[str, ...]
    lines: frozenset[Line]

    def is_same_as(self, other: "Population") -> bool:
        """Whether each is all that the other is, however their lines say it."""
        return self.of == other.of and self._within(other) and other._within(self)

    def beyond(self, other: "Population") -> list[Line]:
        """The lines here that choose among what the other counts."""
        return sorted(mine for mine in self.lines if not any(implies(theirs, mine) for theirs in other.lines))

    def is_part_of(self, other: "Population") -> bool:
        """Whether all that is counted here is counted there, and not the other way round."""
        return self.of == other.of and self._within(other) and not other._within(self)

    def _within(self, other: "Population") -> bool:
        return all(any(implies(mine, theirs) for mine in self.lines) for theirs in other.lines)


def implies(line: Line, other: Line) -> bool:
    """Whether each row for which a line holds is one for which the other holds, as far as the two say it themselves.

    Examples
    --------
    >>> implies(("kamer", "in", ("mk",)), ("kamer", "in", ("mk", "pr")))
    True
    >>> implies(("kamer", "in", ("mk",)), ("kamer", "known", ()))
    True
    >>> implies(("kamer", "in", ("mk", "pr")), ("kamer", "in", ("mk",)))
    False
    """
    (column, operator, values), (other_column, other_operator, other_values) = line, other
    if line == other:
        return True
    if column != other_column or operator == "unknown":
        return False
    if other_operator == "known":
        return True  # what is not known satisfies no line but `unknown`
    mine, theirs = set(values), set(other_values)
    if operator in ONE_OF:
        return mine <= theirs if other_operator in ONE_OF else other_operator in NONE_OF and not mine & theirs
    return operator in NONE_OF and other_operator in NONE_OF and theirs <= mine


def counts_units(counting: Counting) -> bool:
    """Whether it counts units: a sum of values or weights does not, and the mean days are of the units under them."""
    return counting.what != "sum" and counting.weight is None


def population_of(counting: Counting, function: str = "", more: Iterable[Condition] = ()) -> Population:
    """What a counting counts.

    Parameters
    ----------
    counting : Counting
        Of the catalogue.
    function : str
        What adds columns to its table first.
    more : iterable of Condition
        Lines besides its own.
    """
    stock = counting.stock
    day = (stock.begin, stock.end, stock.day) if stock else (str(counting.moment),)
    lines = ((line.column, line.operator, tuple(sorted(map(str, line.values)))) for line in (*counting.where, *more))
    return Population((counting.table, counting.what, function, *day), frozenset(lines))
