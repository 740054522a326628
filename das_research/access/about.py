"""What an extract says of itself: comments on its tables and columns, and three small tables.

They hold what the catalogue and the grant say, and nothing of a person: neither who may work with it nor a row.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import ibis
from ibis.backends.duckdb import Backend

from das_research.access.manifest import Extract
from das_research.catalog.coarsening import classification_of, coarsening_in_words, coarsenings
from das_research.catalog.models import Catalog, Coarser, Grant, Text
from das_research.catalog.tables import SOURCE_SUFFIX, VERSION_SUFFIX, attributes_of, variable_of
from das_research.engines import comment

ABOUT, COLUMNS, CODES = "_over_dit_extract", "_kolommen", "_codes"
ABOUT_TABLES = (ABOUT, COLUMNS, CODES)
TABLES = {
    "persons": Text(nl="Personen", en="Persons"),
    "cases": Text(nl="Zaken", en="Cases"),
    "events": Text(nl="Gebeurtenissen in zaken", en="Events in cases"),
    "deliveries": Text(nl="Leveringen: aantallen rijen", en="Deliveries: numbers of rows"),
    "delivery_rules": Text(nl="Leveringen: aantallen per regel", en="Deliveries: numbers by rule"),
    ABOUT: Text(nl="Wat dit extract is", en="What this extract is"),
    COLUMNS: Text(nl="Wat elke kolom is", en="What each column is"),
    CODES: Text(nl="Codes met hun namen", en="Codes with their labels"),
}
STANDARD = {
    "case_id": Text(nl="Zaak, als pseudoniem van dit project", en="Case, as a pseudonym of this project"),
    "person_id": Text(nl="Persoon, als pseudoniem van dit project", en="Person, as a pseudonym of this project"),
    "person_id_strict": Text(nl="Persoon volgens de strenge koppeling", en="Person by the strict link"),
    "person_id_loose": Text(nl="Persoon volgens de ruime koppeling", en="Person by the loose link"),
    "linked": Text(nl="Gevonden in wat het project verder krijgt", en="Found in what else the project gets"),
    "delivery": Text(nl="Levering", en="Delivery"),
    "moment": Text(nl="Datum waarop de rij telt", en="Date at which the row counts"),
    "marks": Text(nl="Regels die de rij heeft geraakt", en="Rules that the row has met"),
    "stage": Text(nl="Fase van de keten", en="Stage of the chain"),
    "event": Text(nl="Gebeurtenis", en="Event"),
    "outcome": Text(nl="Uitkomst", en="Outcome"),
}
AS_DELIVERED = Text(nl="zoals geleverd", en="as delivered")
VERSION = Text(nl="versie van de vertaling", en="version of the conversion")
COLUMN_FIELDS = (
    "tabel", "kolom", "titel_nl", "titel_en", "definitie_nl", "definitie_en", "eenheid", "begrip", "bron",
    "classificatie", "grofheid_nl", "grofheid_en",
)  # fmt: skip
CODE_SCHEMA = dict.fromkeys(("classificatie", "code", "label_nl", "label_en", "boven"), "string")
CODE_SCHEMA |= {"geldig_van": "date", "geldig_tot": "date", "onbevestigd": "boolean"}


def describe(engine: Backend, database: tuple[str, str], catalog: Catalog, grant: Grant, manifest: Extract) -> None:
    """Write in a new extract what it is, and what its tables and columns are."""
    lines = [
        _column(catalog, grant, table, column)
        for table, written in manifest.tables.items()
        for column in written.columns
    ]
    about = _about(grant, manifest)
    schemas: dict[str, tuple[list[dict[str, Any]], Mapping[str, str]]] = {
        ABOUT: ([about], {name: _type(value) for name, value in about.items()}),
        COLUMNS: (lines, dict.fromkeys(COLUMN_FIELDS, "string")),
        CODES: (list(_codes(catalog, {str(line["classificatie"]) for line in lines})), CODE_SCHEMA),
    }
    for name, (rows, schema) in schemas.items():
        engine.create_table(name, ibis.memtable(rows, schema=dict(schema)), database=database)
    for table in (*manifest.tables, *ABOUT_TABLES):
        comment(engine, table, _both(table_title(catalog, table)))
    for line in lines:
        comment(engine, str(line["tabel"]), _column_comment(line), str(line["kolom"]))


def _about(grant: Grant, manifest: Extract) -> dict[str, Any]:
    return {
        "extract": manifest.id,
        "project": grant.id,
        "titel_nl": grant.title.nl,
        "titel_en": grant.title.en,
        "doel": grant.purpose,
        "grondslag_nl": grant.legal_basis.nl,
        "grondslag_en": grant.legal_basis.en,
        "begin": grant.begin,
        "einde": grant.end,
        "modus": manifest.mode,
        "snapshot": manifest.snapshot,
        "catalogus": manifest.catalog_hash,
        "vergunning": manifest.grant_hash,
        "waargenomen_tot": manifest.observed_until,
        "fictief": manifest.synthetic,
    }


def _type(value: Any) -> str:
    return {bool: "boolean", date: "date"}.get(type(value), "string")


def _column(catalog: Catalog, grant: Grant, table: str, column: str) -> dict[str, str | None]:
    """One line of the table of columns."""
    variable, attribute = variable_of(catalog, f"{table}.{column}"), attributes_of(catalog, table).get(column)
    sources = attribute.sources if attribute else (f"{table}.{column}",) if variable else ()
    first = variable or next((it for source in sources if (it := variable_of(catalog, source))), None)
    term = catalog.terms.get(first.term) if first and first.term else None
    how = coarsenings(grant, table).get(column)
    coarse = coarsening_in_words(catalog, how) if how else None
    classification = how.classification if isinstance(how, Coarser) else classification_of(catalog, table, column)
    title = column_title(catalog, table, column)
    return {
        "tabel": table,
        "kolom": column,
        "titel_nl": title.nl,
        "titel_en": title.en,
        "definitie_nl": term.definition.nl if term else None,
        "definitie_en": term.definition.en if term else None,
        "eenheid": term.unit if term else None,
        "begrip": term.id if term else None,
        "bron": ", ".join(sources) or None,
        "classificatie": classification if classification in catalog.classifications else None,
        "grofheid_nl": coarse.nl if coarse else None,
        "grofheid_en": coarse.en if coarse else None,
    }


def column_title(catalog: Catalog, table: str, column: str) -> Text:
    """The name of a column for readers."""
    found = variable_of(catalog, f"{table}.{column}") or attributes_of(catalog, table).get(column)
    if found:
        return found.title
    for suffix, words in ((SOURCE_SUFFIX, AS_DELIVERED), (VERSION_SUFFIX, VERSION)):
        of = variable_of(catalog, f"{table}.{column.removesuffix(suffix)}") if column.endswith(suffix) else None
        if of:
            return Text(nl=f"{of.title.nl}, {words.nl}", en=f"{of.title.en}, {words.en}")
    return STANDARD.get(column, Text(nl=column, en=column))


def table_title(catalog: Catalog, table: str) -> Text:
    """The name of a table for readers."""
    return TABLES[table] if table in TABLES else catalog.datasets[table].title


def _codes(catalog: Catalog, classifications: set[str]) -> Iterator[dict[str, Any]]:
    for name in sorted(classifications & set(catalog.classifications)):
        for code in catalog.classifications[name].codes:
            yield {
                "classificatie": name,
                "code": code.code,
                "label_nl": code.label.nl,
                "label_en": code.label.en,
                "boven": code.parent,
                "geldig_van": code.valid_from,
                "geldig_tot": code.valid_to,
                "onbevestigd": code.unverified,
            }


def _column_comment(line: Mapping[str, str | None]) -> str:
    parts = [_both(Text(nl=str(line["titel_nl"]), en=str(line["titel_en"])))]
    if line["definitie_nl"]:
        parts.append(_both(Text(nl=str(line["definitie_nl"]), en=str(line["definitie_en"]))))
    if line["grofheid_nl"]:
        parts.append(_both(Text(nl=str(line["grofheid_nl"]), en=str(line["grofheid_en"]))))
    parts += [f"{name}: {line[name]}" for name in ("eenheid", "begrip", "bron", "classificatie") if line[name]]
    return "\n".join(parts)


def _both(text: Text) -> str:
    return text.nl if text.nl == text.en else f"{text.nl} / {text.en}"
