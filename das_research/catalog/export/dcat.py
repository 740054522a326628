"""The catalogue and every dataset in it as DCAT-AP-NL 3.0: what there is and whom to ask, not where to fetch it."""

import re
from collections.abc import Iterable

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS, XSD

from das_research.catalog.export.graph import DCATAP, DPV, VCARD, address, new_graph, say, turtle
from das_research.catalog.models import PURPOSES, Agreement, Catalog, Dataset, Purpose, Text
from das_research.catalog.uses import PURPOSE_TERMS, PURPOSE_TITLES

AUTHORITY = "http://publications.europa.eu/resource/authority"
PUBLIC, NON_PUBLIC = (URIRef(f"{AUTHORITY}/access-right/{right}") for right in ("PUBLIC", "NON_PUBLIC"))
JUSTICE = URIRef(f"{AUTHORITY}/data-theme/JUST")
LANGUAGES = (URIRef(f"{AUTHORITY}/language/NLD"), URIRef(f"{AUTHORITY}/language/ENG"))
EMAIL = re.compile(r"[^\s()<>@]+@[^\s()<>@]+\.[a-z]+")


def export(catalog: Catalog) -> dict[str, str]:
    """``dcat.ttl``."""
    graph = new_graph()
    whole, host, contact = address(catalog), address(catalog, "host"), address(catalog, "contact")
    graph.add((whole, RDF.type, DCAT.Catalog))
    say(graph, whole, DCTERMS.title, catalog.title)
    say(graph, whole, DCTERMS.description, _about(catalog))
    _parties(graph, whole, contact, publisher=host, creators=[host])
    for language in LANGUAGES:
        graph.add((whole, DCTERMS.language, language))
    _agent(graph, host, catalog.host)
    _contact(graph, contact, catalog)
    for name, partner in catalog.partners.items():
        _agent(graph, address(catalog, "partners", name), partner.title)
    for purpose in PURPOSES:
        _purpose(graph, address(catalog, "purposes", purpose), purpose)
    for dataset in catalog.datasets.values():
        graph.add((whole, DCAT.dataset, _dataset(graph, catalog, dataset, contact, host)))
    return {"dcat.ttl": turtle(graph)}


def _about(catalog: Catalog) -> Text:
    host, unit = catalog.host, catalog.chain.unit
    return Text(
        nl=f"Datasets over {unit.nl}, beheerd door {host.nl}.",
        en=f"Datasets on {unit.en}, kept by {host.en}.",
    )


def _dataset(graph: Graph, catalog: Catalog, dataset: Dataset, contact: URIRef, host: URIRef) -> URIRef:
    place = address(catalog, "datasets", dataset.id)
    row = Text(nl=f"Eén rij is {dataset.row.nl}.", en=f"One row is {dataset.row.en}.")
    graph.add((place, RDF.type, DCAT.Dataset))
    say(graph, place, DCTERMS.title, dataset.title)
    say(graph, place, DCTERMS.description, dataset.description or row)
    graph.add((place, DCTERMS.identifier, Literal(str(place))))
    graph.add((place, DCTERMS.accessRights, PUBLIC if dataset.public else NON_PUBLIC))
    graph.add((place, DCAT.theme, JUSTICE))
    _parties(graph, place, contact, publisher=host, creators=[address(catalog, "partners", dataset.partner)])
    if catalog.chain.observed_until:
        period = address(catalog, "datasets", dataset.id, "period")
        graph.add((place, DCTERMS.temporal, period))
        graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
        graph.add((period, DCAT.endDate, Literal(catalog.chain.observed_until, datatype=XSD.date)))
    for agreement in catalog.agreements.values():
        if dataset.id in agreement.datasets:
            _agreed(graph, catalog, place, agreement)
    return place


def _agreed(graph: Graph, catalog: Catalog, dataset: URIRef, agreement: Agreement) -> None:
    for law in agreement.legislation:
        graph.add((dataset, DCATAP.applicableLegislation, URIRef(law)))
    for purpose, use in agreement.uses.items():
        if use.allowed != "no":
            graph.add((dataset, DPV.hasPurpose, address(catalog, "purposes", purpose)))
    basis = address(catalog, "agreements", agreement.id, "legal-basis")
    graph.add((dataset, DPV.hasLegalBasis, basis))
    graph.add((basis, RDF.type, DPV.LegalBasis))
    say(graph, basis, SKOS.prefLabel, agreement.legal_basis)


def _parties(graph: Graph, place: URIRef, contact: URIRef, publisher: URIRef, creators: Iterable[URIRef]) -> None:
    graph.add((place, DCAT.contactPoint, contact))
    graph.add((place, DCTERMS.publisher, publisher))
    for creator in creators:
        graph.add((place, DCTERMS.creator, creator))


def _agent(graph: Graph, place: URIRef, name: Text) -> None:
    graph.add((place, RDF.type, FOAF.Agent))
    say(graph, place, FOAF.name, name)


def _contact(graph: Graph, place: URIRef, catalog: Catalog) -> None:
    graph.add((place, RDF.type, VCARD.Kind))
    say(graph, place, VCARD.fn, catalog.host)
    email = EMAIL.search(catalog.contact)
    if email:
        graph.add((place, VCARD.hasEmail, URIRef(f"mailto:{email.group()}")))
    elif catalog.contact.startswith(("http://", "https://")):
        graph.add((place, VCARD.hasURL, URIRef(catalog.contact)))


def _purpose(graph: Graph, place: URIRef, purpose: Purpose) -> None:
    graph.add((place, RDF.type, DPV.Purpose))
    say(graph, place, SKOS.prefLabel, PURPOSE_TITLES[purpose])
    graph.add((place, SKOS.broader, DPV[PURPOSE_TERMS[purpose]]))
