"""What an attacker with a whole snapshot can't find in it: an identifier, its pseudonym, or the order of a file."""

import re

import pyarrow as pa
import pytest
from closed_files import open_file
from warehouse_world import FILES, built_home, catalog, deliver_text, new_home, read_table

from das_research.warehouse.build import build
from das_research.warehouse.snapshot import read_snapshot

PSEUDONYM = re.compile(r"[0-9a-f]{32}")
IDENTIFIERS = {"P1", "P2", "P3", "F1", "F2", "F3", "F4", "Z1", "Z2", "Z3"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return built_home(tmp_path_factory.mktemp("attacked"))


def texts(home, path):
    """Every text in a Parquet file, also those in lists."""
    for column in open_file(home, path).columns:
        values = column.combine_chunks()
        values = values.flatten() if pa.types.is_list(values.type) else values
        if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
            yield from (value for value in values.to_pylist() if value is not None)


def pseudonyms(home):
    """Every pseudonym that gate 1 or the register made."""
    files = [*home.deliveries.glob("*/accepted.parquet"), *home.register.glob("*.parquet")]
    return {text for path in files for text in texts(home, path) if PSEUDONYM.fullmatch(text[:32])}


def test_no_pseudonym_stands_in_any_table(home):
    made = pseudonyms(home)
    # 3 police reports, 4 persons, 3 case numbers; 4 keys of report and person
    assert len(made) == 3 + 4 + 3 + 4
    for path in home.snapshots.rglob("*.parquet"):
        assert not made & set(texts(home, path)), path.name
        assert not [text for text in texts(home, path) if PSEUDONYM.search(text)], path.name
        content = path.read_bytes()
        assert not [text for text in made if text.encode() in content], path.name


def test_no_identifier_stands_in_any_table_nor_in_the_register(home):
    for path in [*home.snapshots.rglob("*.parquet"), *home.register.glob("*.parquet")]:
        assert not IDENTIFIERS & set(texts(home, path)), path.name


def test_no_column_is_named_after_an_identifier(home):
    for path in home.snapshots.rglob("*.parquet"):
        assert not {"pv", "persoon", "zaak"} & set(open_file(home, path).column_names), path.name


def test_the_manifest_holds_no_pseudonym(home):
    text = (home.snapshots / read_snapshot(home).id / "snapshot.json").read_text()
    assert not [pseudonym for pseudonym in pseudonyms(home) if pseudonym in text]


def test_surrogates_do_not_follow_the_order_of_the_file(tmp_path):
    """Thirty cases in the order of their numbers, whose surrogates neither rise nor fall with the rows."""
    home = new_home(tmp_path)
    reports = "".join(f"P{number},F{number},M,10,2020-01-05,insturen\n" for number in range(100, 130))
    deliver_text(home, "meldingen", FILES["meldingen"].splitlines()[0] + "\n" + reports)
    for dataset in ("zaken", "uitspraken"):
        deliver_text(home, dataset, FILES[dataset])
    snapshot = build(catalog(), home)
    given = [row["case_id"] for row in sorted(read_table(home, snapshot, "meldingen"), key=lambda row: row["row"])]
    assert given not in (sorted(given), sorted(given, reverse=True))
