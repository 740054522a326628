"""Agreements and grants in the Data Privacy Vocabulary: whose data, for which purposes, on which basis, for whom.

JSON-LD, with terms of DPV 2.1 and nothing that only looks like one. An agreement is a process with every purpose that
it allows; a grant is one with its own purpose, and tells the organisations of its people and never the people.
"""

import json
from typing import Any

from das_research.catalog.addresses import address_of, below_place
from das_research.catalog.export.graph import DPV
from das_research.catalog.models import PURPOSES, Agreement, Catalog, Grant, Purpose, Text
from das_research.catalog.tables import CHAIN_TABLES, origins_of, table_columns
from das_research.catalog.uses import PURPOSE_TERMS, PURPOSE_TITLES

TO_ENTRIES = ("DataController", "DataSource", "PersonalData", "Process", "Purpose")
CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dpv": str(DPV),
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dct:title": {"@container": "@language"},
    "skos:prefLabel": {"@container": "@language"},
    "dcat:startDate": {"@type": "xsd:date"},
    "dcat:endDate": {"@type": "xsd:date"},
    **{f"dpv:has{name}": {"@type": "@id"} for name in (*TO_ENTRIES, "Recipient")},
}


def export(catalog: Catalog) -> dict[str, str]:
    """``dpv.jsonld``."""
    nodes = [
        _node(address_of(catalog, "host"), "DataController", catalog.host),
        *(_purpose(catalog, purpose) for purpose in PURPOSES),
        *(_node(address_of(catalog, "partners", it.id), "Recipient", it.title) for it in catalog.partners.values()),
        *(_node(address_of(catalog, "datasets", it.id), "PersonalData", it.title) for it in catalog.datasets.values()),
        *(_agreement(catalog, agreement) for agreement in catalog.agreements.values()),
        *(_grant(catalog, grant) for grant in catalog.grants.values()),
    ]
    document = {"@context": CONTEXT, "@graph": nodes}
    return {"dpv.jsonld": json.dumps(document, ensure_ascii=False, indent=1) + "\n"}


def _purpose(catalog: Catalog, purpose: Purpose) -> dict[str, Any]:
    return {
        "@id": address_of(catalog, "purposes", purpose),
        "@type": "dpv:Purpose",
        "skos:prefLabel": _text(PURPOSE_TITLES[purpose]),
        "skos:broader": {"@id": f"dpv:{PURPOSE_TERMS[purpose]}"},
    }


def _agreement(catalog: Catalog, agreement: Agreement) -> dict[str, Any]:
    place = address_of(catalog, "agreements", agreement.id)
    allowed = [purpose for purpose, use in agreement.uses.items() if use.allowed != "no"]
    return {
        **_process(catalog, place, agreement, allowed),
        "dpv:hasDataSource": [address_of(catalog, "partners", agreement.partner)],
        "dpv:hasPersonalData": [address_of(catalog, "datasets", name) for name in agreement.datasets],
        "dpv:hasDataSubject": _labelled("DataSubject", agreement.subjects),
        "dpv:hasRecipient": [address_of(catalog, "partners", name) for name in agreement.recipients],
        "dpv:hasTechnicalOrganisationalMeasure": _labelled("TechnicalOrganisationalMeasure", agreement.safeguards),
        "dpv:hasProcess": [
            address_of(catalog, "grants", it.id) for it in catalog.grants.values() if agreement.id in it.agreements
        ],
    }


def _grant(catalog: Catalog, grant: Grant) -> dict[str, Any]:
    place = address_of(catalog, "grants", grant.id)
    organisations = sorted({person.organisation for person in grant.people})
    return {
        **_process(catalog, place, grant, [grant.purpose]),
        "dpv:hasPersonalData": [address_of(catalog, "datasets", name) for name in _drawn_on(catalog, grant)],
        "dpv:hasRecipient": [
            _node(below_place(place, "organisations", name), "Recipient", Text(nl=name, en=name))
            for name in organisations
        ],
    }


def _process(catalog: Catalog, place: str, entry: Agreement | Grant, purposes: list[Purpose]) -> dict[str, Any]:
    return {
        **_node(place, "PersonalDataProcess", entry.title),
        "dpv:hasDataController": [address_of(catalog, "host")],
        "dpv:hasPurpose": [address_of(catalog, "purposes", purpose) for purpose in purposes],
        "dpv:hasLegalBasis": {
            "@id": below_place(place, "legal-basis"),
            "@type": "dpv:LegalBasis",
            "skos:prefLabel": _text(entry.legal_basis),
        },
        "dct:temporal": {
            "@id": below_place(place, "period"),
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": entry.begin.isoformat(),
            "dcat:endDate": entry.end.isoformat(),
        },
    }


def _drawn_on(catalog: Catalog, grant: Grant) -> list[str]:
    """The datasets that its tables name, and those that the attributes of cases and persons come from."""
    found = {name for name in grant.tables if name in catalog.datasets}
    for table in set(grant.tables) & set(CHAIN_TABLES):
        for column in set(grant.tables[table].columns) & set(table_columns(catalog, table)):
            found |= origins_of(catalog, table, column)
    return sorted(found)


def _node(place: str, kind: str, title: Text) -> dict[str, Any]:
    return {"@id": place, "@type": f"dpv:{kind}", "dct:title": _text(title)}


def _labelled(kind: str, texts: tuple[Text, ...]) -> list[dict[str, Any]]:
    return [{"@type": f"dpv:{kind}", "skos:prefLabel": _text(text)} for text in texts]


def _text(text: Text) -> dict[str, str]:
    return {"nl": text.nl.strip(), "en": text.en.strip()}
