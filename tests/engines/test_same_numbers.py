"""The same snapshot, grant and functions give the same numbers on DuckDB and on PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest
from ibis import _
from same_numbers import MODELS, OF_COHORTS, OF_THE_CHAIN, YEARS, a_cohort, numbers, of_the_survey, sums_of

import das_research as das
from das_research.access.project import Project
from das_research.access.tables import Tables
from das_research.catalog.key_figures import key_figures
from das_research.disclosure.compare import differences
from das_research.hashing import RowsHash
from das_research.monitors.computing import near as nearness
from das_research.monitors.computing import near_sums
from das_research.monitors.rerun import rerun_all
from das_research.result import Result

# rows are taken out to be compared, and each notice of it is as it should be: tests/attack/test_project_exits.py
pytestmark = pytest.mark.filterwarnings("ignore::das_research.access.exits.RowsTakenOut")
Both = tuple[Project, Project]

# What researchers write, and where the two engines, or Ibis for them, are known to differ if nobody looks after it.
EXPRESSIONS: dict[str, Callable[[Tables], ir.Table]] = {
    "a quotient of whole numbers": lambda t: t.cases.agg(it=_.count() / 7, of=_.count() / _.person_id.nunique()),
    "a quotient over a group": lambda t: t.cases.group_by("delictgroep").agg(n=_.count()).mutate(part=_.n / 7),
    "whole quotients below zero": lambda t: t.events.group_by("stage").agg(n=_.count()).mutate(low=-_.n // 7),
    "the mean of whole numbers": lambda t: t.events.agg(mean=_.moment.year().mean(), sum=_.moment.year().sum()),
    "parts of a date": lambda t: t.events.select(
        month=_.moment.truncate("M"), text=_.moment.strftime("%Y-%m"), week=_.moment.week_of_year()
    ),
    "a date moved": lambda t: t.events.select(later=_.moment + ibis.interval(days=3)),
    "days between dates": lambda t: t.strafzaken.select(days=_.beslisdatum.delta(_.instroomdatum, unit="day")),
    "the median and other quantiles": lambda t: (
        t.strafzaken.mutate(days=_.beslisdatum.delta(_.instroomdatum, unit="day"))
        .group_by("hoofdfeit").agg(half=_.days.median(), most=_.days.quantile(0.9), spread=_.days.std())
    ),
    "capitals beyond ASCII": lambda t: t.cases.select(upper=(_.delictgroep + "é").upper(), long=_.delictgroep.length()),
    "the order of texts": lambda t: t.cases.agg(first=_.delictgroep.min(), n=(_.delictgroep > "Z").sum()),
    "a fraction as text": lambda t: t.events.select(text=(_.moment.year() / 4).cast("string")),
    "a yes as number": lambda t: t.events.agg(n=(_.stage == "vervolging").cast("int64").sum()),
    "a table in memory": lambda t: t.cases.join(
        ibis.memtable({"delictgroep": ["geweld", None], "weight": [0.1, 0.2]}), "delictgroep"
    ).agg(sum=_.weight.sum().round(6), n=_.count()),
    "the first and last of a case": lambda t: t.events.group_by("case_id").agg(
        first=_.event.first(order_by=[_.moment, _.event]), last=_.event.last(order_by=[_.moment, _.event])
    ),
    "a pivot": lambda t: t.events.group_by("stage").agg(n=_.count()).pivot_wider(
        names_from="stage", values_from="n", names=["opsporing", "vervolging"]
    ),
    "a window": lambda t: t.events.group_by("case_id").order_by("moment", "event").mutate(
        place=ibis.row_number(), before=_.moment.lag()
    ).select("case_id", "event", "place", "before"),
    "own SQL": lambda t: t.cases.alias("c").sql("select delictgroep, count(*) as n from c group by 1"),
}  # fmt: skip


def rows(table: ir.Table) -> list[dict]:
    return sorted(table.to_pyarrow().to_pylist(), key=repr)


def test_the_rows_are_those_of_the_manifest(both: Both) -> None:
    _file, on_server = both
    copied = ibis.duckdb.connect()
    for name, described in on_server.manifest.tables.items():
        copy = copied.create_table(name, on_server.engine.table(name).to_pyarrow())
        content = RowsHash(copy.schema().to_pyarrow())
        for batch in copy.order_by(*copy.columns).to_pyarrow_batches():
            content.add(batch)
        found = (copy.columns, content.rows, content.hexdigest())
        assert found == (described.columns, described.rows, described.content), name


def test_tables_complete_and_show_themselves_alike(both: Both) -> None:
    file, on_server = both
    assert dir(on_server.tables) == dir(file.tables)
    for name in file.tables:
        assert on_server.tables[name].schema() == file.tables[name].schema()


@pytest.mark.parametrize("both", ["ketenmonitor"], indirect=True)
@pytest.mark.parametrize("function", OF_THE_CHAIN)
def test_functions_of_the_chain(both: Both, function: str) -> None:
    file, on_server = (OF_THE_CHAIN[function](project) for project in both)
    assert file.table.value.sum() > 0
    assert (differences(file, on_server), file.band) == ([], on_server.band)


@pytest.mark.parametrize("both", ["recidivemonitor"], indirect=True)
@pytest.mark.parametrize("function", OF_COHORTS)
def test_recidivism(both: Both, function: str) -> None:
    cohorts = [a_cohort(project) for project in both]
    assert cohorts[0].attrition == cohorts[1].attrition and cohorts[0].size > 100
    file, on_server = (OF_COHORTS[function](cohort) for cohort in cohorts)
    assert file.table.value.sum() > 0
    assert differences(file, on_server) == []


@pytest.mark.parametrize("both", ["recidivemonitor"], indirect=True)
def test_who_is_in_two_cohorts_and_in_an_own_table(both: Both) -> None:
    """What gate 3 asks: the cells that nearly the same persons are under, whatever the pseudonyms."""
    line = {"column": "leeftijd", "operator": "at_most", "values": [60]}
    found = []
    for project in both:
        every, some = (das.chain.cohort(project, years=range(2017, 2020), where=where) for where in ([], [line]))
        told = [das.chain.recidivism(it, [1, 2], by=["geslacht"]).recipe for it in (every, some)]
        table = das.tabulate(
            some.table.mutate(jong=_.leeftijd < 30), by=["geslacht"], measures={"jong": ("share", "jong")}
        )
        found.append(nearness(project, [(told[1], told[0]), (table.recipe, told[0])]))
    assert found[0] == found[1] and all(found[0])


@pytest.mark.parametrize("both", ["ketenmonitor"], indirect=True)
def test_who_is_in_a_flow_a_share_and_an_own_table(both: Both) -> None:
    """What gate 3 asks of all that the chain counts, also where a person is known by the case alone."""
    found = []
    for project in both:
        entered = project.tables.events.filter(_.event == "instroom_om").mutate(jaar=_.moment.year())
        own = das.tabulate(entered, by=["jaar"], measures={"zaken": "cases"}, project=project).recipe
        told = [
            das.chain.flow(project, *YEARS),
            das.chain.flow(project, *YEARS, every="quarter"),
            das.chain.conversion(project, *YEARS, by=["delictgroep"]),
            das.chain.conversion_by_year(project, *YEARS),
            das.chain.leakage(project, *YEARS, grace_days=30),
            das.chain.share_within(project, "instroom-beslissing", 90, *YEARS),
        ]
        asked = [it.recipe for it in told]
        curve = das.chain.durations_between(project, "instroom-beslissing", *YEARS, by=["delictgroep"]).recipe
        asked.append(replace(curve, parameters=curve.parameters | {"at_days": [7, 28, 84]}))
        found.append(nearness(project, [(own, it) for it in asked]))
    assert found[0] == found[1] and all(it is not None for it in found[0]) and any(found[0])


@pytest.mark.parametrize("both", ["ketenmonitor"], indirect=True)
def test_which_sums_of_two_own_tables_are_of_nearly_the_same_persons(both: Both) -> None:
    """By half a year, and by month: six months are a half of the year, and no cell of theirs is."""
    found = []
    for project in both:
        entered = project.tables.events.filter(_.event == "instroom_om").mutate(maand=_.moment.month())
        by = entered.mutate(helft=(_.maand > 6).ifelse("b", "a"))
        halves, months = (
            das.tabulate(by, by=[name], measures={"zaken": "cases"}, project=project).recipe
            for name in ("helft", "maand")
        )
        found.append(near_sums(project, [(halves, months)]))
    assert found[0] == found[1] and {len(others) for one, others, _ in found[0][0] if len(one) == 1} == {6}


WITHOUT_KEYS = {"geregistreerde-misdrijven", "ophelderingspercentage"}  # of crimes no case or person is known


@pytest.mark.parametrize("both", ["kerncijfers"], indirect=True)
def test_who_is_in_a_key_figure_and_in_an_own_table(both: Both) -> None:
    found = []
    for project in both:
        cases = project.tables.strafzaken.mutate(jaar=_.instroomdatum.year())
        own = das.tabulate(cases, by=["jaar"], measures={"zaken": "cases"}, project=project).recipe
        told = [das.figures.compute(project, it.id, *YEARS) for it in key_figures(project.catalog)]
        found.append(nearness(project, [(own, it.recipe) for it in told]))
    assert found[0] == found[1] and any(found[0])
    unknown = {it.id for it, near in zip(key_figures(both[0].catalog), found[0], strict=True) if near is None}
    assert unknown == WITHOUT_KEYS


@pytest.mark.parametrize("both", ["kerncijfers"], indirect=True)
def test_every_key_figure(both: Both) -> None:
    for figure in key_figures(both[0].catalog):
        file, on_server = (das.figures.compute(project, figure.id, *YEARS) for project in both)
        assert differences(file, on_server) == [], figure.id


@pytest.mark.parametrize("both", ["ketenmonitor"], indirect=True)
@pytest.mark.parametrize("model", MODELS)
def test_models(both: Both, model: str) -> None:
    file, on_server = (MODELS[model](project) for project in both)
    assert differences(numbers(file), numbers(on_server)) == []


@pytest.mark.parametrize("both", ["kerncijfers"], indirect=True)
def test_an_estimate_of_the_survey(both: Both) -> None:
    file, on_server = map(of_the_survey, both)
    assert differences(numbers(file), numbers(on_server)) == []


@pytest.mark.parametrize("both", ["ketenmonitor"], indirect=True)
def test_an_own_table_with_every_measure(both: Both) -> None:
    def tabulated(project: Project) -> Result:
        cases, events = project.tables.cases, project.tables.events
        table = events.join(cases.select("case_id", "delictgroep"), "case_id").mutate(
            jaar=_.moment.year(), judged=_.event == "uitspraak", day=_.moment.delta(ibis.date("2020-01-01"), unit="day")
        )
        measures = {
            "n": "count",
            "c": "cases",
            "p": "persons",
            "s": ("sum", "day"),
            "m": ("mean", "day"),
            "j": ("share", "judged"),
        }
        return das.tabulate(table, by=["delictgroep", "stage", "jaar"], measures=measures)

    file, on_server = map(tabulated, both)
    assert len(file.table) > 100
    assert differences(numbers(file), numbers(on_server)) == []
    assert file.dominance == on_server.dominance and file.dominance.signed == {"s", "m"}


@pytest.mark.parametrize("both", ["ketenmonitor"], indirect=True)
def test_how_much_of_a_sum_is_one_persons(both: Both) -> None:
    file, on_server = (sums_of(project).dominance for project in both)
    assert file == on_server and file is not None
    assert 0 < len(file.needs) < len(file.known) and not file.signed


@pytest.mark.parametrize("both", ["ketenmonitor"], indirect=True)
def test_gate_3_computes_the_same_again_on_the_server(both: Both, twice: Any) -> None:
    project = both[1]
    cases = project.tables.cases
    own = das.tabulate(cases.filter(cases.delictgroep.notnull()), by=["delictgroep"], measures={"zaken": "cases"})
    results = [das.chain.flow(project, *YEARS), own]
    again = rerun_all(twice.catalog, twice.server, project.id, [result.recipe for result in results], "poort")
    assert [result.to_json() for result in results] == [result.to_json() if result else "" for result in again]


@pytest.mark.parametrize("both", ["ketenmonitor"], indirect=True)
@pytest.mark.parametrize("what", EXPRESSIONS)
def test_what_researchers_write(both: Both, what: str) -> None:
    file, on_server = (rows(EXPRESSIONS[what](project.tables)) for project in both)
    assert file
    assert [near(row) for row in file] == on_server


def near(row: dict) -> dict:
    """The row, in which a fraction is met by one that differs in its last digits alone."""
    return {name: pytest.approx(it, rel=1e-12) if isinstance(it, float) else it for name, it in row.items()}
