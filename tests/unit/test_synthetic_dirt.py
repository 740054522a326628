"""Errors stand in the files at the rates of the catalogue, in the truth with their names, and gate 1 finds them."""

import csv
import gzip
import io
import json

import pandas as pd
import pyarrow.parquet as pq
import pytest
from synthetic_world import dutch

from das_research.engines import memory_engine
from das_research.home import Home
from das_research.intake.gate import deliver
from das_research.synthetic.generate import generate
from das_research.synthetic.truth import read_truth
from das_research.warehouse.build import build

CHAIN = next(iter(dutch().synthetic.values()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    target = tmp_path_factory.mktemp("synthetic") / "chain"
    generate(dutch(), target, (2018, 2021), 0.01, 3)
    return target


def truth_of(folder, dataset):
    with memory_engine(folder.parent) as engine:
        return read_truth(engine, folder, dataset).order_by("row").to_pandas()


def file_of(folder, dataset):
    path = next(folder.glob(f"{dataset}.csv*"))
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    layout = dutch().datasets[dataset].file
    rows = csv.DictReader(io.StringIO(content.decode(layout.encoding), newline=""), delimiter=layout.delimiter)
    names = {variable.column or name: name for name, variable in dutch().datasets[dataset].variables.items()}
    return pd.DataFrame(list(rows)).rename(columns=names)


@pytest.mark.parametrize("dirt", CHAIN.dirt, ids=lambda it: f"{it.dataset}-{it.variable}-{it.kind}")
def test_an_error_is_made_as_often_as_the_catalogue_says(folder, dirt):
    counts = json.loads((folder / "waarheid" / "fouten.json").read_text())[dirt.dataset]
    known = truth_of(folder, dirt.dataset)[dirt.variable].notna().sum()
    expected, made = known * dirt.share, counts[f"{dirt.kind}:{dirt.variable}"]
    margin = 5 * expected**0.5 + 3
    assert expected - margin - 0.35 * expected <= made <= expected + margin  # some changes leave a text as it was


def test_the_truth_has_a_row_for_every_row_of_the_file_and_says_what_is_wrong_with_it(folder):
    for dataset in ("detenties", "strafzaken", "verdachtenregistraties"):
        truth, file = truth_of(folder, dataset), file_of(folder, dataset)
        assert truth.row.tolist() == list(range(1, len(file) + 1))
    missing = truth.faults.map(lambda names: "missing:skn" in names)
    assert (file.skn[missing.to_numpy()] == "").all()
    assert (file.skn[~missing.to_numpy()] != "").all()


def test_a_value_without_an_error_is_the_true_one(folder):
    truth, file = truth_of(folder, "strafzaken"), file_of(folder, "strafzaken")
    clean = truth.faults.map(len) == 0
    assert 0.5 < clean.mean() < 1
    spelled = pd.to_datetime(file.instroomdatum).to_numpy()
    assert (spelled == pd.to_datetime(truth.instroomdatum).to_numpy()).all()
    assert (file.achternaam[clean.to_numpy()].to_numpy() == truth.achternaam[clean].to_numpy()).all()
    wrong = truth.faults.map(lambda names: "mistyped:achternaam" in names)
    assert (file.achternaam[wrong.to_numpy()].to_numpy() != truth.achternaam[wrong].to_numpy()).all()


def test_a_row_that_is_delivered_twice_stands_there_twice(folder):
    truth, file = truth_of(folder, "detenties"), file_of(folder, "detenties")
    again = truth[truth.faults.map(lambda names: "doubled" in names)]
    counts = json.loads((folder / "waarheid" / "fouten.json").read_text())["detenties"]
    assert len(again) == counts["doubled"] > 0
    twice = file.duplicated(keep=False)
    assert twice.iloc[again.row.to_numpy() - 1].all()


def test_a_later_delivery_mends_some_of_the_faulty_rows(folder):
    mended = file_of(folder / "correcties", "strafzaken")
    file = file_of(folder, "strafzaken").set_index("parketnummer")
    counts = json.loads((folder / "waarheid" / "fouten.json").read_text())["strafzaken"]
    assert len(mended) == counts["corrected"] > 10
    before = file.loc[mended.parketnummer].reset_index()
    assert (before != mended).any(axis=1).all()


def test_an_office_changes_its_code_list_on_a_day(folder):
    change = CHAIN.recoded[0]
    generate(dutch(), folder.parent / "longer", (2014, 2017), 0.003, 3)
    file = file_of(folder.parent / "longer", change.dataset)
    day = pd.to_datetime(file[change.moment], format="%d-%m-%Y", errors="coerce")
    before, after = (day < pd.Timestamp(change.begin)), day.between(pd.Timestamp(change.begin), "2017-12-31")
    old, new = (set(file[change.variable][rows]) for rows in (before, after))
    assert old - new and new - old


def test_gate_1_finds_the_errors_and_the_rest_links(folder, tmp_path):
    home = Home(tmp_path / "home")
    files = {path.name.partition(".")[0]: path for path in folder.glob("*.csv*")}
    taken = {name: deliver(dutch(), home, name, path, "steward") for name, path in files.items()}
    snapshot = build(dutch(), home)

    assert all(delivery.synthetic for delivery in taken.values())
    assert all(delivery.accepted + delivery.quarantined == delivery.delivered for delivery in taken.values())
    assert {rule.rule for rule in taken["verdachtenregistraties"].rules} >= {
        "no-moment:registratiedatum", "out-of-range:registratiedatum",
        "not-a-date:geboortedatum", "unknown-code:geslacht", "before:afhandeldatum",
    }  # fmt: skip
    assert "no-key:pv_nummer" in {rule.rule for rule in taken["halt_verwijzingen"].rules}, (
        "it delivers no names to find by"
    )
    assert {rule.rule for rule in taken["strafzaken"].rules} >= {
        "not-a-number:geboortejaar", "unknown-code:geslacht", "unknown-code:beslissing", "before:beslisdatum",
    }  # fmt: skip
    assert all(0 <= delivery.quarantined <= 0.02 * delivery.delivered for delivery in taken.values())
    assert 0.95 < snapshot.linkage["strafzaken"] < 1.0
    assert snapshot.observed_until.isoformat() == "2021-12-31"


def test_the_truth_is_in_parquet_and_names_nobody_in_its_counts(folder):
    counts = (folder / "waarheid" / "fouten.json").read_text()
    assert not [name for name in CHAIN.names["achternamen"] if name in counts]
    parts = list((folder / "waarheid" / "strafzaken").glob("*.parquet"))
    assert sum(pq.read_metadata(path).num_rows for path in parts) == json.loads(counts)["strafzaken"]["rows"]
