"""Rows made by a query: as many of one person as an amount of theirs is high, or as bits are set; and codes of all.

A count of them is a sum by another name, and of many persons all the same.
"""

import disclosure_world as world
import ibis
import pytest
from unions_world import of_sizes, project, release, shown_of

import das_research as das
from das_research.disclosure.check_words import say_check
from das_research.disclosure.filled import with_rows_that_left
from das_research.errors import ReleaseRefused, UsageError
from das_research.home import Home

SECRET, TARGET = 9841, 7


@pytest.fixture(scope="module")
def story():
    return project(of_sizes({"a": 120, "b": 120}))


@pytest.fixture(scope="module")
def cases(story):
    """Everybody has an amount of 50 to 56, and one of them the secret."""
    number = story.tables.cases.person_id.substr(1, 4).cast("int64")
    amount = ibis.cases((number == TARGET, SECRET), else_=50 + number % 7)
    return story.tables.cases.mutate(number=number, bedrag=amount, even=number % 2 == 0)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def asked(made):
    return {it["name"]: it for it in made.decisions["eigen"]["checks"] if it["verdict"] == "not checked"}


def times(table, many):
    return table.mutate(keer=ibis.range(many).unnest())


def test_a_count_in_which_one_has_most_rows_is_hidden_and_for_people(home, story, cases):
    """9,841 + 119 times 50 to 56 is 16,148: who knows the others' amounts knows the secret."""
    many = das.tabulate(times(cases, cases.bedrag), by=["soort"], project=story)
    true = dict(zip(many.table.soort, many.table.value, strict=True))
    made = release(home, story, eigen=many)
    shown = shown_of(made.results["eigen"])
    assert true["a"] > SECRET and not {"a", "b"} & shown.keys()
    assert asked(made)["rows of one"]["given"] == {"cells": 1}
    assert "In 1 cells too many of the rows" in say_check(asked(made)["rows of one"], "en")


@pytest.mark.parametrize("measure", [("share", "even"), ("mean", "number")])
def test_so_is_what_stands_under_a_share_or_a_mean(home, story, cases, measure):
    of_a = times(cases, cases.bedrag).filter(lambda it: it.soort == "a")
    with pytest.raises(ReleaseRefused, match="Nothing of it is left"):
        release(home, story, eigen=das.tabulate(of_a, measures={"m": measure}, project=story))


def test_amounts_of_many_written_in_the_bits_of_one_count_do_not_leave(home, story, cases):
    """Who is even of twenty persons is a number of twenty bits, and the largest bit is half of it."""
    twenty = cases.filter(cases.number < 20)
    bits = twenty.even.ifelse((ibis.literal(2) ** twenty.number).cast("int64"), 1)
    with pytest.raises(ReleaseRefused, match="Nothing of it is left"):
        release(home, story, eigen=das.tabulate(times(twenty, bits), project=story))


def test_rows_that_many_have_equally_often_are_no_matter(home, story, cases):
    made = release(home, story, eigen=das.tabulate(times(cases, 3 + cases.number % 2), by=["soort"], project=story))
    assert shown_of(made.results["eigen"]) == {"a": 420, "b": 420, "_T": 840} and "rows of one" not in asked(made)


CODES = {
    "the largest of all": lambda it: it.bedrag.max().over(),
    "that of one": lambda it: it.filter(it.number == TARGET).bedrag.max().as_scalar(),
    "that of who comes before": lambda it: it.bedrag.lag().over(order_by=it.bedrag),
}


@pytest.mark.parametrize("way", CODES)
def test_a_code_made_of_the_rows_of_others_is_for_people(home, story, cases, way):
    """9841 is the code of 240 persons then, and no number that a rule looks at."""
    table = cases.mutate(code=CODES[way](cases).cast("string"))
    assert "other rows" in asked(release(home, story, eigen=das.tabulate(table, by=["code"], project=story)))


def test_a_code_that_holds_everybody_is_none(story, cases):
    """All amounts of all persons, one after the other, are a text that 240 persons share."""
    table = cases.mutate(code=cases.bedrag.cast("string").group_concat(" ").over())
    with pytest.raises(UsageError, match="more than 100 signs") as refusal:
        das.tabulate(table, by=["code"], project=story)
    assert str(SECRET) not in str(refusal.value)


def test_a_code_made_of_ones_own_rows_is_not(home, story):
    cases = story.tables.cases
    largest = cases.group_by("person_id").agg(laatste=cases.soort.max(), zaken=cases.count())
    made = release(home, story, eigen=das.tabulate(largest, by=["laatste"], project=story))
    assert not {"other rows", "keys"} & asked(made).keys()


@pytest.mark.parametrize(
    ("choose", "told"),
    [
        (lambda it: it.filter(it.person_id != "p0007"), True),
        (lambda it: it.filter(it.person_id.notnull()).semi_join(it.filter(it.soort == "a"), "person_id"), False),
    ],
)
def test_a_choice_by_the_key_of_one_is_for_people(home, story, choose, told):
    own = das.tabulate(choose(story.tables.cases), project=story)
    assert ("keys" in asked(release(home, story, eigen=own))) == told


@pytest.mark.parametrize(("measure", "told"), [("count", False), ("cases", True), ("persons", True)])
def test_persons_are_not_told_beside_rows_that_they_have_more_of(home, story, cases, measure, told):
    """Rows of one code, and the persons of another, less all persons, can come to a number of few."""
    own = das.tabulate(times(cases, 1 + cases.number % 2), by=["soort"], measures={"m": measure}, project=story)
    released = release(home, story, eigen=own).results["eigen"].table
    assert (released.disclosure == "shown").all() and own.table.n.notna().all()
    assert released.n.notna().all() == told == released.n.notna().any()


def test_a_cell_that_can_not_occur_is_not_read_as_of_somebody():
    """Its code left with the rows that were hidden: as one or more it would contradict the total."""
    rows = [world.share("deel", 60, 100, soort="a"), world.impossible("deel", soort="b"), world.share("deel", 60, 100)]
    full = world.result(rows, ("soort",))
    left = full.with_table(full.table[full.table.soort != "b"])
    assert len(with_rows_that_left(left, full, {"soort": {"a", "b", "_T"}}).table) == 2
