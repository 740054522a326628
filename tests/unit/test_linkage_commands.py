"""`das snapshot linkage`, against the truth and against labels, and `das snapshot train`.

The five cases of `warehouse_world` as they were linked, and who and what they are in truth:

row             person found, true   case found, true
meldingen   1   F1  A                one    one
            2   F2  A                two    two       F2 is another number of the same person
            3   F3  C                three  three
            4   F1  A                four   four
zaken       1   F1  A                one    one
            2   F3  C                three  three
            3   F4  D                five   two       came from the police after all
uitspraken  1   F1  A                one    one
            2   F4  D                five   two
verblijven  1   F1  A                one    four      under a wrong number
"""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import warehouse_world as world
from typer.testing import CliRunner, Result

from das_research.catalog.models import Catalog, LinkageModel
from das_research.cli import app
from das_research.commands.context import State
from das_research.errors import UsageError
from das_research.home import Home
from das_research.warehouse.snapshot import read_snapshot

TRUTH = {
    "meldingen": [("A", "one"), ("A", "two"), ("C", "three"), ("A", "four")],
    "zaken": [("A", "one"), ("C", "three"), ("D", "two")],
    "uitspraken": [("A", "one"), ("D", "two")],
    "verblijven": [("A", "four")],
}
NUMBERS = {name: place for place, name in enumerate(("A", "C", "D", "one", "two", "three", "four"))}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr(State, "catalog", lambda _: world.catalog())
    return world.built_home(tmp_path)


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    """The folder as `das synthetic` would have written it."""
    folder = tmp_path / "keten"
    for name, rows in TRUTH.items():
        (folder / "waarheid" / name).mkdir(parents=True)
        columns = {
            "part": [0] * len(rows),
            "row": list(range(1, len(rows) + 1)),
            "person_id": [NUMBERS[person] for person, _ in rows],
            "case_id": [NUMBERS[case] for _, case in rows],
        }
        pq.write_table(pa.table(columns), folder / "waarheid" / name / "000000.parquet")
        (folder / f"{name}.csv").write_text(world.FILES[name], encoding="utf-8")
    before = {name: {"before": {"0": 0}} for name in TRUTH}
    (folder / "waarheid" / "fouten.json").write_text(json.dumps(before))
    return folder


def typed(root: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["--home", str(root), "--catalog", str(root), "snapshot", *map(str, arguments)])


def counted(result: Result) -> dict[tuple[str, str, str], tuple[int, int, int]]:
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)["pairs"]
    return {(it["subject"], it["dataset"], it["other"]): (it["true"], it["found"], it["right"]) for it in told}


def test_links_against_the_truth(home: Home, truth: Path) -> None:
    found = counted(typed(home.root, "linkage", "--truth", truth, "--json"))
    # true: the 6 rows of A make 15 pairs, C 1, D 1; found: the 5 rows of F1 make 10, F3 1, F4 1, all of them right
    assert found[("person", "_T", "_T")] == (15 + 1 + 1, 10 + 1 + 1, 12)
    assert found[("person", "meldingen", "meldingen")] == (3, 1, 1)  # rows 1, 2, 4 of A; 1 and 4 of F1
    assert found[("person", "meldingen", "zaken")] == (3 + 1, 2 + 1, 3)
    # true: one has 3 rows, two 3, three 2, four 2: 3 + 3 + 1 + 1; found: one has 4 rows, three 2, five 2: 6 + 1 + 1,
    # of which the 3 of one with the stay are wrong
    assert found[("case", "_T", "_T")] == (8, 8, 5)
    assert found[("case", "verblijven", "zaken")] == (0, 1, 0)
    assert found[("case", "meldingen", "verblijven")] == (1, 1, 0)  # row 4 it is, and row 1 was found
    for subject in ("person", "case"):
        parts = [counts for (of, dataset, _), counts in found.items() if of == subject and dataset != "_T"]
        assert tuple(map(sum, zip(*parts, strict=True))) == found[(subject, "_T", "_T")]


def test_shares_are_printed_and_a_delivery_that_is_another_file_has_no_say(home: Home, truth: Path) -> None:
    (truth / "verblijven.csv").write_text(world.FILES["verblijven"] + "Z3,2020-09-01,\n", encoding="utf-8")
    printed = typed(home.root, "linkage", "--truth", truth).output
    # without the stay: of persons 10 + 1 + 1 true pairs and 6 + 1 + 1 found; of cases 3 + 3 + 1 and 3 + 1 + 1
    lines = {tuple(line.split()) for line in printed.splitlines()}
    assert ("person", "_T", "_T", "12", "8", "1.00000", "0.66667") in lines
    assert ("case", "_T", "_T", "7", "5", "1.00000", "0.71429") in lines


def test_what_can_t_be_compared_with_a_truth_is_said(home: Home, truth: Path, tmp_path: Path) -> None:
    assert "holds no truth" in refused(typed(home.root, "linkage", "--truth", tmp_path))
    for name in TRUTH:
        (truth / f"{name}.csv").unlink()
    assert "is in snapshot snap-" in refused(typed(home.root, "linkage", "--truth", truth))


def refused(result: Result) -> str:
    assert result.exit_code == UsageError.exit_code, result.output
    return result.output


def test_links_against_labelled_pairs(home: Home, tmp_path: Path) -> None:
    deliveries = {it.partition("-")[0]: it for it in read_snapshot(home).deliveries}
    pairs = [
        ("meldingen", 1, "zaken", 1, 1),  # found, and right
        ("meldingen", 1, "meldingen", 2, 1),  # not found
        ("meldingen", 1, "meldingen", 4, 0),  # found, and wrong
        ("zaken", 2, "meldingen", 2, 0),  # not found, and right so
        ("zaken", 3, "zaken", 99, 1),  # a row that isn't there is not found
    ]
    lines = ["same,row_right,delivery_right,row_left,delivery_left"]
    for left, row, right, other, same in pairs:
        lines.append(f"{same},{other},{deliveries[right]},{row},{deliveries[left]}")
    labels = tmp_path / "paren.csv"
    labels.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = counted(typed(home.root, "linkage", "--labels", labels, "--json"))
    assert found[("person", "_T", "_T")] == (3, 2, 1)
    assert found[("person", "meldingen", "zaken")] == (1, 1, 1)
    assert found[("person", "meldingen", "meldingen")] == (1, 1, 0)

    labels.write_text("links,rechts\n1,2\n", encoding="utf-8")
    assert "no file of labelled pairs" in refused(typed(home.root, "linkage", "--labels", labels))


NAMES = ("Aalders", "Bakker", "Cornelisse", "Dijkman", "Engelsman", "Frederiks", "Groothuis", "Hoekstra")
LINKAGE: dict[str, Any] = {
    "fields": {
        "naam": {"kind": "name", "sources": ["meldingen.naam", "zaken.naam"]},
        "geboren": {"kind": "date", "sources": ["meldingen.geboren", "zaken.geboren"]},
    },
    "blocking": [["naam"], ["geboren"]],
    "model": "linkage/hand.json",
}


def with_names(**linkage: Any) -> Catalog:
    """The five cases' catalogue, whose first two files hold a name and a birth date for linkage alone."""
    kept = {"take": False, "for_linkage": True}
    added = {"naam": kept | {"title": "naam", "type": "text"}, "geboren": kept | world.DATE}
    datasets = dict(world.CATALOG["datasets"])
    for name in ("meldingen", "zaken"):
        datasets[name] = datasets[name] | {"variables": datasets[name]["variables"] | added}
    chain = world.CATALOG["chain"] | {"linkage": LINKAGE | linkage}
    return Catalog.model_validate(world.CATALOG | {"datasets": datasets, "chain": chain, "hash": "c" * 64})


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Sixty persons, each in both files; of every third the second file spells the birth date otherwise."""
    folder = tmp_path / "bestanden"
    folder.mkdir()
    reports = ["pv,persoon,geslacht,delict,datum,afloop,naam,geboren"]
    cases = ["zaak,pv,persoon,geslacht,feit,instroom,beslissing,besluit,naam,geboren"]
    for person in range(60):
        name, day = f"{NAMES[person % 8]}{person // 8}", f"19{60 + person % 37}-0{1 + person % 9}-1{person % 10}"
        other = day[:-1] + str((person + 1) % 10) if person % 3 == 0 else day
        reports.append(f"P{person},F{person},M,10,2020-01-05,insturen,{name},{day}")
        cases.append(f"Z{person},P{person},F{person},man,310,2020-02-10,,,{name},{other}")
    (folder / "meldingen.csv").write_text("\n".join(reports) + "\n", encoding="utf-8")
    (folder / "zaken.csv").write_text("\n".join(cases) + "\n", encoding="utf-8")
    return folder


def test_training_writes_a_model_of_weights_alone(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(State, "catalog", lambda _: with_names())
    done = typed(tmp_path, "train", files)
    assert done.exit_code == 0, done.output
    path = tmp_path / "linkage" / "hand.json"
    written = path.read_text(encoding="utf-8")
    model = LinkageModel.model_validate_json(written)
    # 120 records; a name stands in both files of its person alone: 60 pairs; a birth date of two in three: 40, beside
    # those that other persons share
    assert (model.records, model.seed, model.synthetic) == (120, 1, True)
    assert model.pairs["naam"] == 60 and model.pairs["geboren"] >= 40
    naam, geboren = model.fields["naam"], model.fields["geboren"]
    assert naam["equal"].m > 0.9 > 0.1 > naam["equal"].u
    assert geboren["equal"].m > 10 * geboren["equal"].u
    assert not [name for name in NAMES if name in written] and "19" not in str(model.fields)
    assert f"Trained on 120 records. Review {path} and commit it." in done.output

    assert typed(tmp_path, "train", files).exit_code == 0
    assert path.read_text(encoding="utf-8") == written, "the same seed and files give the same model"


def test_what_can_t_be_trained_is_said(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(State, "catalog", lambda _: with_names(most_pairs=59))
    assert "blocking rule naam gives 60 pairs" in refused(typed(tmp_path, "train", files))
    (files / "zaken.csv").unlink()
    assert "no file of zaken" in refused(typed(tmp_path, "train", files))
    monkeypatch.setattr(State, "catalog", lambda _: world.catalog())
    assert "no linkage to train" in refused(typed(tmp_path, "train", files))
    assert not (tmp_path / "linkage").exists()
