"""A story as it is known on the last day, with the numbers that partners give to cases."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from das_research.synthetic import identifiers
from das_research.synthetic.aims import Aims
from das_research.synthetic.chance import NEVER, Dates, Flags, Whole, pick, uniform
from das_research.synthetic.columns import Coded, Column, Rows
from das_research.synthetic.days import year_of
from das_research.synthetic.identifiers import NOWHERE, Serials
from das_research.synthetic.persons import SEXES, Persons
from das_research.synthetic.story import Story

AGES = {12: "12-17", 18: "18-24", 25: "25-34", 35: "35-49", 50: "50+"}


@dataclass(frozen=True)
class View:
    """What can be delivered of a block.

    Parameters
    ----------
    aims : Aims
    story : Story
    numbered : dict of int to int
        Year to the number of cases that earlier blocks gave a number in it.
    sanctions_before : int
        Sanctions that earlier blocks gave a number.
    """

    aims: Aims
    story: Story
    numbered: dict[int, int]
    sanctions_before: int

    @cached_property
    def running(self) -> Flags:
        """Cases that were not over when the first delivered year began."""
        return self.story.ended >= np.datetime64(f"{self.aims.first}-01-01")

    def rows(self, dataset: str, case: Whole, begin: Dates, columns: dict[str, Column], entity: Whole) -> Rows:
        """Rows of cases that had begun by the last day, by date, of cases that were running.

        Parameters
        ----------
        dataset : str
            The dataset's id.
        case : array of int
            The case of each row.
        begin : array of date
            When the row begins; NaT: it never does.
        columns : dict
            Variable to its values.
        entity : array of int
            A number for each row.
        """
        cases = self.story.cases
        rows = Rows(dataset, entity, columns, cases.id[case], self.story.persons.id[cases.person[case]])
        known = np.flatnonzero(self.running[case] & self.happened(begin))
        return rows.only(known[np.lexsort((entity[known], begin[known]))])

    def happened(self, day: Dates) -> Flags:
        """Whether a day is one of the past on the last day."""
        return day <= self.aims.last_day

    def known(self, day: Dates) -> Dates:
        """The day, where it is one of the past."""
        return np.where(self.happened(day), day, NEVER)

    def known_code(self, names: tuple[str, ...], place: Whole, day: Dates) -> Coded:
        """The code, where the day on which it was given is one of the past."""
        return Coded(names, np.where(self.happened(day), place, -1))

    @cached_property
    def numbers(self) -> Serials:
        """The case number of every case that the prosecution service received, by year; -1 for the others."""
        received = self.story.decision.received
        year = np.where(np.isnat(received), 0, year_of(received))
        order = np.argsort(year, kind="stable")
        order = order[year[order] > 0]
        within = np.arange(len(order)) - np.searchsorted(year[order], year[order])
        before = np.array([self.numbered.get(int(each), 0) for each in year[order]], dtype=np.int64)
        serials = np.full(len(received), -1, dtype=np.int64)
        serials[order] = (NOWHERE + before + within) * 100 + year[order] % 100
        return Serials("parketnummer", serials)

    def skn(self) -> Serials:
        """The criminal justice chain number in every case."""
        return identifiers.skn(self.story.persons.id[self.story.cases.person])

    def sex(self) -> Coded:
        """The sex of the suspect in every case."""
        return Coded(SEXES, self.story.persons.sex[self.story.cases.person])

    def birth(self) -> Dates:
        """The birth date of the suspect in every case."""
        return self.story.persons.birth[self.story.cases.person]

    def age_class(self) -> Coded:
        """The age at the crime in classes."""
        return Coded(tuple(AGES.values()), np.searchsorted(list(AGES), self.story.cases.age, side="right") - 1)

    def town(self) -> Coded:
        """Where each crime was committed."""
        return Coded(tuple(self.aims.chain.towns), self.story.cases.town)

    def groups(self) -> Whole:
        """The group of each crime."""
        return self.aims.group_of[self.story.cases.crime]

    def name(self) -> tuple[Coded, Coded]:
        """Family name and initials of the suspect in every case."""
        family, initials = names_of(self.aims, self.story.persons)
        who = self.story.cases.person
        return family[who], initials[who]


def names_of(aims: Aims, persons: Persons) -> tuple[Coded, Coded]:
    """Family name and initials of each person."""
    names = aims.chain.names["achternamen"]
    family = pick(uniform(aims.seed, "family name", persons.id), 1 / (np.arange(len(names)) + 8.0))
    letters = tuple(f"{first}.{second}" for first in "ABCDEFGHIJKLMNPRSTW" for second in ("", *"ABEHJLMPRS"))
    letters = tuple("".join(f"{each}." for each in text.split(".") if each) for text in letters)
    return Coded(names, family), Coded(letters, pick(uniform(aims.seed, "initials", persons.id), np.ones(len(letters))))


def towns_of(aims: Aims, persons: Persons) -> Coded:
    """Where each person lives."""
    weights = np.array([town.weight for town in aims.chain.towns.values()])
    return Coded(tuple(aims.chain.towns), pick(uniform(aims.seed, "home", persons.id), weights))


def units_of(aims: Aims, town: Coded) -> Coded:
    """The police unit of each town."""
    units = tuple(dict.fromkeys(each.unit for each in aims.chain.towns.values()))
    of_town = np.array([units.index(aims.chain.towns[name].unit) for name in town.names])
    return Coded(units, of_town[town.place])
