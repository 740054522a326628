"""The strictest rule holds: of the catalogue, of every agreement of a project, and of its grant."""

import disclosure_world as world
import pytest
from disclosure_world import count

from das_research.catalog.models import Disclosure, StricterRules
from das_research.catalog.own_files import seen_by
from das_research.catalog.strictest import as_strict_as_asked
from das_research.disclosure import beside, side_by_side, worked_back
from das_research.disclosure.dossier import cells_by_units, dossier
from das_research.disclosure.gate import check_release
from das_research.disclosure.review import approve
from das_research.home import Home


def asking(agreement=None, grant=None, **rules):
    made = world.catalog(disclosure=Disclosure(**rules))
    agreements = {id: it.model_copy(update={"disclosure": agreement}) for id, it in made.agreements.items()}
    grants = {id: it.model_copy(update={"disclosure": grant}) for id, it in made.grants.items()}
    return made.model_copy(update={"agreements": agreements, "grants": grants})


@pytest.mark.parametrize(
    ("agreement", "grant", "minimum"),
    [(None, None, 10), ({"minimum": 15}, None, 15), ({"minimum": 15}, {"minimum": 20}, 20), ({"minimum": 5}, None, 10)],
)
def test_the_highest_minimum_holds(agreement, grant, minimum):
    rules = [None if it is None else StricterRules(**it) for it in (agreement, grant)]
    assert as_strict_as_asked(asking(*rules), "verhaal").disclosure.minimum == minimum


def test_a_share_of_one_unit_gets_lower_and_p_higher():
    agreement = StricterRules(dominance=40, p_percent=5)
    strict = seen_by(asking(agreement, dominance=50, p_percent=10), "verhaal").disclosure
    assert (strict.dominance, strict.p_percent) == (40, 10)
    strict = seen_by(asking(agreement), "verhaal").disclosure
    assert (strict.dominance, strict.p_percent) == (40, 5)


def test_of_every_number_of_units_the_lowest_share_holds():
    agreement, grant = StricterRules(dominance_of={2: 70, 3: 90}), StricterRules(dominance_of={2: 80})
    strict = as_strict_as_asked(asking(agreement, grant, dominance_of={2: 75}), "verhaal").disclosure
    assert strict.dominances == {2: 70, 3: 90} and strict.coalition == 2


def test_what_asks_nothing_leaves_the_catalogue_as_it_is():
    catalog = asking(StricterRules(minimum=8))
    assert as_strict_as_asked(catalog, "verhaal") is catalog
    assert as_strict_as_asked(catalog, "geen-project") is catalog


@pytest.mark.parametrize(
    ("own", "asked", "holds"),
    [("threshold", None, "threshold"), ("threshold", "exact", "threshold"), ("threshold", "wide", "wide"),
     ("exact", "threshold", "threshold"), ("wide", "threshold", "wide")],
)  # fmt: skip
def test_the_widest_level_that_is_asked_holds(own, asked, holds):
    catalog = asking(StricterRules(level=asked))
    catalog = catalog.model_copy(update={"disclosure": catalog.disclosure.model_copy(update={"level": own})})
    assert as_strict_as_asked(catalog, "verhaal").disclosure.level == holds


def test_gate_3_hides_what_an_agreement_asks_for(tmp_path):
    result = world.result([count("in", 12, stage="om"), count("in", 60, stage="rechter")])
    home = Home(tmp_path / "home")
    run = world.hand_over(home, {"flow": result})
    catalog = asking(StricterRules(minimum=15))
    release = check_release(catalog, home, run, lambda project, recipe: result, "brenger")
    table = release.results["flow"].table
    assert set(table[table.disclosure == "shown"].stage) == {"rechter"}
    assert {"name": "minimum", "verdict": "passed", "given": {"n": 15, "hidden": 1}} in release.decisions["flow"][
        "checks"
    ]
    # 60 is 2 to 5 times 15, also when a verdict writes the dossier anew; of the catalogue's 10 it is more
    reviewed = approve(catalog, home, release.id, "anna")
    assert dossier(catalog, reviewed)["results"]["flow"]["cells"] == [{"least": 30, "most": 74, "cells": 1}]


@pytest.mark.parametrize("level", ["exact", "threshold", "wide"])
def test_the_level_of_the_catalogue_is_that_of_what_hides_and_of_the_last_look(monkeypatch, level):
    rows = [count("in", n, stage="om", period=it) for it, n in (("2020", 4), ("2021", 50), ("2020/2021", 54))]
    result, asked = world.result(rows), []
    for room, name in ((beside, "protect_together"), (worked_back, "attack")):
        true = getattr(room, name)
        monkeypatch.setattr(
            room, name, lambda *args, true=true, **more: asked.append((args, more)) or true(*args, **more)
        )
    catalog = world.catalog(disclosure=Disclosure(level=level))
    there = beside.Beside(side_by_side.SideBySide(catalog, (), "verhaal", "run", "snap", {"a": result}, None))
    worked_back.look_back(catalog, "verhaal", {"a": result}, {"a": there.protect("a", result)[0]}, [], [])
    assert asked[0][1]["level"] == level and asked[1][0][3] == level


def test_a_cell_that_cannot_occur_is_no_number_that_rests_on_few():
    given = world.result([count("in", 60, stage="om"), world.impossible("in", n=0, stage="rechter")])
    shown = given.with_table(given.table.assign(disclosure="shown"))
    assert cells_by_units(shown, 10) == [{"least": 50, "most": 99, "cells": 1}]
