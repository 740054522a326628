"""Sums and means through gate 3: few cells hidden, attacked from their files, and no error beside a hidden mean."""

import chain_story
import disclosure_world as world
import ibis
import pandas as pd
import pytest

import das_research as das
from das_research.catalog.models import Disclosure
from das_research.disclosure.beside import Beside
from das_research.disclosure.worked_back import look_back
from das_research.errors import ReleaseRefused

CATALOG = world.catalog(disclosure=Disclosure(dominance=50))
SECRET, TARGET = 2_000, "p007"


@pytest.fixture(scope="module")
def project():
    cases = [(f"z{number:03}", f"p{number:03}", "wv" if number % 2 else "gw") for number in range(400)]
    made = chain_story.project(cases=cases, events=[("z001", "aangifte", None, "2020-01-01")])
    made.catalog = CATALOG
    return made


@pytest.fixture(scope="module")
def rich(project):
    """Of twenty in each of twenty cells one has most of the sum of its own."""
    cases = project.tables.cases
    number = cases.person_id.substr(1, 3).cast("int64")
    return cases.mutate(
        groep=(number % 5).cast("string"),
        wijk=(number // 5 % 4).cast("string"),
        bedrag=ibis.cases((cases.person_id == TARGET, SECRET), else_=50 + number % 7),
    )


def judged(project, table, **asked):
    made = das.tabulate(table, by=["groep", "wijk"], project=project, **asked)
    beside = Beside(CATALOG, (), "verhaal", "run", "snap", {"own": made}, None)
    return made, beside, *beside.protect("own", made)


@pytest.mark.parametrize("kinds", [("sum",), ("mean",), ("sum", "mean")])
def test_one_sum_of_one_person_hides_few_others_and_nobody_works_it_back(project, rich, kinds):
    measures = {kind: (kind, "bedrag") for kind in kinds} | {"zaken": "count"}
    made, beside, released, decision = judged(project, rich, measures=measures)
    assert decision.status == "passed" and {it.name for it in decision.checks} >= {"cell by cell", "concentration"}
    hidden = set(made.table.measure) - {"zaken"}
    rows = made.table.merge(world.shown(released)[["measure", "groep", "wijk"]], how="left", indicator=True)
    gone = rows[rows._merge == "left_only"]
    assert set(gone.measure) == hidden and 4 <= len(gone) / len(kinds) <= 8  # of 30 a measure
    assert str(SECRET) not in released.to_csv()
    assert {it["of"] for it in beside.hidden} == {"sums"}
    look = look_back(CATALOG, "verhaal", {"own": made}, {"own": released}, [], [])
    assert not look.leaks and look.told["sums"] >= 1 and "contributors" in look.told["knowledge"]


def test_a_sum_that_is_shown_again_is_found_by_the_attacker(project, rich):
    """Of four that keep one another, one is put back: the others follow by subtraction."""
    made, _, released, _ = judged(project, rich, measures={"som": ("sum", "bedrag")})
    true = made.table.set_index(["groep", "wijk"]).value
    both = made.table.merge(world.shown(released)[["groep", "wijk"]], how="left", indicator=True)
    rest = both[(both._merge == "left_only") & ~((both.groep == "2") & (both.wijk == "1"))]
    back = made.table.merge(rest[["groep", "wijk"]])  # every cell but that of the secret
    table = released.table[released.table.disclosure == "shown"]
    forged = released.with_table(pd.concat([table, back.assign(disclosure="shown")[table.columns]], ignore_index=True))
    assert true["2", "1"] > SECRET
    with pytest.raises(ReleaseRefused, match="sums or means could be worked back"):
        look_back(CATALOG, "verhaal", {"own": made}, {"own": forged}, [], [])


def test_errors_of_means_go_where_they_would_tell_of_one(project, rich):
    """All means and the numbers under them with their errors give the sum of squares of the one that is hidden."""
    _, _, released, _ = judged(project, rich, measures={"gemiddeld": ("mean", "bedrag")})
    assert released.table.se.isna().all() and len(world.shown(released))
    even = rich.mutate(bedrag=ibis.cases((rich.person_id == TARGET, 60), else_=rich.bedrag))
    made, _, released, _ = judged(project, even, measures={"gemiddeld": ("mean", "bedrag")})
    assert world.shown(released).se.notna().all() and len(world.shown(released)) == len(made.table)


def test_an_error_goes_where_one_has_most_of_the_squares_though_not_of_the_sum(project, rich):
    """400 of 1,400 with nineteen times 50 or so: no half of the sum, and nearly all of the sum of squares."""
    table = rich.mutate(bedrag=ibis.cases((rich.person_id == TARGET, 400), else_=rich.bedrag))
    made, _, released, _ = judged(project, table, measures={"gemiddeld": ("mean", "bedrag")})
    assert not made.dominance.needs and made.dominance.spread == {"gemiddeld"}
    assert len(world.shown(released)) == len(made.table) and released.table.se.isna().all()
