"""When a build is refused, with what to type, and that nothing is left behind."""

import json

import ibis
import pytest
from closed_files import open_file, write_closed
from warehouse_world import built_home, catalog, deliver_text, delivered_home, new_home

from das_research.errors import BuildRefused, UsageError
from das_research.warehouse.build import build
from das_research.warehouse.snapshot import list_snapshots, read_snapshot


def test_nothing_to_build_from(tmp_path):
    with pytest.raises(BuildRefused) as refused:
        build(catalog(), new_home(tmp_path))
    assert refused.value.fix == "das deliver meldingen FILE; das deliver zaken FILE; das deliver uitspraken FILE"


def test_a_stage_without_delivery_is_named_with_its_command(tmp_path):
    home = delivered_home(tmp_path, "uitspraken")
    with pytest.raises(BuildRefused, match="no delivery of uitspraken") as refused:
        build(catalog(), home)
    assert refused.value.fix == "das deliver uitspraken FILE"
    assert not home.snapshots.exists()
    assert not home.register.exists()


def test_fictitious_and_real_deliveries_do_not_mix(tmp_path):
    home = delivered_home(tmp_path)
    assert not deliver_text(home, "verblijven", "zaak,begin,einde\n12345,2020-06-02,2020-08-01\n").synthetic
    with pytest.raises(BuildRefused, match="Fictitious and real") as refused:
        build(catalog(), home)
    assert "12345" not in str(refused.value)
    assert list_snapshots(home) == []


def test_a_delivery_read_by_an_older_definition(tmp_path):
    home = delivered_home(tmp_path)
    datasets = catalog().datasets
    changed = datasets | {"zaken": datasets["zaken"].model_copy(update={"case_keys": (("zaak",),)})}
    with pytest.raises(BuildRefused, match="zaken were read by an older definition"):
        build(catalog().model_copy(update={"datasets": changed}), home)


def test_stored_rows_that_are_not_those_accepted(tmp_path):
    """Two of the three rows of `zaken` are gone from the store."""
    home = delivered_home(tmp_path)
    stored = next(home.deliveries.glob("zaken-*")) / "accepted.parquet"
    write_closed(home, stored, open_file(home, stored).slice(0, 1))
    with pytest.raises(BuildRefused, match="not those that were accepted") as refused:
        build(catalog(), home)
    assert "3 accepted, 1 with a key" in refused.value.why
    assert not home.register.exists()


def test_a_chain_in_which_nothing_happened(tmp_path):
    home = delivered_home(tmp_path)
    silent = {name: it.model_copy(update={"events": ()}) for name, it in catalog().datasets.items()}
    with pytest.raises(BuildRefused, match="no event"):
        build(catalog().model_copy(update={"datasets": silent}), home)
    assert list_snapshots(home) == []


def test_no_snapshot_yet(tmp_path):
    with pytest.raises(UsageError) as refused:
        read_snapshot(new_home(tmp_path))
    assert refused.value.fix == "das build"


def test_an_unknown_snapshot(tmp_path):
    with pytest.raises(UsageError, match="snap-unknown"):
        read_snapshot(built_home(tmp_path), "snap-unknown")


def test_the_manifest_holds_what_the_contract_says(tmp_path):
    home = built_home(tmp_path)
    snapshot = read_snapshot(home)
    document = json.loads((home.snapshots / snapshot.id / "snapshot.json").read_text())
    assert set(document) >= {
        "id", "deliveries", "catalog_hash", "register", "code_version", "synthetic", "observed_until", "tables",
        "linkage",
    }  # fmt: skip
    assert document["observed_until"] == "2020-08-01"
    assert document["tables"]["cases"] == 5


def test_the_last_day_observed_can_be_said_by_the_catalogue(tmp_path):
    snapshot = build(catalog(observed_until="2020-12-31"), delivered_home(tmp_path))
    assert snapshot.observed_until.isoformat() == "2020-12-31"


def test_a_dataset_of_no_stage_may_be_missing_and_still_has_its_columns(tmp_path):
    home = delivered_home(tmp_path, "verblijven")
    snapshot = build(catalog(), home)
    assert snapshot.tables["verblijven"] == 0
    table = ibis.memtable(open_file(home, home.snapshots / snapshot.id / "verblijven.parquet"))
    assert {name: str(kind) for name, kind in table.schema().items()} == {
        "row": "int64", "delivery": "string", "case_id": "int64", "person_id": "int64", "person_id_strict": "int64",
        "person_id_loose": "int64", "moment": "date",
        "begin": "date", "einde": "date", "marks": "array<string>",
    }  # fmt: skip
