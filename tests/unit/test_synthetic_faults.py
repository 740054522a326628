"""The seeded faults, and what gate 1 and the linking make of them."""

from pathlib import Path

import numpy as np
import pytest

from das_research.catalog.load import load_catalog
from das_research.home import Home
from das_research.intake.gate import deliver
from das_research.synthetic import generate, simulate
from das_research.synthetic.faults import FAULTS, plant
from das_research.synthetic.layout import spell
from das_research.warehouse.build import build

CATALOG = load_catalog(Path(__file__).parents[2] / "data_catalog")
DATASETS = ["detenties", "strafzaken", "tenuitvoerleggingen", "uitspraken", "verdachtenregistraties"]


@pytest.fixture(scope="module")
def chain():
    return simulate((2012, 2024), 0.01, 1)


@pytest.mark.parametrize("dataset", DATASETS)
def test_faults_stand_in_few_values_of_their_own_variable_and_nowhere_else(chain, dataset):
    layout, columns = CATALOG.datasets[dataset], chain[dataset]
    spelled = spell(CATALOG, layout, columns, 1)
    faulty = plant(layout, columns, spelled, 1)
    shares = {}
    for fault in FAULTS:
        if fault.dataset == dataset:
            shares[fault.variable] = shares.get(fault.variable, 0) + fault.share
    for name in layout.variables:
        known = spelled[name] != layout.file.missing[0]
        changed = (faulty[name] != spelled[name]).sum() / max(known.sum(), 1)
        assert changed == pytest.approx(shares.get(name, 0), rel=0.6, abs=1e-9)


def test_another_seed_puts_the_faults_in_other_rows(chain):
    layout, columns = CATALOG.datasets["strafzaken"], chain["strafzaken"]
    spelled = spell(CATALOG, layout, columns, 1)
    rows = [np.flatnonzero(plant(layout, columns, spelled, seed)["skn"] == "") for seed in (1, 2)]
    assert not np.array_equal(*rows)


def test_gate_1_finds_every_kind_of_fault_and_the_rest_links(tmp_path):
    home = Home(tmp_path / "home")
    files = generate(CATALOG, tmp_path / "files", (2018, 2021), 0.004, 3)
    taken = {name: deliver(CATALOG, home, name, path, "steward") for name, path in files.items()}
    snapshot = build(CATALOG, home)

    assert all(delivery.synthetic for delivery in taken.values())
    assert all(delivery.accepted + delivery.quarantined == delivery.delivered for delivery in taken.values())
    assert {rule.rule for rule in taken["verdachtenregistraties"].rules} >= {
        "no-key:pv_nummer", "no-moment:registratiedatum", "out-of-range:registratiedatum",
        "not-a-date:geboortedatum", "unknown-code:geslacht", "before:afhandeldatum",
    }  # fmt: skip
    assert {rule.rule for rule in taken["strafzaken"].rules} >= {
        "not-a-number:geboortejaar", "unknown-code:geslacht", "unknown-code:beslissing", "before:beslisdatum",
    }  # fmt: skip
    assert "no-key:parketnummer" in {rule.rule for rule in taken["uitspraken"].rules}
    assert all(0 <= delivery.quarantined <= 0.02 * delivery.delivered for delivery in taken.values())
    assert 0.96 < snapshot.linkage["strafzaken"] < 1.0
    assert snapshot.linkage["uitspraken"] == snapshot.linkage["tenuitvoerleggingen"] == 1.0
    assert snapshot.conflicts == 0
    assert snapshot.observed_until.isoformat() == "2021-12-31"
