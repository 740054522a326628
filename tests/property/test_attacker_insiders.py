"""What the only one in a hidden cell knows, against brute force: every whole table that fits is tried."""

import json
from itertools import product

import numpy as np
import suppression_world as world
from hypothesis import given, settings
from hypothesis import strategies as st
from suppression_brute import atoms_of, tables_that_fit

from das_research.disclosure.attacker.attack import attack
from das_research.disclosure.attacker.seen import read_register, read_release
from das_research.disclosure.tables.model import build_model

MINIMUM = 4
BY_INSIDERS = "the only one in a cell knows another"


def patterns():
    """A small table with its totals, and which of its cells are hidden: no zero."""
    shapes = st.sampled_from([[(3,), (2,)], [(2, 2)], [(2,), (2,)], [(5,)]])
    return shapes.flatmap(
        lambda sizes: st.tuples(
            st.just(sizes),
            st.lists(
                st.sampled_from([0, 1, 1, 1, 2, 3, 5]),
                min_size=(count := int(np.prod([np.prod(size) for size in sizes]))),
                max_size=count,
            ),
            st.integers(0, 2**32 - 1),
        )
    )


def seen(table, model, hidden):
    names = [dimension.name for dimension in table.dimensions]
    places = {address: at for at, address in enumerate(model.addresses)}
    rows = [
        ["zaken", "aantal", *codes, "2024", None if hidden[places[table.address(codes)]] else cell.value,
         "hidden" if hidden[places[table.address(codes)]] else "shown"]
        for codes, cell in table.cells.items()
    ]  # fmt: skip
    columns = ["figure", "measure", *names, "period", "value", "disclosure"]
    document = json.dumps({"columns": columns, "rows": rows, "dimensions": names})
    above = {dimension.name: dict(dimension.parents) for dimension in table.dimensions}
    at = [places[table.address(codes)] for codes in table.cells]
    return dict(zip(at, read_release([document], above), strict=True))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(patterns())
def test_an_insider_is_found_to_know_what_every_table_that_fits_has_alike(made):
    sizes, numbers, seed = made
    dimensions = [world.hierarchy(f"d{i}", size) for i, size in enumerate(sizes)]
    codes = product(*(world.leaves(dimension) for dimension in dimensions))
    table = world.table(dimensions, dict(zip(codes, numbers, strict=True)), MINIMUM)
    model = build_model([table])
    rng = np.random.default_rng(seed)
    hidden = (model.values > 0) & ((model.values < MINIMUM) | (rng.random(len(model)) < 0.4))
    cells = seen(table, model, hidden)
    ones = np.flatnonzero(hidden & (model.values == 1)).tolist()
    report = attack(list(cells.values()), read_register("[]"), MINIMUM, "exact", alone=[cells[one] for one in ones])
    place = {(cell.counted, cell.where): at for at, cell in cells.items()}
    found = {
        tuple(place[it.counted, it.where] for it in leak.cells) for leak in report.leaks if leak.how == BY_INSIDERS
    }
    assert report.insiders == len({cells[one].where for one in ones}) and report.not_asked == 0

    tables = tables_that_fit(model, hidden, 3)
    inner, atoms = atoms_of(model)
    units = [{inner[atom] for atom in np.flatnonzero(row) if model.values[inner[atom]]} for row in atoms]
    known = {cell for cell in np.flatnonzero(hidden).tolist() if np.ptp(tables[:, cell]) == 0}  # to everybody
    expected = {
        (one, other)
        for one, other in product(ones, np.flatnonzero(hidden).tolist())
        if units[one] != units[other] and other not in known
        for numbers in [tables[tables[:, one] == 1][:, other]]
        if np.ptp(numbers) == 0 and numbers[0] < MINIMUM
    }
    same = {at: place[cells[at].counted, cells[at].where] for at in cells}  # cells of the same units are one
    known = {same[cell] for cell in known}
    assert {pair for pair in found if pair[1] not in known} == {(same[one], same[other]) for one, other in expected}
