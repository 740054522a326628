"""A project's own list of persons (eigen bestand): a file layout that one grant alone has."""

from datetime import date

from pydantic import Field

from das_research.catalog.models.base import Bilingual, Id, Model
from das_research.catalog.models.datasets import FileLayout, Severity, Variable
from das_research.catalog.models.terms import Code


class OwnClassification(Model):
    """Codes of an own file that no classification of the catalogue has; they mean something in that file alone."""

    title: Bilingual
    codes: tuple[Code, ...] = Field(min_length=1)


class OwnFile(Model):
    """A list of persons that a project brings: whose, on which ground, what it holds, until when it is kept.

    It is read by gate 1 as a dataset is, found in the chain by its numbers alone, and given to this project alone. Its
    name is a table of the grant, whose columns and coarseness stand in `tables` as those of any other.
    """

    title: Bilingual
    description: Bilingual | None = None
    row: Bilingual = Field(description="what one row is")
    controller: Bilingual = Field(description="the organisation that is responsible for the list")
    contact: str = Field(description="whom to ask there")
    legal_basis: Bilingual = Field(description="on which ground the list may be kept and linked")
    consent: Bilingual = Field(description="what those on the list were told, and what they agreed to")
    reidentification: Bilingual = Field(
        description="the project knows who stand on the list: what keeps it from finding out more about them"
    )
    keep_until: date = Field(description="its last day; never after the grant's")
    quarantine_days: int = Field(default=30, ge=0, description="days that rows in quarantine may be kept, to be mended")
    file: FileLayout = FileLayout()
    person_keys: tuple[tuple[str, ...], ...] = Field(
        min_length=1, description="identifier variables that together name the person; several sets find more"
    )
    unique: tuple[str, ...] = Field(default=(), description="variables that together occur once, else it is refused")
    severities: tuple[Severity, ...] = ()
    moment: tuple[str, ...] = Field(
        min_length=1, description="date variables; a row in which none is usable is quarantined"
    )
    variables: dict[str, Variable]
    classifications: dict[Id, OwnClassification] = Field(default={}, description="codes that this file alone has")
