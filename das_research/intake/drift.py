"""What moved between two deliveries of one dataset: shares of missing values, of known codes, of rows in which a rule
holds, and rows by year.

A delivery is judged against the latest one before it that can be compared. A movement is told when it is large enough
to matter and too large for chance. With n rows before and m now:

- a share moved when it differs by `POINTS` percentage points or more, and by more than `DEVIATIONS` standard errors:
  sqrt(p (1 - p) (1/n + 1/m)), p being the share over both;
- the codes of a column moved together when their population stability index is `STABILITY` or more, and above what
  chance gives: (k - 1 + `DEVIATIONS` sqrt(2 (k - 1))) (1/n + 1/m) for k codes. The index is the sum over the codes of
  (now - before) ln(now / before), each share with half a row added to its code, so that one that vanishes has a share;
- the rows of a year moved when they differ by `CHANGE` or more of what they were, and by more than `DEVIATIONS`
  standard deviations: sqrt(before + now).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt

from das_research.intake.delivery import Delivery

POINTS, STABILITY, CHANGE, DEVIATIONS = 2.0, 0.1, 0.1, 3.0
FEWEST = 100  # of fewer rows no share is judged


@dataclass(frozen=True)
class Share:
    """A part of a whole.

    Parameters
    ----------
    part, whole : int
        Rows.
    """

    part: int
    whole: int

    @property
    def percent(self) -> float:
        """The part in percent of the whole; 0 of nothing."""
        return 100 * self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True)
class MovedShare:
    """A share that moved: of missing values of a column, or of one of its codes.

    Parameters
    ----------
    variable : str
        The column.
    code : str, optional
        The code as delivered; None for missing values.
    before, now : Share
        In the delivery before and in this one.
    """

    variable: str
    code: str | None
    before: Share
    now: Share


@dataclass(frozen=True)
class MovedYear:
    """A year whose number of accepted rows moved."""

    year: str
    before: int
    now: int


@dataclass(frozen=True)
class Drift:
    """What moved.

    Parameters
    ----------
    missing, codes, rules : tuple of MovedShare
        The widest movement first; of a rule the column is its name.
    stability : dict
        Column of codes to its population stability index, where that moved.
    years : tuple of MovedYear
        In order.
    """

    missing: tuple[MovedShare, ...] = ()
    codes: tuple[MovedShare, ...] = ()
    stability: Mapping[str, float] = field(default_factory=dict)
    years: tuple[MovedYear, ...] = ()
    rules: tuple[MovedShare, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.codes or self.stability or self.years or self.rules)


def comparable(delivery: Delivery, earlier: Sequence[Delivery]) -> list[Delivery]:
    """The deliveries that were received before this one and can be compared with it, oldest first.

    Returns
    -------
    list of Delivery
        Of the same dataset, whole files with enough rows that know their columns; none where this one is no such
        file itself. A delivery of corrections holds the rows that were wrong, which compare with nothing.
    """
    before = [it for it in earlier if it.dataset == delivery.dataset and _moment(it) < _moment(delivery)]
    return sorted(filter(_whole, before), key=_moment) if _whole(delivery) else []


def drift(before: Delivery, now: Delivery, known: Mapping[str, Collection[str]]) -> Drift:
    """What moved from one delivery to the next.

    Parameters
    ----------
    before, now : Delivery
        As `comparable` gives them.
    known : mapping
        Column to the codes that the catalogue knows; others are not looked at.
    """
    columns = {column.variable: column for column in before.columns}
    pairs = [(columns[column.variable], column) for column in now.columns if column.variable in columns]
    missing = [
        MovedShare(
            new.variable,
            None,
            Share(before.delivered - old.filled, before.delivered),
            Share(now.delivered - new.filled, now.delivered),
        )
        for old, new in pairs
    ]
    codes, stability = [], {}
    for old, new in pairs:
        told = sorted(set(known.get(new.variable, ())) & (set(old.codes) | set(new.codes)))
        counts = [(old.codes.get(code, 0), new.codes.get(code, 0)) for code in told]
        whole = sum(one for one, _ in counts), sum(other for _, other in counts)
        if min(whole) < FEWEST:
            continue
        codes += [
            MovedShare(new.variable, code, Share(one, whole[0]), Share(other, whole[1]))
            for code, (one, other) in zip(told, counts, strict=True)
        ]
        index = stability_index(counts)
        if index >= max(STABILITY, _by_chance(len(told), *whole)):
            stability[new.variable] = index
    return Drift(_widest(missing), _widest(codes), stability, tuple(_years(before, now)), _rules(before, now))


def stability_index(counts: Sequence[tuple[int, int]]) -> float:
    """The population stability index of rows by code, before and now.

    Examples
    --------
    >>> stability_index([(500, 500), (500, 500)])
    0.0
    >>> round(stability_index([(700, 500), (300, 500)]), 3)
    0.169
    """
    before, now = (sum(pair[side] for pair in counts) + len(counts) / 2 for side in (0, 1))
    shares = [((one + 0.5) / before, (other + 0.5) / now) for one, other in counts]
    return sum((new - old) * log(new / old) for old, new in shares)


def _rules(before: Delivery, now: Delivery) -> tuple[MovedShare, ...]:
    """Rules that hold in another share of rows: what was taken out or isn't known counts as filled, and as no code."""
    old, new = ({it.rule: it.rows for it in delivery.rules} for delivery in (before, now))
    return _widest(
        [
            MovedShare(rule, None, Share(old.get(rule, 0), before.delivered), Share(new.get(rule, 0), now.delivered))
            for rule in dict.fromkeys((*old, *new))
        ]
    )


def _moment(delivery: Delivery) -> tuple[str, str]:
    return delivery.received, delivery.id


def _whole(delivery: Delivery) -> bool:
    return not delivery.corrects and bool(delivery.columns) and delivery.delivered >= FEWEST


def _by_chance(codes: int, before: int, now: int) -> float:
    return (codes - 1 + DEVIATIONS * sqrt(2 * (codes - 1))) * (1 / before + 1 / now)


def _widest(shares: Sequence[MovedShare]) -> tuple[MovedShare, ...]:
    moved = [it for it in shares if _moved(it.before, it.now)]
    return tuple(sorted(moved, key=lambda it: -abs(it.now.percent - it.before.percent)))


def _moved(before: Share, now: Share) -> bool:
    both = (before.part + now.part) / (before.whole + now.whole)
    chance = 100 * sqrt(both * (1 - both) * (1 / before.whole + 1 / now.whole))
    points = abs(now.percent - before.percent)
    return points >= POINTS and points > DEVIATIONS * chance


def _years(before: Delivery, now: Delivery) -> list[MovedYear]:
    """Years that both files cover; the last one of the earlier file was still filling, unless it says otherwise."""
    if not before.years or not now.years:
        return []
    first = max(min(before.years), min(now.years))
    last = min(str(int(max(before.years)) - 1), max(now.years))
    if before.period and now.period:
        first = max(_first_whole_year(before.period[0]), _first_whole_year(now.period[0]))
        last = min(_last_whole_year(before.period[1]), _last_whole_year(now.period[1]))
    years = [str(year) for year in range(int(first), int(last) + 1)]
    pairs = [MovedYear(year, before.years.get(year, 0), now.years.get(year, 0)) for year in years]
    return [
        it
        for it in pairs
        if abs(it.now - it.before) >= CHANGE * it.before
        and abs(it.now - it.before) > DEVIATIONS * sqrt(it.before + it.now)
    ]


def _first_whole_year(day: str) -> str:
    return day[:4] if day[5:] == "01-01" else str(int(day[:4]) + 1)


def _last_whole_year(day: str) -> str:
    return day[:4] if day[5:] == "12-31" else str(int(day[:4]) - 1)
