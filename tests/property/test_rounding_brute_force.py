"""Controlled rounding against every true table there is: what a reader can believe of each number, by trying all."""

import json
from collections import defaultdict
from itertools import product

import numpy as np
import pytest
import suppression_world as world

from das_research.disclosure.attacker.attack import attack
from das_research.disclosure.attacker.seen import read_release
from das_research.disclosure.rounding.controlled import rounded_under_control
from das_research.disclosure.tables.model import build_model

SHAPES = {"three kinds": ((3,),), "two by two": ((2,), (2,)), "two kinds with their own kinds": ((2, 2),)}


def tables_of(sizes, most):
    """Every table with inner numbers up to a number, as the model that rounding works on."""
    dimensions = [world.hierarchy(f"d{at}", size) for at, size in enumerate(sizes)]
    codes = list(product(*(world.leaves(dimension) for dimension in dimensions)))
    for numbers in product(range(most + 1), repeat=len(codes)):
        table = world.table(dimensions, dict(zip(codes, numbers, strict=True)))
        yield table, build_model([table])


@pytest.mark.parametrize("base", [3, 5])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_number_can_be_all_that_its_interval_promises(shape, base):
    """All true tables are tried of which a published one is an additive rounding, multiples staying as they are."""
    rng = np.random.default_rng(base)
    sizes = SHAPES[shape]
    dimensions = [world.hierarchy(f"d{at}", size) for at, size in enumerate(sizes)]
    codes = list(product(*(world.leaves(dimension) for dimension in dimensions)))
    for _ in range(6):
        drawn = dict(zip(codes, rng.integers(0, 2 * base, len(codes)).tolist(), strict=True))
        model = build_model([world.table(dimensions, drawn)])
        published = rounded_under_control(model, base)
        inner = [model.addresses.index(model_address) for model_address in _inner(model, dimensions)]
        shown = published.numbers[inner]
        spans = [range(max(0, number - base + 1), number + base) for number in shown.tolist()]
        believed = defaultdict(set)
        for numbers in product(*spans):
            values = _completed(model, inner, numbers)
            near = np.abs(values - published.numbers) < base
            if near.all():
                for cell, value in enumerate(values.tolist()):
                    believed[cell].add(value)
        for cell, number in enumerate(published.numbers.tolist()):
            low, high = published.interval(number)
            assert believed[cell] == set(range(low, high + 1)), (shape, drawn, cell)
            assert len(believed[cell]) >= base


def _inner(model, dimensions):
    names = {dimension.name: set(world.leaves(dimension)) for dimension in dimensions}
    return [
        it for it in model.addresses
        if len(it.place) == len(names) and all(code in names[name] for name, code in it.place)
    ]  # fmt: skip


def _completed(model, inner, numbers):
    """All numbers of a model from its inner ones: every sum in the order of the model."""
    values = np.zeros(len(model), dtype=np.int64)
    values[inner] = numbers
    matrix = model.relations.toarray()
    for row in matrix:
        total = int(np.flatnonzero(row == -1)[0])
        values[total] = values[row == 1].sum()
    return values


def test_who_knows_that_the_least_change_was_chosen_still_knows_no_small_number():
    """All tables of three kinds up to 7 are rounded; of those with the same outcome a small number is never one alone.

    This reader believes fewer numbers than the interval promises: of a 0 those to half the base.
    """
    believed = defaultdict(lambda: defaultdict(set))
    for _, model in tables_of(SHAPES["three kinds"], 7):
        published = tuple(rounded_under_control(model, 5).numbers.tolist())
        for cell, value in enumerate(model.values.tolist()):
            believed[published][cell].add(value)
    small = [
        (published[cell], values)
        for published, cells in believed.items()
        for cell, values in cells.items()
        if published[cell] <= 5 and max(published) <= 15  # further out not all tables were tried
    ]
    assert small and min(len(values) for _, values in small) >= 2
    assert min(len(values) for number, values in small if number == 0) < 5


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("base", [3, 5])
def test_the_attacker_believes_no_less_than_all_true_tables_do(seed, base):
    """What the attacker passes, brute force passes too; and what it finds told too closely, brute force finds."""
    rng = np.random.default_rng(seed)
    published = {"a": base * int(rng.integers(0, 3)), "b": base * int(rng.integers(0, 3)), "_T": 0}
    published["_T"] = published["a"] + published["b"] + base * int(rng.integers(-2, 3))  # not always additive
    published["_T"] = max(published["_T"], 0)
    believed = defaultdict(set)
    near = {code: range(max(0, number - base + 1), number + base) for code, number in published.items()}
    for one, other in product(near["a"], near["b"]):
        if one + other in near["_T"]:
            for code, value in (("a", one), ("b", other), ("_T", one + other)):
                believed[code].add(value)
    rows = [["zaken", "aantal", code, "2024", number, "rounded"] for code, number in published.items()]
    document = {"columns": ["figure", "measure", "soort", "period", "value", "disclosure"], "rows": rows}
    document |= {"dimensions": ["soort"], "rounded": {"base": base, "within": base}}
    cells = read_release([json.dumps(document)])
    if not believed:
        with pytest.raises(Exception, match="contradict"):
            attack(cells, [], 10)
        return
    found = {dict(leak.cells[0].where)["soort"] for leak in attack(cells, [], 10).leaks if len(leak.cells) == 1}
    too_close = {code for code, values in believed.items() if len(values) < base and min(values) < 10}
    places = {frozenset({"a"}): "a", frozenset({"b"}): "b", frozenset({"a", "b"}): "_T"}
    assert {places[place] for place in found} == too_close
