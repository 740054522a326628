"""How recidivism is measured, in the catalogue: every disposal said, every column there, what was not read marked."""

from io import StringIO

import cohort_story
import pytest
from rich.console import Console

from das_research.catalog.check_recidivism import codes_of_disposals, recidivism_faults
from das_research.catalog.models import RecidivismMethod
from das_research.catalog.names import Names
from das_research.catalog.show import show_entry

CATALOG = cohort_story.dutch()
METHOD = CATALOG.recidivism["recidivemonitor"]


def faults(**changes):
    """The faults of the method with these fields replaced."""
    told = METHOD.model_dump(mode="json", by_alias=True) | changes
    return [message for _, message in recidivism_faults(RecidivismMethod.model_validate(told), Names(CATALOG))]


def part(field, **changes):
    return {field: METHOD.model_dump(mode="json", by_alias=True)[field] | changes}


def test_the_dutch_method_has_no_fault():
    assert faults() == []


def test_every_disposal_is_said_in_both_lists_and_each_reason_in_two_languages():
    codes = set(codes_of_disposals(CATALOG, METHOD))
    assert len(codes) == 8
    for disposals in (METHOD.index_disposals, METHOD.new_disposals):
        assert set(disposals.count) | set(disposals.leave_out) == codes
        assert all(why.nl and why.en and why.nl != why.en for why in disposals.leave_out.values())


def test_a_policy_dismissal_is_no_index_case_and_is_reoffending_and_open_cases_are_neither():
    assert "jd_beleidssepot" in METHOD.index_disposals.leave_out
    assert "jd_beleidssepot" in METHOD.new_disposals.count
    assert "jd_open" in METHOD.index_disposals.leave_out and "jd_open" in METHOD.new_disposals.leave_out
    assert {"jd_schuldig", "jd_om_afdoening"} == set(METHOD.index_disposals.count)


def test_what_was_not_read_is_a_setting_that_says_so():
    assert all(threshold.unverified for threshold in METHOD.thresholds.values())
    assert METHOD.registration_lag.unverified and METHOD.new_disposals.unverified
    for name, threshold in (("recidive-ernstig", "serious"), ("recidive-zeer-ernstig", "very_serious")):
        assert CATALOG.terms[name].unverified == METHOD.thresholds[threshold].unverified


def test_the_six_groups_of_the_monitor_are_there():
    groups = set(METHOD.cohorts) - {"uitgangszaak"}
    assert groups == {
        "volwassen_daders", "jeugdige_daders", "ex_gedetineerden", "ex_jji_pupillen", "ex_werkgestraften",
        "ex_ondertoezichtgestelden",
    }  # fmt: skip
    assert not any(rule.cannot for rule in METHOD.cohorts.values())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (part("index_disposals", count=["jd_schuldig"]), "says nothing of jd_om_afdoening"),
        (part("new_disposals", count=["jd_schuldig", "jd_vrijsprak"]), "there is no disposal 'jd_vrijsprak'"),
        (part("new_disposals", count=[*METHOD.new_disposals.count, "jd_open"]), "counts and is left out: jd_open"),
        (part("documentation", maximum="maximum"), "there is no variable 'maximum'"),
        (part("documentation", dates={"pleegdatum": "geboorteland"}), "is not taken"),
        (part("documentation", table="register"), "there is no dataset 'register'"),
        ({"detention": [{"table": "detenties", "begin": "instroom", "end": "eind"}]}, "there is no variable 'eind'"),
        (part("departures", dates=["overleden", "verhuisd"]), "there is no variable 'verhuisd'"),
        (part("ages", **{"from": {"12-17": 18, "18-24": 12}}), "lower bounds must rise"),
        (part("ages", **{"from": {"0-11": 0}}), "there is no code '0-11'"),
        (part("offence_groups", correspondence="wetsartikel"), "there is no correspondence 'wetsartikel'"),
        ({"cohorts": {"leeg": {"title": "leeg"}}}, "give either 'table' and 'start', or 'cannot'"),
        ({"cohorts": {"zonder": {"title": "x", "table": "detenties"}}}, "needs a day on which the clock starts"),
        (
            {"cohorts": {"x": {"title": "x", "table": "detenties", "start": {"uit": "uitstroom"},
                               "where": [{"column": "kleur", "operator": "known"}]}}},
            "there is no column 'kleur'",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_told(changes, message):
    assert any(message in told for told in faults(**changes)), faults(**changes)


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "Kleinste cohort: 100"), ("en", "Disposals that make an index")]
)
def test_the_account_tells_lists_settings_and_what_cannot_be_shown(language, words):
    console = Console(width=200, record=True, file=StringIO())
    console.print(show_entry(CATALOG, "recidivemonitor", language))
    text = console.export_text()
    assert words in text
    assert ("niet geverifieerd" if language == "nl" else "unverified") in text
