"""What the only one in a cell knows of rounded cells, against brute force: every whole table that fits is tried."""

import json
from dataclasses import replace
from itertools import product

import numpy as np
import suppression_world as world
from hypothesis import given, settings
from hypothesis import strategies as st
from suppression_brute import atoms_of

from das_research.disclosure.attacker.attack import attack
from das_research.disclosure.attacker.seen import read_register, read_release
from das_research.disclosure.rounding.controlled import rounded_under_control
from das_research.disclosure.tables.model import build_model

MINIMUM, BASE = 10, 3
BY_INSIDERS = "the only one in a cell knows another"


def tables():
    shapes = st.sampled_from([[(3,)], [(2,), (2,)], [(2, 2)], [(5,)]])
    return shapes.flatmap(
        lambda sizes: st.tuples(
            st.just(sizes),
            st.lists(
                st.sampled_from([0, 1, 1, 2, 4, 5]),
                min_size=(count := int(np.prod([np.prod(size) for size in sizes]))),
                max_size=count,
            ),
            st.integers(0, 2**32 - 1),
            st.booleans(),
        )
    )


def as_seen(table, model, numbers):
    names = [dimension.name for dimension in table.dimensions]
    places = {address: at for at, address in enumerate(model.addresses)}
    at = [places[table.address(codes)] for codes in table.cells]
    rows = [
        ["zaken", "aantal", *codes, "2024", int(numbers[cell]), "rounded"]
        for codes, cell in zip(table.cells, at, strict=True)
    ]
    columns = ["figure", "measure", *names, "period", "value", "disclosure"]
    rounded = {"base": BASE, "within": BASE, "adds_up": True}
    document = json.dumps({"columns": columns, "rows": rows, "dimensions": names, "rounded": rounded})
    above = {dimension.name: dict(dimension.parents) for dimension in table.dimensions}
    return dict(zip(at, read_release([document], above), strict=True))


def tables_that_fit(model, numbers):
    """Every table whose cells all lie less than the base from what is shown: one row a table."""
    inner, matrix = atoms_of(model)
    near = [np.arange(max(0, number - BASE + 1), number + BASE) for number in numbers.tolist()]
    found = np.array(list(product(*(near[cell] for cell in inner)))) @ matrix.T
    return found[[all(number in range_ for number, range_ in zip(one, near, strict=True)) for one in found.tolist()]]


@settings(max_examples=120, deadline=None, derandomize=True)
@given(tables())
def test_an_insider_is_found_to_leave_too_few_numbers_where_every_table_that_fits_does(made):
    sizes, counts, seed, adds_up = made
    dimensions = [world.hierarchy(f"d{i}", size) for i, size in enumerate(sizes)]
    codes = product(*(world.leaves(dimension) for dimension in dimensions))
    table = world.table(dimensions, dict(zip(codes, counts, strict=True)), MINIMUM)
    model = build_model([table])
    up = np.random.default_rng(seed).random(len(model)) < 0.5
    numbers = rounded_under_control(model, BASE).numbers if adds_up else BASE * (model.values // BASE)
    numbers = numbers if adds_up else numbers + BASE * (up & (model.values % BASE > 0))  # which tells more
    cells = as_seen(table, model, numbers)
    ones = np.flatnonzero(model.values == 1).tolist()
    report = attack(
        list(cells.values()), read_register("[]"), MINIMUM, alone=[replace(cells[one], value=1) for one in ones]
    )
    place = {(cell.counted, cell.where): at for at, cell in cells.items()}
    found = {
        tuple(place[it.counted, it.where] for it in leak.cells) for leak in report.leaks if leak.how == BY_INSIDERS
    }
    assert report.not_asked == 0 and report.insiders == len({cells[one].where for one in ones})

    fitting = tables_that_fit(model, numbers)
    _, atoms = atoms_of(model)
    same = {at: place[cells[at].counted, cells[at].where] for at in cells}  # cells of the same units are one
    expected = set()
    for one, other in product(ones, range(len(model))):
        possible = np.unique(fitting[fitting[:, one] == 1][:, other])
        # of the others one number fewer than the base; within the own cell there are no others
        if (atoms[other] > atoms[one]).any() and len(possible) < BASE - 1 and possible.min() < MINIMUM:
            expected.add((same[one], same[other]))
    assert found == expected
    if adds_up:
        assert found == set()  # as docs/release.md says of rounded numbers that stand by themselves


def test_where_too_many_would_have_to_be_asked_some_are_not_and_it_says_so():
    dimensions = [world.hierarchy("soort", (6,))]
    table = world.table(dimensions, {(code,): 1 for code in world.leaves(dimensions[0])}, MINIMUM)
    model = build_model([table])
    cells = as_seen(table, model, rounded_under_control(model, BASE).numbers)
    alone = [replace(cells[one], value=1) for one in np.flatnonzero(model.values == 1)]
    report = attack(list(cells.values()), read_register("[]"), MINIMUM, alone=alone, questions=2)
    assert (report.leaks, report.insiders, report.not_asked) == ((), 2, 4)
