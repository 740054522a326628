"""The files for tau-ARGUS, read back by tau-ARGUS: its cells, its own protection, and its audit of ours."""

import dataclasses
from itertools import product

import numpy as np
import pytest
import suppression_world as world
import tauargus

from das_research.disclosure.argus.files import ArgusTable, argus_files
from das_research.disclosure.argus.subtotals import with_subtotals
from das_research.disclosure.suppression.levels import count_needs
from das_research.disclosure.suppression.suppress import suppress, value_cost
from das_research.disclosure.tables.cells import TOTAL, Cell, Dimension, Status, Table
from das_research.disclosure.tables.model import build_model

pytest.importorskip("pytauargus")
MINIMUM = 10


def protected(table, level="threshold"):
    """The table, the codes that are hidden, and the pattern; its reader takes a hidden cell for zero or more."""
    model = build_model([table])
    model = dataclasses.replace(model, lower=0 * model.lower)
    found = suppress(model, count_needs(model, MINIMUM, level), value_cost(model), insiders=False)
    gone = {address for address, is_hidden in zip(model.addresses, found.hidden, strict=True) if is_hidden}
    return {codes for codes in table.cells if table.address(codes) in gone}, found


def levels(table, level="threshold"):
    up = 0 if level == "exact" else MINIMUM
    return {codes: (0, max(up - cell.value, 0)) for codes, cell in table.cells.items() if cell.status == Status.PRIMARY}


def written(folder, it):
    for name, text in argus_files(it).items():
        (folder / name).write_text(text)
    return folder


def numbers(it, cells):
    """Codes as this project has them to what tau-ARGUS says of the cell."""
    back = [{name: code for code, name in known.items()} for known in it.codes]
    return {tuple(known[cell[str(place)]] for place, known in enumerate(back)): cell for cell in cells}


HARD = {
    'ernstig; "zeer"': TOTAL,
    "_t": TOTAL,
    "@x": 'ernstig; "zeer"',
    "\N{LATIN SMALL LETTER E WITH ACUTE}": "_t",
    "wv": "_t",
}


@pytest.mark.parametrize(
    ("dimensions", "seed", "scale"),
    [
        ([world.hierarchy("soort", (3, 3)), world.hierarchy("regio", (4,))], 1, 15),
        ([Dimension("status", HARD), Dimension("de regio", {"1": TOTAL, "2": TOTAL, "10": TOTAL})], 3, 12),
        ([world.hierarchy("a", (4,)), world.hierarchy("b", (3,)), world.hierarchy("c", (2, 2))], 2, 12),
    ],
)
def test_tau_argus_reads_every_cell_and_protects_as_cheaply_as_we_do(tmp_path, dimensions, seed, scale):
    table = world.table(dimensions, world.random_counts(dimensions, seed, scale), MINIMUM)
    hidden, found = protected(table)
    it = ArgusTable("tabel", table, levels(table), frozenset(hidden))
    told = numbers(it, tauargus.run_batch(written(tmp_path, it) / "tabel.protect.arb"))
    assert set(table.cells) <= set(told)
    for codes, cell in table.cells.items():
        there = told[codes]
        assert (int(there["value"]), int(there["freq"])) == (cell.value, cell.value)
        assert (there["status"] == "U") == (cell.status == Status.PRIMARY)
        assert cell.status != Status.PRIMARY or int(there["upper"]) == MINIMUM - cell.value
    cost = sum(int(there["value"]) for there in told.values() if there["status"] == "M")
    assert found.is_cheapest and cost == found.cost


def test_tau_argus_audits_what_we_hide_and_finds_what_we_leave_open(tmp_path):
    dimensions = [world.hierarchy("soort", (3, 3)), world.hierarchy("regio", (5,))]
    table = world.table(dimensions, world.random_counts(dimensions, 4, 15), MINIMUM)
    hidden, found = protected(table)
    unsafe = levels(table)
    assert found.secondary.sum() > 3

    def too_close(gone, name):
        it = ArgusTable(name, table, unsafe, frozenset(gone))
        told = numbers(it, tauargus.run_batch(written(tmp_path, it) / f"{name}.audit.arb"))
        seen = {codes for codes, there in told.items() if there["status"] in "UM"}
        assert seen == gone
        return {codes for codes, (_, up) in unsafe.items() if int(told[codes]["high"]) < table.cells[codes].value + up}

    assert too_close(hidden, "tabel") == set()
    # each cell that is hidden besides is needed: shown, it gives some unsafe number away
    besides = sorted(hidden - unsafe.keys(), key=lambda codes: table.cells[codes].value)
    assert too_close(hidden - {besides[-1]}, "open") != set()


def test_a_sum_keeps_its_decimals_and_its_levels(tmp_path):
    kinds = Dimension.flat("soort", ["gw", "vm", "wv"])
    cents = {("gw",): 1250, ("vm",): 400_075, ("wv",): 300_000}
    cells = {codes: Cell(number, Status.FREE, 12) for codes, number in cents.items()}
    cells[("gw",)] = Cell(1250, Status.PRIMARY, 4)
    cells[(TOTAL,)] = Cell(sum(cents.values()), Status.FREE, 28)
    it = ArgusTable(
        "boete", Table("boete", (kinds,), cells), {("gw",): (1250, 1250)}, frozenset({("gw",), ("wv",)}), decimals=2
    )
    told = numbers(it, tauargus.run_batch(written(tmp_path, it) / "boete.protect.arb"))
    assert (told["gw",]["value"], told["gw",]["freq"], told["gw",]["upper"]) == ("12.50", "4", "12.50")
    # 3,000.00 is the smallest that lets 12.50 be twice as much
    assert {codes for codes, there in told.items() if there["status"] == "M"} == {("wv",)}


def by_own_code(dimensions, seed):
    """A table that counts by code, also codes that others are a part of; and every code to those it lies under."""
    rng = np.random.default_rng(seed)
    own = {
        codes: int(rng.poisson(9)) for codes in product(*(dimension.parents for dimension in dimensions))
        if rng.random() < 0.9
    }  # fmt: skip
    flat = [Dimension.flat(dimension.name, dimension.parents) for dimension in dimensions]
    return own, world.table(flat, own, MINIMUM)


@pytest.mark.parametrize("seed", range(4))
def test_sub_totals_are_what_has_the_code_or_one_below_it(seed):
    dimensions = [world.hierarchy("soort", (2, 2, 2)), world.hierarchy("regio", (2, 2)), world.hierarchy("jaar", (3,))]
    own, table = by_own_code(dimensions, seed)
    above = {dimension.name: dimension.parents for dimension in dimensions}
    hidden = frozenset(codes for codes, cell in table.cells.items() if cell.status == Status.PRIMARY)
    rounded = {codes: cell.value // 5 * 5 for codes, cell in table.cells.items()}
    it = with_subtotals(ArgusTable("t", table, {}, hidden, rounded=rounded), above, False, MINIMUM, "nl")
    build_model([it.table])  # adds up, by every level
    assert {codes: cell for codes, cell in it.table.cells.items() if codes not in it.added} == table.cells

    def within(code, asked, dimension):
        chain = [code]
        while chain[-1] != TOTAL:
            chain.append(dimension.parents[chain[-1]])
        return asked in (code, TOTAL) or (asked.endswith("+") and asked[:-1] in chain)

    assert it.added and all(any(code.endswith("+") for code in codes) for codes in it.added)
    for asked in it.added:
        under = {
            codes: n for codes, n in own.items()
            if all(map(within, codes, asked, dimensions))
        }  # fmt: skip
        n = sum(under.values())
        assert it.table.cells[asked] == Cell(n, Status.PRIMARY if 0 < n < MINIMUM else Status.FREE, n)
        choices = (
            [code for code in dimension.parents if within(code, which, dimension)] if which.endswith("+") else [which]
            for which, dimension in zip(asked, dimensions, strict=True)
        )
        parts = table.cells.keys() & set(product(*choices))
        assert (asked in it.hidden) == bool(parts & hidden)
        assert it.rounded[asked] == sum(rounded[codes] for codes in parts)


def test_tau_argus_reads_sub_totals_that_the_release_does_not_show_and_hides_them_for_nothing(tmp_path):
    dimensions = [world.hierarchy("soort", (2, 2)), world.hierarchy("regio", (4,))]
    _, table = by_own_code(dimensions, 7)
    hidden, found = protected(table)
    above = {dimension.name: dimension.parents for dimension in dimensions}
    it = with_subtotals(ArgusTable("tabel", table, {}, frozenset(hidden)), above, False, MINIMUM, "nl")
    it = dataclasses.replace(it, levels=levels(it.table))
    written(tmp_path, it)
    audited = numbers(it, tauargus.run_batch(tmp_path / "tabel.audit.arb"))
    assert audited.keys() >= it.table.cells.keys()
    assert {codes for codes, there in audited.items() if there["status"] in "UM"} == it.hidden
    up = {codes: number for codes, (_, number) in it.levels.items() if codes in table.cells}
    assert not {codes for codes, far in up.items() if int(audited[codes]["high"]) < table.cells[codes].value + far}
    told = numbers(it, tauargus.run_batch(tmp_path / "tabel.protect.arb"))
    nothing = Cell(0)  # it fills in what no row names
    assert all(int(there["value"]) == it.table.cells.get(codes, nothing).value for codes, there in told.items())
    cost = sum(int(there["value"]) for codes, there in told.items() if there["status"] == "M" and codes in table.cells)
    assert found.is_cheapest and cost == found.cost
