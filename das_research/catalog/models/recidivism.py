"""How recidivism is measured: what makes an index case, what counts as a new one, and where both stand."""

from pydantic import Field

from das_research.catalog.models.base import Bilingual, Condition, Entry, Id, Model


class Documentation(Model):
    """The register in which cases of persons stand, index cases and new ones, and its columns."""

    table: Id = Field(description="a dataset with one row a case of a person")
    disposal: str
    registered: str = Field(description="the date on which a case came into the register")
    offence: str = Field(description="code of the most serious offence")
    maximum: str = Field(description="statutory maximum for it, in months")
    sex: str
    birth_year: str
    dates: dict[str, str] = Field(
        min_length=1, description="ways to date a new offence, to their columns; the first is used unless asked"
    )


class Disposals(Model):
    """Which disposals count. Every code is said: what does not count has its reason."""

    count: tuple[str, ...] = Field(min_length=1)
    leave_out: dict[str, Bilingual] = {}
    unverified: bool = False


class Detention(Model):
    """Stays during which nobody can reoffend outside."""

    table: Id
    begin: str
    end: str = Field(description="unknown: not yet")


class Departures(Model):
    """Ways in which a person goes out of sight: events that compete with reoffending."""

    table: Id
    dates: tuple[str, ...] = Field(min_length=1, description="the first of them ends the observation")


class Threshold(Model):
    """A statutory maximum, in months, from which an offence counts."""

    months: int = Field(ge=1)
    unverified: bool = False


class Lag(Model):
    """So long before the end of the sources the observation ends: later cases are not yet all there."""

    days: int = Field(ge=0)
    reason: Bilingual
    unverified: bool = False


class Bounds(Model):
    """Codes of a classification of numbers, each from its lower bound to the next."""

    classification: Id
    from_: dict[str, int] = Field(alias="from", min_length=1, description="code to the least number; rising")


class OffenceGroups(Model):
    """What offences are broken down by: a classification with a correspondence named after their own."""

    classification: Id
    correspondence: Id


class CohortRule(Model):
    """Whose reoffending is followed, and from which day."""

    title: Bilingual
    cannot: Bilingual | None = Field(default=None, description="why this catalogue's sources can't show this cohort")
    table: Id | None = Field(default=None, description="a dataset of persons' cases; required unless it can't be shown")
    start: dict[str, str] = Field(
        default={}, description="ways to choose the day the clock starts, to their columns; the first unless asked"
    )
    disposed: bool = Field(default=False, description="only disposals that make an index case")
    where: tuple[Condition, ...] = Field(default=(), description="all must hold; `leeftijd` is the age at the start")
    unverified: bool = Field(default=False, description="its start or its lines were not read in a source")


class RecidivismMethod(Entry):
    """A way to measure recidivism, as one organisation does."""

    version: str
    documentation: Documentation
    index_disposals: Disposals
    new_disposals: Disposals
    thresholds: dict[Id, Threshold]
    ages: Bounds
    earlier_cases: Bounds
    offence_groups: OffenceGroups
    registration_lag: Lag
    smallest_cohort: int = Field(default=1, ge=1, description="fewer persons than this are followed no further")
    detention: tuple[Detention, ...] = Field(default=(), description="every table of stays, all of which are needed")
    departures: Departures | None = None
    cohorts: dict[Id, CohortRule] = Field(min_length=1)
