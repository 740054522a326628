"""Totals that were published on the real chain, and when a synthetic one meets them."""

from typing import Literal

from pydantic import Field

from das_research.catalog.models.base import Bilingual, Counting, Entry, Id, Model, Theme

PublicationStatus = Literal[
    "final",
    "provisional",
    "rounded",
    "approximate",
    "realised",
    "other_edition",
    "other_method",
    "own_count",
    "corrected",
    "derived",
    "subpopulation",
    "assumed",
]
NumberKind = Literal["count", "rate", "share", "duration", "mean"]
TruthFunction = Literal["persons_present", "suspects_of_age", "two_year_reoffending"]


class Publication(Model):
    """What holds of a published number: said once for a file, a series or one value, the nearest one counts."""

    status: tuple[PublicationStatus, ...] = Field(default=(), description="how its publisher marks it")
    words: str | None = Field(default=None, description="what the publication says of it, where the status says less")
    rounding: int | float | None = Field(
        default=None,
        gt=0,
        description="the step it is rounded to: the greatest power of ten that divides all rounded values of the "
        "series, and no more than a tenth of the smallest",
    )
    source: str | None = Field(default=None, description="where it was read")


class PublishedValue(Publication):
    """A published number of one year."""

    year: int
    value: int | float


class PublishedSeries(Publication):
    """A series of published numbers, and how the same number is counted on a synthetic chain whose truth is known."""

    title: Bilingual | None = Field(default=None, description="default: that of the file")
    unit: Bilingual | None = Field(default=None, description="default: that of the file")
    kind: NumberKind | None = Field(default=None, description="default: that of the file")
    headline: bool = Field(default=False, description="a series that a synthetic chain must meet")
    values: tuple[PublishedValue, ...] = Field(min_length=1, description="by year")
    count: tuple[Counting, ...] = Field(default=(), description="added up, on the true values of the chain")
    per: tuple[Counting, ...] = Field(default=(), description="added up, and divided by")
    times: float = Field(default=1, gt=0, description="multiplies: 100 for a percentage")
    divided_by: float = Field(default=1, gt=0, description="divides: 7 for days as weeks")
    function: TruthFunction | None = Field(default=None, description="in place of count: what no counting can say")
    arguments: dict[str, str | int] = Field(default={}, description="what the function is asked for")
    not_counted: Bilingual | None = Field(default=None, description="why no synthetic number stands beside it")
    miss: str | None = Field(default=None, description="why the synthetic chain does not meet it, in English")


class Published(Entry, Publication):
    """Totals that were published on the real chain, as they were read: one series, or several of a kind."""

    theme: Theme
    unit: Bilingual
    kind: NumberKind = Field(default="count", description="only a count grows with the size of the chain")
    not_counted: Bilingual | None = Field(default=None, description="why none of its series is counted")
    series: dict[Id, PublishedSeries] = Field(min_length=1)


class Tolerance(Model):
    """How far a synthetic number may be from a published one, for numbers of these kinds and of these statuses."""

    kinds: tuple[NumberKind, ...] = Field(default=(), description="none: of any kind")
    status: tuple[PublicationStatus, ...] = Field(default=(), description="one of these is enough; none: any status")
    percent: float | None = Field(default=None, gt=0, description="of the published number")
    points: float | None = Field(default=None, gt=0, description="in its own unit")
    steps: float | None = Field(default=None, gt=0, description="of its rounding")


class Calibration(Model):
    """When a synthetic chain meets what was published: the first tolerance that is about a number is its own."""

    tolerances: tuple[Tolerance, ...] = ()
    never: dict[PublicationStatus, Bilingual] = Field(default={}, description="what is never compared, and why")
