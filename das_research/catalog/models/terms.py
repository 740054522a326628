"""One terminology: classifications with their correspondences, terms, units of counting."""

from datetime import date

from pydantic import Field

from das_research.catalog.models.base import Bilingual, Entry, Id, Model


class Code(Model):
    """One code of a classification, valid in time."""

    code: str
    label: Bilingual
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    unverified: bool = False


class Correspondence(Model):
    """From a partner's codes to the unified ones."""

    id: Id = Field(description="a partner's id, or another name that a variable asks for")
    version: str
    source: str | None = None
    codes: dict[str, str] = Field(description="source value to unified code")


class Classification(Entry):
    """Unified codes with labels, hierarchy, validity, and the correspondences to them."""

    version: str
    codes: tuple[Code, ...]
    correspondences: tuple[Correspondence, ...] = ()


class Difference(Model):
    """Why another definition gives another number."""

    with_term: Id
    reason: Bilingual


class Term(Entry):
    """One concept with its definition; competing definitions are other terms, with the reason they differ."""

    definition: Bilingual
    owner: Id = Field(description="the partner whose definition it is")
    unit: Id | None = Field(default=None, description="the unit of counting it defines or counts in")
    differs: tuple[Difference, ...] = ()


class Unit(Entry):
    """A unit of counting: what one of them is, and which other it is often taken for."""

    definition: Bilingual
    not_to_confuse: tuple[Id, ...] = Field(default=(), description="units that the same word is used for")
