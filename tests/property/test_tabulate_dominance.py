"""Which sums one person dominates, against a plain reading of the same rows in Python, on random small tables."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from math import ceil

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_project import plain_project

from das_research.catalog.models import Disclosure
from das_research.disclosure.suppression.concentration import dominance_level, p_percent_level
from das_research.presentation.dominance import Dominance
from das_research.tabulation import tabulate

RULES = st.sampled_from(
    [
        Disclosure(dominance=50), Disclosure(p_percent=20), Disclosure(dominance=80, p_percent=10), Disclosure(),
        Disclosure(dominance_of={2: 66.7}), Disclosure(dominance=75, dominance_of={2: 85, 3: 97.5}, p_percent=12.5),
    ]
)  # fmt: skip
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
    """What a reader of the handbook finds, by adding up what each person comes to."""
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
    needs, known, apart, signed = {}, {}, set(), set()
    kinds = [*dict.fromkeys(row["soort"] or "onbekend" for row in rows), "_T"]
    years = [*dict.fromkeys(str(row["jaar"]) for row in rows), "_T"]
    limits = {1: rules.dominance} if rules.dominance else {}
    limits = {n: Fraction(str(k)) for n, k in (limits | rules.dominance_of).items()}
    p = None if rules.p_percent is None else Fraction(str(rules.p_percent))

    def is_broken(sizes):
        too_much = any(sum(sizes[:n]) * 100 > k * sum(sizes) for n, k in limits.items())
        return too_much or (p is not None and sum(sizes[2:]) * 100 < p * sizes[0])

    def level(sizes, beside):
        """100/k of the largest less all, and p% of the largest less the others: in percent of `beside`."""
        levels = [100 * sum(sizes[:n]) / k - sum(sizes) for n, k in limits.items()]
        levels += [] if p is None else [p * sizes[0] / 100 - sum(sizes[2:])]
        return ceil(100 * max(levels) / beside)

    spread = set()
    for kind, year in product(kinds, years):
        here = [row for row in rows if kind in ("_T", row["soort"] or "onbekend") and year in ("_T", str(row["jaar"]))]
        squares: dict[str, Fraction] = defaultdict(Fraction)
        for row in here:
            squares[row["person_id"]] += Fraction(row["ander"] or 0) ** 2
        if sum(squares.values()) and is_broken(sorted(squares.values(), reverse=True)):
            spread.add("ander")
        totals, dominated = {}, set()
        for names, weight in asked.items():
            of_person: dict[str, Fraction] = defaultdict(Fraction)
            for row in here:
                of_person[row["person_id"]] += weight(row)
            sizes = sorted(map(abs, of_person.values()), reverse=True)
            whole = totals[names] = sum(sizes)
            if not whole:
                continue
            broken = is_broken(sizes)
            if len(names) == 1:
                place = (*names, kind, year)
                known[place] = ceil(100 * sum(sizes[: max([1, *(n - 1 for n in limits)])]) / whole)
                if min(of_person.values()) < 0:
                    signed.add(names[0])
                if broken:
                    needs[place] = level(sizes, whole)
                    dominated.add(names[0])
            elif broken:
                added = [name for name in names if name in ("totaal", "ander")]
                raised = {name: level(sizes, totals[name,]) for name in added if name in dominated}
                if raised:
                    least = min(raised, key=lambda name: raised[name])
                    needs[least, kind, year] = max(needs[least, kind, year], raised[least])
                else:
                    apart |= {(name, kind, year) for name in added}
    return Dominance(needs, known, frozenset(apart), frozenset(signed), frozenset(spread))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, rules=RULES)
def test_the_engine_finds_what_adding_up_by_hand_finds(project, rows, rules):
    project.catalog = project.catalog.model_copy(update={"disclosure": rules})
    project.engine.create_table("proef", schema=SCHEMA, overwrite=True)
    if rows:
        project.engine.insert("proef", [tuple(row[column] for column in SCHEMA) for row in rows])
    result = tabulate(project.engine.table("proef"), by=["soort", "jaar"], measures=MEASURES)
    judged = rules.dominance is not None or rules.dominance_of or rules.p_percent is not None
    assert result.dominance == (plain(rows, rules) if judged else None)
    if judged:  # a level in percent of the cell is never less than what the rule asks of the contributions
        for _, kind, year in (it for it in result.dominance.needs if it[0] == "totaal"):
            amounts: dict[str, Fraction] = defaultdict(Fraction)
            for row in rows:
                if kind in ("_T", row["soort"] or "onbekend") and year in ("_T", str(row["jaar"])):
                    amounts[row["person_id"]] += Fraction(row["bedrag"] or 0)
            given = [abs(float(amount)) for amount in amounts.values()]
            asked = [dominance_level(given, n, k) for n, k in rules.dominances.items()]
            asked += [] if rules.p_percent is None else [p_percent_level(given, rules.p_percent)]
            assert result.dominance.needs["totaal", kind, year] * sum(given) / 100 >= max(asked) - 1e-9


def test_a_sum_of_cents_beside_one_of_billions_is_told_apart(project):
    """What they differ by is some hundred billion percent of the small one, more than a whole factor can say."""
    project.catalog = project.catalog.model_copy(update={"disclosure": Disclosure(dominance=50)})
    rows = [("c", f"p{it}", 2022, "a", 0.25, 1e9 if it == 1 else 0.5, None) for it in range(4)]
    project.engine.create_table("proef", schema=SCHEMA, overwrite=True)
    project.engine.insert("proef", rows)
    asked = {"klein": ("sum", "bedrag"), "groot": ("sum", "ander")}
    found = tabulate(project.engine.table("proef"), by=["soort"], measures=asked).dominance
    assert {name for name, *_ in found.needs} == {"groot"}


def test_shares_on_the_line_are_told_exactly(project):
    """A third rounds up, a half does not, and what is over a half by the smallest amount there is breaks the rule."""
    rules = Disclosure(dominance=50)
    project.catalog = project.catalog.model_copy(update={"disclosure": rules})
    for amounts, share, broken in (
        (["1", "1", "1"], 34, False),
        (["500000000000", "499999999999.999999", "0.000001"], 50, False),
        (["500000000000.000001", "499999999999.999999"], 51, True),
        (["0.000001"], 100, True),
    ):
        made = project.engine.create_table("proef", schema=SCHEMA | {"bedrag": "decimal(18, 6)"}, overwrite=True)
        rows = [("c", f"p{at}", 2022, "a", Decimal(amount), 0.0, True) for at, amount in enumerate(amounts)]
        project.engine.insert("proef", rows)
        found = tabulate(made, measures={"totaal": ("sum", "bedrag")}).dominance
        assert found.known == {("totaal", "_T"): share} and bool(found.needs) is broken


@pytest.mark.parametrize(
    ("amounts", "rules", "need"),
    [
        (["64", "20", "16"], Disclosure(dominance=50), 28),  # 100/50 * 64 - 100
        (["64.01", "20", "15.99"], Disclosure(dominance=50), 29),  # 28.02
        (["40", "50", "10"], Disclosure(dominance_of={2: 80}), 13),  # 100/80 * 90 - 100 = 12.5
        (["60", "38", "2"], Disclosure(p_percent=10), 4),  # 10/100 * 60 - 2
        (["1000.5", "1000.5", "5"], Disclosure(dominance_of={2: 90}), 11),  # 2223.33 - 2006 = 217.33, which is 10.83 %
        (["1000.5", "1000.5", "5"], Disclosure(p_percent=20), 10),  # 200.1 - 5 = 195.1, which is 9.73 %
        (["400000000000.000001", "0.000001"], Disclosure(dominance=80), 25),  # just under 25 %
    ],
)
def test_what_a_rule_asks_is_rounded_up_once(project, amounts, rules, need):
    project.catalog = project.catalog.model_copy(update={"disclosure": rules})
    made = project.engine.create_table("proef", schema=SCHEMA | {"bedrag": "decimal(18, 6)"}, overwrite=True)
    rows = [("c", f"p{at}", 2022, "a", Decimal(amount), 0.0, True) for at, amount in enumerate(amounts)]
    project.engine.insert("proef", rows)
    assert tabulate(made, measures={"totaal": ("sum", "bedrag")}).dominance.needs == {("totaal", "_T"): need}
