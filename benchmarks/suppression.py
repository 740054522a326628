"""How few cells secondary suppression hides, how near to the fewest that is, and how long it takes.

    python benchmarks/suppression.py --tables 30x20 4845 --seconds 30 --argus

Random counts, those below 10 unsafe, zeros shown; who is the only one in a cell must not know another by it. Beside the
fast start and its repair to the same safety, and with `--argus` beside tau-ARGUS's optimum (pytauargus, in a process of
its own, since it can crash) at the level `exact`, a cost of the value of each cell, and a reader who takes a hidden
cell for zero or more and is in none of them: equal safety, though less than this project asks.
Its costs are whole numbers up to 20,000: in a table with a larger total it does not tell near ones apart.
"Unsafe left" is what the audit finds afterwards, and must be 0. Memory is the most so far.
"""

import argparse
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table as Printed

from das_research.disclosure.argus.files import ArgusTable, argus_files
from das_research.disclosure.suppression.audit import Reader, audit
from das_research.disclosure.suppression.insider import exposed, safe_from_insiders
from das_research.disclosure.suppression.levels import Level, count_needs
from das_research.disclosure.suppression.nearby import STEPS, Near, is_large, ways_of
from das_research.disclosure.suppression.solver import Meter
from das_research.disclosure.suppression.start import first_pattern
from das_research.disclosure.suppression.suppress import Suppression, suppress, value_cost
from das_research.disclosure.suppression.witnesses import Witnesses
from das_research.disclosure.tables.cells import Status, Table
from das_research.disclosure.tables.model import Model, build_model

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import suppression_world as world  # noqa: E402  the tables of the tests
import tauargus  # noqa: E402

MINIMUM = 10
SHAPES: dict[str, tuple[list[Sequence[int]], float]] = {
    "10x10": ([(10,), (10,)], 40),
    "30x20": ([(30,), (20,)], 40),
    "50x50": ([(50,), (50,)], 30),
    "325": ([(4, 5), (12,)], 30),
    "612": ([(5, 6), (4, 3)], 30),
    "20x10x8": ([(20,), (10,), (8,)], 25),
    "4845": ([(8, 6), (4, 3), (4,)], 40),
    "35343": ([(8, 6, 5), (4, 3), (6,)], 60),
}
TARGETS = (
    "targets: below 1,000 cells within 10% of the optimum in 10 s, and optimal at 30 s in most; 20x10x8 at most 1.15 "
    "times the lower bound at 60 s; 4,845 cells protected and audited in 60 s; unsafe left 0; below 4 GB"
)
HEADS = (
    *("table", "level", "seed", "cells", "unsafe", "start", "repaired", "hidden besides", "bound", "gap"),
    *("start and repair s", "suppress s", "audit s", "unsafe left", "most GB", "value: ours / tau-ARGUS"),
)


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description="Measure secondary suppression.")
    parser.add_argument("--tables", nargs="+", choices=SHAPES, default=["10x10", "30x20", "50x50", "325", "612"])
    parser.add_argument("--levels", nargs="+", choices=["exact", "threshold", "wide"], default=["exact", "threshold"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--argus", action="store_true")
    asked = parser.parse_args()
    printed = Printed(title=f"Work for {asked.seconds:g} seconds")
    for head in HEADS:
        printed.add_column(head, justify="right")
    for row in _rows(asked):
        print(" ".join(row), flush=True)
        printed.add_row(*row)
    Console(width=200).print(TARGETS)
    Console(width=200).print(printed)


def _rows(asked: argparse.Namespace) -> Iterator[tuple[str, ...]]:
    for name in asked.tables:
        sizes, scale = SHAPES[name]
        dimensions = [world.hierarchy(f"d{i}", size) for i, size in enumerate(sizes)]
        for seed in asked.seeds:
            table = world.table(dimensions, world.random_counts(dimensions, seed, scale), MINIMUM)
            model = build_model([table])
            peer = _value_hidden(table, model, asked.seconds) if asked.argus else "-"
            for level in asked.levels:
                yield (name, level, str(seed), f"{len(model):,}", *_measured(model, level, asked.seconds), peer)


def _measured(model: Model, level: Level, seconds: float) -> tuple[str, ...]:
    needs, cost = count_needs(model, MINIMUM, level), np.ones(len(model), dtype=np.int64)
    free = model.status == Status.FREE
    began = [time.process_time()]
    start = first_pattern(model, cost)
    fast, known = ways_of(model)[0](model, needs, start, cost.astype(float), Meter())
    fast, _ = safe_from_insiders(model, fast, known, cost, Meter())
    began.append(time.process_time())
    found = suppress(model, needs, seconds=seconds)
    began.append(time.process_time())
    unsafe = _unsafe_left(model, level, found)
    began.append(time.process_time())
    hidden = [int((pattern & free).sum()) for pattern in (start, fast)]
    return (
        *(f"{number:,}" for number in (len(needs), *hidden, found.cost, found.bound)),
        f"{100 * found.gap:.1f}%",
        *(f"{end - begin:.1f}" for begin, end in pairwise(began)),
        str(unsafe),
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f}",
    )


def _unsafe_left(model: Model, level: Level, found: Suppression) -> int:
    """By an audit that starts from nothing but the pattern, of a large model first among the cells near each."""
    known, meter = Witnesses(model, count_needs(model, MINIMUM, level)), Meter()
    near = Near(model)
    for steps in STEPS[1::2] if is_large(model) else ():
        for rank in known.unsafe.tolist():
            around = found.hidden & near.around(int(known.needs.cells[rank]), steps)
            Reader(model, around, meter).prove(known, rank)
    reader = Reader(model, found.hidden, meter)
    return len(audit(reader, known)) + len(exposed(reader, known))


def _value_hidden(table: Table, model: Model, seconds: float) -> str:
    """What is hidden besides at a cost of its value, by this project and by tau-ARGUS; `-` where that fails."""
    unsafe = {codes: (1, 1) for codes, cell in table.cells.items() if cell.status == Status.PRIMARY}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in argus_files(ArgusTable("tabel", table, unsafe, ())).items():
            (Path(folder) / name).write_text(re.sub(r"<SUPPRESS> .*", "<SUPPRESS> OPT(1,5)", text))
        try:
            told = tauargus.run_batch(Path(folder) / "tabel.protect.arb", timeout=330)
            peer = f"{sum(float(cell['value']) for cell in told if cell['status'] == 'M'):,.0f}"
        except (subprocess.SubprocessError, OSError):
            peer = "-"
    model = replace(model, lower=0 * model.lower)
    ours = suppress(model, count_needs(model, MINIMUM, "exact"), value_cost(model), seconds=seconds, insiders=False)
    return f"{ours.cost:,} / {peer}"


if __name__ == "__main__":
    main()
