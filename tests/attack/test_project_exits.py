"""Ways to take rows out of an open project: guard rails, each noticed by who does it and written in the log."""

import json
import warnings

import access_world as world
import pytest

from das_research.access.exits import RowsTakenOut, watch_exits
from das_research.access.extract import extract
from das_research.access.opening import open_project
from das_research.audit import AuditLog
from das_research.engines import EngineError, memory_engine
from das_research.home import Home

MANY, SECRET = 50, "MERKTEKEN"


@pytest.fixture
def engine():
    with memory_engine() as engine:
        engine.con.execute(f"create table zaken as select i as case_id, '{SECRET}' as naam from range({MANY}) t(i)")
        yield engine


@pytest.fixture
def noticed(engine):
    found = []
    watch_exits(engine, "proef", lambda **facts: found.append(facts))
    return found


FILES = {
    "to_csv": lambda table, path: table.to_csv(path / "uit.csv"),
    "to_parquet": lambda table, path: table.to_parquet(path / "uit.parquet"),
    "to_json": lambda table, path: table.to_json(path / "uit.json"),
}
FRAMES = {
    "execute": lambda table: table.execute(),
    "to_pandas": lambda table: table.to_pandas(),
    "to_pyarrow": lambda table: table.to_pyarrow(),
    "to_pyarrow_batches": lambda table: table.to_pyarrow_batches().read_all(),
    "a column": lambda table: table.case_id.execute(),
}


@pytest.mark.parametrize("way", FILES)
def test_rows_written_to_a_file_are_noticed(engine, noticed, tmp_path, way):
    with pytest.warns(RowsTakenOut, match=way):
        FILES[way](engine.table("zaken"), tmp_path)
    assert [it["how"] for it in noticed] == [way]


@pytest.mark.parametrize("way", FRAMES)
def test_many_rows_in_memory_are_noticed(engine, noticed, way):
    with pytest.warns(RowsTakenOut, match="project.release"):
        FRAMES[way](engine.table("zaken"))
    assert len(noticed) == 1 and noticed[0]["rows"] in (MANY, -1)


def test_what_is_noticed_tells_nothing_of_the_query(engine, noticed):
    table = engine.table("zaken")
    with pytest.warns(RowsTakenOut) as told:
        table.filter(table.naam == SECRET).execute()
    assert SECRET not in json.dumps(noticed) + "".join(str(it.message) for it in told)


def test_the_same_query_is_noticed_once(engine, noticed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(3):
            engine.table("zaken").execute()
    assert len(noticed) == 1


@pytest.mark.parametrize(
    "look",
    [
        lambda table: table.head(5).execute(),
        lambda table: table.count().execute(),
        lambda table: table.group_by("case_id").agg(zaken=table.count()).execute(),
    ],
    ids=["a few rows", "a number", "an aggregate"],
)
def test_looking_and_counting_are_left_alone(engine, noticed, look):
    with warnings.catch_warnings():
        warnings.simplefilter("error", RowsTakenOut)
        look(engine.table("zaken"))
    assert noticed == []


def test_a_way_that_goes_through_another_is_noticed_once_as_itself_and_by_what_came_out(engine, monkeypatch):
    """As on a server, where rows in memory come through batches, whose number nobody knows before."""

    def to_pyarrow(table, **_):
        return engine.to_pyarrow_batches(table).read_all()

    monkeypatch.setattr(engine, "to_pyarrow", to_pyarrow)
    noticed = []
    watch_exits(engine, "proef", lambda **facts: noticed.append(facts))
    with warnings.catch_warnings():
        warnings.simplefilter("error", RowsTakenOut)
        assert engine.table("zaken").head(5).to_pyarrow().num_rows == 5
    with pytest.warns(RowsTakenOut):
        engine.table("zaken").to_pyarrow()
    assert [(it["how"], it["rows"]) for it in noticed] == [("to_pyarrow", MANY)]
    with pytest.warns(RowsTakenOut):  # the same by itself is another way
        engine.table("zaken").to_pyarrow_batches()
    assert [it["how"] for it in noticed[1:]] == ["to_pyarrow_batches"]


def test_an_open_project_writes_it_in_the_audit_log_and_no_file(tmp_path, monkeypatch):
    """To a file not even that: the database of a project is locked for files."""
    monkeypatch.setattr("das_research.access.exits.FEW", 1)
    home, catalog = Home(tmp_path / "home"), world.a_catalog()
    world.write_snapshot(home)
    extract(catalog, home, "proef", "anna", world.TODAY)
    project = open_project("proef", home=home, catalog=catalog, account="anna", today=world.TODAY)
    with project, pytest.warns(RowsTakenOut):
        project.tables.zaken.execute()
        with pytest.raises(EngineError, match="disabled by configuration"):
            project.tables.zaken.to_csv(tmp_path / "uit.csv")
    assert not (tmp_path / "uit.csv").exists()
    line = AuditLog(home.audit_log).lines()[-1]
    assert (line["act"], line["account"], line["facts"]["how"]) == ("taken out", "anna", "execute")
