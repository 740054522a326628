"""Approved use, and the monitors that run in it."""

from datetime import date
from typing import Literal

from pydantic import Field

from das_research.catalog.models.base import Bilingual, Condition, Entry, Id, Model, Purpose, Theme


class Grantee(Model):
    """A person who may work in the project, by account name."""

    account: str
    organisation: str
    begin: date | None = None
    end: date | None = None


class Approver(Model):
    """Who approved the grant, in which role, when."""

    name: str
    role: str
    date: date


class Bands(Model):
    """A number as the lower bound of the band it is in; below the first bound it is unknown, the last band is open."""

    bands: tuple[int | float, ...] = Field(min_length=1, description="lower bounds, rising")


class Width(Model):
    """A number as the lower bound of its band, where all bands are equally wide and one begins at 0."""

    width: int | float = Field(gt=0)


class Coarser(Model):
    """A code as that of another classification, which has a correspondence named after the column's own."""

    classification: Id


Coarsening = Literal["year", "quarter", "month", "parent"] | Bands | Width | Coarser


class GrantedTable(Model):
    """The columns and rows of one table that the project gets."""

    columns: tuple[str, ...]
    rows: tuple[Condition, ...] = ()
    coarsen: dict[str, Coarsening] = Field(
        default={}, description="column: how coarse it is given; the fine value is not in the extract"
    )


class Limits(Model):
    """What one query may take where the project lies on a server; what is not named has the host's own limit."""

    rows: int | None = Field(default=None, ge=1, description="the most rows that one query may bring into a notebook")
    seconds: int | None = Field(default=None, ge=1, description="the longest that one query may run")


class Grant(Entry):
    """Approved use; its id is the project's."""

    purpose: Purpose
    legal_basis: Bilingual
    agreements: tuple[Id, ...]
    meets: dict[Id, Bilingual] = Field(
        default={}, description="agreement that allows the purpose if: how its condition is met"
    )
    people: tuple[Grantee, ...]
    tables: dict[str, GrantedTable] = Field(description="persons, cases, events, or a dataset's id")
    mode: Literal["microdata", "remote"] = "microdata"
    limits: Limits = Limits()
    outputs: tuple[Bilingual, ...]
    begin: date
    end: date
    approvers: tuple[Approver, ...]


class Parameter(Model):
    """A parameter of a monitor's notebook."""

    title: Bilingual
    type: Literal["text", "integer"]
    default: str | int
    choices: tuple[str | int, ...] = ()


class Monitor(Entry):
    """A parameterised notebook with a schedule, run in one project."""

    notebook: str = Field(description="a file of the notebooks folder")
    project: Id
    theme: Theme | None = None
    schedule: str = Field(description="five cron fields")
    parameters: dict[str, Parameter]
