"""The tables of a snapshot as the catalogue implies them: which columns each has, and what those columns hold."""

from dataclasses import dataclass
from typing import Literal

from das_research.catalog.models import Attribute, Catalog, Correspondence, Dataset, Variable
from das_research.catalog.own_files import sent_for

ColumnType = Literal["identifier", "code", "date", "integer", "decimal", "text", "boolean", "list"]
Identifying = Literal["direct", "quasi", "sensitive", "none"]

CHAIN_TABLES = ("persons", "cases", "events")
DELIVERY_TABLES = ("deliveries", "delivery_rules")
QUALITY_TABLE = "linkage_quality"  # in the warehouse alone: its counts may be small
SOURCE_SUFFIX = "_bron"
VERSION_SUFFIX = "_versie"
PersonLink = Literal["strict", "standard", "loose"]
STANDARD: PersonLink = "standard"
LINKS: tuple[PersonLink, ...] = ("strict", "standard", "loose")
PERSON = "person_id"
PERSON_LINKS = {"strict": "person_id_strict", "loose": "person_id_loose"}  # the same persons by another link
PERSON_KEYS = (PERSON, *PERSON_LINKS.values())
LINKED = "linked"  # of a row of a project's own file: whether its person is one of whom another table tells
DATASET_COLUMNS = ("row", "delivery", "case_id", *PERSON_KEYS, LINKED, "moment", "marks")


@dataclass(frozen=True)
class Column:
    """One column of a table of a snapshot.

    Parameters
    ----------
    name : str
        Its name in the table.
    type : str
        What it holds, as the types of variables; `list` for the marks of a row.
    codes : tuple of str or None
        The codes it can hold; None when it isn't bound to a list.
    identifying : str
        How it can identify a person; of an attribute, the strongest of its sources.
    """

    name: str
    type: ColumnType
    codes: tuple[str, ...] | None = None
    identifying: Identifying = "none"


def table_names(catalog: Catalog) -> tuple[str, ...]:
    """The tables that a grant can name: those of the chain, then the datasets."""
    return (*CHAIN_TABLES, *catalog.datasets)


def table_columns(catalog: Catalog, table: str) -> dict[str, Column]:
    """The columns of one table of a snapshot, in order.

    Parameters
    ----------
    catalog : Catalog
        The catalogue that the snapshot was built with.
    table : str
        `persons`, `cases`, `events`, `deliveries`, `delivery_rules`, `linkage_quality` or a dataset's id.

    Returns
    -------
    dict
        Name to column. Identifiers and variables that aren't taken have none.

    Raises
    ------
    KeyError
        When the catalogue has no such table.

    Examples
    --------
    >>> from das_research.catalog import load_catalog
    >>> list(table_columns(load_catalog("data_catalog"), "deliveries"))[:5]
    ['dataset', 'stage', 'delivered', 'accepted', 'quarantined']
    """
    return {column.name: column for column in _columns(catalog, table)}


def person_keys(catalog: Catalog) -> tuple[str, ...]:
    """The columns of persons in every table that tells of them: by the standard link, the strict one and the loose one.

    A chain that knows no persons has the first alone, and it is empty.
    """
    return PERSON_KEYS if catalog.chain.person else (PERSON,)


def key_columns(catalog: Catalog) -> frozenset[str]:
    """The columns of any table that name a person, a case or another thing, so that their rows are of the same one."""
    identifiers = {
        name for it in catalog.datasets.values() for name, one in it.variables.items() if one.type == "identifier"
    }
    return frozenset({"case_id", *PERSON_KEYS, *identifiers})


def _columns(catalog: Catalog, table: str) -> list[Column]:
    stages = tuple(stage.id for stage in catalog.chain.stages)
    surrogates = [Column(name, "identifier") for name in ("case_id", *person_keys(catalog))]
    if table == "persons":
        return [*surrogates[1:], *_attributes(catalog, table)]
    if table == "cases":
        return [*surrogates, *_attributes(catalog, table)]
    if table == "events":
        return [
            *surrogates,
            Column("stage", "code", stages),
            Column("event", "code", tuple(event.id for event in catalog.chain.events)),
            Column("outcome", "text"),
            Column("moment", "date"),
            Column("delivery", "text"),
        ]
    if table == QUALITY_TABLE:
        texts = ("subject", "measure", "dataset", "other")
        counts = ("rows", "exact", "likely", "unlinked")
        described = [Column("year", "integer"), Column("attribute", "text"), Column("code", "text")]
        return [*(Column(name, "text") for name in texts), *described, *(Column(name, "integer") for name in counts)]
    origin = [Column("dataset", "code", tuple(catalog.datasets)), Column("stage", "code", stages)]
    if table == "deliveries":
        units = ("units_delivered", "units_accepted", "units_lost")
        return [*origin, *(Column(name, "integer") for name in ("delivered", "accepted", "quarantined", *units))]
    if table == "delivery_rules":
        rule = [Column("rule", "text"), Column("effect", "text")]
        return [*origin, *rule, Column("rows", "integer"), Column("units", "integer")]
    # with its delivery, a row's number names a row of the partner's file: in every project the same
    dataset = catalog.datasets[table]
    start = [
        Column("row", "integer", identifying="direct"),
        Column("delivery", "text"),
        *{"case": surrogates, "person": surrogates[1:]}.get(dataset.subject, []),
        *([Column(LINKED, "boolean")] if sent_for(catalog, dataset.partner) else []),
        Column("moment", "date"),
    ]
    return [*start, *_variables(catalog, dataset), Column("marks", "list")]


def _variables(catalog: Catalog, dataset: Dataset) -> list[Column]:
    columns = []
    for name, variable in dataset.variables.items():
        if not variable.take or variable.type == "identifier":
            continue
        codes = codes_of(catalog, variable.classification)
        columns.append(Column(name, variable.type, codes, variable.identifying))
        if variable.type == "code":
            columns.append(Column(name + SOURCE_SUFFIX, "text", None, variable.identifying))
            columns.append(Column(name + VERSION_SUFFIX, "text"))
    return columns


def _attributes(catalog: Catalog, table: str) -> list[Column]:
    columns = []
    for name, attribute in attributes_of(catalog, table).items():
        sources = [source for source in (variable_of(catalog, text) for text in attribute.sources) if source]
        kind = sources[0].type if sources else "text"
        columns.append(Column(name, kind, codes_of(catalog, attribute.classification), _strongest(sources)))
    return columns


def variable_of(catalog: Catalog, source: str) -> Variable | None:
    """The variable that `dataset.variable` names; None when there is none."""
    dataset, _, name = source.partition(".")
    return catalog.datasets[dataset].variables.get(name) if dataset in catalog.datasets else None


def origins_of(catalog: Catalog, table: str, column: str) -> set[str]:
    """The datasets from which a column's values come; none where the rows themselves are told apart by dataset."""
    if table not in CHAIN_TABLES:
        return {table}
    attributes = attributes_of(catalog, table)
    return {source.partition(".")[0] for source in attributes[column].sources} if column in attributes else set()


def attributes_of(catalog: Catalog, table: str) -> dict[str, Attribute]:
    """The attributes among the columns of a table: those of cases or persons, none for any other table."""
    return {"cases": catalog.chain.case_attributes, "persons": catalog.chain.person_attributes}.get(table, {})


def correspondence_of(catalog: Catalog, dataset: Dataset, variable: Variable) -> Correspondence | None:
    """How the codes a variable is delivered in become unified ones: by the name it asks for, else by its partner's."""
    classification = catalog.classifications.get(variable.classification or "")
    wanted = variable.correspondence or dataset.partner
    return next((it for it in classification.correspondences if it.id == wanted), None) if classification else None


def unified_codes(catalog: Catalog, dataset: Dataset, variable: str) -> set[str]:
    """Every unified code that a code variable of a dataset can become."""
    correspondence = correspondence_of(catalog, dataset, dataset.variables[variable])
    return set(correspondence.codes.values()) if correspondence else set()


def _strongest(variables: list[Variable]) -> Identifying:
    order: tuple[Identifying, ...] = ("direct", "sensitive", "quasi", "none")
    return min((variable.identifying for variable in variables), key=order.index, default="none")


def codes_of(catalog: Catalog, classification: str | None) -> tuple[str, ...] | None:
    """The codes of a classification; None when there is none of that id."""
    if classification is None or classification not in catalog.classifications:
        return None
    return tuple(dict.fromkeys(code.code for code in catalog.classifications[classification].codes))
