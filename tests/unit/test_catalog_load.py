"""Reading the catalogue: what a file can be that it should not be, and that what was read stays as it is."""

import pytest
from pydantic import ValidationError

from das_research.catalog import load_catalog
from das_research.errors import CatalogError, UsageError

PARTNER = "partners/om.yaml"

BOMB = "id: om\na0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
FAULTY_FILES = [
    ("id: om\ntitle: [Openbaar Ministerie\n", ":3: ", "expected ',' or ']'"),
    ("id: om\ntitle: a\ntitle: b\n", ":3: ", "'title' stands here twice"),
    ("id: om\ntitle: OM\nrole: r\nregime: [AVG]\ncontact: c\nkleur: rood\n", ":6: ", "kleur: no such field"),
    ("id: om\ntitle: OM\nrole: r\nregime: AVG\ncontact: c\n", ":4: ", "regime: input should be a valid tuple"),
    ("id: om\ntitle: {nl: OM}\nrole: r\ncontact: c\n", ":2: ", "title.en: is missing"),
    ("id: om\ntitle: OM\nrole: r\ncontact: 12\n", ":4: ", "contact: must be text; write it in quotes"),
    ("id: om\ntitle: OM\nrole: r\n", ":1: ", "contact: is missing"),
    ("id: OM\ntitle: OM\nrole: r\ncontact: c\n", ":1: ", "id: string should match pattern"),
    (
        "id: om\ntitle: OM\nrole: r\ncontact: c\nunverified: misschien\n",
        ":5: ",
        "unverified: input should be a valid bool",
    ),
    ("- om\n", ":1: ", "the file must be a mapping of fields"),
    ("", ":1: ", "the file must be a mapping of fields"),
    ("id: om\n[a, b]: c\n", ":2: ", "a key must be one word or text"),
    ("id: om\ntitle: &a [*a]\n", ":1: ", "an alias refers to itself"),
    (BOMB, ":1: ", "its aliases unfold to more values than the file has characters"),
    ("id: om\ntitle: !!python/object:os.system x\n", ":2: ", "could not determine a constructor"),
    ("id: om\ntitle: \x07\n", ":", "control characters are not allowed"),
]


def problems(folder) -> list[str]:
    with pytest.raises(CatalogError) as caught:
        load_catalog(folder)
    return [line.strip().removeprefix(f"{folder}/") for line in caught.value.what.splitlines()[1:]]


@pytest.mark.parametrize(("text", "line", "message"), FAULTY_FILES, ids=[row[2] for row in FAULTY_FILES])
def test_a_faulty_file_is_one_problem_with_its_line(text, line, message, write_catalog):
    (problem,) = problems(write_catalog({PARTNER: text}))
    assert problem.startswith(f"{PARTNER}{line}")
    assert message in problem


def test_a_file_that_is_not_utf_8(catalog_dir):
    (catalog_dir / PARTNER).write_bytes(b"id: om\ntitle: justiti\xeb\n")
    assert problems(catalog_dir) == [f"{PARTNER}:1: the file is not UTF-8"]


def test_every_fault_of_every_file_is_listed(write_catalog):
    folder = write_catalog({PARTNER: "id: om\ntitle: OM\nkleur: rood\n", "terms/delict.yaml": "a: b: c\n"})
    assert [problem.split(": ", 1)[0] for problem in problems(folder)] == [
        "partners/om.yaml:1",  # role is missing
        "partners/om.yaml:1",  # contact is missing
        "partners/om.yaml:3",  # no such field
        "terms/delict.yaml:1",
    ]


def test_a_value_of_several_possible_types_is_one_problem(write_catalog, miniature):
    text = miniature["datasets/zaken.yaml"].replace("{min: 1900, max: 2020}", "{min: laag, max: 2020}")
    (problem,) = problems(write_catalog({"datasets/zaken.yaml": text}))
    assert "variables.geboortejaar.range.min: " in problem


def test_a_code_without_quotes_says_to_quote_it(write_catalog, miniature):
    text = miniature["classifications/delicten.yaml"].replace('"1": geweld', "1: geweld")
    (problem,) = problems(write_catalog({"classifications/delicten.yaml": text}))
    assert problem.startswith("classifications/delicten.yaml:11: ")
    assert problem.endswith("must be text; write it in quotes")


def test_an_entry_must_be_named_as_its_file(write_catalog, miniature):
    text = miniature["terms/delict.yaml"]
    folder = write_catalog({"terms/feit.yaml": text.replace("id: delict", "id: strafbaar-feit")})
    assert problems(folder) == ["terms/feit.yaml:1: the file of 'strafbaar-feit' must be named strafbaar-feit.yaml"]


@pytest.mark.parametrize("name", ["dataset/zaken.yaml", "datasets/zaken.yml", "datasets/om/zaken.yaml", "extra.yaml"])
def test_a_file_that_nothing_would_read_is_a_problem(name, write_catalog):
    (problem,) = problems(write_catalog({name: "id: zaken\n"}))
    assert problem.startswith(f"{name}:1: is not read here")


def test_entries_do_not_stand_in_the_head(write_catalog, miniature):
    folder = write_catalog({"catalog.yaml": miniature["catalog.yaml"] + "terms: {}\nhash: abc\n"})
    head = miniature["catalog.yaml"].count("\n")
    assert problems(folder) == [
        f"catalog.yaml:{head + 1}: terms: entries stand in the folder terms, one file each",
        f"catalog.yaml:{head + 2}: hash: no such field",
    ]


def test_a_folder_without_catalog_yaml_is_no_catalogue(tmp_path):
    with pytest.raises(UsageError, match=r"It has no catalog\.yaml") as caught:
        load_catalog(tmp_path)
    assert caught.value.exit_code == 2


def test_the_message_says_how_many_problems_and_whom_to_ask(write_catalog):
    with pytest.raises(CatalogError, match="has 1 problem") as caught:
        load_catalog(write_catalog({"partners/x.yaml": "id: x\n  y: z"}))
    assert caught.value.ask == "the data steward who maintains the catalogue"
    assert caught.value.exit_code == 1


def test_what_was_read_cannot_be_changed(catalog_dir):
    catalog = load_catalog(catalog_dir)
    with pytest.raises(ValidationError, match="frozen"):
        catalog.chain.unit.nl = "personen"
    with pytest.raises(ValidationError, match="frozen"):
        catalog.grants["onderzoek"].purpose = "statistiek"


def test_a_bare_yes_or_no_of_a_purpose_is_an_answer_though_yaml_reads_a_boolean(write_catalog, miniature):
    file = "agreements/levering-politie.yaml"
    text = miniature[file].replace('"yes"', "yes").replace('"no"', "no")
    uses = load_catalog(write_catalog({file: text})).agreements["levering-politie"].uses
    assert [use.allowed for use in uses.values()] == ["yes", "yes", "if", "no"]


def test_an_answer_that_is_none_of_the_three_is_one_problem(write_catalog, miniature):
    file = "agreements/levering-politie.yaml"
    text = miniature[file].replace("allowed: if", "allowed: misschien")
    (problem,) = problems(write_catalog({file: text}))
    assert problem.endswith("uses.wetenschappelijk onderzoek.allowed: input should be 'yes', 'if' or 'no'")


def test_a_bare_string_is_the_same_in_both_languages(write_catalog, miniature):
    text = miniature[PARTNER].replace("{nl: Openbaar Ministerie, en: Prosecution service}", "OM")
    title = load_catalog(write_catalog({PARTNER: text})).partners["om"].title
    assert (title["nl"], title["en"]) == ("OM", "OM")


def test_the_hash_follows_the_content_and_nothing_else(write_catalog, miniature):
    before = load_catalog(write_catalog()).hash
    assert load_catalog(write_catalog()).hash == before
    changed = miniature["terms/delict.yaml"].replace("strafbaar", "laakbaar")
    assert load_catalog(write_catalog({"terms/delict.yaml": changed})).hash != before
