"""How records without a common number are compared, and what training found of the weights."""

from typing import Literal

from pydantic import Field, model_validator

from das_research.catalog.models.base import Id, Model

FieldKind = Literal["name", "initials", "date", "year", "code", "place", "number", "shared"]


class LinkageField(Model):
    """One thing that records of a person have in common."""

    kind: FieldKind = Field(description="how two values are compared; `shared`: a list of numbers, one in common tells")
    sources: tuple[str, ...] = Field(min_length=1, description="dataset.variable; a date serves where a year is asked")
    unless: str | None = Field(default=None, description="a field that says more: this counts where not both know that")


class Linkage(Model):
    """Probabilistic linkage of persons: fields, blocking, thresholds, and what may never be linked."""

    fields: dict[Id, LinkageField]
    blocking: tuple[tuple[Id, ...], ...] = Field(min_length=1, description="pairs that agree on all fields of one rule")
    most_pairs: int = Field(default=50_000_000, description="training refuses a rule that gives more pairs")
    loose: float = Field(default=0.5, ge=0.5, lt=1, description="below it nothing is kept")
    standard: float = Field(default=0.95, ge=0.5, lt=1)
    strict: float = Field(default=0.999, ge=0.5, lt=1)
    contradictions: tuple[tuple[Id, ...], ...] = Field(
        default=(), description="fields of which no two records of a person differ in all"
    )
    once: tuple[Id, ...] = Field(default=(), description="datasets in which a person stands once")
    model: str = Field(pattern=r"^[a-z0-9_/-]+\.json$", description="the trained weights, within the catalogue")

    @model_validator(mode="after")
    def _in_order(self) -> "Linkage":
        if not self.loose <= self.standard <= self.strict:
            raise ValueError("thresholds go up: loose, standard, strict")
        return self


class TrainedLevel(Model):
    """How often a level of agreement occurs among records of one person (m) and of two (u)."""

    m: float = Field(ge=0, le=1)
    u: float = Field(ge=0, le=1)


class LinkageModel(Model):
    """What training found; a file that people can review. It holds no value of a person."""

    fields: dict[Id, dict[str, TrainedLevel]]
    pairs: dict[str, int] = Field(description="blocking rule to the pairs that it gives")
    records: int = Field(description="records that it was trained on")
    with_keys: float = Field(ge=0, le=1, description="share of persons with a number who stand under another one too")
    without_keys: float = Field(ge=0, le=1, description="share of rows without a number whose person stands elsewhere")
    seed: int
    synthetic: bool
