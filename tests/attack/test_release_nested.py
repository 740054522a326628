"""Two key figures of which one is a part of the other: the few between them do not leave, now or an edition later."""

from itertools import product

import disclosure_world as world
import ibis
import pandas as pd
import pytest
from disclosure_world import shown

from das_research.catalog.models import Condition, Figure, Text
from das_research.conditions import condition_to_expression
from das_research.disclosure.gate import check_release
from das_research.disclosure.nested import FUNCTION, too_near_a_figure
from das_research.disclosure.populations import Population, implies
from das_research.handover import Handover, write_handover
from das_research.home import Home

KNOWN = {"column": "uitspraak", "operator": "known"}
CONVICTED = {"column": "uitspraak", "operator": "in", "values": ["schuldig"]}


def figure(id, *lines, per=None, what="rows", **more):
    counting = {"table": "uitspraken", "moment": "dag", "what": what}
    both = {"per": counting | {"where": per}, "scale": 100} if per is not None else {}
    text = Text(nl=id, en=id)
    return Figure(
        id=id, title=text, source="eigen", version="1", definition=text, unit=text,
        count=counting | {"where": list(lines)} | more, **both,
    )  # fmt: skip


FIGURES = {
    it.id: it
    for it in (
        figure("alle", KNOWN),
        figure("veroordeeld", KNOWN, CONVICTED),
        figure("personen", KNOWN, CONVICTED, what="persons"),
        figure("anders", {"column": "kamer", "operator": "known"}),
        figure("deel", KNOWN, CONVICTED, per=[KNOWN]),
        figure("gewogen", KNOWN, CONVICTED, weight="gewicht"),
    )
}
CATALOG = world.catalog(figures=world.catalog().figures | FIGURES)


def counted(id, total, **codes):
    """A count of 2024, broken down by court."""
    rows = [world.count("number", cases, kamer=code, period="2024") for code, cases in codes.items()]
    rows.append(world.count("number", total, period="2024"))
    made = world.result(rows, ("kamer",), FUNCTION, synthetic=True, figure=id)
    return made.__class__(**{**made.__dict__, "definition": id})


def places(new, *others):
    return {place[1:] for place in too_near_a_figure(CATALOG, new, others, 10)}


def test_the_few_who_were_not_convicted_are_not_told_by_two_counts():
    all_, convicted = counted("alle", 500, mk=100, pr=400), counted("veroordeeld", 350, mk=97, pr=253)
    assert places(convicted, all_) == places(all_, convicted) == {("mk", "2024")}  # 100 - 97 = 3


def test_nor_by_a_share_of_which_the_numbers_are_told():
    all_ = counted("alle", 500)
    rows = [world.share("share", 350, 496, period="2024")]
    share = world.result(rows, (), FUNCTION, figure="deel")
    share = share.__class__(**{**share.__dict__, "definition": "deel"})
    assert places(share, all_) == set()  # 500 and 496 are the same population: no part of one another
    part = counted("veroordeeld", 493)
    assert places(part, share) == {("_T", "2024")}  # 496 - 493 = 3


@pytest.mark.parametrize("other", ["personen", "anders", "gewogen"])
def test_what_is_no_part_of_it_is_not_compared(other):
    assert places(counted(other, 497), counted("alle", 500)) == set()


def test_a_hidden_number_tells_nothing_and_another_year_is_another_cell():
    all_, convicted = counted("alle", 500), counted("veroordeeld", 497)
    assert places(convicted, all_.with_table(all_.table.assign(value=float("nan")))) == set()
    assert places(convicted, all_.with_table(all_.table.assign(period="2023"))) == set()


def checked(home, number, **results):
    handover = Handover(
        "keten", {}, "verhaal", "ext-000000000000", "snap-000000000000", True, "auteur", results=results
    )
    run = home.project("verhaal") / "runs" / f"keten-{number:012d}"
    write_handover(run, handover)
    again = {result.recipe.parameters["figure"]: result for result in results.values()}
    return check_release(CATALOG, home, run, lambda _, recipe: again[recipe.parameters["figure"]], "brenger")


def test_together_and_an_edition_later_the_part_goes_and_the_whole_stays(tmp_path):
    all_, convicted = counted("alle", 500, mk=100, pr=400), counted("veroordeeld", 350, mk=97, pr=253)
    both = checked(Home(tmp_path / "one"), 1, a=all_, b=convicted)
    assert len(shown(both.results["a"])) == 3 and set(shown(both.results["b"]).kamer) == {"_T"}
    home = Home(tmp_path / "two")
    checked(home, 1, a=all_)
    later = checked(home, 2, b=convicted)
    assert set(shown(later.results["b"]).kamer) == {"_T"}
    assert "near another table" in {it["name"] for it in later.decisions["b"]["checks"]}


LINES = [
    ("x", operator, values)
    for operator in ("is", "is_not", "in", "not_in")
    for values in (("a",), ("b",), ("a", "b"))
    if len(values) == 1 or operator in ("in", "not_in")
] + [("x", "known", ()), ("x", "unknown", ()), ("y", "known", ())]


def test_a_line_implies_another_only_where_every_row_says_so():
    """Against the rows themselves: every code that can stand in the column, and none."""
    rows = ibis.memtable(pd.DataFrame({"x": ["a", "b", "c", None], "y": ["a", None, "b", None]}))
    holds = {}
    for line in LINES:
        column, operator, values = line
        expression = condition_to_expression(rows, (Condition(column=column, operator=operator, values=values),))
        holds[line] = rows.select(held=expression).to_pandas().held.fillna(False).astype(bool)
    for one, other in product(LINES, LINES):
        if implies(one, other):
            assert not (holds[one] & ~holds[other]).any(), (one, other)
    assert sum(implies(one, other) for one, other in product(LINES, LINES)) > len(LINES)


def test_a_population_is_no_part_of_itself():
    one = Population(("t",), frozenset({("x", "known", ())}))
    assert not one.is_part_of(one)
    assert Population(("t",), frozenset({("x", "in", ("a",))})).is_part_of(one)
    assert not Population(("u",), frozenset({("x", "in", ("a",))})).is_part_of(one)
