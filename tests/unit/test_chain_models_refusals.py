"""What can't be fitted is said in words: names of columns, what to do, and never a value."""

import models_world as world
import numpy as np
import pandas as pd
import pytest
from models_world import column

from das_research import chain
from das_research.chain.models import run_cox, run_logistic
from das_research.errors import UsageError

SECRET = "geheim-geval"


def fitted(rows, *terms, kind="logistic", **given):
    project = world.project("rijen", rows)
    table = project.engine.table("rijen")
    if kind == "cox":
        return chain.cox(table, "dagen", "opnieuw", terms, **given)
    return chain.logistic(table, "terug", terms, **given)


def people(**columns):
    return world.people(200).assign(**columns)


REFUSED = {
    "no terms": ((people(),), {}, "no terms"),
    "a column that is not there": ((people(), "beroep"), {}, "no column beroep"),
    "a person as term": ((people(), "person_id"), {}, "can't be a term"),
    "a date": ((people(dag=pd.Timestamp("2020-01-01")), "dag"), {}, "neither classes nor numbers"),
    "a name that can't be printed": ((people(**{"Groep 1": "a"}), "Groep 1"), {}, "no name for a term"),
    "a reference of a number": ((people(), "leeftijd"), {"reference": {"leeftijd": "18"}}, "no term with classes"),
    "a reference that does not occur": ((people(), "groep"), {"reference": {"groep": "z"}}, "does not occur"),
    "errors of another kind": ((people(), "groep"), {"errors": "exact"}, "model, robust, clustered"),
    "an outcome of numbers": ((people(terug=1), "groep"), {}, "must hold true and false"),
    "an empty table": ((people()[:0], "groep"), {}, "nothing to fit"),
    "nothing complete": ((people(leeftijd=np.nan), "leeftijd"), {}, "nothing to fit"),
    "one group only": ((people(groep="a"), "groep"), {}, "same value in every complete row"),
    "nobody has it": ((people(terug=False), "groep"), {}, "never happens"),
    "everybody has it": ((people(terug=True), "groep"), {}, "happens in every row"),
    "all censored": ((people(opnieuw=False), "groep"), {"kind": "cox"}, "never happens"),
    "a duration below zero": ((people(dagen=-1.0), "groep"), {"kind": "cox"}, "below zero"),
    "an entry below zero": ((people(begin=-1.0), "groep"), {"kind": "cox", "entry": "begin"}, "below zero"),
    "an entry when it is over": (
        (people(begin=people().dagen), "groep"), {"kind": "cox", "entry": "begin"}, "begin is not before dagen",
    ),
    "an entry of texts": ((people(begin="ooit"), "groep"), {"kind": "cox", "entry": "begin"}, "must hold numbers"),
    "a duration that is a text": ((people(dagen="veel"), "groep"), {"kind": "cox"}, "must hold numbers"),
    "an infinite number": ((people(leeftijd=np.inf), "leeftijd"), {}, "no finite number"),
    "twice the same": ((people(ook=people().leeftijd * 2 + 1), "leeftijd", "ook"), {}, "collinear"),
    "levels that give one another": ((people(ook=people().groep.str.upper()), "groep", "ook"), {}, "collinear"),
    "collinear for cox": ((people(ook=-people().leeftijd), "leeftijd", "ook"), {"kind": "cox"}, "collinear"),
    "a level all of whom have it": (
        (people(groep=np.where(people().terug & people().man, SECRET, "rest")), "groep"), {}, "separated by groep",
    ),
    "a number that separates": ((people(score=people().terug * 5.0), "score"), {}, "separated by score"),
    "two terms that separate together": (
        (people(a=people().terug * 1.0 + people().leeftijd, b=people().leeftijd), "a", "b"), {}, "separated by (a|b)",
    ),
    "a level without events for cox": (
        (people(groep=np.where(people().opnieuw, "wel", SECRET)), "groep"), {"kind": "cox"}, "separated by groep",
    ),
    "a number that orders all events": (
        (people(score=-people().dagen), "score"), {"kind": "cox"}, "separated by score",
    ),
    "a level a person": ((people(naam=[f"{SECRET}{i}" for i in range(200)]), "naam"), {}, "more than 50 levels"),
    "more coefficients than persons": (
        (people()[:3].assign(terug=[True, False, True]), "leeftijd", "dagen"), {}, "only 3 persons",
    ),
    "several rows a person": ((people(person_id=["p"] * 100 + ["q"] * 100), "groep"), {}, "several rows"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_refused_in_words_without_a_value(what):
    (rows, *terms), given, words = REFUSED[what]
    with pytest.raises(UsageError, match=words) as refusal:
        fitted(rows, *terms, **given)
    assert SECRET not in str(refusal.value) and "\n  " in str(refusal.value)


def test_a_reference_is_the_commonest_level_and_of_equals_the_first():
    found = fitted(people(), "groep", "man")
    assert column(found, "odds_ratio")[("groep", "a")] == 1
    half = fitted(people(helft=["x", "w"] * 100), "helft")
    assert column(half, "odds_ratio")[("helft", "w")] == 1


def test_the_recipe_gives_the_same_again_to_the_byte_whatever_the_order_of_rows():
    rows = people(person_id=[f"p{place % 150:03d}" for place in range(200)])
    for kind, run in (("logistic", run_logistic), ("cox", run_cox)):
        first = world.project("rijen", rows)
        second = world.project("rijen", rows.sample(frac=1, random_state=7))
        table = first.engine.table("rijen")
        given = {"errors": "clustered", "reference": {"groep": "b"}, "title": "Eigen titel"}
        fit = chain.logistic if kind == "logistic" else chain.cox
        explained = ("terug",) if kind == "logistic" else ("dagen", "opnieuw")
        result = fit(table, *explained, ["groep", "leeftijd"], **given)
        assert run(second, **result.recipe.parameters).to_json() == result.to_json()
        assert result.title.nl == "Eigen titel"


def test_unknown_rows_are_no_level():
    rows = people(groep=np.where(np.arange(200) % 4 == 0, None, people().groep))
    found = fitted(rows, "groep")
    assert found.attrition[0].n_in - found.attrition[0].n_out == 50
    assert not {"None", "nan", "onbekend", ""} & set(found.table.level)
