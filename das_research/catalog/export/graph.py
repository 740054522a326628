"""What the exports as RDF share: addresses of entries, texts in two languages, and one spelling of a graph."""

from typing import Any

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, SKOS, XSD
from rdflib.term import Node

from das_research.catalog.addresses import address_of, below_place
from das_research.catalog.models import Catalog, Text

DCATAP = Namespace("http://data.europa.eu/r5r/")
DPV = Namespace("https://w3id.org/dpv#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
PREFIXES = {
    "dcat": DCAT, "dcatap": DCATAP, "dct": DCTERMS, "dpv": DPV, "foaf": FOAF, "owl": OWL, "skos": SKOS,
    "vcard": VCARD, "xsd": XSD,
}  # fmt: skip
UNVERIFIED = Text(nl="Niet geverifieerd.", en="Unverified.")


def new_graph() -> Graph:
    """A graph that knows the prefixes of the exports and no others."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def address(catalog: Catalog, *parts: str) -> URIRef:
    """The address of an entry as a node of a graph."""
    return URIRef(address_of(catalog, *parts))


def below(place: str, *parts: str) -> URIRef:
    """An address under another one, as a node of a graph."""
    return URIRef(below_place(place, *parts))


def say(graph: Graph, subject: Node, predicate: Node, text: Text | None) -> None:
    """A text in both languages."""
    if text is not None:
        for language in ("nl", "en"):
            graph.add((subject, predicate, Literal(text[language].strip(), lang=language)))


def told_where(graph: Graph, subject: Node, entry: Any) -> None:
    """The source of an entry, and the mark of what was remembered and not read."""
    source = getattr(entry, "source", None)
    if source:
        is_address = source.startswith(("http://", "https://")) and " " not in source
        graph.add((subject, DCTERMS.source, URIRef(source) if is_address else Literal(source)))
    if entry.unverified:
        say(graph, subject, SKOS.editorialNote, UNVERIFIED)


def turtle(graph: Graph) -> str:
    """The graph as Turtle."""
    return graph.serialize(format="turtle")
