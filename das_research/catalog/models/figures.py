"""Figures, and the breaks in their series."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from das_research.catalog.models.base import Bilingual, Counting, Entry, Id, Theme


def _each(value: Any) -> Any:
    return [value] if isinstance(value, dict | Counting) else value


class Figure(Entry):
    """A key figure or a number a monitor shows: what is counted, in which unit. With `count` it is a key figure."""

    version: str
    theme: Theme | None = None
    definition: Bilingual
    unit: Bilingual
    term: Id | None = None
    numerator: Id | None = Field(default=None, description="the unit counted; of a ratio: above the line")
    denominator: Id | None = Field(default=None, description="of a ratio: the unit counted below the line")
    across_units: Bilingual | None = Field(
        default=None, description="required where numerator and denominator are other units: what the ratio then says"
    )
    phrase: Bilingual | None = Field(default=None, description="how a sentence names it, before a verb in singular")
    count: Annotated[tuple[Counting, ...], BeforeValidator(_each)] = Field(
        default=(), description="of a key figure: what is counted, above the line; several are added up"
    )
    per: Counting | None = Field(default=None, description="of a ratio: what is counted below the line")
    scale: int = Field(default=1, ge=1, description="what a ratio is multiplied by: 100 for a percentage")
    by: tuple[str, ...] = Field(default=(), description="columns of the counted table to break down by")
    decimals: int = Field(default=0, ge=0, le=3, description="of the value; a percentage always shows one")
    provisional_years: int = Field(default=0, ge=0, description="how many of the last years may still change")
    leading: int | None = Field(default=None, ge=1, description="its place among the cards of its theme")
    function: str | None = Field(
        default=None,
        pattern=r"^[a-z][a-z0-9_]*$",
        description="function of figures/<theme>.py that adds columns to the counted table, where a line needs a join "
        "or an order of events",
    )
    monitor: Id | None = Field(default=None, description="the monitor that computes it; required of a key figure")

    @property
    def is_key(self) -> bool:
        """Whether it is a key figure: computed from its lines here, and shown under its theme."""
        return bool(self.count)

    @property
    def countings(self) -> tuple[Counting, ...]:
        """Everything counted for it: above the line, then below."""
        return (*self.count, *((self.per,) if self.per else ()))


class Break(Entry):
    """A dated break in series: from this day a figure counts something else, or counts it otherwise."""

    date: date
    kind: Literal["definition", "system", "law", "organisation", "circumstance"]
    reason: Bilingual
    themes: tuple[Theme, ...] = Field(default=(), description="every series of these themes")
    datasets: tuple[Id, ...] = Field(default=(), description="every series from these datasets")
    figures: tuple[Id, ...] = ()
    dimension: str | None = Field(
        default=None, description="only series broken down by this attribute or column; default: whatever the breakdown"
    )
