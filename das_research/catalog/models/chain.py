"""The chain: stages in order, events, identifiers, and the attributes of cases and persons."""

from datetime import date

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
    unverified: bool = False


class EventType(Model):
    """One kind of event in the life of a case."""

    id: Id
    title: Bilingual


class Leaving(Model):
    """An event after which a case goes no further; with outcomes: only with one of these."""

    event: Id
    outcomes: tuple[str, ...] = ()


class Stage(Model):
    """One link of the chain: the event by which a case enters it and those by which it leaves the chain there."""

    id: Id
    title: Bilingual
    theme: Theme
    dataset: Id = Field(description="the dataset whose rows show that a case reached this stage")
    enter: Id
    leave: tuple[Leaving, ...] = ()


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
    case_attributes: dict[str, Attribute]
    person_attributes: dict[str, Attribute] = {}
    orders: tuple[Order, ...] = Field(
        default=(), description="asked at every build, of the rows that tell of the later one"
    )
    linkage: Linkage | None = Field(default=None, description="how persons are found whom no number links")
