"""Spec: what became of a cohort. The eight cases are told in tests/chain_story.py."""

import chain_story
import pytest

from das_research import chain
from das_research.errors import UsageError


def shares(result, stage, column="numerator", **codes):
    rows = result.table[result.table.stage == stage]
    for name, code in codes.items():
        rows = rows[rows[name] == code]
    return {row.measure: row[column] for _, row in rows.iterrows() if row.kind != "cannot occur"}


@pytest.fixture(scope="module")
def conversion():
    return chain.conversion(chain_story.project(), 2019, 2022, by=["soort"])


def test_a_cohort_ends_in_a_later_stage_outside_the_chain_or_open(conversion):
    # the police knew a, b, c, d, f, g. Next stage: a, c, g; any later: f too; left: b; open: d. 4 + 1 + 1 = 6
    numerators = shares(conversion, "politie", soort="_T")
    assert numerators == {"reached_next": 3, "reached_later": 4, "left": 1, "open": 1}
    values = shares(conversion, "politie", "value", soort="_T")
    assert values["reached_next"] == pytest.approx(100 * 3 / 6)
    assert values["reached_later"] + values["left"] + values["open"] == pytest.approx(100)


def test_the_cohort_is_made_by_the_year_of_entry():
    # entered at the police in 2021: d (open) and g (went on in 2022)
    conversion = chain.conversion(chain_story.project(), 2021, 2021)
    assert shares(conversion, "politie") == {"reached_next": 1, "reached_later": 1, "left": 0, "open": 1}
    assert shares(conversion, "politie", "denominator")["open"] == 2
    assert "gevolgd tot en met 31 december 2022" in conversion.title.nl


def test_what_is_not_known_is_a_group_of_its_own(conversion):
    # at the prosecution: a and g (wv), c (gw), e (unknown)
    assert {
        soort: shares(conversion, "om", "denominator", soort=soort)["open"] for soort in ("wv", "gw", "onbekend")
    } == {
        "wv": 2,
        "gw": 1,
        "onbekend": 1,
    }
    assert conversion.labels["soort"]["onbekend"].en == "unknown"
    assert conversion.labels["soort"]["wv"].nl == "woninginbraak"
    assert conversion.labels["dimension"]["soort"].nl == "soort"


def test_groups_add_up_to_the_total(conversion):
    table = conversion.table.dropna(subset=["numerator"]).set_index(["stage", "measure", "soort"])[
        ["numerator", "denominator"]
    ]
    groups = table.drop("_T", level="soort").groupby(["stage", "measure"]).sum()
    assert groups.equals(table.xs("_T", level="soort").sort_index())


def test_n_is_the_smaller_of_the_persons_inside_and_outside_the_numerator(conversion):
    # reached_later: a, c, f, g are of 4 persons; b and d of 2. open: d of 1; the other five of 4 (a and b are one)
    persons = shares(conversion, "politie", "n", soort="_T")
    assert (persons["reached_later"], persons["open"]) == (2, 1)
    # reached_next: a, c, g are of 3 persons; b, d, f of 3
    assert persons["reached_next"] == 3


def test_from_the_last_stage_nothing_goes_on_and_nothing_ends(conversion):
    rows = conversion.table[conversion.table.stage == "rechter"]
    assert set(rows.kind) == {"cannot occur"}


def test_a_stage_that_nobody_entered_has_no_shares():
    conversion = chain.conversion(chain_story.project(), 2019, 2019)
    rows = conversion.table[conversion.table.stage == "om"]
    assert set(rows.kind) == {"unknown"}
    assert rows.value.isna().all() and set(rows.denominator) == {0}


def test_an_unknown_attribute_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match="soort"):
        chain.conversion(chain_story.project(), 2020, 2022, by=["kleur"])
