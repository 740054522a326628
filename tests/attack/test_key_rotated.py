"""A rotation hashes all that is stored once more: the old key explains nothing, persons and cases stay who they are."""

import hashlib
import hmac
import json
import shutil
from pathlib import Path

import pytest
from closed_files import open_file
from custody_world import ZAKEN, catalog, custody_home, put
from warehouse_world import read_table

from das_research.audit import AuditLog
from das_research.custody.listing import list_keys
from das_research.custody.rotate import Rotated, rotate
from das_research.errors import BuildRefused, UsageError
from das_research.home import Home
from das_research.intake.delivery import read_deliveries
from das_research.keys.store import KeyStore
from das_research.warehouse.build import build


def wrapped(home: Home, domain: str, identifier: str, epochs: int) -> str:
    """HMAC after HMAC, by Python's own library."""
    text = identifier
    for epoch in range(1, epochs + 1):
        name = f"identifier-{domain}.key" if epoch == 1 else f"identifier-{domain}.{epoch}.key"
        text = hmac.new((home.keys / name).read_bytes(), text.encode(), hashlib.sha256).hexdigest()
    return text


def stored_texts(home: Home) -> set[str]:
    """Every text in deliveries and register."""
    files = [*home.deliveries.glob("*/*.parquet"), *home.register.glob("*.parquet")]
    return {str(value) for path in files for row in open_file(home, path).to_pylist() for value in row.values()}


def surrogates(home: Home) -> list[dict]:
    return sorted(
        row["surrogate"] for path in home.register.glob("[cp]*.parquet") for row in open_file(home, path).to_pylist()
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = custody_home(tmp_path_factory.mktemp("built"))
    build(catalog(), home)
    return home


@pytest.fixture
def home(built: Home, tmp_path: Path) -> Home:
    return Home(shutil.copytree(built.root, tmp_path / "home"))


def test_the_same_tables_after_it_and_no_pseudonym_under_the_old_key(home: Home) -> None:
    before = build(catalog(), home)
    tables = {name: read_table(home, before, name) for name in before.tables}
    register = surrogates(home)
    old = {wrapped(home, "persoon", f"F{number}", 1) for number in (1, 2, 3, 4)}
    assert old <= stored_texts(home)

    assert rotate(catalog(), home, "persoon", "steward") == Rotated("persoon", 2, 4)  # not the two without persons
    texts = stored_texts(home)
    assert not old & texts
    assert {wrapped(home, "persoon", f"F{number}", 2) for number in (1, 2, 3, 4)} <= texts
    assert surrogates(home) == register

    after = build(catalog(), home)
    assert after.id != before.id, "the register is another"
    assert {name: read_table(home, after, name) for name in after.tables} == tables
    assert surrogates(home) == register, "no key was new to the register, not those of several identifiers either"


def test_new_deliveries_go_under_all_keys_in_order(home: Home) -> None:
    for _ in range(2):
        rotate(catalog(), home, "persoon", "steward")
    id = put(home, "zaken", ZAKEN + "Z4,P3,F1,man,310,2020-05-01,,,Aaltje,BLIJFT\n")
    rows = open_file(home, home.deliveries / id / "accepted.parquet").to_pylist()
    assert rows[0]["persoon"] == wrapped(home, "persoon", "F1", 3)
    [delivery] = [it for it in read_deliveries(home) if it.id == id]
    assert {name: (it.domain, it.epoch, it.normalisation) for name, it in delivery.identifiers.items()} == {
        "zaak": ("zaak", 1, "1"),
        "pv": ("pv", 1, "1"),
        "persoon": ("persoon", 3, "1"),
    }
    build(catalog(), home)


def test_a_half_done_rotation_is_refused_by_a_build_and_completed_by_the_same_command(home: Home) -> None:
    KeyStore(home.keys).next_epoch("persoon")  # the key was made, and nothing hashed yet
    build(catalog(), home)  # all is under the first key still
    put(home, "zaken", ZAKEN + "Z4,P3,F1,man,310,2020-05-01,,,Aaltje,BLIJFT\n")
    with pytest.raises(BuildRefused, match="persoon are under several keys") as refused:
        build(catalog(), home)
    assert refused.value.fix == "das key rotate persoon"
    assert rotate(catalog(), home, "persoon", "steward").epoch == 2, "no third key"
    assert build(catalog(), home).tables["persons"] == 4


def test_the_list_counts_and_shows_no_key(home: Home) -> None:
    rotate(catalog(), home, "persoon", "steward")
    found = {(it.domain, it.epoch): (it.normalisation, it.deliveries) for it in list_keys(home)}
    assert found == {
        ("persoon", 1): ("", 0),
        ("persoon", 2): ("1", 4),
        ("pv", 1): ("1", 3),
        ("zaak", 1): ("1", 5),
    }
    line = AuditLog(home.audit_log).lines()[-1]
    assert (line["act"], line["facts"]["domain"], line["facts"]["epoch"]) == ("rotated", "persoon", 2)
    keys = [path.read_bytes().hex() for path in home.keys.iterdir()]
    assert not any(key in repr(list_keys(home)) + json.dumps(line) for key in keys)


def test_a_domain_without_a_key_says_which_there_are(home: Home) -> None:
    with pytest.raises(UsageError, match="'skn' has no key here") as refused:
        rotate(catalog(), home, "skn", "steward")
    assert "persoon, pv, zaak" in refused.value.fix


def test_a_build_never_touches_the_identifier_keys(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.keys.rename(tmp_path / "elsewhere")
    id = build(catalog(), home).id
    assert not home.keys.exists()
    monkeypatch.setenv("DAS_KEYS", str(tmp_path / "elsewhere"))
    put(home, "zaken", ZAKEN + "Z4,P3,F1,man,310,2020-05-01,,,Aaltje,BLIJFT\n")
    monkeypatch.setenv("DAS_KEYS", str(tmp_path / "nowhere"))
    assert build(catalog(), home).id != id
    assert not (tmp_path / "nowhere").exists()
    assert not (home.root / "keys").exists()
