"""Approved use, and the monitors that run in it."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from das_research.catalog.models.base import Bilingual, Condition, Entry, Id, Model, Purpose, StricterRules, Theme
from das_research.catalog.models.own_files import OwnFile


def is_within(begin: date | None, end: date | None, day: date) -> bool:
    """Whether a day lies in a period; its first and last day both count, and a side without a date is open."""
    return (begin is None or begin <= day) and (end is None or day <= end)


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


class PartnerPermission(Model):
    """A partner's written permission for this project: which letter, of when, signed in which role, for what."""

    partner: Id
    datasets: tuple[Id, ...] = Field(default=(), description="of this partner; without it all of them")
    reference: str
    until: date | None = Field(default=None, description="its last day; without it as long as the grant")
    date: date
    role: str = Field(description="who signed, by role and not by name")

    def covers(self, partner: str, dataset: str) -> bool:
        """Whether it is about a dataset of a partner."""
        return partner == self.partner and (not self.datasets or dataset in self.datasets)


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
    permissions: tuple[PartnerPermission, ...] = Field(
        default=(), description="of the partners, for this project; a dataset without one is not in it"
    )
    people: tuple[Grantee, ...]
    own_files: dict[Id, OwnFile] = Field(
        default={}, description="lists of persons that the project brings, each under the name of its table"
    )
    only_persons_of: Id | None = Field(
        default=None, description="an own file: no row is given about anybody who is not on that list"
    )
    tables: dict[str, GrantedTable] = Field(description="persons, cases, events, a dataset's id, or an own file's name")
    mode: Literal["microdata", "remote"] = "microdata"
    limits: Limits = Limits()
    disclosure: StricterRules | None = Field(
        default=None, description="of what leaves it; only what is stricter than the catalogue counts"
    )
    outputs: tuple[Bilingual, ...]
    begin: date
    end: date
    approvers: tuple[Approver, ...]

    def on(self, day: date) -> "Grant":
        """The grant as it holds on a day: only the people and the permissions whose own time that is."""
        people = tuple(it for it in self.people if is_within(it.begin, it.end, day))
        permissions = tuple(it for it in self.permissions if is_within(it.date, it.until, day))
        return self.model_copy(update={"people": people, "permissions": permissions})


class Parameter(Model):
    """A parameter of a monitor's notebook."""

    title: Bilingual
    type: Literal["text", "integer"]
    default: str | int
    choices: tuple[str | int, ...] = ()


PUBLIC_FUNCTIONS = ("das_research.chain.", "das_research.figures.")  # what is no query of an author begins so


class AgreedTable(Model):
    """A table of a product that was agreed beforehand: the function that computes it, and what it is asked."""

    function: str = Field(description="as das_research.chain.flow; a researcher's own table can't be agreed")
    parameters: dict[str, Any] = {}


class AgreedProduct(Model):
    """The fixed tables of a monitor, agreed by two people beforehand: a run that gives just these needs one review."""

    by: tuple[str, str] = Field(description="the accounts that agreed, neither of them its author")
    begin: date
    end: date | None = None
    vary: tuple[str, ...] = Field(default=(), description="parameters that may differ from run to run, as last_year")
    tables: dict[Id, AgreedTable] = Field(min_length=1, description="name of the Result to the table")


class Protection(Model):
    """How small numbers of what leaves are protected."""

    method: Literal["suppression", "controlled rounding", "conventional rounding"] = Field(
        default="suppression",
        description="small numbers are hidden; or every count is rounded, so that nothing is hidden and totals add up; "
        "or small numbers are hidden, and what is published is rounded number by number, which protects nobody",
    )
    base: int | None = Field(
        default=None,
        ge=3,
        description="of rounding: every count is a multiple; where that protects, never less than the rules ask for",
    )
    why: Bilingual | None = Field(default=None, description="why this method, and this base")
    source: str | None = Field(default=None, description="where the base was read")
    unverified: bool = Field(default=False, description="the base is a choice, or remembered: not read in a source")


class Monitor(Entry):
    """A parameterised notebook with a schedule, run in one project."""

    notebook: str = Field(description="a file of the notebooks folder")
    project: Id
    theme: Theme | None = None
    schedule: str = Field(description="five cron fields")
    parameters: dict[str, Parameter]
    agreed: AgreedProduct | None = None
    protection: Protection = Protection()
