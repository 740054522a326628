"""A chain in parts that are made apart and put behind each other: whatever the number of parts at work, the same bytes.

Blocks of persons give the parts of the chain; years give crimes without a suspect, inhabitants and the survey.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from das_research.synthetic import persons
from das_research.synthetic.aims import Aims
from das_research.synthetic.columns import Rows
from das_research.synthetic.days import year_of
from das_research.synthetic.deliveries import courts, execution, inhabitants, police, prosecution, registers
from das_research.synthetic.deliveries.view import View
from das_research.synthetic.story import tell

CUTS = (
    police.registrations, police.solved_crimes, police.referrals, prosecution.cases, prosecution.offences,
    prosecution.dismissals, prosecution.returned, courts.judgments, courts.imposed, courts.appeals,
    execution.sanctions, execution.money, execution.stays, execution.juvenile_stays, execution.service,
    execution.supervisions, registers.documentation, registers.persons,
)  # fmt: skip
CHUNK = 400_000  # crimes without a suspect made together; fixed, though no draw depends on it


@dataclass(frozen=True)
class Census:
    """What must be known of a block before any can be written: who gets which numbers, and how many crimes are left."""

    cases: dict[int, int]
    sanctions: int
    crimes: dict[int, int]


@dataclass(frozen=True)
class Part:
    """One part of a chain: a block of persons, or a year of one dataset.

    Parameters
    ----------
    order : int
        Its place; parts are put behind each other in this order.
    kind : {'block', 'misdrijven', 'bevolking', 'veiligheidsmonitor'}
    number : int
        The block, or the year.
    cases : dict of int to int
        Year to the cases that earlier blocks numbered in it.
    sanctions : int
        The sanctions that earlier blocks numbered.
    first, size : int
        Which crimes without a suspect.
    """

    order: int
    kind: str
    number: int
    cases: dict[int, int]
    sanctions: int = 0
    first: int = 0
    size: int = 0


def blocks_of(aims: Aims) -> int:
    """How many blocks of persons the chain has."""
    return -(-persons.how_many(aims) // persons.BLOCK)


def census(aims: Aims, number: int) -> Census:
    """Count what a block needs numbers for."""
    story = tell(aims, number)
    received = story.decision.received
    years, counts = np.unique(year_of(received[~np.isnat(received)]), return_counts=True)
    cases = dict(zip(years.tolist(), counts.tolist(), strict=True))
    return Census(cases, len(story.sanctions.id), police.crimes_a_year(story.cases))


def parts(aims: Aims, counted: list[Census]) -> list[Part]:
    """Every part of a chain, given the census of its blocks in order."""
    found: list[Part] = []
    numbered, solved, sanctions = Counter[int](), Counter[int](), 0
    for number, block in enumerate(counted):
        found.append(Part(len(found), "block", number, dict(numbered), sanctions))
        sanctions += block.sanctions
        numbered.update(block.cases)
        solved.update(block.crimes)
    for year in range(aims.first, aims.last + 1):
        left = max(0, round(aims.scale * float(aims.target("misdrijven", [year])[0])) - solved[year])
        for first in range(0, left, CHUNK):
            found.append(Part(len(found), "misdrijven", year, {}, first=first, size=min(CHUNK, left - first)))
        found.append(Part(len(found), "bevolking", year, {}))
    found += [
        Part(len(found) + place, "veiligheidsmonitor", year, {})
        for place, year in enumerate(inhabitants.survey_years(aims))
    ]
    return found


def rows_of(aims: Aims, part: Part) -> Iterator[Rows]:
    """The true rows of a part, one file after the other; a file without rows in this part is left out."""
    if part.kind == "block":
        view = View(aims, tell(aims, part.number), part.cases, part.sanctions)
        for cut in CUTS:
            rows = cut(view)
            if len(rows):
                yield rows
    elif part.kind == "misdrijven":
        yield police.unsolved_crimes(aims, part.number, part.first, part.size)
    elif part.kind == "bevolking":
        yield inhabitants.inhabitants(aims, part.number)
    else:
        yield inhabitants.respondents(aims, part.number)
