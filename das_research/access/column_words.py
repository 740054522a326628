"""What else of a column is told to who approves a grant: the term that defines it, and how it can identify a person."""

from das_research.catalog.models import Catalog, Text
from das_research.catalog.tables import attributes_of, table_columns, variable_of

NOTHING = Text(nl="", en="")
CLASSES = {
    "direct": Text(nl="direct herleidbaar", en="direct"),
    "quasi": Text(nl="indirect herleidbaar", en="quasi-identifying"),
    "sensitive": Text(nl="gevoelig", en="sensitive"),
    "none": NOTHING,
}


def column_term(catalog: Catalog, table: str, column: str) -> Text:
    """The title of the term that defines a column; empty where none does.

    Examples
    --------
    >>> from das_research.catalog import load_catalog
    >>> column_term(load_catalog("data_catalog"), "sepots", "sepotgrond").en
    'Ground for dismissal'
    """
    attribute = attributes_of(catalog, table).get(column)
    sources = attribute.sources if attribute else (f"{table}.{column}",)
    variables = (variable_of(catalog, source) for source in sources)
    term = next((it.term for it in variables if it and it.term), None)
    return catalog.terms[term].title if term in catalog.terms else NOTHING


def column_class(catalog: Catalog, table: str, column: str) -> Text:
    """How a column can identify a person, in words; empty where it can not."""
    return CLASSES[table_columns(catalog, table)[column].identifying]
