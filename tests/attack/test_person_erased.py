"""After an erasure: nothing of the person stands in any byte of a home, opened with every key that is left."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path

import access_world
import pytest
from closed_files import key_name, open_file
from custody_world import GONE, ZAKEN, agreed, catalog, custody_home, put, removal_list

from das_research.access.extract import extract
from das_research.audit import AuditLog
from das_research.catalog.models import Agreement, Catalog, Grant
from das_research.custody.erase import Erased, erase
from das_research.engines import open_extract
from das_research.errors import DasError
from das_research.home import Home
from das_research.intake.delivery import read_deliveries
from das_research.keys.data import data_keys
from das_research.warehouse.build import build
from das_research.warehouse.snapshot import list_snapshots


def pseudonym(home: Home, domain: str, identifier: str) -> bytes:
    """By Python's own library, under the first key."""
    key = (home.keys / f"identifier-{domain}.key").read_bytes()
    return hmac.new(key, identifier.encode(), hashlib.sha256).hexdigest().encode()


def everything(home: Home) -> dict[str, bytes]:
    """Every file's bytes; of each that is packed or encrypted and opens also what it holds, dates as text."""
    found = {}
    for path in sorted(home.root.rglob("*")):
        if path.is_file():
            found[str(path.relative_to(home.root))] = path.read_bytes() + "\n".join(values_in(home, path)).encode()
    return found


def values_in(home: Home, path: Path) -> Iterator[str]:
    tables = []
    if path.suffix == ".parquet":
        name = key_name(home, path)
        tables = [open_file(home, path)] if name is None or data_keys(home).has(name) else []
    elif path.suffix == ".duckdb":
        engine = open_extract(path, data_keys(home).get(f"extract-{path.parent.name}"))
        tables = [engine.table(name).to_pyarrow() for name in engine.list_tables()]
        engine.disconnect()
    for row in (row for table in tables for row in table.to_pylist()):
        yield from (str(row), *map(str, row.values()))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return custody_home(tmp_path)


def test_nothing_of_the_person_is_left_in_any_byte(home: Home, tmp_path: Path) -> None:
    theirs = [*GONE, b"1987-03-10", b"1987-06-11", b"1987-07-12", b"1987-08-13"]
    theirs += [pseudonym(home, "zaak", "Z2"), pseudonym(home, "zaak", "Z9")]
    before = b"".join(everything(home).values())
    assert all(it in before for it in theirs), "the search would find them"

    done = erase(catalog(), home, "om", "persoon", removal_list(tmp_path, "persoon", "f3"), "steward")
    # of each of two files of cases: F3, the case Z9 and the row in quarantine; of the hearings: one
    assert done == Erased(rows=2 * 3 + 1, deliveries=3, snapshots=1, extracts=0, listed=1, found=1)
    (tmp_path / "lijst.txt").unlink()

    after = everything(home)
    found = [(name, it) for name, content in after.items() for it in theirs if it in content]
    assert found == []
    assert b"BLIJFT" in b"".join(after.values()) and b"Nienke" in b"".join(after.values()), "others stay"
    assert not list(home.root.rglob(".staging-*"))


def granted() -> Catalog:
    """The same catalogue with a project of anna's, who may see remarks."""
    tables = {"zaken": {"columns": ["case_id", "person_id", "opmerking", "moment"]}}
    grant = access_world.a_catalog().grants["proef"].model_dump() | {"agreements": ["levering"], "tables": tables}
    uses = {"uses": access_world.uses(yes=("wetenschappelijk onderzoek",))}
    agreement = Agreement.model_validate(agreed().agreements["levering"].model_dump() | uses)
    grants = {"proef": Grant.model_validate(grant)}
    return agreed().model_copy(update={"agreements": {"levering": agreement}, "grants": grants})


def test_nothing_of_the_person_is_left_in_an_extract(home: Home, tmp_path: Path) -> None:
    """Z9 is a case of F3 that the police doesn't know: its pseudonym within the project is gone for good."""
    database = extract(granted(), home, "proef", "anna", access_world.TODAY)
    path = access_world.extract_file(home)
    engine = access_world.opened_extract(home)
    rows = {row["opmerking"]: row for row in engine.table("zaken").to_pyarrow().to_pylist()}
    engine.disconnect()
    theirs = [b"GEHEIMZAKE", b"OOKVANHEM", b"1987-03-10", b"1987-06-11", str(rows["OOKVANHEM"]["case_id"]).encode()]
    inside = everything(home)[str(path.relative_to(home.root))]
    assert all(it in inside for it in theirs), "the search would find them"
    hidden = [b"Wopke", *(pseudonym(home, "zaak", it) for it in ("Z2", "Z9")), pseudonym(home, "persoon", "F3")]
    assert not any(it in inside for it in hidden), "no extract has a name or a pseudonym of the warehouse"

    done = erase(catalog(), home, "om", "persoon", removal_list(tmp_path, "F3"), "steward")
    assert done.extracts == 1 and not path.exists()
    (tmp_path / "lijst.txt").unlink()
    assert not [name for name, content in everything(home).items() for it in theirs if it in content]

    build(catalog(), home)
    again = extract(granted(), home, "proef", "anna", access_world.TODAY)
    assert again.id != database.id
    after = everything(home)
    assert not [name for name, content in after.items() for it in theirs if it in content]
    assert b"BLIJFT" in after[str(access_world.extract_file(home).relative_to(home.root))], "others stay"


def test_the_rows_of_another_partner_stay_and_so_does_their_key(home: Home, tmp_path: Path) -> None:
    police = [it for it in read_deliveries(home) if it.partner == "politie"]
    erase(catalog(), home, "om", "persoon", removal_list(tmp_path, "F3"), "steward")
    assert [it for it in read_deliveries(home) if it.partner == "politie"] == police
    assert pseudonym(home, "persoon", "F3") in everything(home)["warehouse/register/persons-000001.parquet"]
    erase(catalog(), home, "politie", "persoon", removal_list(tmp_path, "F3"), "steward")
    assert not any(pseudonym(home, "persoon", "F3") in content for content in everything(home).values())


def test_counts_add_up_and_a_build_goes_on_without_them(home: Home, tmp_path: Path) -> None:
    [before] = list_snapshots(home)
    erase(catalog(), home, "om", "persoon", removal_list(tmp_path, "F3"), "steward")
    for delivery in read_deliveries(home):
        assert delivery.accepted + delivery.quarantined + delivery.erased == delivery.delivered
    assert sorted(it.erased for it in read_deliveries(home) if it.partner == "om") == [1, 3, 3]
    assert list_snapshots(home) == []
    assert json.loads((home.snapshots / f"{before.id}.destroyed.json").read_text())["why"] == "rows in it were erased"
    after = build(catalog(), home)
    assert after.id != before.id
    assert after.tables["zittingen"] == 1


def test_a_file_from_which_rows_were_erased_does_not_come_back(home: Home, tmp_path: Path) -> None:
    erase(catalog(), home, "om", "persoon", removal_list(tmp_path, "F3"), "steward")
    with pytest.raises(DasError, match="rows of it were erased") as refused:
        put(home, "zaken", ZAKEN)
    assert "without the persons" in refused.value.fix


def test_neither_the_log_nor_a_message_names_anybody(home: Home, tmp_path: Path) -> None:
    erase(catalog(), home, "om", "persoon", removal_list(tmp_path, "F3", "F777"), "steward")
    line = AuditLog(home.audit_log).lines()[-1]
    assert (line["gate"], line["act"], line["account"]) == ("custody", "erased", "steward")
    assert set(line["facts"]) == {"change", "partners", "domain", "rows", "deliveries", "snapshots", "extracts"}
    with pytest.raises(DasError) as refused:
        wide = tmp_path / "breed.csv"
        wide.write_text("a;b\nF3;Wopke\n")
        erase(catalog(), home, "om", "persoon", wide, "steward")
    assert "F3" not in str(refused.value) and "Wopke" not in str(refused.value)


def test_a_list_of_nobody_changes_nothing(home: Home, tmp_path: Path) -> None:
    before = everything(home)
    assert erase(catalog(), home, "om", "persoon", removal_list(tmp_path, "F999"), "steward").rows == 0
    assert everything(home) == before
