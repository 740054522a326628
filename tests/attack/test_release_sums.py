"""Sums and means through gate 3: few cells hidden, attacked from their files, and no error beside a hidden mean."""

import json
from types import SimpleNamespace

import chain_story
import disclosure_world as world
import ibis
import pandas as pd
import pytest
from plain_project import plain_project

import das_research as das
from das_research.catalog.models import Disclosure
from das_research.disclosure.attacker.amounts import attack_amounts
from das_research.disclosure.beside import Beside
from das_research.disclosure.own_tables import without_query
from das_research.disclosure.side_by_side import SideBySide
from das_research.disclosure.together.earlier import told_before
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
    beside = Beside(SideBySide(CATALOG, (), "verhaal", "run", "snap", {"own": made}, None))
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


@pytest.fixture(scope="module")
def unequal():
    """Of R1 the men's sum is one man's by 51 %, and the women's too small to stand for it: its total has to go as well.

    By klas nobody has more than half of anything. In R2 and k1 `ander` differs from `bedrag` by one person alone.
    """
    men = [("R1", "m", "k1", it) for it in (5100, *(258 + it for it in range(-9, 10) if it), 256)]
    women = [("R1", "v", "k1", 140), ("R1", "v", "k1", 60), *(("R1", "v", "k2", 10 + it) for it in range(-5, 6) if it)]
    rows = [(*it, it[3]) for it in (*men, *women)]
    for soort in ("R2", "R3"):
        for at in range(80):
            klas, amount = "k1" if at % 4 < 2 else "k2", 100 + at % 7
            rows.append((soort, "mv"[at % 2], klas, amount, amount + 1000 * ((soort, klas) != ("R2", "k1") or at == 0)))
    names = dict.fromkeys(("case_id", "person_id", "soort", "geslacht", "klas"), "string")
    engine = ibis.duckdb.connect(threads=1)
    project = plain_project(engine)
    engine.create_table("ongelijk", schema=names | {"bedrag": "int64", "ander": "int64"})
    engine.insert("ongelijk", [(f"z{at:03}", f"p{at:03}", *row) for at, row in enumerate(rows)])
    yield SimpleNamespace(project=project, table=engine.table("ongelijk"))
    engine.disconnect()


def test_a_table_that_goes_by_whole_breakdowns_does_not_show_what_another_hides(unequal):
    som, ander = ("sum", "bedrag"), ("sum", "ander")
    made = {
        "a": das.tabulate(unequal.table, by=["soort", "geslacht"], measures={"som": som}),
        "b": das.tabulate(unequal.table, by=["soort", "klas"], measures={"som": som, "anders": ander}),
    }
    assert made["b"].dominance.apart and not made["a"].dominance.apart
    alone = Beside(SideBySide(unequal.project.catalog, (), "proef", "run", "snap", {"a": made["a"]}, None))
    by_itself = world.shown(alone.protect("a", made["a"])[0])
    assert not ((by_itself.soort == "R1") & (by_itself.geslacht == "_T")).any()  # 10,300 - 5,100 - 4,900 - 140 = 160
    beside = Beside(SideBySide(unequal.project.catalog, (), "proef", "run", "snap", made, None))
    released = {name: beside.protect(name, it)[0] for name, it in made.items()}
    assert all(len(world.shown(it)) for it in released.values())
    assert look_back(unequal.project.catalog, "proef", made, released, [], []).told["sums"]
    apart = released | {"a": alone.protect("a", made["a"])[0]}  # each as if the other did not leave
    with pytest.raises(ReleaseRefused, match="sums or means could be worked back") as refusal:
        look_back(unequal.project.catalog, "proef", made, apart, [], [])
    assert "'a'" in refusal.value.why and not any(it in refusal.value.why for it in ("10300", "5100"))


def test_own_sums_that_left_with_nothing_hidden_are_computed_again(unequal):
    """Else nobody knows what those who gave most to them know, and their totals are not attacked with."""
    made = das.tabulate(unequal.table, by=["klas"], measures={"som": ("sum", "bedrag")})
    counts = das.tabulate(unequal.table, by=["klas"], measures={"zaken": "count"})
    left = {"som": made, "zaken": counts}
    left = {name: without_query(it.with_table(it.table.assign(disclosure="shown"))) for name, it in left.items()}
    release = SimpleNamespace(id="rel-1", project="proef", results=left, decisions={})

    def nothing(result):
        return pd.Series(False, index=result.table.index)

    told, unknown = told_before([release], "proef", lambda _: {"rel-1/som": made, "rel-1/zaken": counts}, nothing)
    assert told["rel-1/som"].result.dominance == made.dominance and not unknown
    for again in (None, lambda _: {"rel-1/som": None}):
        assert told_before([release], "proef", again, nothing)[1] == ["rel-1/som"]


def a_table(codes, cells, hidden=(), dimension="soort", **dominance):
    """The files of sums by place: (code, period) to sum and persons; as they leave, and as they were computed."""
    columns = ["measure", dimension, "period", "value", "denominator", "n", "unit", "kind", "disclosure"]
    rows = [
        ["som", *place, value, None, n, "number", "zero" if value == 0 else "number", "shown"]
        for place, (value, n) in zip(codes, cells, strict=True)
    ]
    shown = [[*row[:3], None, None, None, *row[6:8], "hidden"] if tuple(row[1:3]) in hidden else row for row in rows]
    recipe = {"function": "das_research.tabulate", "parameters": {"query": "q", "measures": {"som": ["sum", "x"]}}}
    whole = {"recipe": recipe, "dimensions": [dimension], "columns": columns}
    whole |= {"dominance": {"needs": [], "known": [], "apart": []} | dominance}
    return json.dumps(whole | {"rows": shown}), json.dumps(whole | {"rows": rows})


def test_a_hidden_sum_of_few_persons_that_gave_nothing_is_attacked():
    """100 + 0 + 50 = 150: the two of b gave nothing."""
    places = [("a", "_T"), ("b", "_T"), ("c", "_T"), ("_T", "_T")]
    cells = [(100, 20), (0, 2), (50, 15), (150, 37)]
    known = [["som", "c", "_T", 40]]  # of c: 50 - 20 = 30 may be of b as well
    assert attack_amounts([a_table(places, cells, {("b", "_T")})], 10).leaks == 1
    assert attack_amounts([a_table(places, cells, {("b", "_T"), ("c", "_T")}, known=known)], 10).leaks == 0


def test_a_sum_that_stays_behind_with_its_breakdown_is_asked_for_all_that_its_rule_asks():
    """One gave 80 of the 90 of a: at half of all a must be able to be 160, and the total says that it is not 101."""
    places = [("a", "_T"), ("b", "_T"), ("_T", "_T")]
    hidden, needs = {("a", "_T"), ("b", "_T")}, [["som", "a", "_T", 78]]
    for other, leaks in ((10, 1), (69, 1), (70, 0)):
        cells = [(90, 20), (other, 12), (90 + other, 32)]
        report = attack_amounts([a_table(places, cells, hidden, needs=needs)], 10)
        assert (report.asked, report.leaks, report.by_breakdown) == (1, leaks, 1)


@pytest.mark.parametrize("other", [0.5, 0])
def test_a_sum_of_few_that_is_nearly_all_of_a_shown_one_is_told_no_closer_than_that(other):
    """The 100 of a may be all of the total, which is safe without it; who knows b as well knows a from both sides."""
    places, hidden = [("a", "_T"), ("b", "_T"), ("_T", "_T")], {("a", "_T"), ("b", "_T")}
    table = a_table(places, [(100, 4), (other, 12), (100 + other, 16)], hidden)
    assert (attack_amounts([table], 10).asked, attack_amounts([table], 10).leaks) == (1, 0)
    beside = a_table([("b", "_T")], [(other, 12)])
    assert attack_amounts([table, beside], 10).leaks == 1


def test_who_sees_only_a_part_of_a_safe_breakdown_is_told_no_more_than_who_sees_it_whole():
    """One gave 80 of the 90 of a in 2022, so that it must be able to be 160: a is 160, and with b 240.

    Of those 240 who gave most to the other three cells of a and b know 35 + 32 + 32: that leaves 141. It is asked where
    a sum of the breakdown is unsafe, since nobody then has judged it whole.
    """
    sums = {("a", "2022"): 90, ("a", "2023"): 70, ("b", "2022"): 40, ("b", "2023"): 40, ("c", "2022"): 300}
    sums |= {("c", "2023"): 300, ("a", "_T"): 160, ("b", "_T"): 80, ("c", "_T"): 600, ("_T", "_T"): 840}
    cells = [(value, 20) for value in sums.values()]
    known = [["som", "a", "2022", 89], ["som", "a", "2023", 50], ["som", "b", "2022", 80], ["som", "b", "2023", 80]]
    known += [["som", "c", year, 10] for year in ("2022", "2023")]
    known += [["som", "a", "_T", 50], ["som", "b", "_T", 40]]
    needs = [["som", "a", "2022", 78], ["som", "b", "2022", 60], ["som", "b", "2023", 60]]
    years, part = {it for it in sums if it[1] != "_T"}, {("a", "_T"), ("b", "_T")}
    for hidden in (years, years | part):
        report = attack_amounts([a_table(sums, cells, hidden, known=known, needs=needs)], 10)
        assert (report.asked, report.leaks, report.by_breakdown) == (3, 0, 3)
    unsafe = [*needs, ["som", "b", "_T", 10]]
    report = attack_amounts([a_table(sums, cells, years | part, known=known, needs=unsafe)], 10)
    assert (report.asked, report.leaks, report.by_breakdown) == (4, 1, 0)


def test_quarters_of_one_query_lie_in_its_years():
    """The first quarter is hidden of a, and 1,000 - 300 - 200 - 100 = 400."""
    years = a_table([("a", "2023"), ("a", "2024")], [(1000, 40), (800, 40)])
    quarters = [("a", f"2023-Q{it}") for it in (1, 2, 3, 4)]
    cells = [(400, 4), (300, 12), (200, 12), (100, 12)]
    assert attack_amounts([years, a_table(quarters, cells, {quarters[0]})], 10).leaks == 1
    known = [["som", *quarters[1], 40]]
    assert attack_amounts([years, a_table(quarters, cells, set(quarters[:2]), known=known)], 10).leaks == 0


def test_a_period_that_covers_others_of_its_table_is_named_and_not_judged():
    """100 + 200 = 300 in both years, and the total of 600 counts everybody twice."""
    places = [("_T", it) for it in ("2019", "2020", "2019/2020", "_T")]
    with pytest.raises(ReleaseRefused, match="could not be judged") as refusal:
        attack_amounts([a_table(places, [(100, 20), (200, 20), (300, 40), (600, 40)])], 10)
    assert "Leave out the period that covers others" in refusal.value.fix
