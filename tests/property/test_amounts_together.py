"""Sums and means hidden cell by cell, against the contributions under them: none is bounded closer than a rule asks."""

from collections import defaultdict

import ibis
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from plain_project import plain_project
from scipy.optimize import linprog

from das_research.catalog.models import Disclosure
from das_research.disclosure.attacker.amounts import attack_amounts
from das_research.disclosure.breakdowns import smallest_cover
from das_research.disclosure.rules import unsafe_rows
from das_research.disclosure.suppression.concentration import dominance_level, p_percent_level
from das_research.disclosure.together.numbers import Told
from das_research.disclosure.together.protect import protect_together
from das_research.result import NUMBERS
from das_research.tabulation import tabulate

MINIMUM, NEARLY = 3, 1e-6
STRICT = Disclosure(minimum=3, dominance=75, dominance_of={2: 90}, p_percent=20)
RULES = st.sampled_from([Disclosure(minimum=3, dominance=50), STRICT])
KINDS = st.sampled_from([("sum",), ("mean",), ("sum", "mean")])
SCHEMA = {"case_id": "string", "person_id": "string", "jaar": "int64", "soort": "string", "bedrag": "decimal(18, 6)"}
CODES = [(kind, year) for kind in ("a", "b", "c") for year in ("2022", "2023", "2024")]
GIVEN = st.lists(
    st.lists(st.sampled_from([0, 1, 2, 5, 5.25, 8, 13, 100, 1000.5]), min_size=0, max_size=7), min_size=9, max_size=9
)
# sums that go by whole breakdowns, beside counts of their means that hide a part of one
IN_PART = (
    [[13], [0, 0, 0, 5, 1, 8, 1], [2], [5.25, 2, 2], [5], [8, 0, 2], [1], [1], [0, 8, 1000.5, 1000.5, 0, 0, 5.25]],
    [
        [8, 13, 8, 5],
        [],
        [2, 2, 13, 0, 2, 0, 5.25],
        [5, 13, 5, 5],
        [5, 13, 13, 0, 2, 0, 5],
        [0],
        [2, 1000.5, 13],
        [2, 2, 2, 1000.5],
        [100],
    ],
)
# two of b gave 1000.5 of its 2006 of 2023, of which 90 percent are to be 2223.33, and all of b is 2224.25
BARELY = [
    [],
    [100, 0, 13, 100, 1, 1, 8],
    [],
    [],
    [1000.5, 5, 1000.5, 0, 0],
    [100, 100, 0, 0, 8, 5, 5.25],
    [0, 0, 0, 0, 0, 1000.5, 100],
    [0, 1000.5, 100, 100, 0],
    [],
]
# nearly all of c in 2024 gave the same, which hides it; with who gave nothing in 2023 c is as much, and shown
NO_ROOM = [[], [], [], [], [], [], [], [0], [0, 1, 1000.5, 1000.5]]


@pytest.fixture(scope="module")
def project():
    engine = ibis.duckdb.connect(threads=1)
    yield plain_project(engine)
    engine.disconnect()


def table_of(project, given):
    """Everybody gives in one cell."""
    rows = [
        (f"z{at}-{who}", f"p{at}-{who}", int(year), kind, amount)
        for at, ((kind, year), amounts) in enumerate(zip(CODES, given, strict=True))
        for who, amount in enumerate(amounts)
    ]
    project.engine.create_table("proef", schema=SCHEMA, overwrite=True)
    if rows:
        project.engine.insert("proef", rows)
    return project.engine.table("proef")


def contributions(given):
    """What everybody gives, in each cell and total."""
    found = defaultdict(list)
    for (kind, year), amounts in zip(CODES, given, strict=True):
        for place in ((kind, year), (kind, "_T"), ("_T", year), ("_T", "_T")):
            found[place] += amounts
    return found


def as_it_leaves(result, mask):
    """The JSON of a Result of which these rows are hidden."""
    table = result.table.assign(disclosure=mask.map({True: "hidden", False: "shown"}))
    table.loc[mask, list(NUMBERS)] = float("nan")
    return result.with_table(table).to_json()


def highest(place, shown, known):
    """How much a reader must believe the cell may be, who knows what is shown and the least of what is not."""
    inside = {it: np.array([it[0] in ("_T", k) and it[1] in ("_T", y) for k, y in CODES], dtype=float) for it in known}
    hidden = [it for it in known if it not in shown]
    found = linprog(
        -inside[place],
        A_eq=np.array([inside[it] for it in shown]) if shown else None,
        b_eq=[*shown.values()] if shown else None,
        A_ub=np.array([-inside[it] for it in hidden]) if hidden else None,
        b_ub=[-known[it] for it in hidden] if hidden else None,
    )
    return np.inf if found.status == 3 else -found.fun


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(given=IN_PART[0], rules=Disclosure(minimum=3, dominance=50), kinds=("sum", "mean"))
@example(given=IN_PART[1], rules=Disclosure(minimum=3, dominance=50), kinds=("sum", "mean"))
@given(given=GIVEN, rules=RULES, kinds=KINDS)
def test_no_sum_is_bounded_closer_than_its_rule_asks(project, given, rules, kinds):
    project.catalog = project.catalog.model_copy(update={"disclosure": rules})
    measures = {kind: (kind, "bedrag") for kind in kinds}
    result = tabulate(table_of(project, given), by=["soort", "jaar"], measures=measures)
    told = Told(result, unsafe_rows(result, rules.minimum))
    found = protect_together({"own": told}, rules.minimum, seconds=2)
    if "own" not in found.masks:
        return  # whole breakdowns: tests/unit/test_disclosure_rules.py
    files = [(as_it_leaves(result, found.masks["own"]), result.to_json())]
    assert attack_amounts(files, rules.minimum).leaks == 0
    table, mask = result.table, found.masks["own"]
    assert mask[told.unsafe].all()
    shown = {}
    for row in table[~mask & (table.kind != "cannot occur")].itertuples():
        shown[row.soort, row.period] = row.value * (row.denominator if row.measure == "mean" else 1)
    gave = {place: sorted(them, reverse=True) for place, them in contributions(given).items()}
    known = {place: sum(them[: rules.coalition]) if found.of_sums else 0 for place, them in gave.items()}
    for place, them in gave.items():
        levels = [dominance_level(them, n, k) for n, k in rules.dominances.items()]
        levels += [] if rules.p_percent is None else [p_percent_level(them, rules.p_percent)]
        if max(levels) > 0:
            assert place not in shown
            assert highest(place, shown, known) >= sum(them) + max(levels) - NEARLY


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=GIVEN, at=st.integers(0, 15))
def test_the_attacker_finds_what_one_hidden_sum_too_few_tells(project, given, at):
    rules = Disclosure(minimum=3, dominance=50)
    project.catalog = project.catalog.model_copy(update={"disclosure": rules})
    result = tabulate(table_of(project, given), by=["soort", "jaar"], measures={"sum": ("sum", "bedrag")})
    unsafe = unsafe_rows(result, 3)
    found = protect_together({"own": Told(result, unsafe)}, 3, seconds=2)
    besides = found.masks.get("own", unsafe) & ~unsafe
    if not besides.any() or not found.of_sums:
        return
    rows = result.table.index[besides]
    mask = found.masks["own"].copy()
    mask[rows[at % len(rows)]] = False
    shown = {(row.soort, row.period): row.value for row in result.table[~mask].itertuples()}
    gave = {place: sorted(them, reverse=True) for place, them in contributions(given).items()}
    known = {place: them[0] if them else 0 for place, them in gave.items()}
    told = any(
        highest(place, shown, known) < sum(them) + dominance_level(them, 1, 50) - 1
        for place, them in gave.items()
        if place not in shown and dominance_level(them, 1, 50) > 0
    )
    if told:
        assert attack_amounts([(as_it_leaves(result, mask), result.to_json())], 3).leaks


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=GIVEN, rules=RULES)
def test_a_sum_that_stays_behind_with_its_breakdown_may_be_all_that_its_rule_asks(project, given, rules):
    """As `attacker.amounts` says of who gave nothing: a shown sum that holds it is safe itself."""
    project.catalog = project.catalog.model_copy(update={"disclosure": rules})
    result = tabulate(table_of(project, given), by=["soort", "jaar"], measures={"sum": ("sum", "bedrag")})
    mask, _ = smallest_cover(result, unsafe_rows(result, rules.minimum), rules.minimum)
    table = result.table[~mask & (result.table.kind != "cannot occur")]
    shown = {(row.soort, row.period): row.value for row in table.itertuples()}
    gave = {place: sorted(them, reverse=True) for place, them in contributions(given).items()}
    for place, them in gave.items():
        levels = [dominance_level(them, n, k) for n, k in rules.dominances.items()]
        levels += [] if rules.p_percent is None else [p_percent_level(them, rules.p_percent)]
        if max(levels) > 0:
            assert highest(place, shown, dict.fromkeys(gave, 0.0)) >= sum(them) + max(levels) - NEARLY


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(given=BARELY, rules=STRICT, kinds=("sum",), more=set())
@example(given=NO_ROOM, rules=Disclosure(minimum=3, dominance=50), kinds=("sum",), more=set())
@given(given=GIVEN, rules=RULES, kinds=KINDS, more=st.sets(st.integers(0, 31)))
def test_who_sees_less_than_whole_breakdowns_leave_is_told_no_more(project, given, rules, kinds, more):
    project.catalog = project.catalog.model_copy(update={"disclosure": rules})
    measures = {kind: (kind, "bedrag") for kind in kinds}
    result = tabulate(table_of(project, given), by=["soort", "jaar"], measures=measures)
    mask, _ = smallest_cover(result, unsafe_rows(result, rules.minimum), rules.minimum)
    for hidden in (mask, mask | result.table.index.isin(list(more))):
        assert attack_amounts([(as_it_leaves(result, hidden), result.to_json())], rules.minimum).leaks == 0


def test_how_many_are_protected_cell_by_cell(project):
    """One dominated cell of nine: three others go with it, and every total stays."""
    rules = Disclosure(minimum=3, dominance=50)
    project.catalog = project.catalog.model_copy(update={"disclosure": rules})
    given = [[100, 1, 2, 3], *[[20, 30, 40, 50, 60]] * 8]
    for kinds in (("sum",), ("mean",), ("sum", "mean")):
        measures = {kind: (kind, "bedrag") for kind in kinds}
        result = tabulate(table_of(project, given), by=["soort", "jaar"], measures=measures)
        mask = protect_together({"own": Told(result, unsafe_rows(result, 3))}, 3).masks["own"]
        hidden = result.table[mask]
        assert set(hidden.measure) == set(kinds) and len(hidden) == 4 * len(kinds)
        assert ("_T" not in set(hidden.soort)) and ("_T" not in set(hidden.period))
