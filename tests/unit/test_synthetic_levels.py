"""The levels of the catalogue lead to its targets, and fitting them finds the way back from wrong ones."""

import numpy as np
import pytest
from synthetic_world import dutch

from das_research.synthetic.aims import on_the_line
from das_research.synthetic.fit import LEVELS, fit, in_yaml, measure
from das_research.synthetic.generate import aims_of
from das_research.synthetic.parts import blocks_of

SCALE = 0.02
DELIVERED = 13  # years, the last of those simulated


@pytest.fixture(scope="module")
def aims():
    return aims_of(dutch(), (2012, 2024), SCALE, 1)


@pytest.fixture(scope="module")
def found(aims):
    blocks = [measure(aims, number) for number in range(blocks_of(aims))]
    return {name: np.sum([block[name] for block in blocks], axis=0) for name in blocks[0]}


@pytest.mark.parametrize("target", sorted({target for target, _ in LEVELS.values()} | {"beslissingen-om"}))
def test_every_year_meets_its_target_but_for_chance(aims, found, target):
    wanted = aims.target(target, np.array(aims.years))[-DELIVERED:] * SCALE
    allowed = 4.5 * np.sqrt(wanted) + 0.03 * wanted
    assert (np.abs(found[target][-DELIVERED:] - wanted) < allowed).all()


def test_fitting_finds_the_way_back_from_wrong_levels(aims):
    wrong = {**aims.chain.levels, "perioden": {2002: 90_000.0}, "ingezonden": {2002: 0.4}}
    astray = aims_of(dutch(), (2012, 2024), 0.005, 1)
    astray = type(astray)(astray.chain.model_copy(update={"levels": wrong}), 2012, 2024, 0.005, 1)
    before = fit(astray, rounds=1, workers=1)[1]
    after = fit(astray, rounds=7, workers=1)[1]
    for name in ("unieke-verdachten", "instroom-om"):
        assert np.abs(before[name][-DELIVERED:]).max() > 0.3
        assert np.abs(after[name][-DELIVERED:]).max() < 0.1


def test_levels_are_printed_as_they_stand_in_the_catalogue(aims):
    text = in_yaml(aims.chain, LEVELS)
    assert text.startswith("  perioden: {2002: ")
    assert max(map(len, text.splitlines())) <= 120


def test_between_two_years_a_level_is_on_the_line_between_them():
    assert on_the_line({2010: 10.0, 2020: 20.0}, [2000, 2010, 2015, 2030]).tolist() == [10, 10, 15, 20]
