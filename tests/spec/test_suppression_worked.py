"""Secondary suppression on tables small enough to do by hand; every answer has its arithmetic beside it.

The tables are this project's own, in the way the Handbook on Statistical Disclosure Control explains its rules.
"""

import numpy as np
import pytest
import suppression_world as world

import das_research.disclosure.suppression.suppress as suppress_module
from das_research.disclosure.suppression.audit import Reader, audit
from das_research.disclosure.suppression.concentration import dominance_level, p_percent_level
from das_research.disclosure.suppression.insider import safe_from_insiders
from das_research.disclosure.suppression.levels import count_needs, magnitude_needs
from das_research.disclosure.suppression.repair import repaired
from das_research.disclosure.suppression.solver import Meter
from das_research.disclosure.suppression.suppress import suppress, value_cost
from das_research.disclosure.suppression.witnesses import Witnesses
from das_research.disclosure.tables.cells import Address, Cell, Dimension, Status, Table
from das_research.disclosure.tables.model import build_model
from das_research.errors import ReleaseRefused


def flat(**numbers):
    """One row: codes and their total, those below 10 unsafe."""
    dimension = Dimension.flat("soort", numbers)
    return build_model([world.table((dimension,), {(code,): number for code, number in numbers.items()})])


def names(model, mask):
    return {"+".join(code for _, code in model.addresses[cell].place) or "_T" for cell in np.flatnonzero(mask)}


def hidden(model, level="threshold", **options):
    found = suppress(model, count_needs(model, 10, level), value_cost(model), **options)
    return names(model, found.hidden)


def test_one_small_number_takes_the_smallest_other_with_it():
    # 55 - 40 = 15 = 3 + 12: the reader knows 1..14 of both
    assert hidden(flat(a=3, b=12, c=40)) == {"a", "b"}


def test_two_small_numbers_whose_sum_is_small_take_a_third():
    # exact: 7 = 3 + 4 could be 1 + 6, .. 6 + 1; but it proves that both are below 10
    assert hidden(flat(a=3, b=4, c=40, d=50), "exact") == {"a", "b"}
    # threshold: with c, 47 is left for three
    assert hidden(flat(a=3, b=4, c=40, d=50)) == {"a", "b", "c"}


def test_who_knows_that_zeros_are_shown_knows_that_two_hidden_cells_are_one_each():
    # 13 - 11 = 2 = a + b, neither of them zero: both are 1, and even `exact` must hide more
    assert hidden(flat(a=1, b=1, c=11), "exact") == {"a", "b", "c"}


def test_where_zeros_may_be_hidden_less_has_to_be():
    dimension = Dimension.flat("soort", ["a", "b", "c"])
    counts = {("a",): 1, ("b",): 1, ("c",): 11}
    model = build_model([world.table((dimension,), counts)], zeros="protected")
    # a + b = 2: 0 + 2, 1 + 1 or 2 + 0
    found = suppress(model, count_needs(model, 10, "exact"), value_cost(model), insiders=False)
    assert names(model, found.hidden) == {"a", "b"}


def test_who_is_alone_in_a_hidden_cell_does_not_learn_the_other():
    # a + b = 1 + 12 and the one in a knows the 1; b is no unsafe number, so nothing is lost
    assert hidden(flat(a=1, b=12, c=40)) == {"a", "b"}
    # a + b = 1 + 9: the one in a would know the 9, and it takes c as well
    assert hidden(flat(a=1, b=9, c=40, d=50), "exact") == {"a", "b", "c"}
    assert hidden(flat(a=1, b=9, c=40, d=50), "exact", insiders=False) == {"a", "b"}


def test_in_two_dimensions_four_corners_of_a_rectangle_hide_one_number():
    rows, columns = Dimension.flat("rij", "pqr"), Dimension.flat("kolom", "xyz")
    counts = {("p", "x"): 3, ("p", "y"): 20, ("p", "z"): 60, ("q", "x"): 30, ("q", "y"): 25, ("q", "z"): 70,
              ("r", "x"): 80, ("r", "y"): 90, ("r", "z"): 95}  # fmt: skip
    model = build_model([world.table((rows, columns), counts)])
    # p.x +k takes k from p.y, gives it to q.y and takes it from q.x: 20 + 25 + 30 is the cheapest rectangle
    assert hidden(model) == {"x+p", "y+p", "x+q", "y+q"}


def test_a_shared_margin_of_linked_tables_is_hidden_in_both():
    codes = {"soort": ["gw", "wv"], "leeftijd": ["jong", "oud"], "regio": ["noord", "zuid"]}
    kind, age, region = (Dimension.flat(*pair) for pair in codes.items())
    ages = {("gw", "jong"): 2, ("gw", "oud"): 2, ("wv", "jong"): 50, ("wv", "oud"): 60}
    regions = {("gw", "noord"): 2, ("gw", "zuid"): 2, ("wv", "noord"): 52, ("wv", "zuid"): 58}
    model = build_model([world.table((kind, age), ages), world.table((kind, region), regions)])
    found = suppress(model, count_needs(model, 10))
    # all of gw is 4 and unsafe by itself, and so is wv then, as 114 - 110 = 4
    assert {"gw", "wv"} <= names(model, found.hidden)
    assert found.is_cheapest


def test_the_p_percent_rule_sets_the_levels_of_a_magnitude():
    # 80 + 15 + 5: 15 knows that the largest is at most 85; 10% of 80 is 8, so 8 - 5 = 3 are lacking
    assert p_percent_level([80, 15, 5], 10) == 3
    # (1,75)-dominance: 80 of 100; a cell of 100 * 80 / 75 = 106.67 would be safe
    assert dominance_level([80, 15, 5], 1, 75) == pytest.approx(20 / 3)


def test_weights_make_a_sum_safe_only_as_far_as_a_reader_does_not_know_them():
    # the Handbook's survey, section 4.2.1: 100 of weight 1 and 100 of weight 9 are taken for a total of 1000
    assert [p_percent_level([100, 100], 10, 1, [1, 9], how) for how in ("secret", "repeated", "known")] == [
        0,  # 1000 - 100 - 100 is more than 10% of 100
        0,  # the two largest of ten times 100 are 100 and 100
        10,  # who knows the weights takes away 100 * 1 and 100 * 9, and nothing is left
    ]
    # a weight of 1.5: the second largest unit is half of 100 and half of 40, and 10 are left of 150 + 40 + 10 - 170
    assert p_percent_level([100, 40, 10], 50, 1, [1.5, 1, 1], "repeated") == pytest.approx(50 - (200 - 170))
    # (1,k): 100 of weight 4 is 400 of 470, but the largest unit is 100
    assert dominance_level([100, 10], 1, 80, [4, 7], "known") == pytest.approx(400 / 0.8 - 470)
    assert dominance_level([100, 10], 1, 80, [4, 7], "repeated") == 0
    with pytest.raises(ValueError, match="negative"):
        p_percent_level([100, -1], 10)
    with pytest.raises(ValueError, match="a weight above zero"):
        p_percent_level([100, 10], 10, 1, [4, 0])


def test_a_sum_below_a_sub_total_takes_more_with_it_the_more_is_asked():
    branches = Dimension("tak", {"A": "_T", "B": "_T", "a1": "A", "a2": "A", "a3": "A", "b1": "B", "b2": "B"})
    numbers = {"a1": 100, "a2": 2, "a3": 40, "A": 142, "b1": 500, "b2": 358, "B": 858, "_T": 1000}
    unsafe = p_percent_level([80, 15, 5], 10)
    cells = {(code,): Cell(n, Status.PRIMARY if code == "a1" else Status.FREE, 12) for code, n in numbers.items()}
    model = build_model([Table("omzet", (branches,), cells)])
    asked = np.where(model.status == Status.PRIMARY, unsafe, 0)
    patterns = {
        level: names(model, suppress(model, magnitude_needs(model, asked, level=level), value_cost(model)).hidden)
        for level in ("exact", "threshold", "wide")
    }
    # 102 = a1 + a2, neither of them zero: a1 is 1 to 101, which is not exact, but 103 is what the rule asks
    assert patterns["exact"] == {"a1", "a2"}
    # 140 = a1 + a3: 1 to 139, three more and three less
    assert patterns["threshold"] == patterns["wide"] == {"a1", "a3"}


def test_a_weighted_count_is_as_small_as_its_respondents_are_few():
    def survey(other):
        cells = {
            ("a",): Cell(300, Status.PRIMARY, 3),
            ("b",): Cell(other, Status.FREE, 12),
            ("c",): Cell(4000, Status.FREE, 40),
            ("_T",): Cell(4300 + other, Status.FREE, 55),
        }
        return build_model([Table("personen", (Dimension.flat("soort", "abc"),), cells)])

    # three respondents stand for 300, so that ten would for 1000: with 1200 hidden beside it, a is 1 to 1499
    assert hidden(survey(1200)) == {"a", "b"}
    # with 600 it is at most 899, which proves that fewer than ten respondents are under it
    assert hidden(survey(600)) == {"a", "c"}
    assert hidden(survey(600), "exact") == {"a", "b"}


def test_no_more_is_asked_below_a_sum_than_a_reader_knows_beforehand():
    # (1,30)-dominance of 100, 60 of it one's: 60 / 0.3 - 100 = 100 both ways, but no sum that is hidden is zero
    cells = {("a",): Cell(100, Status.PRIMARY, 9), ("b",): Cell(300), ("c",): Cell(400), ("_T",): Cell(800)}
    model = build_model([Table("omzet", (Dimension.flat("tak", "abc"),), cells)])
    asked = np.where(model.status == Status.PRIMARY, dominance_level([60, 30, 10], 1, 30), 0)
    needs = magnitude_needs(model, asked)
    assert (needs.upward.tolist(), needs.downward.tolist()) == ([100], [99])
    assert names(model, suppress(model, needs, value_cost(model)).hidden) == {"a", "b"}


def test_a_magnitude_is_protected_by_as_much_as_its_level_asks():
    dimension = Dimension.flat("bedrijfstak", ["a", "b", "c", "d"])
    numbers = {"a": 100, "b": 2, "c": 40, "d": 500}
    cells = {(code,): Cell(number, Status.PRIMARY if code == "a" else Status.FREE) for code, number in numbers.items()}
    table = Table("omzet", (dimension,), {**cells, ("_T",): Cell(642)})
    model = build_model([table], zeros="protected")
    level = np.where(model.status == Status.PRIMARY, 3, 0)
    found = suppress(model, magnitude_needs(model, level), value_cost(model))
    # with b = 2, a is at most 102 and 103 is asked; with c = 40 it is 0..140
    assert names(model, found.hidden) == {"a", "c"}


def test_a_number_that_follows_from_what_left_before_is_refused():
    earlier = Table("zaken", (Dimension.flat("soort", ["a", "b"]),), {
        ("a",): Cell(3, Status.WITHHELD), ("b",): Cell(97, Status.FIXED), ("_T",): Cell(100, Status.FIXED),
    })  # fmt: skip
    now = world.table((Dimension.flat("soort", ["a", "b"]),), {("a",): 3, ("b",): 97})
    model = build_model([now], earlier=[earlier])
    with pytest.raises(ReleaseRefused, match="worked out whatever is hidden"):
        suppress(model, count_needs(model, 10))


def test_what_two_editions_differ_by_is_protected_like_a_cell():
    years = {"3 jaar": Dimension.flat("soort", ["a", "b", "c"]), "4 jaar": Dimension.flat("soort", ["a", "b", "c"])}
    before, now = (
        Table(period, (years[period],), {(code,): Cell(n, status) for code, n in numbers.items()})
        for period, numbers, status in (
            ("3 jaar", {"a": 100, "b": 40, "c": 60, "_T": 200}, Status.FIXED),
            ("4 jaar", {"a": 104, "b": 52, "c": 84, "_T": 240}, Status.FREE),
        )
    )
    at = lambda period, code: Address.at(period, {"soort": code})  # noqa: E731
    pairs = [(at("4 jaar", code), at("3 jaar", code)) for code in ("a", "b", "c", "_T")]
    model = build_model([now], earlier=[before], differences=pairs, minimum=10)
    found = suppress(model, count_needs(model, 10))
    shown = {address for address, is_hidden in zip(model.addresses, found.hidden, strict=True) if not is_hidden}
    # 104 - 100 = 4 persons of the new year: 104 goes, and with it b or c, since 240 less the others would give it
    assert at("4 jaar", "a") not in shown and len(shown & {at("4 jaar", "b"), at("4 jaar", "c")}) == 1
    # with no more than the pair of a, and all of the new edition seen already, nothing can be done
    seen = Table("4 jaar", now.dimensions, {codes: Cell(cell.value, Status.FIXED) for codes, cell in now.cells.items()})
    model = build_model([seen], earlier=[before], differences=pairs, minimum=10)
    with pytest.raises(ReleaseRefused, match="worked out whatever is hidden"):
        suppress(model, count_needs(model, 10))
    with pytest.raises(ReleaseRefused, match="higher than one that it is a part of"):
        build_model([now], earlier=[before], differences=[pairs[0][::-1]], minimum=10)


def test_where_everything_would_be_hidden_a_coarser_table_is_asked_for():
    with pytest.raises(ReleaseRefused, match="Nothing of the tables is left"):
        suppress(model := flat(a=3, b=4), count_needs(model, 10))


def test_where_no_safe_pattern_is_found_in_time_nothing_leaves(monkeypatch):
    dimensions = (world.hierarchy("a", (3, 3)), world.hierarchy("b", (5,)))
    model = build_model([world.table(dimensions, world.random_counts(dimensions, 3, 15))])
    monkeypatch.setattr(suppress_module, "WORK_A_SECOND", 1)
    with pytest.raises(ReleaseRefused, match="not found in time"):
        suppress(model, count_needs(model, 10))
    # time for a first pattern, and none for a better one: safe, and it says how far it may be from the cheapest
    monkeypatch.undo()
    found = suppress(model, count_needs(model, 10), seconds=0)
    known = Witnesses(model, count_needs(model, 10))
    assert len(audit(Reader(model, found.hidden, Meter()), known)) == 0
    assert not found.is_cheapest and found.gap > 0


def test_what_insiders_know_is_taken_for_known_where_there_is_no_time_to_look(monkeypatch):
    # a + b = 1 + 9 and c + d = 90, see above: it takes a third cell, or nothing leaves
    model = flat(a=1, b=9, c=40, d=50)
    needs, cost = count_needs(model, 10, "exact"), value_cost(model)
    hidden, known = repaired(model, needs, model.must_hide, cost.astype(float), Meter())
    assert len(safe_from_insiders(model, hidden, known, cost, Meter())[1].unsafe) == 0
    assert len(safe_from_insiders(model, hidden, known, cost, Meter(0))[1].unsafe) > 0
    no_time = lambda *given: safe_from_insiders(*given[:-1], Meter(0))  # noqa: E731
    monkeypatch.setattr(suppress_module, "safe_from_insiders", no_time)
    with pytest.raises(ReleaseRefused, match="not found in time"):
        suppress(model, needs, cost)


def test_the_same_tables_give_the_same_pattern_and_a_bound_that_is_met():
    dimensions = (world.hierarchy("a", (3, 3)), world.hierarchy("b", (5,)))
    model = build_model([world.table(dimensions, world.random_counts(dimensions, 3, 15))])
    one, other = (suppress(model, count_needs(model, 10)) for _ in range(2))
    assert (one.hidden == other.hidden).all() and (one.bound, one.work) == (other.bound, other.work)
    assert one.is_cheapest and one.gap == 0 and one.secondary.sum() > 0
    for witness in one.certificates:  # whole tables: sums stay true, shown cells stay, nobody falls below one
        change = np.zeros(len(model), dtype=np.int64)
        change[witness.cells] = witness.changes
        assert not (model.relations @ change).any() and not change[~one.hidden].any()
        assert (model.values + change >= model.lower).all()
