"""What every entry of the catalogue is made of: texts in two languages, conditions, and what is counted."""

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
Theme = Literal["preventie", "slachtofferschap", "opsporing", "vervolging", "berechting", "tenuitvoerlegging"]
Purpose = Literal["statistiek", "monitor", "wetenschappelijk onderzoek", "ketenverantwoording"]
THEMES: tuple[Theme, ...] = get_args(Theme)
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
Address = Annotated[str, Field(pattern=r"^(https?://|urn:)[^\s<>\"{}|\\^`]+$")]
Operator = Literal["is", "is_not", "in", "not_in", "at_least", "at_most", "known", "unknown"]
Subject = Literal["case", "person", "crime", "population", "respondent"]


class Model(BaseModel):
    """Frozen, and closed: an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Model):
    """One text in Dutch and in English. A bare string in the YAML is a proper noun: the same in both."""

    nl: str
    en: str

    def __getitem__(self, language: str) -> str:
        return {"nl": self.nl, "en": self.en}[language]


def _proper_noun(value: Any) -> Any:
    return {"nl": value, "en": value} if isinstance(value, str) else value


Bilingual = Annotated[Text, BeforeValidator(_proper_noun)]


class Entry(Model):
    """What every separate file of the catalogue starts with."""

    id: Id
    title: Bilingual
    description: Bilingual | None = None
    source: str | None = Field(default=None, description="where the statement was read")
    unverified: bool = Field(default=False, description="remembered, not read in a source: never shown as a fact")


class Condition(Model):
    """One line of the closed grammar: a column, an operator, values."""

    column: str
    operator: Operator
    values: tuple[str | int | float | bool | date, ...] = ()


class DayOfYear(Model):
    """A stock: the rows that had begun by a day of each year and had not ended on it."""

    begin: str = Field(description="the date on which a row begins")
    end: str = Field(description="the date on which it ends; unknown: not yet")
    day: str = Field(pattern=r"^[01][0-9]-[0-3][0-9]$", description="month and day, as 09-30")


class Counting(Model):
    """What is counted, by year: rows, persons or cases of one table, a sum, or the mean days between two dates."""

    table: Id = Field(description="a dataset, or one of the chain's own tables: persons, cases, events")
    what: Literal["rows", "persons", "cases", "sum", "mean_days"] = "rows"
    moment: str | None = Field(default=None, description="the date whose year counts; required but for a stock")
    stock: DayOfYear | None = Field(default=None, description="counts what was there on a day, not what happened")
    column: str | None = Field(default=None, description="the number that is summed, for a sum")
    days: tuple[str, str] | None = Field(default=None, description="from and until, for mean_days")
    weight: str | None = Field(default=None, description="a survey's weights: each row counts so often")
    where: tuple[Condition, ...] = Field(default=(), description="all must hold, on unified codes")

    @property
    def named(self) -> tuple[str, ...]:
        """Every column that it names, those of its lines too."""
        stock = (self.stock.begin, self.stock.end) if self.stock else ()
        fields = (self.moment, self.column, self.weight, *stock, *(self.days or ()))
        return tuple(name for name in (*fields, *(line.column for line in self.where)) if name)


class Concentration(Model):
    """How much of a sum may be one unit's."""

    dominance: float | None = Field(
        default=None,
        gt=0,
        le=100,
        description="a sum is hidden where one unit makes up more than this percentage of it",
    )
    dominance_of: dict[Annotated[int, Field(ge=2)], Annotated[float, Field(gt=0, le=100)]] = Field(
        default={}, description="and where so many of the largest together do: {2: 80}"
    )
    p_percent: float | None = Field(
        default=None,
        gt=0,
        le=100,
        description="and where all but the two largest come to less than this, of the largest",
    )

    @property
    def dominances(self) -> dict[int, float]:
        """Of how many of the largest which percentage is too much."""
        return ({} if self.dominance is None else {1: self.dominance}) | self.dominance_of

    @property
    def coalition(self) -> int:
        """How many who gave most are taken to put together what they know: one less than a rule protects."""
        return max([1, *(size - 1 for size in self.dominances)])

    @property
    def judges_sums(self) -> bool:
        """Whether there is any such rule."""
        return bool(self.dominances) or self.p_percent is not None


class StricterRules(Concentration):
    """Rules of disclosure control that an agreement or a grant asks for; the strictest of all that are asked hold."""

    minimum: int | None = Field(default=None, ge=3, description="fewer units than this are hidden")
    level: Literal["exact", "threshold", "wide"] | None = Field(
        default=None, description="how closely a hidden number may be told; as in the catalogue's own rules"
    )
    group_percent: float | None = Field(
        default=None, gt=50, le=100, description="of how much of a total one code may hold before people are asked"
    )
