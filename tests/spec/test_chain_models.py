"""Spec: models of any table of a project, on data that were published, and on tables small enough to count."""

import pickle
from math import log, sqrt

import models_world as world
import numpy as np
import pandas as pd
import pytest
from models_world import column, whole

from das_research import chain
from das_research.chain.models import run_cox
from das_research.chain.models.concordance import concordance
from das_research.chain.models.proportional import NotProportional, proportionality, schoenfeld

ROSSI = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
RECID = ["workprg", "priors", "tserved", "felon", "alcohol", "drugs", "black", "married", "educ", "age"]


@pytest.fixture(scope="module")
def rossi():
    project = world.project("rossi", world.rossi())
    with pytest.warns(NotProportional, match="age, wexp"):
        return chain.cox(project.engine.table("rossi"), "week", "arrest", ROSSI)


def test_the_money_of_released_prisoners_as_published(rossi):
    # Rossi, Berk and Lenihan's data, Efron's ties: coefficient (standard error) as software and textbooks print them
    published = {
        "fin": (-0.37942, 0.19138), "age": (-0.05744, 0.02200), "race": (0.31390, 0.30799), "wexp": (-0.14980, 0.21222),
        "mar": (-0.43370, 0.38187), "paro": (-0.08487, 0.19576), "prio": (0.09150, 0.02865),
    }  # fmt: skip
    coefficients, errors = column(rossi, "coefficient"), column(rossi, "coefficient", "se")
    assert {term: (round(coefficients[term], 5), round(errors[term], 5)) for term in ROSSI} == published
    assert round(whole(rossi, "log_likelihood"), 4) == -658.7477
    assert round(whole(rossi, "concordance"), 4) == 0.6403
    assert (whole(rossi, "persons"), whole(rossi, "events")) == (432, 114)
    assert whole(rossi, "degrees_of_freedom") == 114 - 7  # a partial likelihood is one of events


def test_another_library_gives_the_same_coefficients(rossi):
    from lifelines import CoxPHFitter

    peer = CoxPHFitter().fit(world.rossi().assign(arrest=lambda rows: rows.arrest * 1), "week", "arrest")
    assert column(rossi, "coefficient") == pytest.approx(peer.params_.to_dict(), abs=1e-6)
    assert column(rossi, "coefficient", "se") == pytest.approx(peer.standard_errors_.to_dict(), abs=1e-6)
    assert whole(rossi, "concordance") == pytest.approx(peer.concordance_index_, abs=1e-9)


def test_the_test_of_proportional_hazards_is_another_librarys():
    """Weeks with ties: the other library ranks those in the order of its rows, so it is given that order."""
    from lifelines import CoxPHFitter
    from lifelines.statistics import proportional_hazard_test

    rows = world.rossi().assign(arrest=lambda it: it.arrest * 1)
    peer = CoxPHFitter().fit(rows, "week", "arrest")
    found, days = schoenfeld(
        rows[ROSSI].to_numpy("float64"), np.full(432, -np.inf), rows.week.to_numpy("float64"),
        rows.arrest.to_numpy("float64"), peer.params_[ROSSI].to_numpy(), efron=True,
    )  # fmt: skip
    theirs = peer.compute_residuals(rows, "schoenfeld")[ROSSI].to_numpy()
    assert np.sort(found, axis=0) == pytest.approx(np.sort(theirs, axis=0), abs=1e-12)
    covariance = peer.variance_matrix_.loc[ROSSI, ROSSI].to_numpy()
    tested = proportionality(found, covariance, np.arange(len(days), dtype="float64"))
    expected = proportional_hazard_test(peer, rows, time_transform="rank").summary.p[ROSSI]
    assert tested.chance == pytest.approx(expected.to_numpy(), abs=1e-9)


def test_a_model_without_ties_tests_as_the_other_library_does():
    from lifelines import CoxPHFitter
    from lifelines.statistics import proportional_hazard_test

    rows = world.rossi().assign(week=lambda it: it.week + np.arange(432) / 1000)
    project = world.project("rossi", rows)
    with pytest.warns(NotProportional, match="age, wexp"):
        found = chain.cox(project.engine.table("rossi"), "week", "arrest", ROSSI)
    numbers = rows.assign(arrest=rows.arrest * 1)
    peer = proportional_hazard_test(CoxPHFitter().fit(numbers, "week", "arrest"), numbers, time_transform="rank")
    chances = {term: value for term, value in column(found, "proportional_p").items() if term != "_T"}
    assert {term: chances[term] for term in ROSSI} == pytest.approx(peer.summary.p.to_dict(), abs=1e-5)
    trend = column(found, "residual_trend")
    assert trend["age"] < 0 < trend["wexp"]  # the effect of age falls with time


def test_who_was_not_seen_from_the_start_is_at_risk_from_then_on():
    """Entries in whole weeks, so that some come in the very week of an event."""
    from lifelines import CoxPHFitter

    rows = world.rossi()
    rows["begin"] = np.floor(np.random.default_rng(1).uniform(0, rows.week))
    project = world.project("rossi", rows)
    with pytest.warns(NotProportional):
        found = chain.cox(project.engine.table("rossi"), "week", "arrest", ROSSI, entry="begin")
    numbers = rows.assign(arrest=rows.arrest * 1)
    peer = CoxPHFitter().fit(numbers, "week", "arrest", entry_col="begin")
    assert column(found, "coefficient") == pytest.approx(peer.params_.to_dict(), abs=1e-6)
    assert column(found, "coefficient", "se") == pytest.approx(peer.standard_errors_.to_dict(), abs=1e-6)
    assert found.recipe.parameters["entry"] == "begin"
    again = run_cox(project, **found.recipe.parameters)
    assert again == found


def test_the_warning_of_hazards_says_the_same_in_another_process():
    warned = NotProportional(["age", "wexp"])
    assert str(pickle.loads(pickle.dumps(warned))) == str(warned)
    assert "age, wexp" in str(warned)


def test_left_truncation_by_hand():
    # Events on days 1, 3 and 5. The one of day 3 came on day 1, after the first event, so at risk of that were the
    # others, of whom one of three had it: 0 - 1/3. Of the event of day 3: two of three, 1 - 2/3. Of day 5: 0 - 1/2.
    x, entry = np.array([[0.0], [1], [0], [1]]), np.array([0.0, 1, 0, 0])
    day, event = np.array([1.0, 3, 5, 6]), np.array([1.0, 1, 1, 0])
    residuals, times = schoenfeld(x, entry, day, event, np.zeros(1), efron=True)
    assert residuals[:, 0].tolist() == pytest.approx([0 - 1 / 3, 1 - 2 / 3, 0 - 1 / 2])
    assert times.tolist() == [1, 3, 5]


def test_prisoners_of_north_carolina_as_published():
    project = world.project("recid", world.recid())
    found = column(chain.cox(project.engine.table("recid"), "durat", "terug", RECID), "coefficient")
    published = [0.08440, 0.08802, 0.01307, -0.28390, 0.43300, 0.27760, 0.43506, -0.15514, -0.02136, -0.00361]
    assert [round(found[term], 5) for term in RECID] == published


@pytest.fixture(scope="module")
def groups():
    """Of 60 in group a 20 came back, of 40 in group b 25; of three more somebody's group or outcome is not known."""
    rows = [("a", True)] * 20 + [("a", False)] * 40 + [("b", True)] * 25 + [("b", False)] * 15
    rows += [(None, True), ("", True), ("a", None)]
    return world.project("twee", pd.DataFrame(rows, columns=["groep", "terug"])).engine.table("twee")


@pytest.fixture(scope="module")
def two_groups(groups):
    return chain.logistic(groups, "terug", ["groep"])


def test_an_odds_ratio_by_hand(two_groups):
    # odds 20/40 and 25/15; ratio (25 * 40) / (15 * 20) = 10/3
    assert column(two_groups, "odds_ratio") == pytest.approx({("groep", "a"): 1, ("groep", "b"): 10 / 3})
    assert column(two_groups, "coefficient")["intercept"] == pytest.approx(log(20 / 40))


def test_its_standard_error_by_hand(two_groups):
    # Woolf: the variance of a log odds ratio is the sum of the reciprocals of the four counts
    error = sqrt(1 / 20 + 1 / 40 + 1 / 25 + 1 / 15)
    row = two_groups.cell(measure="coefficient", term="groep", level="b")
    assert row["se"] == pytest.approx(error)
    assert row["lower"] == pytest.approx(log(10 / 3) - 1.959964 * error, abs=1e-6)
    ratio = two_groups.cell(measure="odds_ratio", term="groep", level="b")
    assert ratio["upper"] == pytest.approx(10 / 3 * np.exp(1.959964 * error), abs=1e-4)
    assert ratio["se"] == pytest.approx(10 / 3 * error)  # the delta method


def test_n_is_the_fewer_of_those_with_and_without_the_outcome(two_groups):
    assert column(two_groups, "odds_ratio", "n") == {("groep", "a"): 20, ("groep", "b"): 15}
    assert column(two_groups, "coefficient", "n")["intercept"] == 45  # 20 + 25 came back, 40 + 15 did not


def test_mcfaddens_r2_by_hand(two_groups):
    alone = 45 * log(45 / 100) + 55 * log(55 / 100)
    fitted = 20 * log(20 / 60) + 40 * log(40 / 60) + 25 * log(25 / 40) + 15 * log(15 / 40)
    assert whole(two_groups, "log_likelihood") == pytest.approx(fitted)
    assert whole(two_groups, "pseudo_r_squared") == pytest.approx(1 - fitted / alone)


def test_a_model_of_two_groups_is_a_table_and_has_no_spare_pattern(two_groups):
    assert whole(two_groups, "spare_patterns") == 0  # two groups, a constant and one coefficient
    assert whole(two_groups, "degrees_of_freedom") == 98


def test_what_is_left_out_is_told(two_groups):
    assert [(step.n_in, step.n_out, step.reason.en) for step in two_groups.attrition] == [
        (103, 102, "terug unknown"),
        (102, 100, "groep unknown"),
    ]


def test_the_reference_can_be_chosen_and_turns_the_ratio_around(groups):
    turned = chain.logistic(groups, "terug", ["groep"], reference={"groep": "b"})
    assert column(turned, "odds_ratio")[("groep", "a")] == pytest.approx(3 / 10)


def test_clustered_errors_of_doubled_rows_are_those_of_the_persons():
    # every person twice: the sandwich over persons knows that nothing was added; the plain one believes twice as many
    people = world.people(300).assign(person_id=[f"p{place:03d}" for place in range(300)])
    once, twice = world.project("eens", people), world.project("dubbel", pd.concat([people, people]))
    single = chain.logistic(once.engine.table("eens"), "terug", ["leeftijd"], errors="robust")
    double = chain.logistic(twice.engine.table("dubbel"), "terug", ["leeftijd"], errors="clustered")
    assert column(double, "coefficient") == pytest.approx(column(single, "coefficient"))
    # G/(G - 1) * (N - 1)/(N - k): the correction for few clusters
    clusters = 300 / 299 * 599 / 598
    errors = column(double, "coefficient", "se")["leeftijd"] / column(single, "coefficient", "se")["leeftijd"]
    assert errors == pytest.approx(sqrt(clusters))
    assert (whole(double, "rows"), whole(double, "persons")) == (600, 300)


def test_clustered_errors_of_a_cox_model_are_another_librarys():
    from lifelines import CoxPHFitter

    rows = world.people(250, seed=3)[["leeftijd", "dagen", "opnieuw"]]
    rows["dagen"] = np.where(rows.opnieuw, rows.dagen + np.arange(250) / 1000, rows.dagen)  # no ties: methods agree
    rows["person_id"] = [f"p{place // 2:03d}" for place in range(250)]
    project = world.project("samen", rows)
    found = chain.cox(project.engine.table("samen"), "dagen", "opnieuw", ["leeftijd"], errors="clustered")
    peer = CoxPHFitter().fit(
        rows.assign(person_id=rows.person_id.str[1:].astype(int)), "dagen", "opnieuw", cluster_col="person_id"
    )
    assert column(found, "coefficient")["leeftijd"] == pytest.approx(peer.params_["leeftijd"], abs=1e-6)
    assert column(found, "coefficient", "se")["leeftijd"] == pytest.approx(peer.standard_errors_["leeftijd"], rel=1e-4)


def test_concordance_by_hand():
    # events on days 2 and 4, seen until 3 and 4 without; pairs (2; 3), (2; 4), (2; 4+), (4; 4+): the censored of day 4
    # outlived the event of day 4. Risks 5, 1, 5, 2: right, tied (a half), right, right: 3.5 of 4
    duration, event = np.array([2.0, 3, 4, 4]), np.array([1.0, 0, 1, 0])
    assert concordance(duration, event, np.array([5.0, 1, 5, 2])) == pytest.approx(3.5 / 4)
