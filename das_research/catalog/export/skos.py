"""Classifications, terms and units of counting as SKOS concept schemes, with what their codes correspond to."""

from collections import Counter

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, SKOS

from das_research.catalog.export.graph import address, below, new_graph, say, told_where, turtle
from das_research.catalog.models import Catalog, Classification, Code, Correspondence, Entry, Text


def export(catalog: Catalog) -> dict[str, str]:
    """``skos.ttl``."""
    graph = new_graph()
    for classification in catalog.classifications.values():
        _classification(graph, catalog, classification)
    terms = _scheme(graph, address(catalog, "terms"), Text(nl="Begrippen", en="Terms"))
    for term in catalog.terms.values():
        concept = _concept(graph, catalog, "terms", terms, term, term.definition)
        graph.add((concept, DCTERMS.creator, address(catalog, "partners", term.owner)))
        if term.unit is not None:
            graph.add((concept, DCTERMS.relation, address(catalog, "units", term.unit)))
        for difference in term.differs:
            other = catalog.terms[difference.with_term]
            graph.add((concept, SKOS.related, address(catalog, "terms", other.id)))
            graph.add((address(catalog, "terms", other.id), SKOS.related, concept))
            say(graph, concept, SKOS.editorialNote, _differs(other.title, difference.reason))
    units = _scheme(graph, address(catalog, "units"), Text(nl="Teleenheden", en="Units of counting"))
    for unit in catalog.units.values():
        concept = _concept(graph, catalog, "units", units, unit, unit.definition)
        for name in unit.not_to_confuse:
            say(graph, concept, SKOS.editorialNote, _not_to_confuse(catalog.units[name].title))
    return {"skos.ttl": turtle(graph)}


def _differs(other: Text, reason: Text) -> Text:
    return Text(nl=f"Verschilt van {other.nl}: {reason.nl}", en=f"Differs from {other.en}: {reason.en}")


def _not_to_confuse(other: Text) -> Text:
    return Text(nl=f"Niet te verwarren met {other.nl}.", en=f"Not to be confused with {other.en}.")


def _scheme(graph: Graph, scheme: URIRef, title: Text) -> URIRef:
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    say(graph, scheme, SKOS.prefLabel, title)
    return scheme


def _concept(graph: Graph, catalog: Catalog, kind: str, scheme: URIRef, entry: Entry, definition: Text) -> URIRef:
    concept = address(catalog, kind, entry.id)
    graph.add((concept, RDF.type, SKOS.Concept))
    graph.add((concept, SKOS.inScheme, scheme))
    say(graph, concept, SKOS.prefLabel, entry.title)
    say(graph, concept, SKOS.definition, definition)
    say(graph, concept, SKOS.note, entry.description)
    told_where(graph, concept, entry)
    return concept


def _classification(graph: Graph, catalog: Catalog, classification: Classification) -> None:
    scheme = _scheme(graph, address(catalog, "classifications", classification.id), classification.title)
    say(graph, scheme, SKOS.definition, classification.description)
    graph.add((scheme, OWL.versionInfo, Literal(classification.version)))
    told_where(graph, scheme, classification)
    concepts = [(code, _place(scheme, code, classification)) for code in classification.codes]
    for code, concept in concepts:
        graph.add((concept, RDF.type, SKOS.Concept))
        graph.add((concept, SKOS.inScheme, scheme))
        graph.add((concept, SKOS.notation, Literal(code.code)))
        say(graph, concept, SKOS.prefLabel, code.label)
        told_where(graph, concept, code)
        if code.valid_from or code.valid_to:
            limits = (("start", code.valid_from), ("end", code.valid_to))
            period = " ".join(f"{limit}={day};" for limit, day in limits if day)
            graph.add((concept, DCTERMS.valid, Literal(period, datatype=DCTERMS.Period)))
        parents = [place for other, place in concepts if other.code == code.parent]
        for parent in parents:
            graph.add((concept, SKOS.broader, parent))
        if not parents:
            graph.add((concept, SKOS.topConceptOf, scheme))
    for correspondence in classification.correspondences:
        _correspondence(graph, scheme, correspondence, concepts)


def _place(scheme: URIRef, code: Code, classification: Classification) -> URIRef:
    """The address of a code; one that is given again later has the day from which it holds in it."""
    again = sum(other.code == code.code for other in classification.codes) > 1
    parts = ("codes", code.code, str(code.valid_from or "")) if again else ("codes", code.code)
    return below(scheme, *parts)


def _correspondence(
    graph: Graph, scheme: URIRef, correspondence: Correspondence, concepts: list[tuple[Code, URIRef]]
) -> None:
    """A partner's codes as a scheme of their own. Only a code that no other shares its meaning with is the same."""
    own = below(scheme, "correspondences", correspondence.id)
    graph.add((own, RDF.type, SKOS.ConceptScheme))
    graph.add((own, SKOS.prefLabel, Literal(correspondence.id)))
    graph.add((own, OWL.versionInfo, Literal(correspondence.version)))
    if correspondence.source:
        graph.add((own, DCTERMS.source, Literal(correspondence.source)))
    sharing = Counter(correspondence.codes.values())
    for source, unified in correspondence.codes.items():
        concept = below(own, source)
        graph.add((concept, RDF.type, SKOS.Concept))
        graph.add((concept, SKOS.inScheme, own))
        graph.add((concept, SKOS.notation, Literal(source)))
        graph.add((concept, SKOS.prefLabel, Literal(source)))
        targets = [place for code, place in concepts if code.code == unified]
        same = sharing[unified] == 1 and len(targets) == 1
        for target in targets:
            graph.add((concept, SKOS.exactMatch if same else SKOS.closeMatch, target))
