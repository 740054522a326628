"""The chain: stages in order, spans between events, identifiers, and the attributes of cases and persons."""

from datetime import date
from typing import Literal

from pydantic import Field

from das_research.catalog.models.base import Bilingual, Id, Model, Theme
from das_research.catalog.models.linkage import Linkage


class IdentifierDomain(Model):
    """One kind of identifier: its own key, shared by all sources, after one normalisation."""

    id: Id
    title: Bilingual
    keep: str = Field(
        "A-Z0-9", description="characters that count, after upper-casing; the rest is dropped before hashing"
    )
    normalisation: str = Field(
        "1", description="version of how a number is written before hashing; another one hashes differently"
    )
    synthetic: str | None = Field(
        None, description="the pattern of identifiers that can't exist: a file holding them is fictitious"
    )
    form: str | None = Field(
        None, description="the pattern of a whole identifier as it is hashed; fictitious ones needn't have it"
    )
    eleven_proof: bool = Field(
        False, description="whether its nine digits, times 9 to 2 and -1, must add up to a multiple of 11"
    )
    placeholders: tuple[str, ...] = Field(
        ("NULL", "NA", "NAN", "NVT", "NONE", "NIL", "ONBEKEND", "UNKNOWN", "GEEN", "LEEG", "REF", "NAME", "VALUE"),
        description="words, as they would be hashed, that stand for no identifier; zeros alone do too",
    )
    unverified: bool = False


class EventType(Model):
    """One kind of event in the life of a case."""

    id: Id
    title: Bilingual


class Occurrence(Model):
    """An event of a case; with outcomes: only with one of these."""

    event: Id
    outcomes: tuple[str, ...] = ()


class Leaving(Occurrence):
    """An event after which a case goes no further; with outcomes: only with one of these."""


class Stage(Model):
    """One link of the chain: the event by which a case enters it and those by which it leaves the chain there."""

    id: Id
    title: Bilingual
    theme: Theme
    dataset: Id = Field(description="the dataset whose rows show that a case reached this stage")
    enter: Id
    leave: tuple[Leaving, ...] = ()
    pass_on: tuple[Occurrence, ...] = Field(
        default=(), description="by which the stage itself says that a case goes on; a later stage should then show it"
    )


class Norm(Model):
    """A norm for a span: the share of cases in which the end should come within so many days of the start."""

    title: Bilingual
    within: int = Field(gt=0, description="days")
    share: float = Field(gt=0, le=100, description="percent")
    applies_to: dict[str, tuple[str, ...]] = Field(
        default={}, description="attribute of cases to the codes of those it is about; default: all"
    )
    source: str = Field(description="where the norm was read")
    unverified: bool = Field(default=False, description="remembered, not read in a source: never shown as a fact")
    differs: Bilingual | None = Field(
        default=None, description="how the norm's own way of measuring differs from that of the span"
    )
    published: str | None = Field(default=None, description="published.series: what was realised by its own measure")


class Span(Model):
    """A stretch of the chain between two events of a case, whose duration is measured."""

    title: Bilingual
    start: Occurrence
    end: tuple[Occurrence, ...] = Field(min_length=1, description="any of these ends it")
    count_start: Literal["first", "last"] = Field(
        default="first", description="where the start occurs more than once: which of them counts"
    )
    count_end: Literal["first after", "first", "last"] = Field(
        default="first after",
        description="the first end on or after the day of the start; or the first, or the last of all, of which one "
        "before the start is left out and told",
    )
    term: Id | None = Field(default=None, description="the term that defines the duration")
    norms: dict[Id, Norm] = {}


class Attribute(Model):
    """A column of cases or persons: the first known value of these dataset variables, in this order."""

    title: Bilingual
    classification: Id | None = None
    sources: tuple[str, ...] = Field(min_length=1, description="dataset.variable")


class Order(Model):
    """Two events of a case of which one needs the other: where both are known, it can't come first."""

    earlier: Id
    later: Id


class Chain(Model):
    """Stages in order, events, identifiers, and the attributes of cases and persons."""

    unit: Bilingual = Field(description="what one case is, in plural")
    person: bool = Field(default=True, description="false: the sources know a person only within one case")
    observed_until: date | None = Field(
        None, description="the last day the sources cover; default: the last accepted moment"
    )
    identifiers: tuple[IdentifierDomain, ...]
    events: tuple[EventType, ...]
    stages: tuple[Stage, ...]
    spans: dict[Id, Span] = {}
    case_attributes: dict[str, Attribute]
    person_attributes: dict[str, Attribute] = {}
    orders: tuple[Order, ...] = Field(
        default=(), description="asked at every build, of the rows that tell of the later one"
    )
    linkage: Linkage | None = Field(default=None, description="how persons are found whom no number links")
