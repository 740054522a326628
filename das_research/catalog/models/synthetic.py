"""What a fictitious chain aims at, and the demonstration made from it."""

from datetime import date
from typing import Literal

from pydantic import Field

from das_research.catalog.models.base import Entry, Id, Model


class Dirt(Model):
    """One kind of error that offices make: in so large a share of the known values of a variable."""

    dataset: Id
    variable: str
    kind: Literal[
        "missing", "unknown code", "impossible date", "next century", "too early", "no number", "nowhere",
        "mistyped", "spelled otherwise", "other day", "other initials", "other name",
    ]  # fmt: skip
    share: float = Field(gt=0, lt=1)


class Share(Model):
    """So large a share of a dataset's rows."""

    dataset: Id
    share: float = Field(gt=0, le=1)


class Recoded(Model):
    """A change of an office's code list: of several codes for one thing, the first until a day and the last from it."""

    dataset: Id
    variable: str
    moment: str = Field(description="the date of the row that tells which list was in use")
    begin: date


class Town(Model):
    """A place where crimes happen and people live."""

    weight: float
    unit: str = Field(description="its police unit")
    otherwise: str | None = Field(default=None, description="how some offices spell it")


class SyntheticChain(Entry):
    """What the fictitious chain aims at: levels by year, shares, durations, and the dirt in its files."""

    targets: dict[Id, dict[int, float]] = Field(description="numbers a year that the levels are fitted to")
    levels: dict[Id, dict[int, float]] = Field(description="by year; between two years on the line between them")
    shares: dict[Id, dict[str, dict[str, float]]] = Field(description="weights of codes, by whom or when")
    days: dict[Id, dict[str, float]] = Field(description="median days")
    numbers: dict[Id, float]
    names: dict[Id, tuple[str, ...]]
    towns: dict[str, Town]
    dirt: tuple[Dirt, ...]
    doubled: tuple[Share, ...] = Field(default=(), description="delivered twice")
    corrected: tuple[Share, ...] = Field(default=(), description="of faulty rows: delivered again, mended")
    recoded: tuple[Recoded, ...] = ()


class DemoSource(Model):
    """Where the demonstration's deliveries come from: the synthetic chain, or files of a folder the user names."""

    synthetic: bool = False
    years: str | None = None
    scale: float | None = None
    seed: int | None = None
    files: dict[Id, str] = Field(default={}, description="dataset to file name")
    origin: str = Field(default="", description="where a reader gets the files")


class Demo(Model):
    """The main job: which deliveries, which monitors, by which fictitious accounts, dated when."""

    source: DemoSource
    monitors: tuple[Id, ...] = Field(min_length=1, description="each runs in its own project")
    researcher: str
    reviewers: tuple[str, str]
    publication_date: date = Field(description="on every edition; within the grants of its monitors")
