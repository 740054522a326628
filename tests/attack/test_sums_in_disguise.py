"""Attack: a share as a sum or a mean. What few have, or all but few, is told by any number made of two values."""

import ibis
import pytest
from plain_project import plain_project

from das_research.disclosure.rules import unsafe_rows
from das_research.tabulation import tabulate

MINIMUM = 10
LACKING = 3


@pytest.fixture
def cases():
    """Of kind a 40 cases, of which three lack something; of kind b 40, and half of them have it; of kind c all do."""
    engine = ibis.duckdb.connect(threads=1)
    engine.con.execute("create table cases (case_id text, person_id text, soort text, heeft bigint)")
    kinds = {"a": range(LACKING, 40), "b": range(20), "c": range(40)}
    rows = [(f"{kind}{n}", f"p{kind}{n}", kind, int(n in has)) for kind, has in kinds.items() for n in range(40)]
    engine.con.executemany("insert into cases values (?, ?, ?, ?)", rows)
    plain_project(engine)
    yield engine.table("cases")
    engine.disconnect()


DISGUISES = {
    "noughts and ones": lambda it: it.heeft,
    "ones and twos": lambda it: it.heeft + 1,
    "hundreds": lambda it: it.heeft * 100,
    "the other way round": lambda it: 1 - it.heeft,
    "with a fraction": lambda it: it.heeft * 0.25 + 0.5,
    "of truth": lambda it: (it.heeft == 1).cast("int32"),
}


@pytest.mark.parametrize("kind", ["sum", "mean"])
@pytest.mark.parametrize("way", DISGUISES, ids=list(DISGUISES))
def test_what_all_but_few_have_is_hidden_as_a_share_is(cases, way, kind):
    result = tabulate(cases.mutate(x=DISGUISES[way](cases)), by=["soort"], measures={"x": (kind, "x")})
    rows = result.table.assign(unsafe=unsafe_rows(result, MINIMUM)).set_index("soort").unsafe
    assert rows.to_dict() == {"a": True, "b": False, "c": True, "_T": False}


def test_a_mean_of_what_everybody_has_alike_is_hidden(cases):
    result = tabulate(cases.mutate(dagen=ibis.literal(14)), by=["soort"], measures={"dagen": ("mean", "dagen")})
    assert unsafe_rows(result, MINIMUM).all()


def test_several_rows_of_few_persons_are_few(cases):
    """Of b twenty cases are without it; here they are all of two persons."""
    of_two = cases.filter(cases.soort == "b", cases.heeft == 1).union(
        *[cases.filter(cases.case_id.isin(["b38", "b39"])) for _ in range(10)]
    )
    assert of_two.count().execute() == 40
    result = tabulate(of_two, measures={"x": ("mean", "heeft")})
    assert unsafe_rows(result, MINIMUM).all()


def test_amounts_of_which_one_is_common_are_shown(cases):
    amounts = cases.mutate(bedrag=(cases.case_id.substr(1).cast("int64") % 3) * 50 + 100)
    result = tabulate(amounts, by=["soort"], measures={"bedrag": ("sum", "bedrag")})
    assert not unsafe_rows(result, MINIMUM).any()
