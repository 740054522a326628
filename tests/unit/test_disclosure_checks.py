"""Every rule is named with its verdict, and said in Dutch and in English; so is why a Result was decided of so."""

import json
from dataclasses import replace

import disclosure_world as world
import pytest
from disclosure_world import count, share

from das_research.catalog.models import Disclosure
from das_research.disclosure import check_words, why
from das_research.disclosure.check_words import say_check
from das_research.disclosure.dossier import criteria, write_dossier
from das_research.disclosure.gate import check_release
from das_research.disclosure.releases import read_release
from das_research.disclosure.rules import protect
from das_research.disclosure.why import Why
from das_research.home import Home
from das_research.presentation.dominance import Dominance

CATALOG = world.catalog(disclosure=Disclosure(dominance=50))


def verdicts(result):
    return {it.name: it.verdict for it in protect(result, CATALOG)[1].checks}


def by_kind(gw, wv, total):
    rows = [count("zaken", value, soort=code) for code, value in (("gw", gw), ("wv", wv), ("_T", total))]
    return world.result(rows, ("soort",))


def released(tmp_path, result):
    home = Home(tmp_path / "home")
    run = world.hand_over(home, {"flow": result})
    return home, check_release(CATALOG, home, run, lambda project, recipe: result, "brenger")


@pytest.mark.parametrize(("gw", "wv", "told"), [(40, 60, False), (0, 60, True), (60, 0, True)])
def test_a_total_of_which_everybody_has_one_code_is_for_people(gw, wv, told):
    found = verdicts(by_kind(gw, wv, gw + wv))
    assert found.get("one code holds all") == ("not checked" if told else None)
    assert found.get("no code holds all") == (None if told else "passed")


def test_where_all_but_few_have_one_code_it_is_not_seen():
    """97 of 100: the three are hidden, and with them the 97, which the total less three would tell."""
    result, decision = protect(by_kind(3, 97, 100), CATALOG)
    assert set(world.shown(result).soort) == {"_T"} and "all but few" in {it.name for it in decision.checks}


def test_shares_sums_and_queries_are_named_only_where_they_are_asked():
    assert "shares" in verdicts(world.result([share("deel", 40, 100)])) and "shares" not in verdicts(
        by_kind(40, 60, 100)
    )
    own = verdicts(world.result([count("zaken", 40)], (), world.TABULATE, query="select v from t"))
    assert own["query"] == "not checked" and own["extremes"] == "passed" and "concentration" not in own


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("select v from t", "extremes"),
        ("select max(v) over () as v from t", "other rows"),
        ("select s.v from t cross join s", "joined"),
        ("select soort, max(v) as v from t group by soort", "other rows"),
    ],
)
def test_a_value_of_several_rows_is_for_people(query, told):
    own = world.result([count("hoogste", 400)], (), world.TABULATE)
    asked = {"query": query, "measures": {"hoogste": ["sum", "v"]}}
    own = replace(own, recipe=replace(own.recipe, parameters=asked), dominance=Dominance())
    found = verdicts(own)
    assert found[told] == ("passed" if told == "extremes" else "not checked")
    assert len({"extremes", "other rows"} & found.keys()) == 1


def test_an_own_table_in_which_everybody_has_the_only_code_is_for_people():
    rows = [count("zaken", 40, soort=it) for it in ("gw", "_T")]
    assert verdicts(world.result(rows, ("soort",), world.TABULATE))["one code holds all"] == "not checked"


def test_the_dossier_names_every_rule_with_its_verdict_in_both_languages(tmp_path):
    home, release = released(tmp_path, by_kind(0, 60, 60))
    [groups] = [it for it in criteria(release) if it["criterion"] == "groups"]
    assert (groups["verdict"], groups["results"]) == ("not checked", "flow")
    assert [it["name"] for it in groups["checks"]] == ["one code holds all"]
    folder = home.releases / release.id
    dutch, english = ((folder / f"dossier.{it}.html").read_text(encoding="utf-8") for it in ("nl", "en"))
    for check in release.decisions["flow"]["checks"]:
        assert say_check(check, "nl") in dutch and say_check(check, "en") in english
        assert say_check(check, "en") not in dutch
    assert "Van 1 getoonde totalen heeft iedereen dezelfde code" in dutch


def test_every_rule_has_words_in_two_languages():
    given = {"n": 10, "cells": 2, "names": "keuze", "percent": 10, "base": 5, "less": 4, "tables": 3}
    for name in check_words._WORDS:
        dutch, english = (say_check({"name": name, "given": given}, it) for it in ("nl", "en"))
        assert dutch and english and dutch != english


def pages_of(home, release):
    folder = home.releases / release.id
    return [(folder / f"dossier.{it}.html").read_text(encoding="utf-8") for it in ("nl", "en")]


def test_the_dossier_says_why_in_the_language_of_its_page(tmp_path):
    home = Home(tmp_path / "home")
    run = world.hand_over(home, {"flow": by_kind(40, 60, 100)})
    release = check_release(CATALOG, home, run, lambda project, recipe: None, "brenger")
    assert release.decisions["flow"]["reasons"] == [{"name": "not again", "given": {}}]
    dutch, english = pages_of(home, release)
    assert "Het recept is niet opnieuw uit te voeren." in dutch and "recipe" not in dutch
    assert "Its recipe can't be run again." in english and "Het recept" not in english


def test_a_release_that_has_its_reason_as_a_text_keeps_reading(tmp_path):
    home, release = released(tmp_path, by_kind(40, 60, 100))
    path = home.releases / release.id / "release.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    del document["decisions"]["flow"]["reasons"]
    document["decisions"]["flow"]["reason"] = "Published as the total only: soort."
    path.write_text(json.dumps(document), encoding="utf-8")
    write_dossier(path.parent, CATALOG, read_release(home, release.id))
    assert all("Published as the total only: soort." in page for page in pages_of(home, release))


def test_every_reason_has_words_in_two_languages():
    given = {"n": 10, "levels": 2, "periods": 3, "names": "keuze", "percent": "10", "function": "f", "shape": "vorm"}
    for name in why._WORDS:
        dutch, english = (Why(name, given).says(it) for it in ("nl", "en"))
        assert dutch and english and dutch != english
