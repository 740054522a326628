"""How long a build takes, beside the bare engine that reads, sorts and writes the same rows, and how that grows.

    python benchmarks/build.py --scales 0.01 0.1

A synthetic chain of each scale is taken in once. Then builds and the bare engine take turns, each in a process of its
own: a build links, harmonises and lays the chain; the engine opens the same encrypted files, sorts their rows
by the first columns and writes them encrypted. Each build starts from the same key register: an empty one, and
then the one that the first build left. The ratio is the median over the rounds, with the least and the greatest: by
the clock, and by the time of processors, which other work on the machine stretches less.

The bare engine does with the same bytes what no build can leave out, by the same functions and settings: every column
is read and deciphered, rows are put in another order by their longest texts, the pseudonyms, and all is packed and
enciphered again. It computes nothing, joins nothing and keeps no register.
"""

import argparse
import multiprocessing
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from das_research.catalog import load_catalog
from das_research.engines import memory_engine, write_parquet
from das_research.home import Home

ROOT = Path(__file__).resolve().parent.parent
BUDGET = "4 times the bare engine, 6 GB"
YEARS = range(2012, 2025)


def main() -> None:
    """Build at each scale, in turn with the bare engine, and print a table."""
    parser = argparse.ArgumentParser(description="Time the build.")
    parser.add_argument("--scales", nargs="+", type=float, default=[0.01])
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    table = Table(title=f"das build (budget {BUDGET})")
    heads = ("scale", "register", "rows", "by", "seconds", "bare", "ratio", "from", "to", "GB", "bare, GB")
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    for scale in sorted(asked.scales):
        with tempfile.TemporaryDirectory(dir=ROOT, prefix=".das-bench-") as scratch:
            home = Path(scratch) / "home"
            rows = apart(take_in, home, scale).given
            for register in ("empty", "standing"):
                for numbers in measured(Path(scratch), home, register, asked):
                    table.add_row(f"{scale:g}", register, f"{rows:,.0f}", *numbers)
    Console(width=120).print(table)


class Timed(NamedTuple):
    """What an act gave, its seconds by the clock and by processors, and the gigabytes of its process."""

    given: int
    clock: float
    processor: float
    memory: float


def measured(scratch: Path, home: Path, register: str, asked: argparse.Namespace) -> Iterator[list[str]]:
    """The numbers of two rows of the table."""
    builds: list[Timed] = []
    bare: list[Timed] = []
    if register == "standing":
        apart(build, home, 0)
    for _ in range(asked.rounds):
        copy = scratch / "copy"
        shutil.copytree(home, copy, symlinks=True)
        shutil.rmtree(copy / "warehouse" / "snapshots", ignore_errors=True)
        builds.append(apart(build, copy, 0))
        shutil.rmtree(copy)
        bare.append(apart(sort, home, 0))
    most = [f"{max(it.memory for it in each):.2f}" for each in (builds, bare)]
    for by in ("clock", "processor"):
        seconds = [[getattr(it, by) for it in each] for each in (builds, bare)]
        ratios = [one / other for one, other in zip(*seconds, strict=True)]
        medians = [statistics.median(it) for it in (*seconds, ratios)]
        yield [by, *(f"{it:.2f}" for it in (*medians, min(ratios), max(ratios))), *most]


def apart(act: Callable[[Path, float], int], home: Path, scale: float) -> Timed:
    """An act in a process of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:  # a process that may start others
        return pool.submit(_timed, act, home, scale).result()


def _timed(act: Callable[[Path, float], int], home: Path, scale: float) -> Timed:
    begin, processor = time.perf_counter(), time.process_time()
    given = act(home, scale)
    seconds = time.perf_counter() - begin, time.process_time() - processor
    return Timed(given, *seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)


def take_in(home: Path, scale: float) -> int:
    """A synthetic chain through gate 1; the accepted rows."""
    from das_research.intake.gate import deliver
    from das_research.synthetic.generate import generate

    catalog = load_catalog(ROOT / "data_catalog")
    files = generate(catalog, home.parent / "files", YEARS, scale, 1)
    return sum(deliver(catalog, Home(home), name, path, "bench").accepted for name, path in files.items())


def build(home: Path, _: float) -> int:
    """The warehouse."""
    from das_research.warehouse.build import build as make

    return sum(make(load_catalog(ROOT / "data_catalog"), Home(home)).tables.values())


def sort(home: Path, _: float) -> int:
    """The bare engine, over the same files."""
    from das_research.intake.delivery import ACCEPTED, read_deliveries
    from das_research.intake.stored import read_stored

    with memory_engine(home / "warehouse") as engine, tempfile.TemporaryDirectory(dir=home) as target:
        for delivery in read_deliveries(Home(home)):
            rows = read_stored(engine, Home(home), delivery.id, ACCEPTED)
            write_parquet(engine, rows.order_by(*rows.columns[1:4]), Path(target) / delivery.id, bytes(32))
    return 0


if __name__ == "__main__":
    main()
