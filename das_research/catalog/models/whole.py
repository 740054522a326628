"""The whole catalogue."""

from typing import Literal

from pydantic import Field

from das_research.catalog.models.access import Grant, Monitor
from das_research.catalog.models.base import Address, Bilingual, Concentration, Id, Model
from das_research.catalog.models.chain import Chain
from das_research.catalog.models.datasets import Dataset
from das_research.catalog.models.figures import Break, Figure
from das_research.catalog.models.linkage import LinkageModel
from das_research.catalog.models.partners import Agreement, Partner
from das_research.catalog.models.published import Calibration, Published
from das_research.catalog.models.recidivism import RecidivismMethod
from das_research.catalog.models.synthetic import Demo, SyntheticChain
from das_research.catalog.models.terms import Classification, Term, Unit


class Disclosure(Concentration):
    """The rules of gate 3."""

    minimum: int = Field(default=10, ge=3, description="fewer units than this are hidden")
    level: Literal["exact", "threshold", "wide"] = Field(
        default="threshold",
        description="no small number can be known exactly; or be proved to be small either; or be bounded closely",
    )
    group_percent: float = Field(
        default=100,
        gt=50,
        le=100,
        description="people are asked of every shown total of which one code holds more than this; of all, always",
    )
    source: str | None = None
    unverified: bool = False
    reviewers: tuple[str, ...] = Field(
        default=(), description="accounts that may review a release; empty: everyone who did not work on it"
    )


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
    recidivism: dict[str, RecidivismMethod] = {}
    grants: dict[str, Grant] = {}
    monitors: dict[str, Monitor] = {}
    synthetic: dict[str, SyntheticChain] = {}
    trained: LinkageModel | None = Field(default=None, description="from the file that `chain.linkage.model` names")
    hash: str = Field(default="", description="content hash of every file of the catalogue")
