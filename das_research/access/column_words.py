"""What the columns of a project's tables are called, for people who do not know the catalogue by heart."""

from das_research.catalog.models import Catalog, Text
from das_research.catalog.tables import (
    CHAIN_TABLES,
    PERSON,
    PERSON_LINKS,
    SOURCE_SUFFIX,
    VERSION_SUFFIX,
    attributes_of,
    table_columns,
)

CHAIN_TITLES = {
    "persons": Text(nl="Personen", en="Persons"),
    "cases": Text(nl="Zaken", en="Cases"),
    "events": Text(nl="Gebeurtenissen", en="Events"),
}
STANDING = {
    "case_id": Text(nl="zaak, onder een pseudoniem van dit project", en="case, under a pseudonym of this project"),
    PERSON: Text(nl="persoon, onder een pseudoniem van dit project", en="person, under a pseudonym of this project"),
    PERSON_LINKS["strict"]: Text(nl="persoon volgens de strenge koppeling", en="person by the strict link"),
    PERSON_LINKS["loose"]: Text(nl="persoon volgens de ruime koppeling", en="person by the loose link"),
    "row": Text(nl="nummer van de rij in het bestand", en="number of the row in the file"),
    "delivery": Text(nl="levering", en="delivery"),
    "stage": Text(nl="schakel van de keten", en="stage of the chain"),
    "event": Text(nl="gebeurtenis", en="event"),
    "outcome": Text(nl="uitkomst", en="outcome"),
    "moment": Text(nl="moment", en="moment"),
    "marks": Text(nl="kanttekeningen bij de intake", en="marks made at intake"),
}
CLASSES = {
    "direct": Text(nl="direct herleidbaar", en="direct"),
    "quasi": Text(nl="indirect herleidbaar", en="quasi-identifying"),
    "sensitive": Text(nl="gevoelig", en="sensitive"),
    "none": Text(nl="", en=""),
}
AS_DELIVERED = Text(nl="zoals geleverd", en="as delivered")
VERSION = Text(nl="versie van de omzetting", en="version of the conversion")


def table_title(catalog: Catalog, table: str) -> Text:
    """The name of a table for readers."""
    return CHAIN_TITLES[table] if table in CHAIN_TABLES else catalog.datasets[table].title


def column_title(catalog: Catalog, table: str, column: str) -> Text:
    """The name of a column for readers.

    Examples
    --------
    >>> from das_research.catalog import load_catalog
    >>> column_title(load_catalog("data_catalog"), "sepots", "sepotgrond_bron").en
    'Ground for dismissal: as delivered'
    """
    attributes = attributes_of(catalog, table)
    if column in attributes:
        return attributes[column].title
    variables = catalog.datasets[table].variables if table in catalog.datasets else {}
    if column in variables:
        return variables[column].title
    for suffix, words in ((SOURCE_SUFFIX, AS_DELIVERED), (VERSION_SUFFIX, VERSION)):
        stem = variables.get(column.removesuffix(suffix)) if column.endswith(suffix) else None
        if stem is not None:
            return Text(nl=f"{stem.title.nl}: {words.nl}", en=f"{stem.title.en}: {words.en}")
    return STANDING.get(column, Text(nl="", en=""))


def column_term(catalog: Catalog, table: str, column: str) -> Text:
    """The title of the term that defines a column; empty where no term does."""
    variables = catalog.datasets[table].variables if table in catalog.datasets else {}
    term = catalog.terms.get(variables[column].term or "") if column in variables else None
    return term.title if term else Text(nl="", en="")


def column_class(catalog: Catalog, table: str, column: str) -> Text:
    """How a column can identify a person, in words; empty where it can not."""
    return CLASSES[table_columns(catalog, table)[column].identifying]
