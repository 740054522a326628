"""The attacker: finds what was planted, lets pass what is safe, and takes nothing that it can't judge for safe."""

import ast
import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import suppression_world as world

import das_research.disclosure.attacker as attacker_room
from das_research.disclosure.attacker import bounds
from das_research.disclosure.attacker.attack import attack
from das_research.disclosure.attacker.codes import months_in
from das_research.disclosure.attacker.insiders import Insiders
from das_research.disclosure.attacker.known import Besides, Seen
from das_research.disclosure.attacker.seen import read_csv, read_register, read_release, register_entry
from das_research.disclosure.suppression.levels import count_needs
from das_research.disclosure.suppression.suppress import suppress
from das_research.disclosure.tables.model import build_model
from das_research.errors import ReleaseRefused

MINIMUM = 10
NOTHING = read_register("[]")


def file_of(table, hidden, figure="zaken"):
    """The JSON of a released table, with these addresses hidden."""
    names = [dimension.name for dimension in table.dimensions]
    rows = [
        [figure, "aantal", *codes, "2024", None if table.address(codes) in hidden else cell.value,
         "hidden" if table.address(codes) in hidden else "shown"]
        for codes, cell in table.cells.items()
    ]  # fmt: skip
    columns = ["figure", "measure", *names, "period", "value", "disclosure"]
    return json.dumps({"columns": columns, "rows": rows, "dimensions": names})


def seen(tables, hidden, release="nu"):
    hierarchies = {dimension.name: dict(dimension.parents) for table in tables for dimension in table.dimensions}
    return read_release([file_of(table, hidden) for table in tables], hierarchies, release)


def linked_tables(seed):
    """Three dimensions, one with sub-totals, as two tables that share a margin."""
    rng = np.random.default_rng(seed)
    sizes = {"soort": (3,), "leeftijd": (3,), "regio": (2, 2)}
    kind, age, region = (world.hierarchy(*pair) for pair in sizes.items())
    units = {
        codes: int(rng.choice([0, 1, 4, 15, 40, 60], p=[0.1, 0.1, 0.1, 0.2, 0.25, 0.25]))
        for codes in product(*(world.leaves(dimension) for dimension in (kind, age, region)))
    }
    ages: dict = {}
    regions: dict = {}
    for (k, a, r), count in units.items():
        ages[k, a] = ages.get((k, a), 0) + count // 4
        regions[k, r] = regions.get((k, r), 0) + count // 4
    return [world.table((kind, age), ages), world.table((kind, region), regions)]


def protected(seed):
    """Linked tables, their model, and the pattern."""
    tables = linked_tables(seed)
    model = build_model(tables)
    return tables, model, suppress(model, count_needs(model, MINIMUM), seconds=1)


def addresses(model, mask):
    return {model.addresses[cell] for cell in np.flatnonzero(mask)}


@pytest.mark.parametrize("seed", range(25))
def test_what_was_protected_holds_and_every_planted_leak_is_found(seed):
    for number in range(4 * seed, 4 * seed + 4):
        tables, model, found = protected(number)
        if not found.hidden.any():
            continue
        hidden = addresses(model, found.hidden)
        assert attack(seen(tables, hidden), NOTHING, MINIMUM).leaks == ()
        # planted: an unsafe cell with all of one of its sums shown
        rng = np.random.default_rng(number)
        unsafe = rng.choice(count_needs(model, MINIMUM).cells)
        sums = model.relations[np.unique(model.relations[:, [unsafe]].tocoo().row)]
        row = sums[[int(rng.integers(sums.shape[0]))]]
        opened = hidden - ({model.addresses[cell] for cell in row.indices} - {model.addresses[unsafe]})
        leaks = attack(seen(tables, opened), NOTHING, MINIMUM).leaks
        assert any(leak.high < MINIMUM for leak in leaks), number


def test_a_small_number_that_is_shown_gives_no_alarm_but_what_follows_from_it_does():
    # who shows a 3 breaks the first rule, which is not the attacker's; the sibling that follows is
    table = world.table((world.hierarchy("soort", (3,)),), {("a",): 3, ("b",): 4, ("c",): 50})
    at = {code: table.address((code,)) for code in ("a", "b", "c", "_T")}
    assert attack(seen([table], {at["a"], at["b"], at["c"]}), NOTHING, MINIMUM).leaks == ()
    leaks = attack(seen([table], {at["b"], at["a"]}), NOTHING, MINIMUM).leaks
    assert {(leak.low, leak.high) for leak in leaks if len(leak.cells) == 1} == {(1, 6)}  # 7 = a + b, neither is zero


def test_policies_ask_more_and_more():
    # a + b = 15: 1..14 of both, which is enough for a minimum of 14, and proves that both are below 16
    table = world.table((world.hierarchy("soort", (3,)),), {("a",): 3, ("b",): 12, ("c",): 50})
    hidden = {table.address(("a",)), table.address(("b",))}
    cells = seen([table], hidden)
    assert [len(attack(cells, NOTHING, 14, policy).leaks) > 0 for policy in ("exact", "threshold", "wide")] == [
        False, False, False,
    ]  # fmt: skip
    assert [len(attack(cells, NOTHING, 16, policy).leaks) > 0 for policy in ("exact", "threshold", "wide")] == [
        False, True, True,
    ]  # fmt: skip


def test_the_only_one_in_a_cell_is_asked_too():
    table = world.table((world.hierarchy("soort", (4,)),), {("a",): 1, ("b",): 9, ("c",): 40, ("d",): 50})
    hidden = {table.address(("a",)), table.address(("b",))}
    cells = seen([table], hidden)
    alone = [cell for cell in cells if dict(cell.where)["soort"] == {"a"}]
    assert attack(cells, NOTHING, MINIMUM, "exact").leaks == ()
    leaks = attack(cells, NOTHING, MINIMUM, "exact", alone=alone).leaks
    assert [(leak.low, leak.high) for leak in leaks] == [(9, 9)]


def test_a_kind_in_which_nobody_is_alone_makes_no_insiders(monkeypatch):
    made = []

    def insiders(atoms, *rest):
        made.append(atoms)
        return Insiders(atoms, *rest)

    monkeypatch.setattr("das_research.disclosure.attacker.attack.Insiders", insiders)
    kinds = [Seen(kind, (("soort", frozenset(code)),), None, "") for kind in ("zaken", "personen") for code in "ab"]
    assert attack(kinds, NOTHING, MINIMUM, "exact", alone=[replace(kinds[0], value=1)]).insiders == 1
    assert [atoms.cells[0].counted for atoms in made] == ["zaken"]


def before(cells_shown):
    """A register: `cells_shown` maps years and kinds to a number, or None."""
    cells = [
        {
            "counted": "zaken/aantal",
            "where": {"period": [month for year in years for month in months_in(year)], "soort": list(kinds)},
            "value": value,
        }
        for (years, kinds), value in cells_shown.items()
    ]
    return read_register(json.dumps([{"release": "eerder", "cells": cells}]))


def test_two_editions_that_are_safe_alone_and_not_together():
    text = "figure,measure,soort,period,value,disclosure\n"
    text += "".join(f"zaken,aantal,{code},2021/2024,{value},shown\n" for code, value in (("a", 120), ("b", 300)))
    now = read_csv(text + "zaken,aantal,_T,2021/2024,420,shown\n", ["soort"], release="nu")
    years = ("2021", "2022", "2023")
    assert attack(now, before({(years, ("a",)): 100, (years, ("b",)): 270}), MINIMUM).leaks == ()
    leaks = attack(now, before({(years, ("a",)): 114, (years, ("b",)): 270}), MINIMUM).leaks
    assert [(leak.low, leak.high) for leak in leaks] == [(6, 6)]  # 120 - 114: those of 2024
    hidden_before = before({(years, ("a",)): None, (years, ("b",)): 270, (years, ("a", "b")): 384})
    assert any(leak.high == 6 for leak in attack(now, hidden_before, MINIMUM).leaks)  # 384 - 270 = 114


def test_what_left_before_and_hides_is_not_shown_again():
    table = world.table((world.hierarchy("soort", (3,)),), {("a",): 3, ("b",): 12, ("c",): 50})
    one, other = table.address(("a",)), table.address(("b",))
    earlier = seen([table], {one, other}, "eerder")
    now = seen([table], {one, table.address(("c",))})
    kept = read_register(json.dumps([register_entry("eerder", earlier)]))
    assert attack(seen([table], {one, other}), kept, MINIMUM).leaks == ()
    assert attack(now, NOTHING, MINIMUM).leaks == ()
    # together they show b and c, and a = 65 - 12 - 50
    assert {(leak.low, leak.high) for leak in attack(now, kept, MINIMUM).leaks} == {(3, 3)}


def certificates_of(table, model, found):
    inner = {table.address(codes): codes for codes in table.cells if "_T" not in codes}
    documents = []
    for witness in found.certificates:
        change = np.zeros(len(model), dtype=np.int64)
        change[witness.cells] = witness.changes
        documents.append([
            {"counted": "zaken/aantal", "value": int(model.values[cell] + change[cell]),
             "where": {**{name: [code] for name, code in model.addresses[cell].place}, "period": months_in("2024")}}
            for cell in np.flatnonzero(found.hidden) if model.addresses[cell] in inner
        ])  # fmt: skip
    return documents


def test_certificates_prove_without_a_solver_and_forged_ones_prove_nothing():
    table = world.table(
        dimensions := (world.hierarchy("a", (6,)), world.hierarchy("b", (5,))), world.random_counts(dimensions, 1, 20)
    )
    model = build_model([table])
    found = suppress(model, count_needs(model, MINIMUM), seconds=1)
    cells = seen([table], addresses(model, found.hidden))
    good = certificates_of(table, model, found)
    report = attack(cells, NOTHING, MINIMUM, certificates=json.dumps(good))
    small = sum(0 < model.values[cell] < MINIMUM for cell in np.flatnonzero(found.hidden))
    assert report.leaks == () and report.by_certificate >= small > 0
    forged = [[{**cell, "value": cell["value"] + 7} for cell in document] for document in good]
    assert attack(cells, NOTHING, MINIMUM, certificates=json.dumps(forged)).by_certificate == 0
    with pytest.raises(ReleaseRefused, match="could not be judged"):
        attack(cells, NOTHING, MINIMUM, certificates="no list")


def test_a_table_with_a_zero_where_zeros_are_shown_is_no_certificate():
    """x1 + x2 = 10, each 1 or more: neither is 10, so that both are known to be few."""

    def cell(codes, value):
        return Seen("zaken", (("soort", frozenset(codes)),), value, "nu")

    cells = [cell(["x1"], None), cell(["x2"], None), cell(["x1", "x2"], 10)]
    cells += [cell(["x1", "y"], None), cell(["y", "z"], 10), cell(["x1", "x2", "y", "z"], 20)]
    tables = [
        [{"counted": "zaken", "where": {"soort": [code]}, "value": n} for code, n in (("x1", one), ("x2", 10 - one))]
        for one in (10, 0)
    ]
    without = attack(cells, NOTHING, 10).leaks
    report = attack(cells, NOTHING, 10, certificates=json.dumps(tables))
    assert len(without) == len(report.leaks) >= 2 and not report.verified and not report.by_certificate


def test_without_a_register_or_with_a_solver_that_fails_nothing_is_safe(monkeypatch):
    with pytest.raises(ReleaseRefused, match="register of releases"):
        read_register(None)
    with pytest.raises(ReleaseRefused, match="register of releases"):
        read_register('[{"release": "x"}]')
    table = world.table((world.hierarchy("soort", (3,)),), {("a",): 3, ("b",): 12, ("c",): 50})
    cells = seen([table], {table.address(("a",)), table.address(("b",))})

    class Stopped:
        status, message, x, fun = 1, "Time limit reached.", None, None

    monkeypatch.setattr(bounds, "linprog", lambda *args, **kwargs: Stopped())
    with pytest.raises(ReleaseRefused, match="did not come to an end"):
        attack(cells, NOTHING, MINIMUM)


def test_files_that_contradict_each_other_or_lack_a_column_are_refused():
    table = world.table((world.hierarchy("soort", (3,)),), {("a",): 3, ("b",): 12, ("c",): 50})
    cells = seen([table], {table.address(("a",)), table.address(("b",))})
    other = [cell.__class__(cell.counted, cell.where, None if cell.value is None else cell.value + 1, "eerder")
             for cell in cells]  # fmt: skip
    with pytest.raises(ReleaseRefused, match="different numbers"):
        attack(cells, other, MINIMUM)
    assert read_csv("figure,measure,soort,period,value,disclosure\nz,aantal,a,2024,1.5,shown\n", ["soort"]) == []
    with pytest.raises(ReleaseRefused, match="could not be judged"):
        read_csv("figure,measure,period,value,disclosure\nz,aantal,2024,15,shown\n", ["soort"])


@pytest.mark.parametrize("zeros_shown", [True, False])
def test_a_table_in_which_a_group_is_nobody_does_not_show_that_it_may_be_many(zeros_shown):
    def cell(codes, value, release="eerder"):
        return Seen("zaken", (("soort", frozenset(codes)),), value, release)

    # b + d = 53 - 50 = 3, so that what the hidden ab has more than the hidden a is 0 to 3
    register = [cell("ab", None), cell("abc", 103), cell("c", 80), cell("bd", None), cell("bde", 53), cell("e", 50)]
    leaks = attack([cell("a", None, "nu")], register, MINIMUM, zeros_shown=zeros_shown).leaks
    assert (("ab", "a"), 3) in {
        (tuple("".join(sorted(dict(it.where)["soort"])) for it in reversed(leak.cells)), leak.high) for leak in leaks
    }
    # nor does a certificate with 12 show that its bounds lie far apart, where they are 9 and 12
    cells = [cell("a", None), cell("b", None), cell("f", None), cell("ab", 13), cell("bf", 5)]
    table = [
        {"counted": "zaken", "where": {"soort": [code]}, "value": n} for code, n in (("a", 12), ("b", 1), ("f", 4))
    ]
    found = attack(cells, NOTHING, MINIMUM, "wide", certificates=json.dumps([table])).leaks
    assert (frozenset("a"), 9, 12) in {(dict(leak.cells[0].where)["soort"], leak.low, leak.high) for leak in found}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module


def test_the_attacker_shares_no_code_with_what_hides():
    attacker = Path(attacker_room.__file__).parent
    mine = {name for path in attacker.glob("*.py") for name in imported(path) if name.startswith("das_research")}
    own = {f"das_research.disclosure.attacker.{path.stem}" for path in attacker.glob("*.py")}
    assert mine - own == {"das_research.errors"}
    solvers = {name for path in attacker.glob("*.py") for name in imported(path)}
    assert "highspy" not in solvers and "scipy.optimize" in solvers
    hiders = [path for room in ("tables", "suppression", "together") for path in (attacker.parent / room).glob("*.py")]
    assert hiders and not any("attacker" in name for path in hiders for name in imported(path))


def test_codes_that_stand_in_no_file_are_a_group_as_well():
    def cells(total, **options):
        text = "figure,measure,soort,period,value,disclosure\n"
        rows = {"a": 40, "b": 57, "_T": total}
        text += "".join(f"z,n,{code},2024,{value},shown\n" for code, value in rows.items())
        return read_csv(text, ["soort"], **options)

    # 140 - 40 - 57 = 43 others; with a total of 100 they are 3, though no pair of numbers says so
    assert attack(cells(140, besides=Besides(incomplete=frozenset({"soort"}))), NOTHING, MINIMUM).leaks == ()
    leaks = attack(cells(100, besides=Besides(incomplete=frozenset({"soort"}))), NOTHING, MINIMUM).leaks
    assert [(leak.low, leak.high) for leak in leaks] == [(3, 3)]
    with pytest.raises(ReleaseRefused, match="contradict"):
        attack(cells(100), NOTHING, MINIMUM)  # all codes were said to be there, and they are not
