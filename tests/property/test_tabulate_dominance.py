"""Which sums one person dominates, against a plain reading of the same rows in Python, on random small tables."""

from collections import defaultdict
from fractions import Fraction
from itertools import combinations, product

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_project import plain_project

from das_research.catalog.models import Disclosure
from das_research.tabulation import tabulate

RULES = st.sampled_from(
    [Disclosure(dominance=50), Disclosure(p_percent=20), Disclosure(dominance=80, p_percent=10), Disclosure()]
)
MEASURES = {"totaal": ("sum", "bedrag"), "ander": ("mean", "ander"), "rijen": "count", "aandeel": ("share", "vlag")}
AMOUNT = st.one_of(st.none(), st.integers(-40, 200).map(lambda quarters: quarters / 4))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "case_id": st.just("c"),
            "person_id": st.sampled_from(["p1", "p2", "p3", "p4"]),
            "jaar": st.sampled_from([2022, 2023]),
            "soort": st.sampled_from(["a", "b", None]),
            "bedrag": AMOUNT,
            "ander": AMOUNT,
            "vlag": st.one_of(st.none(), st.booleans()),
        }
    ),
    max_size=10,
)
SCHEMA = {
    "case_id": "string", "person_id": "string", "jaar": "int64", "soort": "string", "bedrag": "float64",
    "ander": "float64", "vlag": "boolean",
}  # fmt: skip


@pytest.fixture
def project():
    engine = ibis.duckdb.connect(threads=1)
    yield plain_project(engine)
    engine.disconnect()


def plain(rows, rules):
    """The dominated cells, by adding up what each person comes to."""
    weights = {
        "totaal": lambda row: Fraction(row["bedrag"] or 0),
        "ander": lambda row: Fraction(row["ander"] or 0),
        "rijen": lambda row: Fraction(1),
        "aandeel": lambda row: Fraction(row["vlag"] or 0),
    }
    asked = {(name,): weights[name] for name in ("totaal", "ander")}
    for one, other in combinations(weights, 2):
        if {one, other} & {"totaal", "ander"}:
            asked[one, other] = lambda row, one=one, other=other: weights[one](row) - weights[other](row)
    found = set()
    kinds = [*dict.fromkeys(row["soort"] or "onbekend" for row in rows), "_T"]
    years = [*dict.fromkeys(str(row["jaar"]) for row in rows), "_T"]
    for kind, year in product(kinds, years):
        here = [row for row in rows if kind in ("_T", row["soort"] or "onbekend") and year in ("_T", str(row["jaar"]))]
        for names, weight in asked.items():
            of_person: dict[str, Fraction] = defaultdict(Fraction)
            for row in here:
                of_person[row["person_id"]] += weight(row)
            sizes = sorted(map(abs, of_person.values()), reverse=True)
            first, second = (*sizes, Fraction(0), Fraction(0))[:2]
            too_much = rules.dominance is not None and first * 100 > Fraction(rules.dominance) * sum(sizes)
            rest = sum(sizes) - first - second
            too_near = rules.p_percent is not None and rest * 100 < Fraction(rules.p_percent) * first
            if sum(sizes) and (too_much or too_near):
                found |= {(name, kind, year) for name in names if name in ("totaal", "ander")}
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, rules=RULES)
def test_the_engine_finds_what_adding_up_by_hand_finds(project, rows, rules):
    project.catalog = project.catalog.model_copy(update={"disclosure": rules})
    project.engine.create_table("proef", schema=SCHEMA, overwrite=True)
    if rows:
        project.engine.insert("proef", [tuple(row[column] for column in SCHEMA) for row in rows])
    result = tabulate(project.engine.table("proef"), by=["soort", "jaar"], measures=MEASURES)
    judged = rules.dominance is not None or rules.p_percent is not None
    assert result.dominated == (plain(rows, rules) if judged else None)
