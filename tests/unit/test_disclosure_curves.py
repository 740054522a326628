"""Curves lose the steps that rest on few, and never a step of one group as the total less the others."""

import disclosure_world as world
from disclosure_world import shown

from das_research.disclosure.rules import protect
from das_research.disclosure.why import say_reasons

CATALOG = world.catalog()


def curve(events, at_risk, n=500, quantiles=(), **place):
    """One curve with a point a week: events in the week before it, and the number at risk when that week began."""
    left, rows = 1.0, []
    for week, (ended, risk) in enumerate(zip(events, at_risk, strict=True)):
        left *= 1 - ended / risk
        numbers = {"value": 100 * (1 - left), "numerator": ended, "denominator": risk, "n": n}
        rows.append({"measure": "completed_share", "unit": "percent", "days": str(7 * week), **numbers, **place})
    for measure, day, upper in quantiles:
        rows.append(
            {"measure": measure, "unit": "days", "value": day, "lower": day - 1, "upper": upper, "n": n, **place}
        )
    return rows


def released(rows, dimensions=("days",)):
    return protect(world.result(rows, dimensions, world.DURATIONS, "curve"), CATALOG)


def points(result, **place):
    rows = shown(result)[shown(result).measure == "completed_share"]
    for name, code in place.items():
        rows = rows[rows[name] == code]
    return rows.days.astype(int).tolist()


def test_events_are_merged_until_there_are_enough():
    # weeks: 0, 20, 4, 4, 4 events; 4 + 4 + 4 = 12 in one step; then 30 more, with 38 left
    result, _ = released(curve([0, 20, 4, 4, 4, 30, 38], [100, 100, 80, 76, 72, 68, 38]))
    assert points(result) == [0, 7, 28, 35]


def test_the_tail_goes_where_few_are_left():
    # after the second step 8 would be left
    result, _ = released(curve([0, 40, 52, 8], [100, 100, 60, 8]))
    assert points(result) == [0, 7]


def test_a_point_that_was_merged_leaves_no_trace():
    result, decision = released(curve([0, 20, 4, 4, 4, 30, 38], [100, 100, 80, 76, 72, 68, 38]))
    assert set(result.table.days) == {"0", "7", "28", "35"}
    assert decision.hidden == 3


def test_the_counts_under_a_curve_stay_behind_and_shares_are_cut_to_a_tenth():
    # 20 of 300 is 6.666...
    result, _ = released(curve([0, 20, 40], [300, 300, 280]))
    assert shown(result)[["numerator", "denominator"]].isna().all(axis=None)
    assert shown(result).value.tolist() == [0, 6.7]


def test_groups_share_their_points():
    # week 1: A has 4 of the 24 events. Published for the total, 24 - 20 would give them
    a = curve([0, 4, 20, 60, 16], [100, 100, 96, 76, 16], soort="wv")
    b = curve([0, 20, 20, 60, 100], [200, 200, 180, 160, 100], soort="gw")
    total = curve([0, 24, 40, 120, 116], [300, 300, 276, 236, 116])
    result, decision = released([*a, *b, *total], ("days", "soort"))
    for soort in ("wv", "gw", "_T"):
        assert points(result, soort=soort) == [0, 14, 21]
    assert decision.reasons == ()


def test_a_breakdown_with_a_tiny_group_is_collapsed():
    a = curve([0, 1, 1, 1], [5, 5, 4, 3], n=5, soort="wv")
    total = curve([0, 24, 40, 120], [300, 300, 276, 236])
    result, decision = released([*a, *total], ("days", "soort"))
    assert points(result) == [0, 7, 14]  # after the third step nobody is known to be left
    assert set(shown(result).soort) == {"_T"}
    assert "soort" in say_reasons(decision.reasons, "en")


def test_a_quantile_is_shown_on_the_published_part_only():
    quantiles = [("first_quartile", 5.0, 6.0), ("median", 13.0, 40.0), ("third_quartile", 20.0, 21.0)]
    # published: 40% by day 7, 64% by day 14 (100 -> 60 -> 36); then 8 are left
    result, _ = released(curve([0, 40, 24, 28, 8], [100, 100, 60, 36, 8], quantiles=quantiles))
    rows = shown(result)[shown(result).unit == "days"].set_index("measure")
    assert rows.value.to_dict() == {"first_quartile": 5, "median": 13}
    assert rows.upper.fillna(-1).to_dict() == {"first_quartile": 6, "median": -1}  # 40 lies beyond day 14


def test_a_curve_of_few_persons_is_hidden():
    result, _ = released(curve([0, 40, 24], [100, 100, 60], n=9))
    assert len(shown(result)) == 0
