"""What the catalogue says the fictitious chain must look like, in the shape that draws use."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from das_research.catalog.models import SyntheticChain
from das_research.synthetic.chance import Numbers, Whole, values

GROUPS = ("vermogen", "vernieling", "geweld", "overig", "verkeer", "drugs", "wapens")
GROUP_OF = {"1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6, "9": 3}  # main group of SCM 2010 to our groups


@dataclass(frozen=True)
class Aims:
    """The aims of one chain: its catalogue entry, its years, its scale and its seed.

    Parameters
    ----------
    chain : SyntheticChain
        The entry of the catalogue.
    first, last : int
        The years of which the partners deliver.
    scale : float
        Share of the real size.
    seed : int
        The seed of every draw.
    """

    chain: SyntheticChain
    first: int
    last: int
    scale: float
    seed: int

    @cached_property
    def crimes(self) -> tuple[str, ...]:
        """The kinds of crime."""
        return tuple(self.chain.shares["misdrijf"]["verdachten"])

    @cached_property
    def group_of(self) -> Whole:
        """The group of each kind of crime, as its position in `GROUPS`."""
        return np.array([GROUP_OF[code[3]] for code in self.crimes])

    @property
    def began(self) -> int:
        """The first year that is simulated."""
        return self.first - int(self.number("aanloop"))

    @property
    def years(self) -> range:
        """Every year that is simulated."""
        return range(self.began, self.last + 1)

    @property
    def last_day(self) -> np.datetime64:
        """The last day of which anything is known."""
        return np.datetime64(f"{self.last}-12-31")

    def number(self, name: str) -> float:
        """One number."""
        return self.chain.numbers[name]

    def level(self, name: str, years: Whole | Sequence[int] | range) -> Numbers:
        """A level in each of these years: between two known years on the line between them."""
        return on_the_line(self.chain.levels[name], years)

    def target(self, name: str, years: Whole | Sequence[int] | range) -> Numbers:
        """A target in each of these years, on the real scale."""
        return on_the_line(self.chain.targets[name], years)

    def weights(self, of: str, whom: str, codes: Sequence[str]) -> Numbers:
        """The weights of these codes, zero for one that is not named."""
        return values(self.chain.shares[of][whom], codes)

    def table(self, of: str, whom: Sequence[str], codes: Sequence[str]) -> Numbers:
        """Weights of these codes, one row for each of whom they are asked."""
        return np.array([self.weights(of, each, codes) for each in whom])

    def codes(self, of: str) -> tuple[str, ...]:
        """Every code that any of these shares names."""
        return tuple(dict.fromkeys(code for row in self.chain.shares[of].values() for code in row))

    def days(self, of: str, codes: Sequence[str]) -> Numbers:
        """Median days of these codes."""
        return values(self.chain.days[of], codes)


def on_the_line(known: dict[int, float], years: Whole | Sequence[int] | range) -> Numbers:
    """Values of years that are known, and of those between and beyond."""
    order = sorted(known)
    return np.interp(np.asarray(years, dtype=float), order, [known[year] for year in order])
