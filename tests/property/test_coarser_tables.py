"""A coarser table, made of the rows of a finer one, is what its recipe gives when it is computed."""

from datetime import date, timedelta

import chain_story
import numpy as np
import pandas as pd
import pytest

import das_research as das
from das_research.catalog.models import Disclosure
from das_research.disclosure.refused.coarser import coarser
from das_research.disclosure.refused.compared import Compared
from das_research.disclosure.refused.search import safe_coarser
from das_research.disclosure.side_by_side import OwnTables
from das_research.errors import ReleaseRefused
from das_research.tabulation import run_tabulate

NUMBERS = ["value", "numerator", "denominator"]


def story(seed):
    rng = np.random.default_rng(seed)
    cases, events = [], []
    for number in range(60):
        cases.append((f"z{number}", f"p{int(rng.integers(40))}", str(rng.choice(["wv", "gw"]))))
        moment = date(2019, 6, 1)
        for event in ("aangifte", "instroom", "zitting"):
            moment += timedelta(days=int(rng.integers(0, 500)))
            if rng.random() < 0.8 and moment <= date(2022, 12, 31):
                events.append((f"z{number}", event, None, moment.isoformat()))
    return chain_story.project(cases=cases, events=events)


def same(one, other, but=()):
    """Every number at every address, and how persons are counted where they are."""
    places = ["measure", *one.dimensions, "period"]
    assert one.dimensions == other.dimensions and dict(one.recipe.parameters) == dict(other.recipe.parameters)
    columns = [*places, *(name for name in [*NUMBERS, "n", "kind", "unit", "revision"] if name not in but)]
    tables = [it.table.sort_values(places, ignore_index=True)[columns] for it in (one, other)]
    pd.testing.assert_frame_equal(*tables, check_exact=False)


def test_a_flow_by_longer_periods():
    project = story(0)
    tried = 0
    for every in ("month", "quarter"):
        for first in (2020, 2022):
            fine = das.chain.flow(project, first, 2022, every=every)
            for change, made in coarser("f", fine, project.catalog):
                assert change.kind == "period"
                computed = das.chain.flow(project, first, 2022, every=change.name)
                same(made, computed, but=["n"])  # one person can be in several of the shorter periods
                known = made.table.n.notna()
                places = ["measure", "stage", "period"]
                both = made.table[known].merge(computed.table, on=places)
                assert (both.n_x <= both.n_y).all() and len(both) == known.sum()
                tried += 1
    assert tried == 6


@pytest.mark.parametrize("seed", range(3))
def test_an_own_table_without_a_breakdown_or_a_measure(seed):
    project = story(seed)
    project.catalog = project.catalog.model_copy(update={"disclosure": Disclosure(dominance=50)})
    table = project.tables.cases.mutate(
        regio=(project.tables.cases.case_id < "z3").ifelse("noord", "zuid"),
        jaar=(project.tables.cases.case_id.length() + 2020).cast("string"),
        bedrag=project.tables.cases.case_id.length().cast("int64") ** 9,
        zwaar=project.tables.cases.soort == "gw",
    )
    measures = {"zaken": "count", "geld": ("sum", "bedrag"), "deel": ("share", "zwaar")}
    fine = das.tabulate(table, by=["soort", "regio", "jaar"], measures=measures, project=project)
    steps = list(coarser("t", fine, project.catalog))
    assert [(it.kind, it.name) for it, _ in steps] == [
        *(("breakdown", name) for name in ("soort", "regio", "jaar")), *(("measure", name) for name in measures),
    ]  # fmt: skip
    for _, made in steps:
        computed = run_tabulate(project, **made.recipe.parameters)
        same(made, computed)
        assert (made.dominance.needs, made.dominance.known) == (computed.dominance.needs, computed.dominance.known)
        assert made.dominance.apart >= computed.dominance.apart  # beside a measure that is left out, too


ABOVE = {"wv": "misdrijf", "gw": "misdrijf"}


def with_codes_above(catalog):
    codes = tuple(code.model_copy(update={"parent": ABOVE.get(code.code)}) for code in _classification(catalog).codes)
    kinds = _classification(catalog).model_copy(update={"codes": codes})
    return catalog.model_copy(update={"classifications": catalog.classifications | {kinds.id: kinds}})


def test_codes_told_by_those_above_them_add_up():
    project = story(1)
    catalog = with_codes_above(project.catalog)
    cases = project.tables.cases
    measures = {"zaken": "count", "deel": ("share", "vroeg")}
    fine = das.tabulate(cases.mutate(vroeg=cases.case_id < "z2"), by=["soort"], measures=measures, project=project)
    (made,) = [result for change, result in coarser("t", fine, catalog) if change.kind == "upward"]
    told = cases.mutate(vroeg=cases.case_id < "z2", soort=cases.soort.cases(*ABOVE.items()))
    computed = das.tabulate(told, by=["soort"], measures=measures, project=project)
    one, other = (
        it.table.sort_values(["measure", "soort"], ignore_index=True)[["measure", "soort", *NUMBERS, "kind"]]
        for it in (made, computed)
    )
    pd.testing.assert_frame_equal(one, other)


def _classification(catalog):
    return catalog.classifications[catalog.chain.case_attributes["soort"].classification]


@pytest.mark.parametrize("beside", [False, True])
def test_longer_periods_are_compared_anew_and_codes_above_are_not_tried_beside_another_table(beside):
    """What is near at the cells of a quarter is no answer for the year that it is in."""
    project = story(1)
    cases, catalog = project.tables.cases, with_codes_above(project.catalog)
    own = das.tabulate(cases, by=["soort"], measures={"zaken": "count"}, project=project)
    flow = das.chain.flow(project, 2020, 2022, every="quarter")
    again, near = {"stroom": flow, "tabel": own}, (("in", "om", "2020"), ("zaken", "wv", "_T"), 3)
    asked, told, tried = [], {}, []

    def nearness(_, pairs):
        asked.extend(one.parameters.get("every", "year") for one, _ in pairs)
        return [[] if "every" in one.parameters else [near] for one, _ in pairs]

    def judge(results, tables):
        recipes = {name: result.recipe for name, result in results.items()}
        tried.append(recipes)
        if beside and len(recipes) == 2:
            (found,) = tables.nearness("verhaal", [(recipes["stroom"], recipes["tabel"])])
            told.setdefault(recipes["stroom"].parameters.get("every", "year"), []).append(found)
        raise ReleaseRefused("Not this one.")

    compared = Compared(OwnTables(lambda _: {}, nearness))
    with pytest.raises(ReleaseRefused):
        judge(again, compared.for_changed({}))
    safe_coarser(catalog, again, None, ["stroom", "tabel"], compared, judge)
    assert any("upward" in it["tabel"].parameters for it in tried if "tabel" in it) is not beside
    if beside:
        assert not any(told["quarter"]) and [near] in told["year"]
        assert sorted(set(asked)) == ["quarter", "year"]
