"""What partners deliver: file layouts, their columns, and the events a row tells of."""

from datetime import date
from typing import Literal

from pydantic import Field

from das_research.catalog.models.base import Bilingual, Condition, Entry, Id, Model, Subject


class FileLayout(Model):
    """How the partner's office writes the file."""

    format: Literal["csv", "parquet", "xlsx"] = "csv"
    sheet: str | None = Field(default=None, description="of a workbook: the sheet with the rows; default the first")
    delimiter: str = ","
    encoding: Literal["utf-8", "windows-1252"] = "utf-8"
    decimal: Literal[".", ","] = "."
    missing: tuple[str, ...] = Field(default=("",), description="spellings of a missing value")


class Range(Model):
    """The possible values of a variable; outside it a value is nulled and the row marked."""

    min: int | float | date | None = None
    max: int | float | date | None = None


class Variable(Model):
    """One column of a dataset."""

    title: Bilingual
    type: Literal["identifier", "code", "date", "integer", "decimal", "text", "boolean"]
    column: str | None = Field(default=None, description="its name in the file, where that is another than here")
    take: bool = Field(default=True, description="false: a column the partner sends and DAS doesn't need; never stored")
    for_linkage: bool = Field(
        default=False, description="true: not taken, and kept apart until a build has used it to find who is who"
    )
    identifier: Id | None = Field(default=None, description="the identifier domain (one key each), for type identifier")
    classification: Id | None = Field(default=None, description="the unified codes, for type code")
    correspondence: str | None = Field(
        None, description="which of the classification's correspondences; default: the partner's id"
    )
    term: Id | None = None
    formats: tuple[str, ...] = Field(
        (), description="spellings of a date, as strptime has them; the time of day is dropped"
    )
    range: Range | None = None
    required: bool = Field(default=False, description="true: a row without it is marked")
    pattern: str | None = Field(default=None, description="of an identifier or text: the form it must have, whole")
    not_before: str | None = Field(default=None, description="a date of the same row that can't come later")
    references: str | None = Field(
        default=None, description="dataset.variable, another identifier of the same kind that should hold each value"
    )
    identifying: Literal["direct", "quasi", "sensitive", "none"] = "none"
    temporality: Literal["fixed", "status", "event"] = "status"


Check = Literal[
    "no-key", "no-moment", "not-unique", "missing", "not-a-date", "not-a-number", "not-a-boolean", "not-the-form",
    "no-number", "cell-error",
    "unknown-code", "not-valid-code", "out-of-range", "before",
    "unknown-reference", "order-reversed",
]  # fmt: skip


class Severity(Model):
    """What follows where a rule holds, in place of what the rule does by itself.

    A rule within a file is asked by gate 1; one across tables by every build, which has the other table.
    """

    check: Check
    variable: str | None = Field(default=None, description="default: every variable that the check is about")
    event: Id | None = Field(
        default=None, description="of order-reversed: the later event; default: every one that the dataset tells of"
    )
    then: Literal["reject", "quarantine", "mark"] = Field(
        description="refuse the whole file, or the build; keep the row out; keep the row, without a value that can't be"
    )
    above: float = Field(default=0, ge=0, lt=1, description="of reject: only where more than this share of rows has it")

    @property
    def about(self) -> str | None:
        """The variable or the event whose rule it is; None: of every one."""
        return self.event or self.variable

    @property
    def across(self) -> bool:
        """Whether the rule is across tables, so that no file alone can be judged by it."""
        return self.check in ("unknown-reference", "order-reversed")


class EventRule(Model):
    """Which event a row of the dataset tells of: at which moment, with which outcome, when."""

    event: Id
    moment: tuple[str, ...] = Field(min_length=1, description="date variables; the first that is known counts")
    outcome: str | None = Field(default=None, description="a code variable; its unified code is the event's outcome")
    when: tuple[Condition, ...] = Field(default=(), description="all must hold, on unified codes")


class Sample(Model):
    """How the respondents of a survey were drawn: what the margins of its estimates follow from."""

    weight: str = Field(description="how many inhabitants a respondent stands for")
    strata: tuple[str, ...] = Field(default=(), description="what the population was divided by before drawing")
    cluster: str | None = Field(default=None, description="what was drawn first, of which respondents are members")


class Dataset(Entry):
    """One file layout of one partner."""

    partner: Id
    row: Bilingual = Field(description="what one row is")
    subject: Subject = Field(default="case", description="what a row tells of; only a case's rows join the chain")
    public: bool = Field(default=False, description="true: anyone can get the file from the partner")
    file: FileLayout = FileLayout()
    case_keys: tuple[tuple[str, ...], ...] = Field(
        default=(), description="identifier variables that together name the case; several sets link"
    )
    person_keys: tuple[tuple[str, ...], ...] = ()
    unique: tuple[str, ...] = Field(
        (), description="variables that together occur once; otherwise the delivery is refused"
    )
    severities: tuple[Severity, ...] = Field(default=(), description="where a rule is harder or softer than by itself")
    fewer: float = Field(
        default=0.2,
        ge=0,
        lt=1,
        description="a file that leaves out more than this share of the rows it replaces is told",
    )
    moment: tuple[str, ...] = Field(
        min_length=1, description="date variables; a row in which none is usable is quarantined"
    )
    variables: dict[str, Variable]
    events: tuple[EventRule, ...]
    sample: Sample | None = Field(default=None, description="of a survey: how its respondents were drawn")

    @property
    def is_linked(self) -> bool:
        """Whether its rows tell of cases or persons, so that they are linked."""
        return self.subject in ("case", "person")

    @property
    def row_keys(self) -> tuple[tuple[str, ...], ...]:
        """The sets of variables that say what a row tells of; without any, each row tells of something else."""
        own = {"case": self.case_keys, "person": self.person_keys}
        return own.get(self.subject, (self.unique,) if self.unique else ())
