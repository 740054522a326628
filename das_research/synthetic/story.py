"""Everything that happens to the persons of one block: the one thing that all partners' files are cut from."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from das_research.synthetic import enforcement, journey, juveniles, persons, supervision
from das_research.synthetic.aims import Aims
from das_research.synthetic.careers import Registrations, registrations
from das_research.synthetic.chance import Dates, Flags, Whole
from das_research.synthetic.enforcement import Sanctions, Stays
from das_research.synthetic.journey import Step, Trial
from das_research.synthetic.persons import Persons
from das_research.synthetic.supervision import Supervisions

OfCases = TypeVar("OfCases", Sanctions, Stays, Supervisions)
LOOKED_BACK = 4  # earlier registrations whose stays can keep a person from committing a crime


@dataclass(frozen=True)
class Way:
    """The way of registrations through the chain, until its natural end.

    Parameters
    ----------
    cases : Registrations
        Every other array of cases is as long.
    handling, decision, again : Step
        At the police and at the prosecution service; a case that came back has a new decision.
    reason : array of int
        Why it came back.
    trial : Trial
    sanctions : Sanctions
    stays : Stays
    supervisions : Supervisions
    """

    cases: Registrations
    handling: Step
    decision: Step
    again: Step
    reason: Whole
    trial: Trial
    sanctions: Sanctions
    stays: Stays
    supervisions: Supervisions

    def only(self, kept: Flags) -> "Way":
        """The way of these registrations alone: no draw hangs on another registration."""
        place = np.cumsum(kept) - 1

        def of_cases(entries: OfCases) -> OfCases:
            left = entries.only(kept[entries.case])
            return replace(left, case=place[left.case])

        return Way(
            self.cases.only(kept),
            self.handling.only(kept),
            self.decision.only(kept),
            self.again.only(kept),
            self.reason[kept],
            self.trial.only(kept),
            of_cases(self.sanctions),
            of_cases(self.stays),
            of_cases(self.supervisions),
        )


@dataclass(frozen=True, kw_only=True)
class Story(Way):
    """What happens to the persons of a block.

    Parameters
    ----------
    everyone : Persons
        All persons of the block, also those who never come to notice.
    persons : Persons
        Those who do.
    died, departed : array of date
        When each of them died or emigrated; mostly never.
    ended : array of date
        When the last thing happened in each case.
    """

    everyone: Persons
    persons: Persons
    died: Dates
    departed: Dates
    ended: Dates


def tell(aims: Aims, number: int) -> Story:
    """The story of one block of persons.

    Parameters
    ----------
    aims : Aims
        What the chain must look like.
    number : int
        The block; what happens in it does not depend on any other.
    """
    everyone = persons.block(aims, number)
    noticed = everyone.only(everyone.times > 0)
    way = _follow(aims, registrations(aims, noticed))
    way = way.only(~_committed_inside(way))
    ended = np.fmax(np.fmax(way.handling.ended, way.decision.ended), np.fmax(way.again.ended, way.trial.final))
    np.fmax.at(ended, way.sanctions.case, way.sanctions.ended)
    np.fmax.at(ended, way.stays.case, way.stays.end)
    np.fmax.at(ended, way.supervisions.case, way.supervisions.end)
    last = np.full(len(noticed.id), np.datetime64(f"{aims.began}-01-01"))
    np.fmax.at(last, way.cases.person, ended)
    died = persons.leaving(aims, noticed, "death", last)
    departed = persons.leaving(aims, noticed, "departure", last)
    departed = np.where(departed > died, np.datetime64("NaT"), departed)
    return Story(**vars(way), everyone=everyone, persons=noticed, died=died, departed=departed, ended=ended)


def _follow(aims: Aims, cases: Registrations) -> Way:
    handling = journey.police(aims, cases)
    decision = journey.prosecution(aims, cases, handling)
    again, reason = journey.returning(aims, cases, decision)
    trial = journey.court(aims, cases, decision, again)
    sanctions = enforcement.sanctions(aims, cases, decision, again, trial)
    of_minors = juveniles.juvenile_stays(aims, cases, decision, trial, sanctions)
    stays = enforcement.detention(aims, cases, decision, trial, sanctions).and_those(of_minors)
    sanctions = replace(sanctions, ended=_served(sanctions, stays))
    supervisions = supervision.supervised(aims, cases, trial)
    return Way(cases, handling, decision, again, reason, trial, sanctions, stays, supervisions)


def _served(sanctions: Sanctions, stays: Stays) -> Dates:
    """A sentence that is served ends when the person is let out."""
    order = np.argsort(sanctions.id)
    of_sanction = stays.id % enforcement.PER_CASE != 0
    place = order[np.searchsorted(sanctions.id, stays.id[of_sanction], sorter=order)]
    ended = sanctions.ended.copy()
    ended[place] = stays.end[of_sanction]
    return ended


def _committed_inside(way: Way) -> Flags:
    """Whether a crime was committed on a day on which its suspect was in detention for an earlier registration."""
    cases, stays = way.cases, way.stays
    order = np.lexsort((stays.begin, cases.person[stays.case]))
    person, begin, end = cases.person[stays.case][order], stays.begin[order], stays.end[order]
    day = np.timedelta64(1, "D")
    epoch = np.datetime64("1970-01-01")
    wide = 10**6  # days; keeps the stays of each person apart on one line
    line = person * wide + (begin - epoch) // day
    place = np.searchsorted(line, cases.person * wide + (cases.committed - epoch) // day, side="right") - 1
    inside = np.zeros(len(cases.id), dtype=bool)
    for back in range(LOOKED_BACK):
        at = np.maximum(place - back, 0)
        if len(line):
            inside |= (place - back >= 0) & (person[at] == cases.person) & (cases.committed < end[at])
    return inside
