"""The catalogue's words stand only beside what the catalogue means: a column that a query made has codes of its own."""

import ibis
import models_world
import pytest
from plain_project import plain_project

from das_research import chain
from das_research.tabulation import tabulate

SEX = {"man": "Man", "vrouw": "Vrouw"}


@pytest.fixture
def table():
    engine = ibis.duckdb.connect(threads=1)
    rows = [("c1", "p1", "man", "PE1"), ("c2", "p2", "vrouw", "man"), ("c3", "p3", "x", "vrouw")]
    engine.con.execute("create table t (case_id text, person_id text, geslacht text, eenheid text)")
    engine.con.executemany("insert into t values (?, ?, ?, ?)", rows)
    plain_project(engine)
    yield engine.table("t")
    engine.disconnect()


def words(table, column="geslacht"):
    made = tabulate(table, by=[column])
    return made.labels["dimension"][column]["nl"], {code: it["nl"] for code, it in made.labels[column].items()}


def test_a_column_of_the_extract_has_the_words_of_the_catalogue(table):
    for kept in (table, table.filter(table.case_id != "c9"), table.mutate(geslacht=table.geslacht.cast("string"))):
        title, labels = words(kept)
        assert title == "Geslacht" and labels.items() >= SEX.items()


def test_a_code_that_the_catalogue_does_not_know_says_so(table):
    assert words(table)[1]["x"] == "x (geen code van de catalogus)"
    assert tabulate(table, by=["geslacht"]).labels["geslacht"]["x"]["en"] == "x (no code of the catalogue)"


def empty(table):
    """The table with a fourth row, of which the sex is not known."""
    engine = table.get_backend()
    engine.con.execute("insert into t values ('c4', 'p4', null, null)")
    return engine.table("t")


def test_a_column_that_was_filled_where_it_is_empty_keeps_the_words_of_the_catalogue(table):
    table = empty(table)
    for text, told in (("onbekend", "onbekend"), ("leeg", "leeg (geen code van de catalogus)")):
        title, labels = words(table.mutate(geslacht=table.geslacht.fill_null(text)))
        assert title == "Geslacht" and labels.items() >= {**SEX, text: told}.items()


def test_filled_with_a_code_of_the_catalogue_it_has_codes_of_its_own(table):
    """Who is not known would stand among the men by the catalogue's word."""
    table = empty(table)
    assert words(table.mutate(geslacht=table.geslacht.fill_null("man")))[0] == "geslacht (eigen indeling)"


MADE = {
    "another column by its name": lambda t: t.drop("geslacht").rename(geslacht="eenheid"),
    "codes turned round": lambda t: t.mutate(
        geslacht=ibis.cases((t.geslacht == "man", "vrouw"), (t.geslacht == "vrouw", "man"), else_=t.geslacht)
    ),
    "of a largest of others": lambda t: t.mutate(geslacht=ibis.greatest(t.geslacht, t.eenheid)),
}


@pytest.mark.parametrize("way", MADE)
def test_a_column_that_a_query_made_is_not_what_the_catalogue_calls_so(table, way):
    title, labels = words(MADE[way](table))
    assert title == "geslacht (eigen indeling)"
    assert all(text == code for code, text in labels.items() if code != "_T")


def test_a_name_that_the_catalogue_does_not_have_is_shown_as_it_is(table):
    assert words(table.mutate(soort=table.eenheid), "soort") == (
        "soort", {"PE1": "PE1", "man": "man", "vrouw": "vrouw", "_T": "totaal"},
    )  # fmt: skip


def people():
    """Four hundred people, of whom the groups have the codes of sexes, and the rest are no such codes."""
    rows = models_world.people().assign(geslacht=lambda it: it.groep.map({"a": "man", "b": "vrouw", "c": "x"}))
    return models_world.project("mensen", rows).engine.table("mensen")


def test_nor_is_it_in_a_model():
    """Men called women by the catalogue's own words would be a finding that gate 3 writes down itself."""
    turned = ibis.cases((ibis._.geslacht == "man", "vrouw"), (ibis._.geslacht == "vrouw", "man"), else_="x")
    for table, title, word in (
        (people(), "Geslacht", "Vrouw"),
        (people().mutate(geslacht=turned), "geslacht (eigen indeling)", "vrouw"),
    ):
        made = chain.logistic(table, "terug", ["geslacht"])
        assert made.labels["term"]["geslacht"]["nl"] == title and title.lower() in made.title["nl"]
        assert made.labels["level"]["vrouw"]["nl"] == word


def test_a_code_that_means_two_things_in_a_model_has_the_words_of_neither():
    both = people().mutate(soort=(ibis._.leeftijd > 40).ifelse("man", "vrouw"))
    made = chain.logistic(both, "terug", ["geslacht", "soort"])
    assert {made.labels["level"][code]["nl"] for code in SEX} == set(SEX)
