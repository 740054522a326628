"""The nouns of the catalogue as frozen, checked models. Each is one YAML mapping; a field not named here is refused.

Texts that readers see are a mapping of `nl` and `en`; what is remembered and not read in a source carries
`unverified: true`.
"""

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
Theme = Literal["preventie", "slachtofferschap", "opsporing", "vervolging", "berechting", "tenuitvoerlegging"]
Purpose = Literal["statistiek", "monitor", "wetenschappelijk onderzoek", "ketenverantwoording"]
THEMES: tuple[Theme, ...] = get_args(Theme)
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
Address = Annotated[str, Field(pattern=r"^(https?://|urn:)[^\s<>\"{}|\\^`]+$")]
Operator = Literal["is", "is_not", "in", "not_in", "at_least", "at_most", "known", "unknown"]
Subject = Literal["case", "person", "crime", "population", "respondent"]


class Model(BaseModel):
    """Frozen, and closed: an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Model):
    """One text in Dutch and in English. A bare string in the YAML is a proper noun: the same in both."""

    nl: str
    en: str

    def __getitem__(self, language: str) -> str:
        return {"nl": self.nl, "en": self.en}[language]


def _proper_noun(value: Any) -> Any:
    return {"nl": value, "en": value} if isinstance(value, str) else value


Bilingual = Annotated[Text, BeforeValidator(_proper_noun)]


class Entry(Model):
    """What every separate file of the catalogue starts with."""

    id: Id
    title: Bilingual
    description: Bilingual | None = None
    source: str | None = Field(default=None, description="where the statement was read")
    unverified: bool = Field(default=False, description="remembered, not read in a source: never shown as a fact")


class Condition(Model):
    """One line of the closed grammar: a column, an operator, values."""

    column: str
    operator: Operator
    values: tuple[str | int | float | bool | date, ...] = ()


class DayOfYear(Model):
    """A stock: the rows that had begun by a day of each year and had not ended on it."""

    begin: str = Field(description="the date on which a row begins")
    end: str = Field(description="the date on which it ends; unknown: not yet")
    day: str = Field(pattern=r"^[01][0-9]-[0-3][0-9]$", description="month and day, as 09-30")


class Counting(Model):
    """What is counted, by year: rows, persons or cases of one table, a sum, or the mean days between two dates."""

    table: Id = Field(description="a dataset, or one of the chain's own tables: persons, cases, events")
    what: Literal["rows", "persons", "cases", "sum", "mean_days"] = "rows"
    moment: str | None = Field(default=None, description="the date whose year counts; required but for a stock")
    stock: DayOfYear | None = Field(default=None, description="counts what was there on a day, not what happened")
    column: str | None = Field(default=None, description="the number that is summed, for a sum")
    days: tuple[str, str] | None = Field(default=None, description="from and until, for mean_days")
    weight: str | None = Field(default=None, description="a survey's weights: each row counts so often")
    where: tuple[Condition, ...] = Field(default=(), description="all must hold, on unified codes")

    @property
    def named(self) -> tuple[str, ...]:
        """Every column that it names, those of its lines too."""
        stock = (self.stock.begin, self.stock.end) if self.stock else ()
        fields = (self.moment, self.column, self.weight, *stock, *(self.days or ()))
        return tuple(name for name in (*fields, *(line.column for line in self.where)) if name)


# --- partners and what they deliver ---------------------------------------------------------------------------------


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
    safeguards: tuple[Bilingual, ...] = Field(default=(), description="technical and organisational measures")
    legislation: tuple[Address, ...] = Field(
        default=(), description="addresses of the laws it falls under, for exports"
    )
    permission: Permission | None = None
    conditions: tuple[Bilingual, ...] = ()
    retention_years: int
    begin: date
    end: date
    fault_counts: Literal["exact", "hidden"] = Field(
        default="hidden",
        description="whether counts of faulty rows may be published exactly: they tell of files, not of persons",
    )


class FileLayout(Model):
    """How the partner's office writes the file."""

    format: Literal["csv", "parquet"] = "csv"
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
    not_before: str | None = Field(default=None, description="a date of the same row that can't come later")
    references: str | None = Field(
        default=None, description="dataset.variable, another identifier of the same kind that should hold each value"
    )
    identifying: Literal["direct", "quasi", "sensitive", "none"] = "none"
    temporality: Literal["fixed", "status", "event"] = "status"


class EventRule(Model):
    """Which event a row of the dataset tells of: at which moment, with which outcome, when."""

    event: Id
    moment: tuple[str, ...] = Field(min_length=1, description="date variables; the first that is known counts")
    outcome: str | None = Field(default=None, description="a code variable; its unified code is the event's outcome")
    when: tuple[Condition, ...] = Field(default=(), description="all must hold, on unified codes")


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
    moment: tuple[str, ...] = Field(
        min_length=1, description="date variables; a row in which none is usable is quarantined"
    )
    variables: dict[str, Variable]
    events: tuple[EventRule, ...]

    @property
    def row_keys(self) -> tuple[tuple[str, ...], ...]:
        """The sets of variables that say what a row tells of; without any, each row tells of something else."""
        own = {"case": self.case_keys, "person": self.person_keys}
        return own.get(self.subject, (self.unique,) if self.unique else ())


# --- one terminology ------------------------------------------------------------------------------------------------


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


# --- published totals -----------------------------------------------------------------------------------------------

PublicationStatus = Literal[
    "final",
    "provisional",
    "rounded",
    "approximate",
    "realised",
    "other_edition",
    "other_method",
    "own_count",
    "corrected",
    "derived",
    "subpopulation",
    "assumed",
]
NumberKind = Literal["count", "rate", "share", "duration", "mean"]
TruthFunction = Literal["persons_present", "suspects_of_age", "two_year_reoffending"]


class Publication(Model):
    """What holds of a published number: said once for a file, a series or one value, the nearest one counts."""

    status: tuple[PublicationStatus, ...] = Field(default=(), description="how its publisher marks it")
    words: str | None = Field(default=None, description="what the publication says of it, where the status says less")
    rounding: int | float | None = Field(
        default=None,
        gt=0,
        description="the step it is rounded to: the greatest power of ten that divides all rounded values of the "
        "series, and no more than a tenth of the smallest",
    )
    source: str | None = Field(default=None, description="where it was read")


class PublishedValue(Publication):
    """A published number of one year."""

    year: int
    value: int | float


class PublishedSeries(Publication):
    """A series of published numbers, and how the same number is counted on a synthetic chain whose truth is known."""

    title: Bilingual | None = Field(default=None, description="default: that of the file")
    unit: Bilingual | None = Field(default=None, description="default: that of the file")
    kind: NumberKind | None = Field(default=None, description="default: that of the file")
    headline: bool = Field(default=False, description="a series that a synthetic chain must meet")
    values: tuple[PublishedValue, ...] = Field(min_length=1, description="by year")
    count: tuple[Counting, ...] = Field(default=(), description="added up, on the true values of the chain")
    per: tuple[Counting, ...] = Field(default=(), description="added up, and divided by")
    times: float = Field(default=1, gt=0, description="multiplies: 100 for a percentage")
    divided_by: float = Field(default=1, gt=0, description="divides: 7 for days as weeks")
    function: TruthFunction | None = Field(default=None, description="in place of count: what no counting can say")
    arguments: dict[str, str | int] = Field(default={}, description="what the function is asked for")
    not_counted: Bilingual | None = Field(default=None, description="why no synthetic number stands beside it")
    miss: str | None = Field(default=None, description="why the synthetic chain does not meet it, in English")


class Published(Entry, Publication):
    """Totals that were published on the real chain, as they were read: one series, or several of a kind."""

    theme: Theme
    unit: Bilingual
    kind: NumberKind = Field(default="count", description="only a count grows with the size of the chain")
    not_counted: Bilingual | None = Field(default=None, description="why none of its series is counted")
    series: dict[Id, PublishedSeries] = Field(min_length=1)


class Tolerance(Model):
    """How far a synthetic number may be from a published one, for numbers of these kinds and of these statuses."""

    kinds: tuple[NumberKind, ...] = Field(default=(), description="none: of any kind")
    status: tuple[PublicationStatus, ...] = Field(default=(), description="one of these is enough; none: any status")
    percent: float | None = Field(default=None, gt=0, description="of the published number")
    points: float | None = Field(default=None, gt=0, description="in its own unit")
    steps: float | None = Field(default=None, gt=0, description="of its rounding")


class Calibration(Model):
    """When a synthetic chain meets what was published: the first tolerance that is about a number is its own."""

    tolerances: tuple[Tolerance, ...] = ()
    never: dict[PublicationStatus, Bilingual] = Field(default={}, description="what is never compared, and why")


# --- the chain ------------------------------------------------------------------------------------------------------


class IdentifierDomain(Model):
    """One kind of identifier: its own key, shared by all sources, after one normalisation."""

    id: Id
    title: Bilingual
    keep: str = Field(
        "A-Z0-9", description="characters that count, after upper-casing; the rest is dropped before hashing"
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


# --- access and publication -----------------------------------------------------------------------------------------


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


class GrantedTable(Model):
    """The columns and rows of one table that the project gets."""

    columns: tuple[str, ...]
    rows: tuple[Condition, ...] = ()


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
    publication_date: date


class Disclosure(Model):
    """The rules of gate 3."""

    minimum: int = Field(default=10, ge=3, description="fewer units than this are hidden")
    source: str | None = None
    unverified: bool = False


class Catalog(Model):
    """The whole catalogue, read once. The one truth for access, terms, figures and the site."""

    id: Id
    address: Address | None = Field(default=None, description="what the addresses of exported entries begin with")
    title: Bilingual
    host: Bilingual
    contact: str
    licence: str
    language: Literal["nl", "en"] = "nl"
    disclosure: Disclosure = Disclosure()
    calibration: Calibration = Calibration()
    chain: Chain
    demo: Demo | None = None
    partners: dict[str, Partner] = {}
    agreements: dict[str, Agreement] = {}
    datasets: dict[str, Dataset] = {}
    classifications: dict[str, Classification] = {}
    terms: dict[str, Term] = {}
    units: dict[str, Unit] = {}
    figures: dict[str, Figure] = {}
    breaks: dict[str, Break] = {}
    published: dict[str, Published] = {}
    grants: dict[str, Grant] = {}
    monitors: dict[str, Monitor] = {}
    synthetic: dict[str, SyntheticChain] = {}
    hash: str = Field(default="", description="content hash of every file of the catalogue")
