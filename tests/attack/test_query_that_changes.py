"""A query that is another table tomorrow: whoever it left with today is not who gate 3 compares with then."""

import ibis
import pytest
from unions_world import of_sizes, project

import das_research as das
from das_research.errors import UsageError
from das_research.tabulation import run_tabulate


@pytest.fixture(scope="module")
def story():
    return project(of_sizes({"a": 60, "b": 60}))


CHOICES = {
    "from a day on": lambda it: ibis.today().year() > 2000,
    "from a moment on": lambda it: ibis.now() > ibis.timestamp("2001-01-01"),
    "by chance": lambda it: ibis.random() < 2,
    "by a number of chance": lambda it: ibis.uuid().cast("string") != "",
}


@pytest.mark.parametrize("way", CHOICES)
def test_who_is_in_a_table_follows_from_the_data_alone(story, way):
    cases = story.tables.cases
    with pytest.raises(UsageError, match="asks the clock, chance or the session"):
        das.tabulate(cases.filter(CHOICES[way](cases)), by=["soort"], project=story)


@pytest.mark.parametrize(
    "words",
    [
        "where current_date > date '2001-01-01'", "where current_setting('threads') <> '0'", "using sample 50%",
        "where current_user <> 'poort'", "where get_current_timestamp() is not null", "where txid_current() > 0",
        "where age(date '2001-01-01') is not null", "where version() <> ''", "where localtimestamp is not null",
        "tablesample reservoir(50%)", "where pg_backend_pid() > 0", "where getvariable('x') is null",
        "where case_id in (select case_id from cases where random() < 2)",
    ],
)  # fmt: skip
def test_nor_does_a_recipe_written_by_hand_run(story, words):
    with pytest.raises(UsageError, match="asks the clock, chance or the session"):
        run_tabulate(story, f"select * from cases {words}", ["soort"])


def test_functions_of_the_data_run(story):
    cases = story.tables.cases
    table = cases.mutate(eind=cases.case_id.substr(1).cast("int64") % 2, soms=cases.soort.nullif("a"))
    assert len(das.tabulate(table, by=["eind"], project=story).table) == 3
