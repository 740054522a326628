"""Who delivers, and on which conditions."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from das_research.catalog.models.base import Address, Bilingual, Entry, Id, Model, Purpose, StricterRules


class Partner(Entry):
    """An organisation of the chain."""

    role: Bilingual
    regime: tuple[str, ...] = Field(default=(), description="the laws its data fall under")
    contact: str


def _answer(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value  # YAML reads a bare yes as true


class Use(Model):
    """What an agreement says of one purpose: allowed, allowed if, or not allowed, and where that stands."""

    allowed: Annotated[Literal["yes", "if", "no"], BeforeValidator(_answer)]
    condition: Bilingual | None = Field(default=None, description="required where it is allowed if")
    article: str = Field(description="the law's article")
    dpia: str | None = Field(default=None, description="reference of the data protection impact assessment")


class Permission(Model):
    """A partner's written permission."""

    number: str
    date: date
    signatory: str


class Agreement(Entry):
    """What a partner delivers, for which purposes, on which legal basis, how long kept, on which conditions."""

    partner: Id
    datasets: tuple[Id, ...]
    uses: dict[Purpose, Use] = Field(description="every purpose of the closed list")
    legal_basis: Bilingual
    subjects: tuple[Bilingual, ...] = Field(description="whose data these are, for the register of processing")
    recipients: tuple[Id, ...] = Field(description="partners whose researchers may work with them")
    only_for: dict[Id, tuple[Id, ...]] = Field(
        default={}, description="dataset to the partners whose people alone may have it in their project"
    )
    own_files: tuple[Id, ...] = Field(
        default=(), description="datasets that may be in a project which brings a list of persons of its own"
    )
    safeguards: tuple[Bilingual, ...] = Field(default=(), description="technical and organisational measures")
    legislation: tuple[Address, ...] = Field(
        default=(), description="addresses of the laws it falls under, for exports"
    )
    permission: Permission | None = None
    conditions: tuple[Bilingual, ...] = ()
    names_for_linkage: bool = Field(
        default=False, description="whether names may be kept apart, encrypted, until a build has linked with them"
    )
    retention_years: int = Field(
        description="years after its receipt that a delivery may be kept; never longer than the last agreement lasts"
    )
    quarantine_days: int = Field(
        default=90, ge=0, description="days after receipt that quarantined rows may be kept, to be mended"
    )
    begin: date
    end: date
    withdrawn: date | None = Field(default=None, description="the day from which nothing may be kept under it any more")
    disclosure: StricterRules | None = Field(
        default=None, description="of what rests on its datasets; only what is stricter than the catalogue counts"
    )
    fault_counts: Literal["exact", "hidden"] = Field(
        default="hidden",
        description="whether counts of faulty rows may be published exactly: they tell of files, not of persons",
    )
