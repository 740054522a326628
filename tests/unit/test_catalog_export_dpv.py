"""Uses in the Data Privacy Vocabulary: valid, only terms that it has, and never a person of a grant."""

from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SKOS

from das_research.catalog import Catalog, load_catalog
from das_research.catalog.export import export_catalog
from das_research.catalog.export.graph import DPV
from das_research.catalog.models import PURPOSES
from das_research.catalog.uses import PURPOSE_TERMS

ROOT = Path(__file__).parents[2]
SHAPES = Path(__file__).parent / "shapes" / "dpv.ttl"
HERE = "urn:example:miniatuur"
# as they stand in DPV 2.1 (https://w3id.org/dpv/2.1)
TERMS = {
    "DataController", "DataSubject", "LegalBasis", "PersonalData", "PersonalDataProcess", "Purpose", "Recipient",
    "TechnicalOrganisationalMeasure", "hasDataController", "hasDataSource", "hasDataSubject", "hasLegalBasis",
    "hasPersonalData", "hasProcess", "hasPurpose", "hasRecipient", "hasTechnicalOrganisationalMeasure",
    "ImprovePublicServices", "ProvideOfficialStatistics", "PublicBenefit", "ScientificResearch",
}  # fmt: skip


@pytest.fixture
def catalog(write_catalog) -> Catalog:
    return load_catalog(write_catalog({}))


def graph_of(catalog: Catalog) -> Graph:
    (text,) = export_catalog(catalog, "dpv").values()
    return Graph().parse(data=text, format="json-ld")


def conforms(graph: Graph) -> bool:
    return pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES))[0]


def said(graph: Graph, *place: str, about: URIRef) -> set[str]:
    found = graph.objects(URIRef("/".join([HERE, *place])), about)
    return {str(it).removeprefix(f"{HERE}/") for it in found}


@pytest.mark.parametrize("folder", ["data_catalog", "examples/cook-county"])
def test_both_catalogues_tell_what_the_shapes_ask_in_terms_that_exist(folder: str) -> None:
    graph = graph_of(load_catalog(ROOT / folder))
    assert conforms(graph)
    named = {str(it) for triple in graph for it in triple if str(it).startswith(str(DPV))}
    assert {name.removeprefix(str(DPV)) for name in named} <= TERMS


def test_every_purpose_of_the_closed_list_has_a_term(catalog: Catalog) -> None:
    graph = graph_of(catalog)
    assert set(PURPOSE_TERMS) == set(PURPOSES)
    assert len(set(graph.subjects(RDF.type, DPV.Purpose))) == len(PURPOSES)
    assert said(graph, "purposes", "statistiek", about=SKOS.broader) == {f"{DPV}ProvideOfficialStatistics"}


def test_an_agreement_tells_the_purposes_that_it_allows_and_its_grants(catalog: Catalog) -> None:
    graph = graph_of(catalog)
    om = ("agreements", "levering-om")
    assert said(graph, *om, about=DPV.hasPurpose) == {"purposes/monitor", "purposes/wetenschappelijk%20onderzoek"}
    assert said(graph, *om, about=DPV.hasProcess) == {"grants/onderzoek"}
    assert said(graph, *om, about=DPV.hasRecipient) == {"partners/om"}


def test_a_grant_tells_its_one_purpose_its_datasets_and_the_organisations_of_its_people(catalog: Catalog) -> None:
    graph = graph_of(catalog)
    grant = ("grants", "onderzoek")
    assert said(graph, *grant, about=DPV.hasPurpose) == {"purposes/monitor"}
    assert said(graph, *grant, about=DPV.hasRecipient) == {"grants/onderzoek/organisations/OM"}
    assert "datasets/zaken" in said(graph, *grant, about=DPV.hasPersonalData)


def test_no_person_of_a_grant_is_named() -> None:
    catalog = load_catalog(ROOT / "data_catalog")
    (text,) = export_catalog(catalog, "dpv").values()
    for grant in catalog.grants.values():
        for name in [*(person.account for person in grant.people), *(approver.name for approver in grant.approvers)]:
            assert name not in text


@pytest.mark.parametrize(
    "missing", ["hasPurpose", "hasLegalBasis", "hasRecipient", "hasDataController", "hasPersonalData"]
)
def test_the_shapes_see_what_is_missing(catalog: Catalog, missing: str) -> None:
    graph = graph_of(catalog)
    place = URIRef(f"{HERE}/grants/onderzoek")
    assert (place, DPV[missing], None) in graph
    graph.remove((place, DPV[missing], None))
    assert not conforms(graph)


@pytest.mark.parametrize(
    ("old", "new"),
    [("dpv:ScientificResearch", "dpv:StatisticalPurpose"), ('"dpv:hasPersonalData": [', '"dpv:usesData": [')],
)
def test_the_shapes_see_a_term_that_is_made_up(catalog: Catalog, old: str, new: str) -> None:
    (text,) = export_catalog(catalog, "dpv").values()
    assert old in text
    assert not conforms(Graph().parse(data=text.replace(old, new), format="json-ld"))
