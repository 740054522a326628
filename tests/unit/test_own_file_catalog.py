"""The own file of a grant in the catalogue: what is refused with file and line, and what readers are told of it."""

import textwrap
from pathlib import Path

import pytest
from own_file_world import TODAY, a_catalog, own_file
from typer.testing import CliRunner

from das_research.access.cover import covered_datasets, uncovered
from das_research.access.deadlines import warnings
from das_research.access.grants import check, check_own_files, own_files_kept
from das_research.access.preview import preview
from das_research.access.preview_page import page_of
from das_research.catalog import load_catalog
from das_research.catalog.own_files import is_own, seen_by, sent_for, submitter
from das_research.catalog.tables import table_columns
from das_research.cli import app
from das_research.errors import AccessRefused, CatalogError
from das_research.home import Home

OWN = """\
own_files:
  deelnemers:
    title: {nl: Deelnemers, en: Participants}
    row: {nl: een deelnemer, en: a participant}
    controller: {nl: Instituut, en: Institute}
    contact: instituut@example.nl
    legal_basis: {nl: Toestemming, en: Consent}
    consent: {nl: Ingestemd, en: Agreed}
    reidentification: {nl: De lijst ligt elders, en: The list lies elsewhere}
    keep_until: 2026-06-30
    person_keys: [[nummer]]
    moment: [instap]
    variables:
      nummer:
        title: {nl: Nummer, en: Number}
        type: identifier
        identifier: persoonsnummer
      instap:
        title: {nl: Instap, en: Entry}
        type: date
        formats: ["%Y-%m-%d"]
      groep:
        title: {nl: Groep, en: Group}
        type: code
        classification: groepen
    classifications:
      groepen:
        title: {nl: Groepen, en: Groups}
        codes: [{code: a, label: A}, {code: b, label: B}]
"""
TABLE = "  deelnemers:\n    columns: [person_id, groep]\n"


@pytest.fixture
def written(write_catalog, miniature):
    """Writes the miniature catalogue with an own file in its grant; pairs of texts are replaced in the grant."""

    def write(*changes: tuple[str, str], **files: str) -> Path:
        grant = miniature["grants/onderzoek.yaml"].replace("tables:\n", OWN + "tables:\n" + TABLE)
        for old, new in changes:
            assert old in grant
            grant = grant.replace(old, new)
        return write_catalog({"grants/onderzoek.yaml": grant} | files)

    return write


def faults(folder: Path) -> str:
    with pytest.raises(CatalogError) as refused:
        load_catalog(folder)
    return str(refused.value)


def test_a_grant_with_an_own_file_is_in_order_and_its_catalogue_has_it_as_a_dataset(written):
    catalog = load_catalog(written())
    assert "deelnemers" not in catalog.datasets
    own = seen_by(catalog, "onderzoek")
    assert own.hash == catalog.hash and set(own.datasets) == {*catalog.datasets, "deelnemers"}
    assert list(table_columns(own, "deelnemers")) == [
        *("row", "delivery", "person_id", "person_id_strict", "person_id_loose", "linked", "moment"),
        *("instap", "groep", "groep_bron", "groep_versie", "marks"),
    ]
    assert seen_by(own, "onderzoek") is own
    assert sent_for(catalog, submitter("onderzoek")) == "onderzoek" and sent_for(catalog, "om") is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("own_files:\n  deelnemers:", "own_files:\n  zaken:", "'zaken' is the name of a dataset"),
        ("own_files:\n  deelnemers:", "own_files:\n  events:", "'events' is the name of a table of every warehouse"),
        ("keep_until: 2026-06-30", "keep_until: 2027-01-01", "must lie within the grant, 2025-01-01 to 2026-12-31"),
        ("keep_until: 2026-06-30", "keep_until: 2024-12-31", "must lie within the grant"),
        ("identifier: persoonsnummer", "identifier: zaaknummer", "no dataset names its persons by zaaknummer"),
        ("identifier: persoonsnummer", "identifier: iets", "no identifier domain 'iets'"),
        ("person_keys: [[nummer]]", "person_keys: [[groep]]", "has type code, not identifier"),
        ("person_keys: [[nummer]]", "person_keys: []", "person_keys"),
        ("    consent: {nl: Ingestemd, en: Agreed}\n", "", "consent: is missing"),
        ("type: code\n        classification: groepen", "type: text", "anything could be typed in 'groep'"),
        ("type: code\n        classification: groepen", "type: integer", "could hold the number of a person"),
        (
            "type: code\n        classification: groepen",
            "type: integer\n        range: {min: 0, max: 999999999}",
            "could hold the number of a person",
        ),
        ("title: {nl: Groepen, en: Groups}", "title: {nl: Groepen, en: Groups}\n        version: x", "no such field"),
        ("      groepen:\n        title", "      delicten:\n        title", "the name of a classification elsewhere"),
        ("classification: groepen", "classification: beslissingen", "no variable of the file has these codes"),
        ("    person_keys", "    file: {format: xlsx}\n    person_keys", "drops the zeros"),
        ("type: date\n", "type: date\n        for_linkage: true\n", "found by its numbers alone"),
        (
            "identifier: persoonsnummer\n",
            "identifier: persoonsnummer\n        references: zaken.persoonsnummer\n",
            "nothing is asked of them",
        ),
        (TABLE, "", "nothing is done with it"),
        ("columns: [person_id, groep]", "columns: [person_id, nummer]", "never reaches a project"),
        ("columns: [person_id, groep]", "columns: [person_id, row]", "identifies a person directly"),
        ("own_files:", "only_persons_of: deelnemer\nown_files:", "did you mean 'deelnemers'?"),
    ],
)  # fmt: skip
def test_what_an_own_file_can_not_be(written, old, new, told):
    text = faults(written((old, new)))
    assert told in text and "onderzoek.yaml" in text


def test_another_grant_can_not_ask_for_it_nor_have_one_of_its_name(written, miniature):
    other = miniature["grants/onderzoek.yaml"].replace("id: onderzoek", "id: ander")
    asking = other.replace("tables:\n", "tables:\n" + TABLE)
    assert "is an own file of grant 'onderzoek', which no other project gets" in faults(
        written(**{"grants/ander.yaml": asking})
    )
    same = other.replace("tables:\n", OWN + "tables:\n" + TABLE)
    assert "is the name of an own file of grant" in faults(written(**{"grants/ander.yaml": same}))


def test_a_chain_that_knows_no_persons_can_not_find_anybody(written, miniature):
    chain = miniature["catalog.yaml"].replace("chain:\n", "chain:\n  person: false\n")
    assert "nobody on a list could be found" in faults(written(**{"catalog.yaml": chain}))


def test_an_agreement_gives_beside_a_list_only_what_is_under_it(write_catalog, miniature):
    text = miniature["agreements/levering-om.yaml"] + "own_files: [meldingen]\n"
    folder = write_catalog({"agreements/levering-om.yaml": text})
    assert "dataset 'meldingen' is not under this agreement" in faults(folder)


def test_whose_a_dataset_is_says_whether_it_is_an_own_file() -> None:
    """A grant that calls a dataset of a partner its own file does not come by it so, even where nobody checked it."""
    catalog = a_catalog(own_files={"meldingen": own_file()}, tables={"meldingen": {"columns": ["case_id", "delict"]}})
    grant = catalog.grants["proef"]
    assert not is_own(catalog, grant, "meldingen")
    assert uncovered(catalog, grant, "meldingen") == "dataset not in the agreements"
    of_another = seen_by(a_catalog(), "proef")
    assert uncovered(of_another, of_another.grants["ander"], "lijst") == "dataset not in the agreements"
    assert covered_datasets(of_another, of_another.grants["proef"]) == {"zaken", "lijst"}


def test_its_term_is_asked_with_the_grant_and_told_before_it_ends() -> None:
    catalog = a_catalog()
    grant, last = catalog.grants["proef"], catalog.grants["proef"].own_files["lijst"].keep_until
    assert own_files_kept(grant, last)
    with pytest.raises(AccessRefused) as refused:
        check_own_files(grant, last.replace(month=7, day=1))
    assert "das retention run" in refused.value.fix and "instituut@example.nl" in refused.value.ask
    [told] = [it for it in check(catalog, "proef", "anna", TODAY) if it.about == "own file"]
    assert (told.holds, told.note) == (True, "of Instituut, until 2026-06-30")
    [late] = [it for it in check(catalog, "proef", "anna", last.replace(month=8)) if it.about == "own file"]
    assert not late.holds
    assert any("'lijst' may be kept" in it for it in warnings(catalog, "proef", "anna", last))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_for_approvers_tells_whose_list_it_is_and_the_risk(tmp_path: Path, language) -> None:
    catalog = a_catalog(only_persons_of="lijst")
    page = page_of(preview(catalog, Home(tmp_path), "proef", TODAY), language)
    told = {"nl": ("kan rijen van hen herkennen", "de lijst ligt elders"), "en": ("recognise their rows", "ingestemd")}
    assert all(text in page for text in (*told[language], "Instituut", "toestemming", "2026"))
    assert "lijst</code>" in page
    without = page_of(preview(catalog, Home(tmp_path), "ander", TODAY), language)
    assert told[language][0] not in without
    assert without.count("<section id") == page.count("<section id") - 1


def test_the_example_is_shown_and_checked_as_a_grant() -> None:
    root = Path(__file__).parents[2] / "data_catalog"
    shown = CliRunner().invoke(app, ["--catalog", str(root), "catalog", "show", "nazorg-deelnemers"])
    assert shown.exit_code == 0, shown.output
    assert "nazorg_deelnemers" in shown.output and "Onderzoeksinstituut" in shown.output.replace("\n", "")
    catalog = load_catalog(root)
    found = check(catalog, "nazorg-deelnemers", "onderzoeker-demo", TODAY)
    assert all(it.holds for it in found)


def test_its_layout_stands_in_the_docs_as_it_can_be_written(written) -> None:
    text = (Path(__file__).parents[2] / "docs" / "own-file.md").read_text(encoding="utf-8")
    block = textwrap.dedent(text.partition("```yaml\n")[2].partition("```")[0])
    fields = {line.strip().partition(":")[0] for line in block.splitlines() if line.startswith("    ")}
    model = type(a_catalog().grants["proef"].own_files["lijst"]).model_fields
    needed = {name for name, field in model.items() if field.is_required()}
    assert needed <= fields
