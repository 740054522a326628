"""Key figures in the project zone: what is refused, what was left out on the way, what a function adds."""

from datetime import date

import figures_world
import pytest
from figures_world import figure, project, row

from das_research import figures
from das_research.disclosure.rules import protect
from das_research.disclosure.why import say_reasons
from das_research.errors import AccessRefused, CatalogError, UsageError
from das_research.figures.tenuitvoerlegging import begun_within_two_years
from das_research.monitors.computing import run_recipe

PLAIN = {"table": "zaken", "moment": "begin"}
KNOWN = {"column": "geslaagd", "operator": "known"}
COUNT = figure(count=PLAIN | {"where": [KNOWN]}, by=["soort"])


def many(number, day, **more):
    return [row(f"{day}-{place}", f"p{place}", day, geslaagd=True, **more) for place in range(number)]


def test_a_figure_that_is_no_key_figure_is_refused_with_those_that_are():
    with pytest.raises(UsageError, match="das figure list; there are: cijfer"):
        figures.compute(project([], COUNT), "stroom", 2020, 2021)


def test_years_that_were_not_observed_are_refused():
    with pytest.raises(UsageError, match="2023 was not observed"):
        figures.compute(project([], COUNT), "cijfer", 2020, 2023)


def test_a_column_outside_the_grant_is_named_with_whom_to_ask():
    with pytest.raises(AccessRefused, match=r"zaken\.geslaagd") as caught:
        figures.compute(project([], COUNT, without=["geslaagd"]), "cijfer", 2020, 2021)
    assert "the steward" in str(caught.value)


def test_persons_cannot_be_counted_where_the_grant_gives_none():
    persons = figure(count=PLAIN | {"what": "persons"})
    with pytest.raises(AccessRefused, match=r"zaken\.person_id"):
        figures.compute(project([], persons, without=["person_id"]), "cijfer", 2020, 2021)


def test_a_function_that_does_not_exist_is_a_fault_of_the_catalogue():
    wrong = figure(count=PLAIN, function="weg", theme="tenuitvoerlegging")
    with pytest.raises(CatalogError, match=r"tenuitvoerlegging\.py has: begun_within_two_years"):
        figures.compute(project([], wrong), "cijfer", 2020, 2021)


def test_each_line_is_a_step_of_what_was_left_out():
    rows = [row("a", begin="2020-01-01", geslaagd=True), row("b", begin="2020-02-01"), row("c", begin="2018-01-01")]
    result = figures.compute(project(rows, COUNT), "cijfer", 2020, 2021)
    assert [(step.n_in, step.n_out, step.reason.en) for step in result.attrition] == [
        (3, 2, "fell in other years"),
        (2, 1, "did not meet: geslaagd is known"),
    ]


def test_the_result_names_its_codes_in_the_order_of_the_classification_and_runs_again_from_its_recipe():
    rows = many(3, "2020-05-01", soort="a") + many(2, "2021-05-01", soort="b") + [row("x", begin="2020-01-01")]
    there = project(rows, COUNT)
    result = figures.compute(there, "cijfer", 2020, 2021)
    assert list(result.labels["soort"]) == ["b", "a", "_T"]
    assert result.labels["unit"]["zaak"].nl == "unit"
    assert run_recipe(there, result.recipe) == result


def test_a_survey_that_was_not_held_leaves_its_year_blank():
    share = figure(count=PLAIN | {"where": [KNOWN]}, per=PLAIN, scale=100, denominator="zaak")
    result = figures.compute(project(many(3, "2020-05-01"), share), "cijfer", 2020, 2021)
    assert result.cell(period="2020")["value"] == 100
    blank = result.cell(period="2021")
    assert (blank["kind"], blank["value"]) == ("cannot occur", None)


def test_the_last_years_stay_provisional_where_the_figure_says_so():
    told = figure(count=PLAIN, provisional_years=2)
    result = figures.compute(project([], told), "cijfer", 2019, 2022)
    assert [result.cell(period=str(year))["revision"] for year in range(2019, 2023)] == [
        "final", "final", "provisional", "provisional",
    ]  # fmt: skip


def test_a_small_group_hides_the_breakdown_and_nothing_else():
    rows = many(30, "2020-05-01", soort="a") + many(3, "2020-06-01", soort="b") + many(40, "2021-06-01", soort="a")
    there = project(rows, COUNT)
    released, decision = protect(figures.compute(there, "cijfer", 2020, 2021), there.catalog)
    groups = released.table[released.table.soort != "_T"]
    assert (groups.disclosure == "hidden").all()
    assert groups.value.isna().all()
    assert released.cell(period="2020")["value"] == 33
    assert say_reasons(decision.reasons, "en") == "Published as the total only: soort."


@pytest.mark.parametrize(("twice", "shown"), [(0, True), (3, False), (12, True)])
def test_persons_in_two_groups_are_not_told_by_the_groups_less_the_total(twice, shown):
    persons = figure(count=PLAIN | {"what": "persons"}, by=["soort"])
    rows = [row(f"a{at}", f"p{at}", "2020-01-01", soort="a") for at in range(30)]
    rows += [row(f"b{at}", f"p{at + 30 - twice}", "2020-02-01", soort="b") for at in range(30)]
    there = project(rows, persons)
    released, _ = protect(figures.compute(there, "cijfer", 2020, 2020), there.catalog)
    groups = released.table[released.table.soort != "_T"]
    assert set(groups.disclosure) == {"shown" if shown else "hidden"}
    assert released.cell(period="2020")["value"] == 60 - twice


def test_the_attrition_does_not_tell_the_year_that_is_hidden():
    """All rows together less the years that are shown would be the hidden one."""
    rows = many(30, "2020-05-01") + many(3, "2021-05-01") + many(50, "2017-01-01")
    there = project(rows, figure(count=PLAIN))
    result = figures.compute(there, "cijfer", 2020, 2021)
    assert [(step.n_in, step.n_out) for step in result.attrition] == [(83, 33)]
    released, _ = protect(result, there.catalog)
    assert released.cell(period="2021")["disclosure"] == "hidden"
    assert released.attrition == ()
    shown, _ = protect(figures.compute(there, "cijfer", 2020, 2020), there.catalog)
    assert len(shown.attrition) == 1


def test_a_survey_share_that_few_respondents_make_is_hidden_however_heavy_they_weigh():
    share = figure(
        count=PLAIN | {"weight": "gewicht", "where": [KNOWN]}, per=PLAIN | {"weight": "gewicht"}, scale=100,
        denominator="zaak",
    )  # fmt: skip
    rows = [row(begin="2020-01-01", gewicht=1000.0, geslaagd=True if place < 9 else None) for place in range(60)]
    there = project(rows, share, without=["case_id", "person_id"])
    result = figures.compute(there, "cijfer", 2020, 2020)
    assert (result.cell(period="2020")["numerator"], result.cell(period="2020")["n"]) == (9000, 9)
    released, _ = protect(result, there.catalog)
    assert released.cell(period="2020")["disclosure"] == "hidden"


def test_orders_are_followed_for_two_years_or_not_at_all():
    orders = {
        "taakstraf_ontvangen": [date(2020, 1, 31), date(2020, 1, 31), date(2020, 2, 29), date(2021, 1, 1), None],
        "taakstraf_begin": [date(2022, 1, 31), date(2022, 2, 1), None, date(2021, 2, 1), date(2020, 1, 1)],
    }
    import ibis

    until = project([], observed_until=date(2022, 12, 31))
    told = begun_within_two_years(until, ibis.memtable(orders)).to_pandas()
    assert told.begonnen.tolist() == [True, False, False, True, False]
    assert told.gevolgd.tolist() == [True, True, True, False, False]
    later = project([], observed_until=date(2023, 12, 30))
    assert begun_within_two_years(later, ibis.memtable(orders)).to_pandas().gevolgd.tolist()[3] is False


def test_the_linkage_that_travels_with_a_figure_is_of_the_files_it_counts():
    there = project([], COUNT)
    there.linkage = {"zaken": 0.98, "elders": 0.5}
    assert figures.compute(there, "cijfer", 2020, 2020).linkage == {"zaken": 0.98}


def test_the_world_of_these_tests_is_a_catalogue_in_order():
    assert figures_world.catalog(COUNT).figures["cijfer"].is_key
