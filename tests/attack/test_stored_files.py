"""Whoever has the files of the warehouse and not its keys: no value stands in them, and a wrong key opens nothing."""

import shutil
from pathlib import Path

import intake_world as world
import pytest
from closed_files import open_file

from das_research.engines import closed_files, memory_engine, read_parquet
from das_research.errors import DasError
from das_research.home import Home
from das_research.intake.delivery import read_deliveries
from das_research.intake.gate import deliver
from das_research.keys.data import data_keys
from das_research.warehouse.vault import empty_vault, read_vault

NAMES = {"naam": world.variables()["naam"] | {"for_linkage": True}}
CATALOG = world.catalog(variables=world.variables() | NAMES)
WORDS = ["Jansen", "Pietersen", "stil", "ROERIG"]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("stored")
    rows = world.rows({"naam": "  Jansen "}, {"naam": "NULL"}, {"naam": "Pietersen", "nummer": ""}, {"naam": ""})
    rows[0]["toelichting"] = "ROERIG"
    deliver(CATALOG, Home(folder / "home"), "zaken", world.write(folder / "zaken.csv", rows), "steward")
    return Home(folder / "home")


@pytest.fixture
def home(tmp_path: Path, standing: Home) -> Home:
    shutil.copytree(standing.root, tmp_path / "home")
    return Home(tmp_path / "home")


def test_no_value_stands_in_any_file(home: Home) -> None:
    files = [path for path in home.warehouse.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".parquet", ".key", ".json"}
    found = [(path.name, word) for path in files for word in WORDS if word.encode() in path.read_bytes()]
    assert found == []
    assert {row["toelichting"] for row in world.stored(home, read_deliveries(home)[0].id)} == {"ROERIG", "stil"}


def test_the_vault_holds_what_is_for_linkage_of_accepted_rows_alone(home: Home) -> None:
    [delivery] = read_deliveries(home)
    vault = open_file(home, home.vault / f"{delivery.id}.parquet").to_pylist()
    assert vault == [{"row": 1, "naam": "Jansen"}, {"row": 2, "naam": None}, {"row": 4, "naam": None}]
    assert "naam" not in world.stored(home, delivery.id)[0]
    with memory_engine() as engine:
        names = read_vault(engine, home, CATALOG, [delivery])
        assert names["zaken"].columns == ("delivery", "row", "naam")
        assert names["zaken"].filter(names["zaken"].naam == "Jansen").to_pyarrow().to_pylist() == [
            {"delivery": delivery.id, "row": 1, "naam": "Jansen"}
        ]


def test_an_emptied_vault_is_gone_with_its_key(home: Home) -> None:
    [delivery] = read_deliveries(home)
    empty_vault(home)
    assert list(home.vault.iterdir()) == []
    assert data_keys(home).names() == [f"delivery-{delivery.id}", f"quarantine-{delivery.id}"]
    with memory_engine() as engine:
        assert read_vault(engine, home, CATALOG, [delivery]) == {}


def test_a_wrong_key_opens_nothing_and_no_key_is_told(home: Home) -> None:
    [delivery] = read_deliveries(home)
    other = data_keys(home).get(f"quarantine-{delivery.id}")
    with memory_engine() as engine, pytest.raises(DasError, match="can't be opened") as refused:
        read_parquet(engine, home.deliveries / delivery.id / "accepted.parquet", other)
    assert refused.value.__context__ is None
    assert other.hex() not in str(refused.value)


def test_a_delivery_whose_key_is_gone_counts_as_gone_and_can_come_again(home: Home, tmp_path: Path) -> None:
    [delivery] = read_deliveries(home)
    data_keys(home).destroy(f"delivery-{delivery.id}")
    assert read_deliveries(home) == []
    rows = world.rows({"naam": "  Jansen "}, {"naam": "NULL"}, {"naam": "Pietersen", "nummer": ""}, {"naam": ""})
    rows[0]["toelichting"] = "ROERIG"
    again = deliver(CATALOG, home, "zaken", world.write(tmp_path / "zaken.csv", rows), "steward")
    assert (again.id, again.already_delivered) == (delivery.id, False)
    assert len(world.stored(home, again.id)) == 3


def test_where_nothing_can_encrypt_nothing_is_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closed_files, "find_spec", lambda name: None)
    home = Home(tmp_path / "home")
    with pytest.raises(DasError, match="can't be encrypted here, so nothing was written") as refused:
        deliver(CATALOG, home, "zaken", world.write(tmp_path / "zaken.csv", world.rows({})), "steward")
    assert "pip install duckdb-extension-httpfs" in refused.value.fix
    assert read_deliveries(home) == []
    assert not list(home.root.rglob("*.parquet"))
