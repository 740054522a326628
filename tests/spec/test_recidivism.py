"""Spec: who came back within two years, how seriously, how often. The eight persons stand in tests/cohort_story.py."""

import json
from datetime import date
from types import SimpleNamespace

import cohort_story
import pytest
from cohort_story import case

from das_research import chain
from das_research.catalog.models import CohortRule, Width
from das_research.chain.reoffending.recidivism import run_recidivism
from das_research.errors import AccessRefused, DasError, UsageError


def the_cohort(index="uitgangszaak", years=range(2018, 2020), world=None, **choices):
    return chain.cohort(world or cohort_story.project(), index, years, **choices)


def numbers(result, period="2018/2019", horizon="2", **codes):
    """Measure to numerator and denominator."""
    table = result.table[(result.table.period == period) & (result.table.horizon == horizon)]
    for name, code in codes.items():
        table = table[table[name] == code]
    return {row.measure: (row.numerator, row.denominator) for row in table.itertuples()}


@pytest.fixture(scope="module")
def two_years():
    return chain.recidivism(the_cohort(), 2, lag_days=0)


def test_who_comes_back_within_two_years(two_years):
    # 2018: p1 (2018-09-01) and p3 (on the last day of the two years); p4 came a day too late, p2 never. 2 of 4.
    # 2019: p7 (2019-07-01) and p8 (dismissed on policy grounds); p5's crime was of before, p6's came to nothing.
    assert numbers(two_years, "2018")["general"] == (2, 4)
    assert numbers(two_years, "2019")["general"] == (2, 4)
    assert numbers(two_years)["general"] == (4, 8)
    assert two_years.cell(measure="general", period="2018/2019", horizon="2")["value"] == pytest.approx(100 * 4 / 8)


def test_serious_is_a_statutory_maximum_of_the_catalogue(two_years):
    # p1: 48 months in 2018, 96 in 2019; p3, p7 and p8 stay below 48
    assert numbers(two_years)["serious"] == (1, 8)
    assert numbers(two_years)["very_serious"] == (1, 8)
    known = cohort_story.dutch().recidivism["recidivemonitor"].thresholds
    lower = known | {"serious": known["serious"].model_copy(update={"months": 24})}
    result = chain.recidivism(the_cohort(world=cohort_story.project(thresholds=lower)), 2, lag_days=0)
    assert numbers(result)["serious"] == (2, 8)  # p3 too


def test_special_is_of_the_same_main_group_as_the_index_case(two_years):
    # all index cases are property crime: p1's first and p8's new case are too, p3's and p7's are assaults
    assert numbers(two_years)["special"] == (2, 8)


def test_of_index_cases_of_one_day_the_offence_decides_and_no_key_of_the_project():
    found = set()
    for one, other in (("x", "y"), ("y", "x")):
        same_day = [
            case("p2", name, "2018-02-01", "2018-03-01", offence=offence)
            for name, offence in ((one, cohort_story.VIOLENT), (other, cohort_story.PROPERTY))
        ]
        world = cohort_story.project(cases=[*same_day, case("p2", "a", "2018-09-01", offence=cohort_story.VIOLENT)])
        found.add(numbers(chain.recidivism(the_cohort(world=world), 2, lag_days=0))["special"])
    assert len(found) == 1


def test_an_offence_of_before_the_start_is_no_recidivism_and_told_apart(two_years):
    # p5's crime of December 2018 was registered on 2019-05-01, after the start on 2019-02-01
    assert numbers(two_years, "2019")["earlier_offence"] == (1, 4)
    assert numbers(two_years, "2018")["earlier_offence"] == (0, 4)


def test_the_frequency_is_new_cases_per_year_not_in_detention(two_years):
    # 2018: p1 two cases, p3 one. Two years from 2018 hold 731 days for each of the four (29 February 2020); p1's stays
    # of ten and fifteen days overlap by five: 20 days. Cases of 2018: 3 in 4 x 731 - 20 = 2904 days.
    cases, years = numbers(two_years, "2018")["frequency"]
    assert (cases, years * 365.25) == (3, pytest.approx(2904))
    value = two_years.cell(measure="frequency", period="2018", horizon="2")["value"]
    assert value == pytest.approx(3 / (2904 / 365.25))
    # 2019: p7 and p8 one each, in 4 x 731 days
    assert numbers(two_years, "2019")["frequency"] == (2, pytest.approx(4 * 731 / 365.25))


def test_a_stay_that_ended_before_it_began_takes_off_no_day(two_years):
    # alone, and before stays of the same person that are in order
    wrong = {"case_id": "p1-x", "person_id": "p1", "instroom": date(2018, 3, 2), "uitstroom": date(2018, 3, 1)}
    also = {"case_id": "p3-x", "person_id": "p3", "instroom": date(2018, 9, 1), "uitstroom": date(2018, 8, 1)}
    world = cohort_story.project(stays=[*cohort_story.STAYS, wrong, also])
    assert numbers(chain.recidivism(the_cohort(world=world), 2, lag_days=0)) == numbers(two_years)


def test_an_engine_makes_the_cohort_once(monkeypatch):
    """It is read three times: for who is in it, for their new cases and for their stays."""
    told = []
    world = cohort_story.project()
    compiled = type(world.engine).compile
    monkeypatch.setattr(type(world.engine), "compile", lambda *of, **how: told.append(compiled(*of, **how)) or told[-1])
    chain.recidivism(the_cohort(world=world), 2, by=["geslacht"], lag_days=0)
    assert told[-1].count("ROW_NUMBER()") == 1 and told[-1].count('"justitiele_documentatie"') == 2


def test_n_is_the_smaller_of_the_persons_inside_and_outside(two_years):
    cells = two_years.table[two_years.table.period == "2018"].set_index("measure").n
    assert (cells["general"], cells["serious"], cells["earlier_offence"], cells["frequency"]) == (2, 1, 0, 2)


def test_a_longer_horizon_holds_the_shorter():
    result = chain.recidivism(the_cohort(), [1, 2, 3], lag_days=0)
    # within one year: p1, p7, p8 (p3 and p4 after two); within three p3 and p4 too
    assert [numbers(result, horizon=str(years))["general"][0] for years in (1, 2, 3)] == [3, 4, 5]


def test_a_new_offence_can_be_dated_by_its_registration():
    # p3's crime of the last day was registered a week later: too late for two years; p5's is still one of before
    result = chain.recidivism(the_cohort(), 2, lag_days=0, dated_by="inschrijving")
    assert numbers(result)["general"] == (3, 8)


def test_the_clock_can_start_when_the_disposal_is_final():
    # two weeks later: p4's crime of 2020-09-02 falls before 2020-09-15
    result = chain.recidivism(the_cohort(start="onherroepelijk"), 2, lag_days=0)
    assert numbers(result)["general"] == (5, 8)


def test_groups_add_up_and_carry_who_persons_were_at_their_start():
    result = chain.recidivism(the_cohort(), 2, by=["geslacht"], lag_days=0)
    assert numbers(result, geslacht="vrouw")["general"] == (2, 2)  # p3 and p7
    assert numbers(result, geslacht="man")["general"] == (2, 6)
    assert numbers(result, geslacht="_T")["general"] == (4, 8)
    ages = chain.recidivism(the_cohort(), 2, by=["leeftijdsgroep"], lag_days=0)
    assert numbers(ages, leeftijdsgroep="12-17")["general"] == (0, 1)  # p4, 17 in 2018
    assert ages.labels["leeftijdsgroep"]["12-17"].en == "12 to 17 years"


def test_earlier_cases_are_those_registered_before_the_start():
    # p1 in a cohort of 2019-2020 starts again with its penal order of 2020-01-02; before it came x and a
    result = chain.recidivism(the_cohort(years=range(2020, 2021)), 1, by=["eerdere_zaken"], lag_days=0)
    assert numbers(result, "2020", "1", eerdere_zaken="twee_tot_vier")["general"] == (0, 1)
    assert numbers(result, "2020", "1", eerdere_zaken="een_eerdere")["general"][1] == 3  # p3, p4 and p5 again


def test_a_year_that_can_t_be_followed_so_long_is_unknown_and_not_zero():
    # with half a year of lag new cases are seen until 2 July 2022: who started in 2020 can't be followed two years
    result = chain.recidivism(the_cohort(years=range(2018, 2021)), 2)
    cell = result.cell(measure="general", period="2020", horizon="2")
    assert (cell["kind"], cell["value"], cell["denominator"], cell["n"]) == ("unknown", None, 0, 0)
    whole = result.cell(measure="general", period="2018/2020", horizon="2")
    assert (whole["numerator"], whole["denominator"], whole["revision"]) == (4, 8, "provisional")
    step = result.attrition[-1]
    assert (step.n_in - step.n_out, step.reason.en) == (4, "not to be followed long enough yet")


def test_the_recipe_gives_the_same_result_from_json(two_years):
    parameters = json.loads(json.dumps(two_years.recipe.parameters))
    assert run_recidivism(cohort_story.project(), **parameters).to_json() == two_years.to_json()


def test_steps_say_who_is_left_out_and_the_last_is_what_is_followed(two_years):
    steps = [(step.n_in, step.n_out, step.reason.en) for step in two_years.attrition]
    assert steps == [
        (17, 17, "no person is known of the event"),
        (17, 14, "disposal that makes no index case"),  # technical, policy and open
        (14, 14, "no usable day on which the clock starts"),
        (14, 10, "fell in other years"),  # p1's order and the new cases of p3, p4 and p5 were disposed of in 2020
        (10, 8, "not the person's first in the year"),  # p1's case a in 2018, p7's case a in 2019
        (8, 8, "not to be followed long enough yet"),
    ]


def test_former_prisoners_start_on_the_day_of_release():
    # p1 was released on 2018-03-11 and, of the overlapping stay, on 2018-03-21: the first of the year counts
    made = the_cohort("ex_gedetineerden", range(2018, 2019))
    [row] = made.table.select("person_id", "start", "delictgroep").to_pyarrow().to_pylist()
    assert row == {"person_id": "p1", "start": date(2018, 3, 11), "delictgroep": "vermogen"}
    result = chain.recidivism(made, 2, lag_days=0)
    assert numbers(result, "2018")["frequency"] == (2, pytest.approx((731 - 10) / 365.25))  # 11 to 21 March


def test_community_service_counts_where_it_succeeded():
    made = the_cohort("ex_werkgestraften", range(2018, 2019))
    assert made.table.person_id.to_pyarrow().to_pylist() == ["p1"]
    assert [(step.n_in, step.n_out) for step in made.attrition][2] == (2, 1)


def test_pupils_start_on_the_day_they_left_the_institution():
    made = the_cohort("ex_jji_pupillen", range(2018, 2019))
    rows = made.table.select("person_id", "start").order_by("person_id").to_pyarrow().to_pylist()
    assert [(row["person_id"], row["start"]) for row in rows] == [("p1", date(2018, 3, 12)), ("p7", date(2018, 2, 1))]


def test_supervision_counts_where_it_was_completed():
    made = the_cohort("ex_ondertoezichtgestelden", range(2018, 2019))
    assert made.table.person_id.to_pyarrow().to_pylist() == ["p1"]
    assert [(step.n_in, step.n_out) for step in made.attrition][2] == (2, 1)


def test_days_in_a_juvenile_institution_are_days_in_detention():
    # p7's clock starts on 2019-06-01; ten days of it were spent inside, on top of nothing in prison
    stay = {"case_id": "p7-x", "person_id": "p7", "instroom_jji": date(2019, 6, 11), "uitstroom_jji": date(2019, 6, 21)}
    for young, days in (([], 731), ([stay], 721)):
        made = the_cohort(
            years=range(2019, 2020),
            world=cohort_story.project(young=young, cases=[case("p7", "x", "2019-05-01", "2019-06-01")]),
        )
        found = numbers(chain.recidivism(made, 2, lag_days=0), "2019")["frequency"]
        assert found == (0, pytest.approx(days / 365.25))


def test_a_cohort_that_no_source_shows_says_so():
    why = "Nobody delivers."
    rule = CohortRule.model_validate({"title": "x", "cannot": {"nl": "Niemand levert.", "en": why}})
    with pytest.raises(UsageError, match="cannot occur here") as refused:
        the_cohort("elders", world=cohort_story.project(cohorts={"elders": rule}))
    assert refused.value.why == why


def test_young_and_adult_by_the_age_at_the_start():
    assert the_cohort("jeugdige_daders", range(2018, 2019)).table.person_id.to_pyarrow().to_pylist() == ["p4"]
    assert the_cohort("volwassen_daders", range(2018, 2019)).size == 3


def test_events_shortly_after_one_another_are_one_and_a_washout_asks_for_years_without():
    # p7: 2019-06-01 and 2019-10-01 lie 122 days apart; p1: 2018-03-01, 2018-10-31, 2020-01-02
    assert the_cohort(years=range(2019, 2020), once="year").size == 4
    made = the_cohort(years=range(2018, 2021), once="period", same_days=122)
    assert [(step.n_in, step.n_out) for step in made.attrition if "shortly" in step.reason.en] == [(14, 13)]
    fresh = the_cohort(years=range(2020, 2021), washout_years=1)
    assert sorted(fresh.table.person_id.to_pyarrow().to_pylist()) == ["p1", "p3", "p4", "p5"]
    # p1's order of 2020-01-02 comes 14 months after the case of 2018-10-31, p5's of 2020-03-01 13 after 2019-02-01
    longer = the_cohort(years=range(2020, 2021), washout_years=2)
    assert sorted(longer.table.person_id.to_pyarrow().to_pylist()) == ["p3", "p4"]


def test_once_in_the_period_takes_the_first_of_all_years():
    made = the_cohort(years=range(2018, 2021), once="period")
    assert made.size == 8 and made.table.year.max().to_pyarrow().as_py() == 2019


def test_further_lines_are_steps_of_their_own():
    made = the_cohort(where=[{"column": "geslacht", "operator": "is", "values": ["vrouw"]}])
    assert sorted(made.table.person_id.to_pyarrow().to_pylist()) == ["p3", "p7"]
    assert any("geslacht" in step.reason.nl for step in made.attrition)


def test_the_attrition_draws_itself():
    drawn = the_cohort().plot("en").svg
    assert drawn.count("left out:") >= 5 and "all events" in drawn


def test_the_size_of_a_cohort_is_a_result_of_its_own():
    sizes = chain.cohort_size(the_cohort(), by=["geslacht"])
    assert sizes.cell(period="2018", geslacht="vrouw")["value"] == 1
    assert sizes.cell(period="2018/2019")["value"] == 8
    assert sizes.attrition == the_cohort().attrition


# --- what can't be followed ---------------------------------------------------------------------------------------


def test_a_horizon_longer_than_the_data_is_refused_with_what_is_possible():
    with pytest.raises(UsageError, match="followed for 5 years") as refused:
        chain.recidivism(the_cohort(), 5, lag_days=0)
    assert refused.value.fix == "Choose horizon_years=4 or less."


@pytest.mark.parametrize("horizon", [0, 11, [], [2, 11]])
def test_a_horizon_is_one_to_ten_years(horizon):
    with pytest.raises(UsageError, match="one to ten"):
        chain.recidivism(the_cohort(), horizon)


def test_nobody_in_a_cohort_gives_cells_that_cannot_occur():
    result = chain.recidivism(the_cohort(years=range(2010, 2012)), 2, lag_days=0)
    assert set(result.table.kind) == {"cannot occur"} and set(result.table.denominator) == {0}


def test_a_year_without_data_cannot_occur_between_years_with():
    cases = [one for one in cohort_story.CASES if one["person_id"] in ("p5", "p6")]
    made = the_cohort(world=cohort_story.project(cases=cases))
    kinds = chain.recidivism(made, 2, lag_days=0).table.set_index(["measure", "period"]).kind
    assert kinds["general", "2018"] == "cannot occur" and kinds["general", "2019"] == "zero"


def test_a_cohort_smaller_than_the_method_allows_is_followed_no_further():
    world = cohort_story.project(smallest_cohort=9)
    for more in ({}, {"observation": "censored"}):
        result = chain.recidivism(the_cohort(world=world), 2, lag_days=0, **more)
        assert set(result.table.kind) == {"unknown"} and result.table.value.isna().all()
        assert result.attrition[-1].n_out == 0 and "smaller" in result.attrition[-1].reason.en


def test_an_offence_that_has_no_date_is_left_to_neither_side():
    cases = [case("p2", "x", "2018-04-01", "2018-05-01"), case("p2", "a", None, "2019-05-01", registered="2019-04-01")]
    made = the_cohort(world=cohort_story.project(cases=cases), years=range(2018, 2019))
    assert numbers(chain.recidivism(made, 2, lag_days=0), "2018")["general"] == (0, 1)
    registered = chain.recidivism(made, 2, lag_days=0, dated_by="inschrijving")
    assert numbers(registered, "2018")["general"] == (1, 1)


def test_without_detention_the_frequency_is_refused_and_the_rest_is_not():
    made = the_cohort(world=cohort_story.project(without=["detenties"]))
    with pytest.raises(AccessRefused, match="detention"):
        chain.recidivism(made, 2, lag_days=0)
    assert numbers(chain.recidivism(made, 2, lag_days=0, measures=["general"]))["general"] == (4, 8)


def test_a_column_that_was_not_granted_is_named():
    made = the_cohort(world=cohort_story.project(without=["justitiele_documentatie.maximale_straf"]))
    with pytest.raises(AccessRefused, match="maximale_straf"):
        chain.recidivism(made, 2, lag_days=0)
    assert numbers(chain.recidivism(made, 2, lag_days=0, measures=["special"]))["special"] == (2, 8)


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"by": ["kleur"]}, "geslacht"),
        ({"measures": ["departed"]}, "departed"),
        ({"observation": "guessed"}, "completed"),
        ({"clock": "at_liberty"}, "at liberty"),
        ({"dated_by": "gevoel"}, "pleegdatum"),
        ({"lag_days": -1}, "below zero"),
    ],
)
def test_choices_that_don_t_exist_are_refused_with_those_that_do(choices, said):
    with pytest.raises(UsageError) as refused:
        chain.recidivism(the_cohort(), 2, **choices)
    assert said in f"{refused.value} {refused.value.fix}"


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"index": "daders"}, "volwassen_daders"),
        ({"years": []}, "No years"),
        ({"years": [2018, 2020]}, "range"),
        ({"years": range(2022, 2024)}, "not observed"),
        ({"start": "gevoel"}, "onherroepelijk"),
        ({"once": "day"}, "period"),
        ({"same_days": -1}, "below zero"),
        ({"method": "andere"}, "andere"),
        ({"where": [{"column": "kleur", "operator": "is", "values": ["x"]}]}, "kleur"),
    ],
)
def test_a_cohort_that_can_t_be_made_is_refused(choices, said):
    with pytest.raises(DasError) as refused:
        the_cohort(**choices)
    assert said in f"{refused.value} {getattr(refused.value, 'fix', '')}"


def test_a_year_of_birth_that_is_given_coarser_is_no_age():
    """An age in bands of five years is not that of the day; nothing takes the one for the other."""
    world = cohort_story.project()
    coarse = SimpleNamespace(columns=(), coarsen={"geboortejaar": Width(width=5)})
    world.grant = SimpleNamespace(id="verhaal", tables={"justitiele_documentatie": coarse})
    with pytest.raises(DasError, match="leeftijd"):
        the_cohort("jeugdige_daders", world=world)
    with pytest.raises(AccessRefused, match="geboortejaar"):
        chain.recidivism(the_cohort(world=world), 2, by=["leeftijdsgroep"], lag_days=0)
