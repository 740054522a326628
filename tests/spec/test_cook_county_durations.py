"""Flow and durations of a real chain, from intake to sentence: on a miniature of its files, and on the files at hand.

The oracle takes the events out of the project and goes through them case by case; lifelines draws its curve.
"""

import os
from collections.abc import Iterator
from datetime import date

import cook_county_miniature as miniature
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter

from das_research import chain
from das_research.access.extract import extract
from das_research.access.opening import open_project
from das_research.access.project import Project
from das_research.catalog import load_catalog
from das_research.home import Home
from das_research.intake.gate import deliver
from das_research.warehouse.build import build

ACCOUNT, TODAY = "onderzoeker-demo", date(2026, 6, 1)
# measured once with lifelines on the files as they were received: days until half are done
REAL_MEDIANS = {"received-charged": 26, "charged-disposed": 231, "convicted-sentenced": 0, "received-sentenced": 230}


@pytest.fixture(scope="module", params=["miniature", "real"])
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    catalog = load_catalog(miniature.CATALOG)
    if request.param == "miniature":
        folder = tmp_path_factory.mktemp(request.param)
        miniature.write(folder)
        home = Home(folder / "home")
        assert catalog.demo
        for dataset, name in catalog.demo.source.files.items():
            deliver(catalog, home, dataset, folder / name, ACCOUNT)
    else:
        home, _ = request.getfixturevalue("real_deliveries")
    build(catalog, home)
    extract(catalog, home, "ketenmonitor", ACCOUNT, TODAY)
    with open_project("ketenmonitor", home=home, catalog=miniature.CATALOG, account=ACCOUNT, today=TODAY) as opened:
        yield opened


@pytest.fixture(scope="module")
def events(project: Project) -> pd.DataFrame:
    told = project.tables.events.select("case_id", "event", "outcome", "moment").to_pyarrow().to_pandas()
    return told[told.moment <= project.observed_until]


def first_after(events: pd.DataFrame, starts: pd.Series, ends: pd.Series) -> list[tuple[date, date | None]]:
    """(start, first end on or after it) of every case that started."""
    start = events[starts].groupby("case_id").moment.min()
    later = events[ends].merge(start.rename("start"), on="case_id")
    end = later[later.moment >= later.start].groupby("case_id").moment.min()
    return [(day, end.get(case)) for case, day in start.items()]


def test_durations_are_those_of_a_walk_through_every_case(project: Project, events: pd.DataFrame) -> None:
    for name, span in project.catalog.chain.spans.items():
        if span.count_end != "first after":
            continue
        met = [
            (events.event == it.event) & (events.outcome.isin(it.outcomes) if it.outcomes else True)
            for it in (span.start, *span.end)
        ]
        found = first_after(events, met[0], pd.concat(met[1:], axis=1).any(axis=1))
        days = [((end or project.observed_until) - start).days for start, end in found]
        peer = KaplanMeierFitter().fit(days, [end is not None for _, end in found])
        result = chain.durations_between(project, name, 2019, 2019, step_days=1)
        points = result.table[result.table.measure == "completed_share"]
        expected = 100 * (1 - peer.predict(points.days.astype(int)).to_numpy())
        assert points.value.to_numpy() == pytest.approx(expected, abs=1e-9)
        assert points.n.iloc[0] == len(found)


def test_the_flow_balances_and_the_year_is_the_sum_of_its_months(project: Project) -> None:
    table = chain.flow(project, 2019, 2019, every="month").table
    value = table.set_index(["stage", "period", "measure"]).value.fillna(0)
    months = sorted(set(table.period) - {"2019"})
    for stage in project.catalog.chain.stages:
        here = value[stage.id]
        for measure in ("in", "on", "out"):
            assert sum(here[month, measure] for month in months) == here["2019", measure]
        for month in (*months, "2019"):
            left = here[month, "open_begin"] + here[month, "in"] - here[month, "on"] - here[month, "out"]
            assert left == here[month, "open_end"]


def test_who_was_approved_and_never_charged_is_lost_from_sight(project: Project, events: pd.DataFrame) -> None:
    approved = events[(events.event == "reviewed") & (events.outcome == "approved")].groupby("case_id").moment.max()
    later = set(events[events.event.isin(["charged", "disposed", "sentenced"])].case_id)
    leave = project.catalog.chain.stages[0].leave[0]
    left = set(events[(events.event == leave.event) & events.outcome.isin(leave.outcomes)].case_id)
    lost = set(approved.index) - later - left
    cell = chain.leakage(project, 2019, 2019, grace_days=0).cell(stage="received", measure="never_seen", period="2019")
    assert (cell["numerator"], cell["denominator"]) == (len(lost), len(approved))


def test_the_medians_of_the_real_files(project: Project, request: pytest.FixtureRequest) -> None:
    if "DAS_REAL_DATA" not in os.environ or request.node.callspec.params["project"] != "real":
        pytest.skip("only of the real files")
    medians = {
        name: chain.durations_between(project, name, 2019, 2019).cell(measure="median", days="_T")["value"]
        for name in project.catalog.chain.spans
    }
    assert medians == REAL_MEDIANS
