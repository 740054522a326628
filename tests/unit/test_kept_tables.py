"""What an open extract computes once: the same numbers, of which no more is kept than is asked for."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import chain_story
import pytest
from ibis.backends.duckdb import Backend

from das_research import chain
from das_research.disclosure.compare import differences
from das_research.engines import memory_engine, new_extract, open_extract
from das_research.engines.keeping import MOST, keeps, once

KEY = bytes(32)
DAYS = [int(moment[-2:]) for *_, moment in chain_story.EVENTS]
FUNCTIONS = {
    "flow": lambda project: chain.flow(project, 2020, 2022),
    "flow by month": lambda project: chain.flow(project, 2020, 2022, every="month"),
    "conversion": lambda project: chain.conversion(project, 2020, 2022, by=["soort"]),
    "conversion by year": lambda project: chain.conversion_by_year(project, 2020, 2022),
    "leakage": lambda project: chain.leakage(project, 2020, 2022, grace_days=100),
    "durations": lambda project: chain.durations(project, "politie", 2020, 2022, by=["soort"]),
    "durations between": lambda project: chain.durations_between(project, "aangifte-besluit", 2020, 2022),
    "share within": lambda project: chain.share_within(project, "aangifte-besluit", 60, 2020, 2022, by=["soort"]),
}


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """The story in an extract, opened as a researcher opens it."""
    path, told = tmp_path_factory.mktemp("kept") / "extract.duckdb", chain_story.project()
    with memory_engine() as engine, new_extract(engine, path, KEY) as database:
        for name in told.tables:
            engine.create_table(name, getattr(told.tables, name).to_pyarrow(), database=database)
    engine = open_extract(path, KEY)
    keeps(engine)
    yield engine
    engine.disconnect()


def project_of(engine: Backend) -> Any:
    told = chain_story.project()
    tables = chain_story._Tables(**{name: engine.table(name) for name in told.tables})
    return SimpleNamespace(**vars(told) | {"engine": engine, "tables": tables})


def kept_in(engine: Backend) -> list[str]:
    found = engine.con.execute("select table_name from duckdb_tables() where database_name = 'temp' order by 1")
    return [name for (name,) in found.fetchall()]


def test_numbers_of_kept_tables_are_those_of_tables_that_are_not(extract: Backend) -> None:
    kept, told = project_of(extract), chain_story.project()
    for function in FUNCTIONS.values():
        assert differences(function(kept), function(told)) == []
    assert len(kept_in(extract)) == 3 and not hasattr(told.engine, "_das_kept")  # journeys, what was told, and the span


def test_what_was_computed_is_not_computed_again(extract: Backend) -> None:
    FUNCTIONS["flow"](project_of(extract))
    before = kept_in(extract)
    for name in ("flow by month", "conversion", "leakage", "durations"):
        FUNCTIONS[name](project_of(extract))
    assert kept_in(extract) == before


def test_another_last_day_is_another_table(extract: Backend) -> None:
    project = project_of(extract)
    earlier = SimpleNamespace(**vars(project) | {"observed_until": project.observed_until.replace(year=2021)})
    results = [chain.flow(it, 2020, 2021).table.set_index(["stage", "period", "measure"]) for it in (project, earlier)]
    assert [it.value["politie", "2020/2021", "on"] for it in results] == [3, 3]
    assert [chain.conversion(it, 2020, 2021).table.value.sum() for it in (project, earlier)] == [
        chain.conversion(chain_story.project(observed_until=it.observed_until), 2020, 2021).table.value.sum()
        for it in (project, earlier)
    ]


def test_only_so_many_tables_are_kept(extract: Backend) -> None:
    for day in range(MOST + 3):
        table = once([extract.table("events")], day, lambda it, day=day: it.filter(it.moment.day() > day))
        assert table.moment.day().to_list() == [it for it in DAYS if it > day]
    assert len(kept_in(extract)) == MOST


def test_what_was_asked_for_longest_ago_makes_room(extract: Backend) -> None:
    made: list[int] = []

    def ask(day: int) -> None:
        once([extract.table("events")], ("asked", day), lambda it: made.append(day) or it.limit(day))

    for day in (0, *range(1, MOST), 0, MOST, 0, 1):
        ask(day)
    assert made == [*range(MOST), MOST, 1]  # the second was dropped for the last, as the first was asked for again


def test_an_engine_whose_tables_can_change_keeps_nothing() -> None:
    with memory_engine() as engine:
        engine.con.execute("create table zaken as select 1 as nummer")
        for count in (1, 2):
            asked = once([engine.table("zaken")], "counted", lambda it: it.agg(zaken=it.count()))
            assert asked.zaken.to_list() == [count]
            engine.con.execute("insert into zaken values (2)")
