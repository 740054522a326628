"""Learning one person's amount from a sum or a mean that leaves: crafted columns, second measures, few who count."""

import chain_story
import disclosure_world as world
import ibis
import pytest

import das_research as das
from das_research.catalog.models import Disclosure
from das_research.disclosure.rules import protect
from das_research.disclosure.why import say_reasons
from das_research.result import Result

TARGET, SECRET = "p007", 1985
CATALOG = world.catalog(disclosure=Disclosure(dominance=50, p_percent=10))


@pytest.fixture(scope="module")
def project():
    cases = [(f"z{number:03}", f"p{number:03}", "wv" if number % 2 else "gw") for number in range(100)]
    made = chain_story.project(cases=cases, events=[("z001", "aangifte", None, "2020-01-01")])
    made.catalog = CATALOG
    return made


@pytest.fixture(scope="module")
def cases(project):
    """One row a person, with an amount of 100 to 199; the target's is its own secret."""
    table = project.tables.cases
    number = table.person_id.substr(1, 3).cast("int64")
    return table.mutate(bedrag=100 + number, geheim=(table.person_id == TARGET).ifelse(SECRET, 0))


def released(project, table, **asked):
    return protect(das.tabulate(table, project=project, **asked), CATALOG)


def shown(result):
    return set(world.shown(result).measure)


@pytest.mark.parametrize("kind", ["sum", "mean"])
def test_an_ordinary_sum_leaves_now_that_it_is_judged(project, cases, kind):
    result, decision = released(project, cases, measures={"totaal": (kind, "bedrag")})
    assert decision.status == "passed" and "concentration" in {it.name for it in decision.checks}
    assert result.cell(measure="totaal")["value"] == {"sum": 14950, "mean": 149.5}[kind]
    assert result.dominance is None and '"dominance"' not in result.to_json()


@pytest.mark.parametrize("kind", ["sum", "mean"])
def test_the_secret_of_one_among_zeros_does_not_leave(project, cases, kind):
    result, _ = released(project, cases, measures={"totaal": (kind, "geheim"), "zaken": "count"})
    assert shown(result) == set() or shown(result) == {"zaken"}
    assert str(SECRET) not in result.table.to_csv()


def crafted(cases, how):
    is_target = cases.person_id == TARGET
    return cases.mutate(
        zonder={
            "left out": is_target.ifelse(None, cases.bedrag),
            "made zero": is_target.ifelse(0, cases.bedrag),
            "doubled": is_target.ifelse(2 * cases.bedrag, cases.bedrag),
        }[how]
    )


@pytest.mark.parametrize("how", ["left out", "made zero", "doubled"])
@pytest.mark.parametrize("kinds", [("sum", "sum"), ("mean", "sum"), ("sum", "mean")])
def test_two_sums_that_differ_by_one_person_are_not_both_shown(project, cases, how, kinds):
    measures = dict(zip(("alle", "zonder"), zip(kinds, ("bedrag", "zonder"), strict=True), strict=True))
    result, _ = released(project, crafted(cases, how), measures=measures)
    assert len(shown(result)) < 2


def test_a_sum_that_is_the_count_but_for_one_person_is_not_shown_beside_it(project, cases):
    table = cases.mutate(een=(cases.person_id == TARGET).ifelse(2, 1))
    result, _ = released(project, table, measures={"zaken": "count", "som": ("sum", "een")})
    assert shown(result) != {"zaken", "som"}


def test_a_group_in_which_one_makes_up_most_hides_the_breakdown_and_the_total_stays(project, cases):
    table = cases.mutate(bedrag=ibis.cases((cases.person_id == TARGET, 20_000), else_=cases.bedrag))
    result, _ = released(project, table, by=["soort"], measures={"totaal": ("sum", "bedrag")})
    assert not ((result.table.soort != "_T") & (result.table.disclosure == "shown")).any()


def test_the_second_largest_knows_the_largest_too_well(project, cases):
    """Two make up nearly all of it, each no more than half: the rule of dominance passes it, the p % rule does not."""
    number = cases.person_id.substr(1, 3).cast("int64")
    table = cases.mutate(bedrag=(number < 2).ifelse(10_000, 1))
    result, _ = released(project, table, measures={"totaal": ("sum", "bedrag")})
    assert shown(result) == set()


def test_where_the_catalogue_has_no_rule_nothing_is_judged(project, cases):
    catalog = world.catalog()
    project.catalog = catalog
    try:
        made = das.tabulate(cases, project=project, measures={"totaal": ("sum", "bedrag")})
    finally:
        project.catalog = CATALOG
    assert made.dominance is None and protect(made, catalog)[1].status == "not checked"


def test_a_result_keeps_what_was_found_until_it_is_released(project, cases):
    made = das.tabulate(cases, project=project, measures={"totaal": ("sum", "geheim")})
    assert made.dominance.needs == {("totaal", "_T"): 100}
    assert Result.from_json(made.to_json()) == made


def test_two_who_make_up_nearly_all_are_told_by_the_rule_of_two(project, cases):
    """Each no more than half, and enough of the others for the p % rule: only the two together are too much."""
    number = cases.person_id.substr(1, 3).cast("int64")
    table = cases.mutate(bedrag=ibis.cases((number < 2, 1_000), else_=8 + number % 5))
    catalog = world.catalog(disclosure=Disclosure(dominance=50, p_percent=10, dominance_of={2: 66}))
    for rules, left in ((CATALOG, {"totaal"}), (catalog, set())):
        project.catalog = rules
        made = das.tabulate(table, project=project, measures={"totaal": ("sum", "bedrag")})
        project.catalog = CATALOG
        assert shown(protect(made, rules)[0]) == left


def test_amounts_below_zero_are_for_people(project, cases):
    """The others can lie below zero as far as they like: no share of a sum bounds what one of them adds."""
    table = cases.mutate(saldo=cases.bedrag - (cases.person_id == TARGET).ifelse(500, 0))
    result, decision = released(project, table, measures={"saldo": ("mean", "saldo")})
    assert decision.status == "not checked" and "below zero: saldo" in say_reasons(decision.reasons, "en")
    assert shown(result) == set()
