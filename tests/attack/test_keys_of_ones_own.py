"""Attack: one person as many. Whoever writes the query could give rows other persons, or none; none of it may count."""

import ibis
import pytest
from plain_project import plain_project

from das_research.errors import UsageError
from das_research.tabulation import run_tabulate, tabulate

FEW = 12


@pytest.fixture
def project():
    """Twelve cases of one person, and one case each of thirty others."""
    engine = ibis.duckdb.connect(threads=1)
    engine.con.execute("create table cases (case_id text, person_id text, soort text, person_id_strict text)")
    engine.con.execute("create table events (case_id text, person_id text, event text)")
    rows = [(f"z{n}", "p0" if n < FEW else f"p{n}", "a" if n < FEW else "b") for n in range(FEW + 30)]
    engine.con.executemany("insert into cases values (?, ?, ?, ?)", [(*row, f"s{row[0]}") for row in rows])
    engine.con.executemany("insert into events values (?, ?, 'instroom')", [row[:2] for row in rows])
    yield plain_project(engine)
    engine.disconnect()


def of_one(project):
    cases = project.engine.table("cases")
    return cases.filter(cases.soort == "a")


MADE = {
    "the case as the person": lambda it: it.mutate(person_id=it.case_id),
    "renamed": lambda it: it.drop("person_id").rename(person_id="case_id"),
    "by the strict link": lambda it: it.drop("person_id").rename(person_id="person_id_strict"),
    "by the strict link where it is known": lambda it: it.mutate(
        person_id=ibis.coalesce(it.person_id_strict, it.person_id)
    ),
    "with a number behind it": lambda it: it.mutate(person_id=it.person_id + ibis.row_number().cast("string")),
    "of a literal": lambda it: it.union(it.mutate(person_id=ibis.literal("q"))),
    "in the second half of a union": lambda it: it.union(it.mutate(person_id=it.case_id)),
    "under two names": lambda it: it.mutate(x=it.case_id).mutate(person_id=ibis._.x),
    "chosen by a condition": lambda it: it.mutate(person_id=ibis.ifelse(it.soort == "a", it.case_id, it.person_id)),
    "nobody": lambda it: it.mutate(person_id=ibis.null("string")),
    "nobody by a value": lambda it: it.mutate(person_id=it.person_id.nullif("p0")),
    "the first known of two columns": lambda it: it.mutate(person_id=ibis.coalesce(it.case_id, it.person_id)),
    "the least of other texts": lambda it: it.group_by("case_id").agg(person_id=it.case_id.min(), soort=it.soort.min()),
    "cases by a number": lambda it: it.mutate(case_id=ibis.row_number().cast("string")),
}


@pytest.mark.parametrize("way", MADE, ids=list(MADE))
def test_a_key_of_ones_own_is_refused(project, way):
    with pytest.raises(UsageError, match=r"makes (person_id|case_id) anew"):
        tabulate(MADE[way](of_one(project)), by=["soort"], project=project)


WRITTEN = {
    "a list of columns": "select * from (select case_id, case_id, soort from cases) as t(case_id, person_id, soort)",
    "halves by position": "select case_id, person_id, soort from cases "
    "union all select case_id, case_id, soort from cases",
    "values": "select 'z' as case_id, x as person_id, 'a' as soort from (values ('1'), ('2')) as t(x)",
    "unnest": "select case_id, unnest(['1', '2']) as person_id, soort from cases",
    "a query of itself": "with recursive t as (select case_id, person_id, soort from cases union all "
    "select case_id, person_id || 'x', soort from t where length(person_id) < 9) select * from t",
    "unpivot": "unpivot cases on case_id, person_id into name soort value person_id",
    "star, replaced": "select * replace (case_id as person_id) from cases",
    "capitals": 'select * from (select case_id as "PERSON_ID", case_id, soort from cases)',
}


@pytest.mark.parametrize("way", WRITTEN, ids=list(WRITTEN))
def test_a_recipe_that_was_written_by_hand_is_refused(project, way):
    with pytest.raises(UsageError):
        run_tabulate(project, WRITTEN[way], by=["soort"])


LOST = {
    "a join that keeps the other side": lambda cases, nobody: cases.drop("person_id").left_join(nobody, "case_id"),
    "the same from the right": lambda cases, nobody: nobody.right_join(cases.drop("person_id"), "case_id"),
    "an aggregate of no rows": lambda cases, _: cases.group_by("case_id", "soort").agg(
        person_id=cases.person_id.min(where=cases.soort == "x")
    ),
}


@pytest.mark.parametrize("way", LOST, ids=list(LOST))
def test_whoever_a_query_loses_is_not_counted_by_the_case(project, way):
    nobody = project.engine.table("events").filter(ibis._.event == "x").select("case_id", "person_id")
    result = tabulate(LOST[way](of_one(project), nobody).select("case_id", "person_id", "soort"), by=["soort"])
    assert (result.cell()["value"], result.cell()["n"]) == (FEW, 0)


KEPT = {
    "as it is": lambda cases, events: cases,
    "joined": lambda cases, events: events.join(cases, "case_id"),
    "the first known of two tables": lambda cases, events: cases.left_join(events, "case_id").mutate(
        person_id=ibis.coalesce(ibis._.person_id, ibis._.person_id_right)
    ),
    "the least of each case": lambda cases, events: cases.group_by("case_id", "soort").agg(
        person_id=cases.person_id.min()
    ),
    "each person once": lambda cases, events: cases.distinct(on="person_id"),
    "twice": lambda cases, events: cases.union(cases),
    "by a window": lambda cases, events: cases.mutate(
        place=ibis.row_number().over(group_by="person_id", order_by="case_id")
    ).filter(ibis._.place == 0),
    "a filter by another table": lambda cases, events: cases.semi_join(events, "case_id"),
}


@pytest.mark.parametrize("way", KEPT, ids=list(KEPT))
def test_the_keys_of_the_project_count(project, way):
    cases, events = project.engine.table("cases"), project.engine.table("events")
    result = tabulate(KEPT[way](cases, events), by=["soort"])
    assert result.cell()["n"] == 31
    assert result.cell(soort="a")["n"] == 1
