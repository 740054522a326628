"""What a table of an extract and its columns mean, from the catalogue: a line each, for other programs."""

from das_research.access.preview import CHAIN_TITLES
from das_research.catalog.models import Catalog, Text
from das_research.catalog.tables import SOURCE_SUFFIX, VERSION_SUFFIX, attributes_of

OWN_COLUMNS = {
    "case_id": Text(nl="Zaak, pseudoniem van dit project alleen", en="Case, a pseudonym of this project alone"),
    "person_id": Text(nl="Persoon, pseudoniem van dit project alleen", en="Person, a pseudonym of this project alone"),
    "person_id_strict": Text(nl="Persoon volgens de strenge koppeling", en="Person by the strict link"),
    "person_id_loose": Text(nl="Persoon volgens de ruime koppeling", en="Person by the loose link"),
    "stage": Text(nl="Fase van de keten", en="Stage of the chain"),
    "event": Text(nl="Gebeurtenis", en="Event"),
    "outcome": Text(nl="Uitkomst van de gebeurtenis", en="Outcome of the event"),
    "moment": Text(nl="Datum van de rij of gebeurtenis", en="Date of the row or event"),
    "delivery": Text(nl="Levering waaruit de rij komt", en="Delivery that told the row"),
    "marks": Text(nl="Regels die de rij niet haalt", en="Rules that the row does not meet"),
    "dataset": Text(nl="Bestand", en="File"),
}
DELIVERY_TITLES = {
    "deliveries": Text(nl="Rijen en eenheden per levering", en="Rows and units of every delivery"),
    "delivery_rules": Text(nl="Wat de regels van poort 1 deden", en="What the rules of gate 1 did"),
}
SOURCE = Text(nl="zoals geleverd", en="as delivered")
VERSION = Text(nl="versie van de vertaling", en="version of the correspondence")


def describe_table(catalog: Catalog, table: str) -> str:
    """The title of a table in the catalogue's language; of a dataset, also what one row is.

    Examples
    --------
    >>> from das_research.catalog import load_catalog
    >>> describe_table(load_catalog("data_catalog"), "cases")
    'Zaken'
    """
    own = CHAIN_TITLES | DELIVERY_TITLES
    if table in own:
        return own[table][catalog.language]
    dataset = catalog.datasets[table]
    return f"{dataset.title[catalog.language]} ({dataset.row[catalog.language]})"


def describe_column(catalog: Catalog, table: str, column: str) -> str:
    """The title of a column, and the definition of its term if it has one; empty where the catalogue says nothing."""
    variables = catalog.datasets[table].variables if table in catalog.datasets else {}
    for suffix, what in (("", None), (SOURCE_SUFFIX, SOURCE), (VERSION_SUFFIX, VERSION)):
        name = column.removesuffix(suffix)
        if name in variables and (column.endswith(suffix) or not suffix):
            title = variables[name].title[catalog.language]
            term = catalog.terms.get(variables[name].term or "")
            more = what[catalog.language] if what else term.definition[catalog.language] if term else ""
            return f"{title}: {more}" if more else title
    attributes = attributes_of(catalog, table)
    if column in attributes:
        return attributes[column].title[catalog.language]
    return OWN_COLUMNS[column][catalog.language] if column in OWN_COLUMNS else ""
