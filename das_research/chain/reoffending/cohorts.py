"""A cohort: an Ibis table of persons and the days from which they are followed, its attrition, and its recipe."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir

from das_research.catalog.condition_words import condition_in_words
from das_research.catalog.models import CohortRule, Condition, RecidivismMethod, Text
from das_research.chain.assemble import period_of
from das_research.chain.reoffending.index_events import attributes_of
from das_research.result import Step
from das_research.style.numbers import Language, format_number, format_period
from das_research.style.plots import Bar, Chart, bars

if TYPE_CHECKING:
    from das_research.access.project import Project

AT_FIRST = Text(nl="alle gebeurtenissen", en="all events")
OWN: dict[str, Callable[[int], Text]] = {
    "same_days": lambda days: Text(nl=f"één gebeurtenis in {days} dagen", en=f"one event in {days} days"),
    "washout_years": lambda years: Text(nl=f"geen eerdere in {years} jaar", en=f"no earlier one in {years} years"),
}
LEFT_OUT = Text(nl="valt af: {}", en="left out: {}")


@dataclass(frozen=True, eq=False)
class Cohort:
    """Made by `das_research.chain.cohort`.

    Attributes
    ----------
    project : Project
        Where it was made.
    method, rule : RecidivismMethod, CohortRule
        What the catalogue says of it.
    entries : Table
        One row a person and year: `person_id, case_id, year, start`, and `offence, sex, birth_year` as far as they
        were granted.
    attrition : tuple of Step
        How many events went into each step and stayed, and why the others were left out.
    parameters : dict
        What `das_research.chain.cohort` was asked, in JSON values.
    """

    project: "Project"
    method: RecidivismMethod
    rule: CohortRule
    entries: ir.Table
    attrition: tuple[Step, ...]
    parameters: dict[str, Any]

    @property
    def table(self) -> ir.Table:
        """The entries, and attributes as far as they were granted."""
        return self.entries.mutate(**attributes_of(self.project, self.method, self.entries))

    @property
    def years(self) -> range:
        """The calendar years in which its persons start."""
        return range(self.parameters["first_year"], self.parameters["last_year"] + 1)

    @property
    def period(self) -> str:
        """Its years, as a Result writes them."""
        return period_of(self.years[0], self.years[-1])

    @property
    def size(self) -> int:
        """How many rows its table has: persons, each as often as the years in which they start."""
        return self.attrition[-1].n_out

    @property
    def is_too_small(self) -> bool:
        """Whether it holds somebody, and fewer than the method allows to follow."""
        return 0 < self.size < self.method.smallest_cohort

    def title(self, what: Text, *more: Text) -> Text:
        """A title that says who is followed, from when, by which choices of the author's own, and what else is told."""
        own = [condition_in_words(Condition.model_validate(line)) for line in self.parameters["where"]]
        own += [words_of(self.parameters[name]) for name, words_of in OWN.items() if self.parameters[name]]
        choices = {language: "".join(f", {words[language]}" for words in (*own, *more)) for language in ("nl", "en")}
        return Text(
            nl=f"{what.nl}: {self.rule.title.nl}, {format_period(self.period, 'nl')}{choices['nl']}",
            en=f"{what.en}: {self.rule.title.en}, {format_period(self.period, 'en')}{choices['en']}",
        )

    def plot(self, language: Language = "nl", *, for_print: bool = False) -> Chart:
        """How many events were left after each step, and why the others were left out."""
        drawn = [Bar(AT_FIRST[language], *_printed(self.attrition[0].n_in, language))]
        for step in self.attrition:
            name = LEFT_OUT[language].format(step.reason[language])
            drawn.append(Bar(name, *_printed(step.n_out, language)))
        return bars(
            drawn,
            chart_id=f"cohort-{self.parameters['index']}-{language}",
            title=self.title(Text(nl="Samenstelling van het cohort", en="How the cohort was made"))[language],
            language=language,
            synthetic=self.project.synthetic,
            for_print=for_print,
        )

    def __repr__(self) -> str:
        language = self.project.catalog.language
        lines = [self.title(Text(nl="Cohort", en="Cohort"))[language]]
        lines += [f"  {step.n_in} -> {step.n_out}  {step.reason[language]}" for step in self.attrition]
        return "\n".join(lines)


def _printed(number: int, language: Language) -> tuple[float, str]:
    return float(number), format_number(float(number), "", language)
