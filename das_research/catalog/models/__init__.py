"""The nouns of the catalogue as frozen, checked models. Each is one YAML mapping; a field not named here is refused.

Texts that readers see are a mapping of `nl` and `en`; what is remembered and not read in a source carries
`unverified: true`.
"""

from das_research.catalog.models.access import (
    PUBLIC_FUNCTIONS,
    AgreedProduct,
    AgreedTable,
    Approver,
    Bands,
    Coarsening,
    Coarser,
    Grant,
    GrantedTable,
    Grantee,
    Limits,
    Monitor,
    Parameter,
    PartnerPermission,
    Protection,
    Width,
    is_within,
)
from das_research.catalog.models.base import (
    PURPOSES,
    THEMES,
    Address,
    Bilingual,
    Condition,
    Counting,
    DayOfYear,
    Entry,
    Id,
    Model,
    Operator,
    Purpose,
    StricterRules,
    Subject,
    Text,
    Theme,
)
from das_research.catalog.models.chain import (
    Attribute,
    Chain,
    EventType,
    IdentifierDomain,
    Leaving,
    Norm,
    Occurrence,
    Order,
    Span,
    Stage,
)
from das_research.catalog.models.datasets import (
    Check,
    Dataset,
    EventRule,
    FileLayout,
    Range,
    Sample,
    Severity,
    Variable,
)
from das_research.catalog.models.figures import Break, Figure
from das_research.catalog.models.linkage import FieldKind, Linkage, LinkageField, LinkageModel, TrainedLevel
from das_research.catalog.models.own_files import OwnClassification, OwnFile
from das_research.catalog.models.partners import Agreement, Partner, Permission, Use
from das_research.catalog.models.published import (
    Calibration,
    NumberKind,
    Publication,
    PublicationStatus,
    Published,
    PublishedSeries,
    PublishedValue,
    Tolerance,
    TruthFunction,
)
from das_research.catalog.models.recidivism import (
    Bounds,
    CohortRule,
    Departures,
    Detention,
    Disposals,
    Documentation,
    Lag,
    OffenceGroups,
    RecidivismMethod,
    Threshold,
)
from das_research.catalog.models.synthetic import Demo, DemoSource, Dirt, Recoded, Share, SyntheticChain, Town
from das_research.catalog.models.terms import Classification, Code, Correspondence, Difference, Term, Unit
from das_research.catalog.models.whole import Catalog, Disclosure

__all__ = [
    "PUBLIC_FUNCTIONS", "PURPOSES", "THEMES",
    "Address", "AgreedProduct", "AgreedTable", "Agreement", "Approver", "Attribute", "Bands", "Bilingual", "Bounds",
    "Break", "Calibration", "Catalog", "Chain", "Check", "Classification", "Coarsening", "Coarser", "Code",
    "CohortRule", "Condition", "Correspondence", "Counting", "Dataset", "DayOfYear", "Demo", "DemoSource",
    "Departures", "Detention", "Difference", "Dirt", "Disclosure", "Disposals", "Documentation", "Entry",
    "EventRule", "EventType", "FieldKind", "Figure", "FileLayout", "Grant", "GrantedTable", "Grantee", "Id",
    "IdentifierDomain", "Lag", "Leaving", "Limits", "Linkage", "LinkageField", "LinkageModel", "Model", "Monitor",
    "Norm", "NumberKind", "Occurrence", "OffenceGroups", "Operator", "Order", "OwnClassification", "OwnFile",
    "Parameter", "Partner", "PartnerPermission", "Permission", "Protection",
    "Publication", "PublicationStatus", "Published", "PublishedSeries",
    "PublishedValue", "Purpose", "Range", "RecidivismMethod", "Recoded", "Sample", "Severity", "Share", "Span", "Stage",
    "StricterRules", "Subject", "SyntheticChain", "Term", "Text", "Theme", "Threshold", "Tolerance", "Town",
    "TrainedLevel", "TruthFunction", "Unit", "Use", "Variable", "Width", "is_within",
]  # fmt: skip
