"""The first rule: what is too small is hidden, with all of its breakdown."""

import disclosure_world as world
import pytest
from disclosure_world import count, hidden, impossible, share, shown

from das_research.catalog.models import Disclosure, Text
from das_research.disclosure.rules import protect
from das_research.disclosure.why import say_reasons
from das_research.result import NUMBERS, Step

CATALOG = world.catalog()


def by_kind(*groups, total):
    """A tabulation of one measure by kind."""
    rows = [count("zaken", value, soort=soort) for soort, value in groups]
    return world.result([*rows, count("zaken", total)], ("soort",), world.TABULATE)


def test_a_table_without_small_cells_is_shown_whole():
    released, decision = protect(by_kind(("wv", 40), ("gw", 60), total=100), CATALOG)
    assert list(released.table.disclosure) == ["shown"] * 3
    assert released.table.value.tolist() == [40, 60, 100]
    assert (decision.status, decision.shown, decision.hidden) == ("passed", 3, 0)


@pytest.mark.parametrize(("value", "is_shown"), [(0, True), (1, False), (9, False), (10, True)])
def test_a_count_below_the_minimum_is_hidden_and_a_true_zero_is_not(value, is_shown):
    released, _ = protect(by_kind(("wv", value), ("gw", 60), total=60 + value), CATALOG)
    assert (released.table.set_index("soort").disclosure["wv"] == "shown") is is_shown


def test_the_minimum_is_the_catalogues():
    table = by_kind(("wv", 12), ("gw", 60), total=72)
    assert len(hidden(protect(table, CATALOG)[0])) == 0
    assert len(hidden(protect(table, world.catalog(minimum=15))[0])) == 2


def test_a_breakdown_with_a_small_cell_is_published_as_its_total():
    released, decision = protect(by_kind(("wv", 3), ("gw", 97), total=100), CATALOG)
    # 97 is hidden too: 100 - 97 would give the 3
    assert shown(released).soort.tolist() == ["_T"]
    assert decision.hidden == 2 and "soort" in say_reasons(decision.reasons, "en")


def test_a_hidden_cell_has_no_number_and_does_not_tell_zero_from_number():
    released, _ = protect(by_kind(("wv", 3), ("gw", 0), total=3 + 97), CATALOG)
    assert hidden(released)[list(NUMBERS)].isna().all(axis=None)
    assert set(hidden(released).kind) == {"number"}


def test_few_persons_under_many_cases_are_few():
    rows = [count("zaken", 40, n=4, soort="wv"), count("zaken", 60, n=50, soort="gw"), count("zaken", 100, n=54)]
    released, _ = protect(world.result(rows, ("soort",), world.TABULATE), CATALOG)
    assert shown(released).soort.tolist() == ["_T"]


@pytest.mark.parametrize(
    ("numerator", "is_shown"), [(0, False), (9, False), (10, True), (90, True), (91, False), (100, False)]
)
def test_a_share_needs_enough_in_its_numerator_and_outside_it(numerator, is_shown):
    released, _ = protect(world.result([share("deel", numerator, 100)], (), world.TABULATE), CATALOG)
    assert (len(shown(released)) == 1) is is_shown


def test_what_cannot_occur_and_an_empty_cohort_are_safe():
    rows = [impossible("reached_next", stage="rechter"), share("reached_next", 0, 0, stage="om")]
    released, decision = protect(world.result(rows, function=world.CONVERSION), CATALOG)
    assert decision.hidden == 0
    assert set(released.table.disclosure) == {"shown"}


def test_a_number_without_its_persons_is_unsafe():
    table = world.result([count("zaken", 500, n=float("nan"))], (), world.TABULATE)
    assert len(shown(protect(table, CATALOG)[0])) == 0


def test_a_small_sum_and_the_small_sum_under_a_mean_are_counts_by_another_name():
    sums = world.result([count("veroordeeld", 3, n=100)], (), world.TABULATE)
    assert len(shown(protect(sums, CATALOG)[0])) == 0
    mean = {"measure": "gemiddelde", "unit": "number", "value": 0.03, "denominator": 100, "n": 100}
    assert len(shown(protect(world.result([mean], (), world.TABULATE), CATALOG)[0])) == 0
    mean = {"measure": "gemiddelde", "unit": "number", "value": 41.5, "denominator": 100, "n": 100}
    assert len(shown(protect(world.result([mean], (), world.TABULATE), CATALOG)[0])) == 1


def cells(**small):
    """Two kinds by two ages with totals: 3 x 3 cells of 100, except the ones named."""
    value = {(soort, leeftijd): 100 for soort in ("wv", "gw") for leeftijd in ("jong", "oud")}
    value |= {tuple(key.split("_")): number for key, number in small.items()}
    rows = []
    for soort in ("wv", "gw", "_T"):
        for leeftijd in ("jong", "oud", "_T"):
            parts = [v for (s, a), v in value.items() if soort in (s, "_T") and leeftijd in (a, "_T")]
            rows.append(count("zaken", sum(parts), soort=soort, leeftijd=leeftijd))
    return world.result(rows, ("soort", "leeftijd"), world.TABULATE)


def test_of_several_breakdowns_the_one_that_costs_fewest_cells_is_collapsed():
    released, decision = protect(cells(wv_jong=2, wv_oud=3), CATALOG)
    # the row of wv (2, 3, total 5) can only go with the whole of soort: the ages of all kinds stay
    assert shown(released)[["soort", "leeftijd"]].values.tolist() == [["_T", "jong"], ["_T", "oud"], ["_T", "_T"]]
    assert say_reasons(decision.reasons, "en") == "Published as the total only: soort."


def test_where_the_total_is_small_nothing_is_shown():
    released, decision = protect(by_kind(("wv", 3), ("gw", 4), total=7), CATALOG)
    assert (len(shown(released)), decision.status) == (0, "passed")


def test_years_with_a_small_one_are_published_as_their_whole_period():
    rows = [count("in", value, stage="om", period=str(2020 + i)) for i, value in enumerate((50, 4, 60))]
    table = world.result([*rows, count("in", 114, stage="om", period="2020/2022")])
    assert shown(protect(table, CATALOG)[0]).period.tolist() == ["2020/2022"]


def flow(**numbers):
    """One year of the prosecution."""
    return world.result([count(measure, value, stage="om", period="2020") for measure, value in numbers.items()])


def test_of_a_flow_with_a_small_part_only_what_came_in_stays():
    # 40 + 100 - 90 - 3 = 47: any three parts and `in` give the fourth
    released, _ = protect(flow(open_begin=40, **{"in": 100}, on=90, out=3, open_end=47, without_before=20), CATALOG)
    assert shown(released).measure.tolist() == ["in"]


def test_what_two_shown_measures_differ_by_is_judged_too():
    # of 100 entries 96 were in no earlier stage, so 4 were
    released, _ = protect(flow(open_begin=40, **{"in": 100}, on=60, out=30, open_end=50, without_before=96), CATALOG)
    assert shown(released).measure.tolist() == ["in"]


def conversion(reached_next, reached_later, left, open_):
    size = reached_later + left + open_
    named = {"reached_next": reached_next, "reached_later": reached_later, "left": left, "open": open_}
    return world.result(
        [share(name, value, size, stage="om") for name, value in named.items()], function=world.CONVERSION
    )


@pytest.mark.parametrize(
    ("numbers", "measures"),
    [
        ((60, 60, 30, 10), ["reached_next", "reached_later", "left", "open"]),
        ((60, 60, 37, 3), ["reached_next", "reached_later"]),  # 3 open: left would give it
        ((60, 65, 30, 10), ["reached_later", "left", "open"]),  # 5 skipped the next stage
        ((4, 60, 30, 10), ["reached_later", "left", "open"]),
    ],
)
def test_of_a_conversion_as_much_stays_as_gives_no_small_number(numbers, measures):
    assert shown(protect(conversion(*numbers), CATALOG)[0]).measure.tolist() == measures


def test_an_empty_kind_does_not_let_a_number_through():
    rows = [count("zaken", 3, kind="cannot occur"), share("deel", 0, 0) | {"value": 3.0}]
    for row in rows:
        released, _ = protect(world.result([row], ()), CATALOG)
        assert hidden(released).measure.tolist() == [row["measure"]]


def test_a_hidden_row_stays_only_when_the_catalogue_knows_its_code():
    # "wv" is a code of the catalogue; the other may be a value of a person
    released, _ = protect(by_kind(("wv", 3), ("jansen uit urk", 97), total=100), CATALOG)
    assert hidden(released).soort.tolist() == ["wv"]
    assert set(released.labels["soort"]) == {"wv", "_T"}
    rows = [count("zaken", 3, period="1-1-1990"), count("zaken", 97, period="2020"), count("zaken", 100)]
    released, _ = protect(world.result(rows, (), world.TABULATE), CATALOG)
    assert released.table.period.tolist() == ["_T"]  # in an own table a year is a code from the data, too
    released, _ = protect(world.result(rows[1:], ()), CATALOG.model_copy(update={"disclosure": Disclosure(minimum=98)}))
    assert hidden(released).period.tolist() == ["2020"]  # the recipe of the chain asked for it


def test_attrition_that_tells_of_few_goes_and_linkage_is_cut_to_whole_percents():
    reason = Text(nl="weg", en="gone")
    for n_out, kept in ((90, True), (91, False), (100, True), (4, False)):
        steps = (Step(100, 80, reason), Step(100, n_out, reason))
        table = world.result([count("in", 50, stage="om")], attrition=steps)
        released, _ = protect(table, CATALOG)
        assert released.attrition == (steps if kept else ())
        assert released.linkage == {"compas": 0.99}


def faults(rows_quarantined, dataset="bvh"):
    """A file of 1,000 rows, of which some are put aside by one rule."""
    rows = [
        count("rows_delivered", 1000), count("rows_accepted", 1000 - rows_quarantined),
        count("rows_quarantined", rows_quarantined), count("rows_quarantined", rows_quarantined, rule="no-key:zaak"),
    ]  # fmt: skip
    everything = [{**row, "dataset": "_T"} for row in rows[:3]]
    rows = [{**row, "dataset": dataset} for row in rows] + everything
    return world.result(rows, ("dataset", "rule"), world.DELIVERIES, "faults")


def test_faults_are_exact_where_every_agreement_says_so():
    _, decision = protect(faults(3), CATALOG)
    assert decision.hidden == 0 and decision.status == "passed"


@pytest.mark.parametrize(("catalog", "dataset"), [(world.catalog("hidden"), "bvh"), (CATALOG, "compas")])
def test_small_faults_are_hidden_where_an_agreement_does_not_say_so_or_there_is_none(catalog, dataset):
    released, _ = protect(faults(3, dataset), catalog)
    # what was taken in and what not go for the file and for the sum of all files
    assert shown(released)[["measure", "dataset"]].values.tolist() == [
        ["rows_delivered", dataset],
        ["rows_delivered", "_T"],
    ]
    assert protect(faults(30, dataset), catalog)[1].hidden == 0


def test_a_table_of_persons_cannot_pass_as_faults():
    table = world.result([count("zaken", 3)], (), world.TABULATE, "faults")
    released, decision = protect(table, CATALOG)
    assert decision.status == "failed"
    assert len(shown(released)) == 0
