"""Searching the catalogue, and the readable account of each entry."""

import io

import pytest
from rich.console import Console

from das_research.catalog import load_catalog
from das_research.catalog.names import named_entries
from das_research.catalog.search import search
from das_research.catalog.show import show_entry
from das_research.errors import UsageError


@pytest.fixture
def catalog(catalog_dir):
    return load_catalog(catalog_dir)


def account(catalog, name: str, language: str = "nl") -> str:
    console = Console(file=io.StringIO(), width=200, color_system=None)
    console.print(show_entry(catalog, name, language))
    return console.file.getvalue()


def test_the_best_hit_comes_first(catalog):
    hits = [(hit.id, hit.where) for hit in search(catalog, "delict")]
    assert hits == [
        ("delict", "id"),  # the attribute of cases
        ("delict", "id"),  # the term
        ("delicten", "id"),  # begins so
        ("meldingen", "variable delict"),
    ]


@pytest.mark.parametrize("text", ["strafbaar", "STRAFBAAR", "stráfbaar", "feit strafbaar"])
def test_case_accents_and_order_of_words_do_not_matter(catalog, text):
    assert [hit.id for hit in search(catalog, text)] == ["delict", "misdrijf"]


def test_the_words_must_all_stand_in_one_text(catalog):
    assert search(catalog, "ernstig Officier") == []


@pytest.mark.parametrize(
    ("text", "kind", "name", "where"),
    [
        ("robbery", "classification", "delicten", "code beroving"),  # a label, in English
        ("PARKET_NR", "dataset", "zaken", "variable parket"),  # a column of the partner's file
        ("minor offence", "term", "delict", "reason"),
        ("vervolging", "stage", "vervolging", "id"),
        ("investigates", "partner", "politie", "role"),
        ("counted otherwise", "break", "nieuw-systeem", "reason"),
        ("human being", "unit", "persoon", "definition"),
        ("cases for each person", "figure", "stroom", "across_units"),
        ("share with a report", "published total", "ingeschreven", "series gemeld"),
    ],
)
def test_every_kind_of_text_is_searched(catalog, text, kind, name, where):
    hits = [(hit.kind, hit.id, hit.where) for hit in search(catalog, text)]
    assert hits[0] == (kind, name, where)


def test_nothing_to_search_for_is_wrong_use(catalog):
    with pytest.raises(UsageError, match="Nothing to search for"):
        search(catalog, "  ")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_entry_can_be_shown_in_both_languages(catalog, language):
    for _, name, title, _ in named_entries(catalog):
        assert title[language] in account(catalog, name, language)


def test_a_dataset_is_shown_with_its_variables(catalog):
    text = account(catalog, "zaken")
    (line,) = [line for line in text.splitlines() if line.startswith("parket ")]
    assert line.split() == [
        *("parket", "Zaaknummer", "van", "het", "parket", "identificatienummer", "zaaknummer", "PARKET_NR"),
    ]
    assert "Zaak herkend aan: zaaknummer; parket + persoonsnummer" in text
    assert "uitkomst is een van sepot, dagvaarding" in text


def test_a_dataset_is_shown_with_what_is_asked_of_its_values_and_what_follows(catalog):
    zaken = catalog.datasets["zaken"].model_dump()
    zaken["variables"]["naam"] |= {"required": True, "pattern": "[A-Z].+"}
    zaken["variables"]["officier"] |= {"for_linkage": True}
    zaken["severities"] = [
        {"check": "missing", "variable": "naam", "then": "quarantine"},
        {"check": "unknown-code", "then": "reject", "above": 0.05},
        {"check": "order-reversed", "event": "instroom", "then": "reject", "above": 0.1},
    ]
    datasets = catalog.datasets | {"zaken": type(catalog.datasets["zaken"]).model_validate(zaken)}
    text = account(catalog.model_copy(update={"datasets": datasets}), "zaken")
    lines = [line.split() for line in text.splitlines()]
    assert ["naam", "Naam", "tekst", "direct", "ja", "[A-Z].+"] in lines
    assert ["officier", "Officier", "tekst", "alleen", "om", "te", "koppelen"] in lines
    assert ["missing", "naam", "rij", "in", "quarantaine"] in lines
    assert ["unknown-code", "bestand", "geweigerd", "5", "%"] in lines
    assert ["order-reversed", "instroom", "bouw", "geweigerd", "10", "%"] in lines


def test_a_term_is_shown_with_the_competing_definition_and_the_reason_from_both_sides(catalog):
    for name, other in (("delict", "Een ernstig strafbaar feit."), ("misdrijf", "Een strafbaar feit.")):
        text = account(catalog, name)
        assert other in text
        assert "Ook overtredingen tellen mee." in text


def test_what_is_unverified_is_marked_in_the_language_of_the_reader(catalog):
    assert "Openbaar Ministerie (niet geverifieerd)" in account(catalog, "om")
    assert "Prosecution service (unverified)" in account(catalog, "om", "en")
    assert "Dagvaarding (niet geverifieerd)" in account(catalog, "beslissingen")
    assert "niet geverifieerd" not in account(catalog, "politie")


def test_a_unit_is_shown_with_what_it_is_taken_for_and_what_counts_in_it(catalog):
    text = account(catalog, "zaak")
    assert "Niet te verwarren met persoon (niet geverifieerd)\nEen mens." in text.replace(" \n", "\n")
    assert "Begrippen: delict" in text
    assert "Cijfers: stroom" in text


def test_a_break_is_shown_with_its_day_and_what_it_breaks(catalog):
    lines = account(catalog, "nieuw-systeem", "en").splitlines()
    assert lines[0] == "New system (unverified)"
    assert {"Cases are counted otherwise.", "Date: 2016-07-01", "Kind: system", "Datasets: zaken"} <= set(lines)


def test_an_agreement_is_shown_with_what_it_says_of_every_purpose(catalog):
    text = account(catalog, "levering-om", "en")
    (line,) = [line for line in text.splitlines() if line.startswith("wetenschappelijk onderzoek ")]
    assert [cell.strip() for cell in line.split("  ") if cell.strip()][1:] == [
        *("allowed if", "With the partner's consent.", "art. 3"),
    ]
    assert [word in text for word in ("suspects", "Recipients: om", "DPIA-1")] == [True, True, True]


def test_the_overview_says_of_every_agreement_and_purpose_whether_it_may(catalog):
    lines = [line.strip() for line in account(catalog, "uses").splitlines()]
    assert lines[0] == "Wat mag met wiens gegevens"
    assert "Wetenschappelijk onderzoek" in lines[2]
    (police,) = [place for place, line in enumerate(lines) if line.startswith("levering-politie: verdachten")]
    cells = [lines[police + place].split("  ") for place in range(3)]
    told = [[cell.strip() for cell in line if cell.strip()] for line in cells]
    assert told[0][1:] == ["mag", "mag", "mag, mits", "mag niet"]
    assert told[1] == ["art. 1", "art. 2", "Na toestemming van de partner.", "art. 4"]
    assert told[2] == ["DPIA-1", "art. 3"]


def test_entries_of_several_kinds_with_one_id_are_all_shown(catalog):
    text = account(catalog, "delict")
    assert "Kenmerk delict" in text
    assert "Begrip delict" in text


def test_an_unknown_id_names_the_nearest(catalog):
    with pytest.raises(UsageError) as caught:
        show_entry(catalog, "zakne", "nl")
    assert caught.value.why == "The nearest are: zaken, zaaknummer, zaak, keten."
    assert caught.value.fix == "das catalog show zaken"


def test_published_totals_are_shown_with_status_source_and_what_stands_beside_them(catalog):
    text = account(catalog, "ingeschreven", "en")
    for part in (
        "Cases registered",
        "Published totals ingeschreven",
        "2019  1200   rounded  100",
        "Headline series: yes",
        "Counted in: zaken (rows)",
        "Share with a report (%)",
        "2020  41.5   final",
        "Divided by: zaken (rows)",
        "Function: persons_present",
        "Not counted: The chain knows none.",
        "Sources: Ander bericht",
        "Source: Jaarbericht",
    ):
        assert part in text, part
