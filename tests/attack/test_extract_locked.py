"""The file of an extract gives nothing without its own key, and nothing else is opened in its place.

The tests attack as somebody could who has the files of a project: without the key, with another project's, with a file,
a key, a link or a manifest put in the place of the right one. No message repeats a key.
"""

import base64
import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
from access_world import (
    TODAY,
    a_catalog,
    extract_file,
    extracted_home,
    opened_extract,
    opened_file,
    own_key_file,
)

import das_research as das
from das_research.access.extract import extract
from das_research.access.manifest import current_extract
from das_research.access.opening import open_for_release, open_project
from das_research.access.project import Project
from das_research.access.zones import mode_of
from das_research.changes import warehouse_lock
from das_research.custody.retention import destroy_due
from das_research.engines import EngineError, memory_engine, new_extract, open_extract
from das_research.engines.keeping import once
from das_research.errors import AccessRefused, DasError, UsageError
from das_research.home import Home
from das_research.keys.data import data_keys


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return extracted_home(tmp_path, "proef", "ander")


def opened(home: Home) -> Project:
    return open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY)


def for_release(home: Home) -> Project:
    return open_for_release(home, a_catalog(), "proef", current_extract(home, "proef").id, "poort")


def spelled(key: bytes) -> set[str]:
    return {key.hex(), base64.b64encode(key).decode(), repr(key)}


def test_without_a_key_or_with_another_projects_the_file_does_not_open(home: Home) -> None:
    path, other = extract_file(home), own_key_file(home, "ander").read_bytes()
    with pytest.raises(duckdb.Error, match="without a key"):
        duckdb.connect(str(path), read_only=True)
    with pytest.raises(DasError, match="can't be opened") as refused:
        open_extract(path, other)
    said = str(refused.value) + repr(refused.value.__context__) + repr(refused.value.__cause__)
    assert not any(key in said for key in spelled(other))


def test_no_value_and_no_name_of_a_column_stands_in_the_bytes(home: Home) -> None:
    content = extract_file(home).read_bytes()
    assert not any(word in content for word in (b"diefstal", b"geboortejaar", b"ingestroomd", b"Wat elke kolom is"))


def test_the_open_connection_does_not_tell_its_key(home: Home) -> None:
    key = own_key_file(home).read_bytes()
    with opened(home) as project:
        con = project.engine.con
        told = [con.execute(f"select * from {it}").fetchall() for it in ("duckdb_databases()", "duckdb_settings()")]
    assert not any(secret in str(told) for secret in spelled(key))


def test_a_flipped_bit_is_noticed(home: Home) -> None:
    path = extract_file(home)
    content = bytearray(path.read_bytes())
    place = len(content) // 2
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(AccessRefused, match="not what gate 2 wrote"):
        for_release(home)


def test_another_file_under_the_right_key_gives_no_released_number(home: Home) -> None:
    """Who has the key of an extract can write with it: gate 3 takes the file that gate 2 wrote and no other."""
    path, key = extract_file(home), own_key_file(home).read_bytes()
    path.unlink()
    with memory_engine() as engine, new_extract(engine, path, key) as database:
        engine.create_table("cases", engine.sql("select 'x' as case_id"), database=database)
    with pytest.raises(AccessRefused, match="not the file whose hash stands in its manifest"):
        for_release(home)
    repaired = extract(a_catalog(), home, "proef", "anna", TODAY)
    with for_release(home) as project:
        assert project.manifest == repaired and project.tables.cases.count().execute() == 4


def test_the_file_of_another_project_does_not_open_in_its_place(home: Home) -> None:
    shutil.copy(extract_file(home, "ander"), extract_file(home))
    with pytest.raises(DasError, match="can't be opened"):
        opened(home)


def test_another_key_in_the_place_of_the_own_opens_nothing_and_is_put_right(home: Home) -> None:
    shutil.copy(own_key_file(home, "ander"), own_key_file(home))
    with pytest.raises(DasError, match="can't be opened"):
        opened(home)
    extract(a_catalog(), home, "proef", "anna", TODAY)
    opened(home).close()


def test_a_lost_key_says_what_to_type_and_comes_back(home: Home) -> None:
    own_key_file(home).unlink()
    with pytest.raises(AccessRefused, match="has no key of its extract") as refused:
        opened(home)
    assert refused.value.fix == "Type: das project extract proef"
    extract(a_catalog(), home, "proef", "anna", TODAY)
    opened(home).close()


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_key_that_others_can_read_is_refused(home: Home, mode: int) -> None:
    own_key_file(home).chmod(mode)
    with pytest.raises(DasError, match="open to others than its owner"):
        opened(home)


@pytest.mark.parametrize("what", ["database", "key", "folder", "keys"])
def test_a_link_is_followed_nowhere(home: Home, tmp_path: Path, what: str) -> None:
    """Also to the right file: whoever can put one link there can put another a moment later."""
    place = {
        "database": extract_file(home),
        "key": own_key_file(home),
        "folder": extract_file(home).parent,
        "keys": own_key_file(home).parent,
    }[what]
    elsewhere = tmp_path / "elders"
    place.rename(elsewhere)
    place.symlink_to(elsewhere)
    for way in (opened, for_release):
        with pytest.raises(AccessRefused, match="is a link"):
            way(home)


def test_sweeping_keys_follows_no_link_to_another_key(home: Home) -> None:
    master = home.steward_keys / "master.key"
    before = master.read_bytes()
    (home.project("proef") / "keys" / "ext-000000000000.key").symlink_to(master)
    with warehouse_lock(home):
        pass
    assert master.read_bytes() == before
    assert not (home.project("proef") / "keys" / "ext-000000000000.key").is_symlink()


@pytest.mark.parametrize("name", ["synthetic", "observed_until", "linkage", "person_links", "database", "mode"])
def test_an_edited_manifest_is_noticed(home: Home, name: str) -> None:
    path = extract_file(home).with_name("manifest.json")
    changed = {
        "synthetic": False,
        "observed_until": "2025-12-31",
        "linkage": {"vonnissen": 1.0},
        "person_links": "differ",
        "database": "0" * 64,
        "mode": "three accounts",
    }
    document = json.loads(path.read_text())
    assert document[name] != changed[name]
    path.write_text(json.dumps(document | {name: changed[name]}))
    with pytest.raises(AccessRefused, match="not what gate 2 wrote"):
        opened(home)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"tables": 1}', "\x00"])
def test_a_manifest_that_is_none_is_refused_plainly(home: Home, text: str) -> None:
    extract_file(home).with_name("manifest.json").write_text(text)
    with pytest.raises(AccessRefused, match="not what gate 2 wrote"):
        opened(home)


@pytest.mark.parametrize(
    "changes", [{"tables": {"cases": {"columns": ["case_id", "herkomst"]}}}, {"end": "2027-06-30"}]
)
def test_an_edited_grant_opens_nothing(home: Home, changes: dict) -> None:
    with pytest.raises(AccessRefused, match="not that of its grant as it is now"):
        open_project("proef", home=home, catalog=a_catalog(**changes), account="anna", today=TODAY)


def test_an_extract_whose_key_is_destroyed_is_open_to_nobody(home: Home) -> None:
    name = f"extract-{current_extract(home, 'proef').id}"
    assert data_keys(home).get(name) == own_key_file(home).read_bytes()
    own_key_file(home).unlink()
    data_keys(home).destroy(name)
    with pytest.raises(DasError):
        opened(home)
    with pytest.raises(duckdb.Error):
        duckdb.connect(str(extract_file(home)), read_only=True)


def test_one_account_never_claims_three(home: Home) -> None:
    assert current_extract(home, "proef").mode == "embedded"
    assert mode_of(home, "proef") == "embedded" == mode_of(home, "nooit")


def test_three_accounts_are_claimed_only_where_the_warehouse_is_closed_to_the_project(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone, real = home.project("proef"), Path.stat

    def owned_by_another(path: Path, **named: bool) -> object:
        found = real(path, **named)
        values = list(found)
        values[4] = 12345 if path == zone else found.st_uid
        return type(found)(values)

    monkeypatch.setattr(Path, "stat", owned_by_another)
    home.warehouse.chmod(0o700)
    assert mode_of(home, "proef") == "three accounts"
    assert mode_of(home, "ander") == "embedded"
    home.warehouse.chmod(0o750)
    assert mode_of(home, "proef") == "embedded"
    home.warehouse.chmod(0o700)
    home.root.chmod(0o777)
    assert mode_of(home, "proef") == "embedded", "the account could put another warehouse in its place"


def test_guard_rail_who_has_the_key_reads_the_file_with_duckdb_alone(home: Home) -> None:
    with opened_file(home) as connection:
        assert connection.execute("select count(*) from cases").fetchone() == (4,)
    assert opened_extract(home).table("cases").count().execute() == 4


def test_guard_rail_a_file_does_not_hear_that_its_grant_has_ended_until_it_is_destroyed(home: Home) -> None:
    after = date(2027, 1, 1)
    with pytest.raises(AccessRefused):
        open_project("proef", home=home, catalog=a_catalog(), account="anna", today=after)
    with opened_file(home) as connection:  # as docs/r-users.md says of R
        assert connection.execute("select count(*) from cases").fetchone() == (4,)
    path, key = extract_file(home), own_key_file(home)
    destroy_due(a_catalog(), home, "steward", after)
    assert not path.exists() and not key.exists()


def test_guard_rail_what_does_not_fit_in_memory_is_written_beside_the_work_unless_it_is_told_not_to(
    home: Home, tmp_path: Path
) -> None:
    big = "select count(*) from (select i::varchar || 'MERKTEKEN' as text from range(3000000) t(i) order by hash(i))"
    beside = tmp_path / "spilt"
    with opened_file(home) as connection:
        for setting in (f"temp_directory = '{beside}'", "memory_limit = '40MB'", "threads = 1"):
            connection.execute(f"set {setting}")
        connection.execute(big)
        assert beside.is_dir()
    with opened_file(home) as connection:
        for setting in ("temp_directory = ''", "memory_limit = '40MB'", "threads = 1"):
            connection.execute(f"set {setting}")
        with pytest.raises(duckdb.OutOfMemoryException):
            connection.execute(big)


def test_what_an_open_project_keeps_is_no_table_of_it_and_goes_when_it_closes(home: Home) -> None:
    """No recipe can read it: gate 3 would find nothing there, or something else."""
    with opened(home) as project:
        cases = project.tables.cases
        kept = once([cases], "zaken", lambda it: it.group_by("case_id").agg(zaken=it.count()))
        assert kept.op().namespace.catalog == "temp" and kept.op().name not in project.tables
        with pytest.raises(UsageError):
            das.tabulate(kept, measures={"zaken": "count"}, project=project)
    with opened(home) as again, pytest.raises(EngineError):
        again.engine.con.execute(f'select * from temp.main."{kept.op().name}"')
