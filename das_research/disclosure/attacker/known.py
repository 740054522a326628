"""What a reader knows: cells as sets of units, what stands in no file, and what others published."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Where = tuple[tuple[str, frozenset[str]], ...]
Place = frozenset[tuple[str, str]]  # dimension and code; a dimension that is not named is at its total


@dataclass(frozen=True)
class Seen:
    """A cell as a reader sees it.

    Parameters
    ----------
    counted : str
        What is counted, among whom.
    where : tuple of (str, frozenset of str)
        Dimension to the finest codes that the cell is about; all dimensions of its table, by name.
    value : int or None
        None where it is hidden.
    release : str
        Which release shows it.
    least : int
        What is known of it when it is hidden: 1 where zeros are shown as such.
    zero_tells : bool
        Whether to know that it is zero tells of everybody else: that it happened to all, or to nobody.
    persons : int or None
        How many persons are in it, where its file tells.
    file, place : int, tuple of (str, str)
        Which file of the release shows it, counted from zero, and by which measure, codes and period.
    base, within : int
        Of a rounded number, of what it is a multiple, and that it lies less than `within` from the number under it;
        else 0.
    """

    counted: str
    where: tuple[tuple[str, frozenset[str]], ...]
    value: int | None
    release: str
    least: int = 1
    zero_tells: bool = False
    persons: int | None = field(default=None, compare=False)
    file: int = field(default=-1, compare=False)
    place: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    base: int = 0
    within: int = 0


@dataclass(frozen=True)
class Besides:
    """What a reader knows that stands in no file.

    Parameters
    ----------
    apart : frozenset of (str, str)
        What is counted and a dimension of which the codes overlap or are not all, so that they don't add up.
    loose : frozenset of str
        What is counted where a part holds more than its whole, so that it does not lie within it.
    alone : frozenset of (str, str)
        What is counted and a dimension of which a code holds only what has itself, and not what is below it.
    places : mapping of str to frozenset of frozenset
        What is counted to every place that any file has, also other releases.
    incomplete : frozenset of str
        Dimensions with codes that stand in no file, so that a total is more than all codes of all files together.
    hidden_zeros : frozenset of str
        What is counted where a true zero is hidden too, so that a hidden number may be zero.
    """

    apart: frozenset[tuple[str, str]] = frozenset()
    loose: frozenset[str] = frozenset()
    alone: frozenset[tuple[str, str]] = frozenset()
    places: Mapping[str, frozenset[Place]] = field(default_factory=dict)
    incomplete: frozenset[str] = frozenset()
    hidden_zeros: frozenset[str] = frozenset()


NOTHING = Besides()


@dataclass(frozen=True)
class Bound:
    """A number that others published of the same units, as far as they tell it.

    Parameters
    ----------
    counted : str
        What is counted, among whom: as in the cells that it is about.
    where : tuple of (str, frozenset of str)
        Dimension to the finest codes; a dimension that is not named is at its total, with codes that no file holds.
    low, high : int
        The least and the greatest number that it stands for, by how it is rounded.
    source : str
        Who published it.
    more : tuple of (str, tuple of (str, frozenset of str))
        What is added to it: the number stands for the sum of these and of what `counted` and `where` say.
    """

    counted: str
    where: Where
    low: int
    high: int
    source: str
    more: tuple[tuple[str, Where], ...] = ()

    @property
    def parts(self) -> tuple[tuple[str, Where], ...]:
        """All that is added up: what is counted, and which of it."""
        return (self.counted, self.where), *self.more
