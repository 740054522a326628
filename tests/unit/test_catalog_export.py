"""The catalogue in the formats that others read: complete, valid, in both languages, equal to the byte."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS
from typer.testing import CliRunner

from das_research.catalog import Catalog, load_catalog
from das_research.catalog.export import FORMATS, export_catalog
from das_research.catalog.export.graph import DCATAP, DPV, VCARD
from das_research.cli import app

SHAPES = Path(__file__).parent / "shapes" / "dcat-ap-nl.ttl"
HERE = "urn:example:miniatuur"
GDPR = "http://data.europa.eu/eli/reg/2016/679/oj"
POLITIE, CHAIN = "agreements/levering-politie.yaml", "catalog.yaml"


@pytest.fixture
def catalog(write_catalog, miniature) -> Catalog:
    changes = {
        POLITIE: miniature[POLITIE] + f"legislation: [{GDPR}]\nquarantine_days: 30\nwithdrawn: 2028-05-05\n",
        CHAIN: miniature[CHAIN].replace("chain:\n", "chain:\n  observed_until: 2024-12-31\n"),
    }
    return load_catalog(write_catalog(changes))


def graph_of(catalog: Catalog, form: str) -> Graph:
    (text,) = export_catalog(catalog, form).values()
    return Graph().parse(data=text, format="turtle")


def place(*parts: str) -> URIRef:
    return URIRef("/".join([HERE, *parts]))


def said(graph: Graph, subject: URIRef, predicate: URIRef) -> set[str]:
    """Texts with their language, addresses below the catalogue without its address."""
    return {
        f"{found}@{found.language}" if isinstance(found, Literal) and found.language
        else str(found).removeprefix(f"{HERE}/")
        for found in graph.objects(subject, predicate)
    }  # fmt: skip


def test_the_json_is_the_whole_catalogue(catalog):
    (text,) = export_catalog(catalog, "json").values()
    assert Catalog.model_validate_json(text).model_dump(mode="json") == catalog.model_dump(mode="json")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_catalogue_gives_the_same_bytes_in_every_process(form, catalog_dir):
    code = (
        "import sys; from das_research.catalog import load_catalog; from das_research.catalog.export import *; "
        "sys.stdout.write(repr(export_catalog(load_catalog(sys.argv[1]), sys.argv[2])))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code, str(catalog_dir), form],
            capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(runs) == 1


def test_codes_are_concepts_with_labels_parents_and_validity(catalog):
    graph = graph_of(catalog, "skos")
    scheme = place("classifications", "delicten")
    robbery = place("classifications", "delicten", "codes", "beroving")
    assert (scheme, RDF.type, SKOS.ConceptScheme) in graph
    assert said(graph, robbery, SKOS.prefLabel) == {"Beroving@nl", "Robbery@en"}
    assert said(graph, robbery, SKOS.broader) == {"classifications/delicten/codes/geweld"}
    assert said(graph, robbery, SKOS.inScheme) == {"classifications/delicten"}
    old, new = (place("classifications", "delicten", "codes", "01", day) for day in ("2000-01-01", "2010-01-01"))
    assert said(graph, old, DCTERMS.valid) == {"start=2000-01-01; end=2009-12-31;"}
    assert said(graph, new, SKOS.prefLabel) == {"Nieuw@nl", "New@en"}


def test_a_code_is_the_same_as_a_partners_only_where_no_other_shares_it(write_catalog, miniature):
    text = miniature["classifications/delicten.yaml"].replace("B: beroving}", "B: beroving, D: beroving, O: '01'}")
    graph = graph_of(load_catalog(write_catalog({"classifications/delicten.yaml": text})), "skos")
    codes, own = "classifications/delicten/codes", "classifications/delicten/correspondences/politie"
    matches = {code: (said(graph, place(own, code), SKOS.exactMatch), said(graph, place(own, code), SKOS.closeMatch))
               for code in "GBDO"}  # fmt: skip
    assert matches == {
        "G": ({f"{codes}/geweld"}, set()),
        "B": (set(), {f"{codes}/beroving"}),  # D means the same: were both exact, B and D would be one code
        "D": (set(), {f"{codes}/beroving"}),
        "O": (set(), {f"{codes}/01/2000-01-01", f"{codes}/01/2010-01-01"}),  # of two times
    }


def test_competing_terms_are_related_with_the_reason_and_what_is_unverified_says_so(catalog):
    graph = graph_of(catalog, "skos")
    ours, theirs = place("terms", "delict"), place("terms", "misdrijf")
    assert (ours, SKOS.related, theirs) in graph
    assert (theirs, SKOS.related, ours) in graph
    assert said(graph, ours, SKOS.editorialNote) == {
        "Verschilt van Misdrijf: Ook overtredingen tellen mee.@nl",
        "Differs from Crime: Minor offences count too.@en",
    }
    assert said(graph, theirs, SKOS.editorialNote) == {"Niet geverifieerd.@nl", "Unverified.@en"}
    assert said(graph, ours, SKOS.definition) == {"Een strafbaar feit.@nl", "A punishable act.@en"}
    assert said(graph, ours, DCTERMS.relation) == {"units/zaak"}
    assert said(graph, place("units", "zaak"), SKOS.editorialNote) == {
        "Niet te verwarren met Persoon.@nl",
        "Not to be confused with Person.@en",
    }


def conforms(graph: Graph) -> bool:
    return pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES))[0]


def test_the_catalogue_has_what_dcat_ap_nl_asks(catalog):
    graph = graph_of(catalog, "dcat")
    assert conforms(graph)
    dataset = place("datasets", "meldingen")
    assert said(graph, URIRef(HERE), DCAT.dataset) == {"datasets/meldingen", "datasets/zaken"}
    assert said(graph, dataset, DCTERMS.description) == {"Eén rij is een melding.@nl", "One row is a report.@en"}
    assert said(graph, dataset, DCTERMS.accessRights) == {
        "http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC"
    }
    assert said(graph, dataset, DCATAP.applicableLegislation) == {GDPR}
    assert said(graph, dataset, DCTERMS.creator) == {"partners/politie"}
    assert said(graph, place("datasets", "meldingen", "period"), DCAT.endDate) == {"2024-12-31"}
    assert said(graph, place("contact"), VCARD.hasEmail) == {"mailto:das@example.nl"}


def test_the_dutch_catalogue_has_it_too_and_every_scheme_has_its_concepts():
    catalog = load_catalog(Path(__file__).parents[2] / "data_catalog")
    assert conforms(graph_of(catalog, "dcat"))
    graph = graph_of(catalog, "skos")
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    assert concepts == set(graph.subjects(SKOS.inScheme)) == set(graph.subjects(SKOS.prefLabel)) & concepts
    codes = sum(len(classification.codes) for classification in catalog.classifications.values())
    own = sum(len(table.codes) for one in catalog.classifications.values() for table in one.correspondences)
    assert len(concepts) == codes + own + len(catalog.terms) + len(catalog.units)


@pytest.mark.parametrize(
    ("about", "missing"),
    [
        *((place("datasets", "zaken"), path) for path in (
            DCTERMS.title, DCTERMS.description, DCTERMS.identifier, DCTERMS.accessRights, DCAT.contactPoint,
            DCTERMS.creator, DCTERMS.publisher, DCAT.theme,
        )),
        *((URIRef(HERE), path) for path in (
            DCTERMS.title, DCTERMS.description, DCAT.contactPoint, DCTERMS.publisher, DCAT.dataset,
        )),
        (place("partners", "om"), FOAF.name),
        (place("contact"), VCARD.hasEmail),
        (place("datasets", "zaken", "period"), DCAT.endDate),
    ],
)  # fmt: skip
def test_the_shapes_see_that_a_mandatory_property_is_missing(about, missing, catalog):
    graph = graph_of(catalog, "dcat")
    assert (about, missing, None) in graph
    graph.remove((about, missing, None))
    assert not conforms(graph)


def test_only_purposes_that_are_allowed_are_told_and_research_is_that_of_dpv(catalog):
    graph = graph_of(catalog, "dcat")
    # meldingen: the police; ketenverantwoording is not allowed, research is allowed if
    assert said(graph, place("datasets", "meldingen"), DPV.hasPurpose) == {
        "purposes/statistiek", "purposes/monitor", "purposes/wetenschappelijk%20onderzoek",
    }  # fmt: skip
    assert said(graph, place("purposes", "wetenschappelijk%20onderzoek"), SKOS.broader) == {
        "https://w3id.org/dpv#ScientificResearch"
    }


def test_a_public_dataset_is_called_public_and_an_own_address_is_used(write_catalog, miniature):
    folder = write_catalog(
        {
            "datasets/zaken.yaml": miniature["datasets/zaken.yaml"].replace("row:", "public: true\nrow:"),
            CHAIN: miniature[CHAIN].replace("id: miniatuur\n", "id: miniatuur\naddress: https://example.org/das/\n"),
        }
    )
    graph = graph_of(load_catalog(folder), "dcat")
    (right,) = graph.objects(URIRef("https://example.org/das/datasets/zaken"), DCTERMS.accessRights)
    assert str(right).endswith("/PUBLIC")


def test_the_register_has_every_field_of_article_30_for_every_agreement(catalog):
    files = export_catalog(catalog, "register")
    activities = json.loads(files["register.json"])["activities"]
    assert [activity["id"] for activity in activities] == ["levering-om", "levering-politie"]
    police = activities[1]
    assert police["controller"] == {"name": {"nl": "Gastheer", "en": "Host"}, "contact": "das@example.nl"}
    assert [(use["purpose"]["en"], use["allowed"]) for use in police["purposes"]] == [
        ("Statistics", "yes"), ("Monitoring", "yes"), ("Scientific research", "if"),
    ]  # fmt: skip
    assert police["subjects"] == [{"nl": "verdachten", "en": "suspects"}]
    assert [data["title"]["nl"] for data in police["data"] if data["pseudonymised"]] == ["Zaaknummer", "Persoonsnummer"]
    assert [recipient["nl"] for recipient in police["recipients"]] == ["Openbaar Ministerie", "Politie"]
    assert police["retention_years"] == 10
    assert [(it["quarantine_days"], it["withdrawn"]) for it in activities] == [(90, None), (30, "2028-05-05")]
    assert police["safeguards"] == [{"nl": "Pseudoniemen", "en": "Pseudonyms"}]
    assert police["assessments"] == ["DPIA-1"]
    assert police["legal_basis"] == {"nl": "Wet", "en": "Act"}
    assert all(
        "Not in the catalogue" in police[field]["en"] for field in ("data_protection_officer", "third_countries")
    )
    # a column that is not taken is not processed
    assert "Officier" not in files["register.json"]


def test_the_register_says_until_when_everything_may_be_kept(catalog):
    files = export_catalog(catalog, "register")
    assert (
        "**Bewaartermijn**: 10 jaar (overeenkomst van 2020-01-01 tot en met 2030-12-31); in quarantaine 90 dagen\n"
    ) in files["register.nl.md"]
    assert (
        "**Time limit for erasure**: 10 years (agreement from 2020-01-01 through 2029-12-31); in quarantine 30 days; "
        "withdrawn: from 2028-05-05 nothing may be kept under it\n"
    ) in files["register.en.md"]


@pytest.mark.parametrize(("language", "heading"), [("nl", "Categorieën van betrokkenen"), ("en", "Time limit for")])
def test_the_register_can_be_read_in_both_languages(language, heading, catalog):
    text = export_catalog(catalog, "register")[f"register.{language}.md"]
    assert text.count(f"**{heading}") == 2
    assert catalog.agreements["levering-om"].title[language] in text
    other = {"nl": "suspects", "en": "verdachten"}[language]
    assert other not in text


def test_the_command_prints_one_file_or_writes_all(catalog_dir, tmp_path):
    run = ["--catalog", str(catalog_dir), "catalog", "export"]
    printed = CliRunner().invoke(app, [*run, "register"])
    assert json.loads(printed.stdout)["catalog"] == {"nl": "Kleine keten", "en": "Small chain"}
    folder = tmp_path / "uit"
    written = CliRunner().invoke(app, [*run, "register", "--to", str(folder)])
    assert written.stdout.split() == [
        str(folder / name) for name in ("register.json", "register.nl.md", "register.en.md")
    ]
    assert (folder / "register.json").read_text(encoding="utf-8") == printed.stdout
    assert CliRunner().invoke(app, [*run, "xml"]).exit_code == 2
