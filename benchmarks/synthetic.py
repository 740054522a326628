"""How long the synthetic chain takes, and how that grows with its size.

    python benchmarks/synthetic.py --scales 0.01 0.1 1

Beside it stands the bare engine: DuckDB writing the very same true rows from Parquet to CSV, which makes no draw,
spells nothing and plants no error. The ratio is of both in one run. Memory is the highest of any process.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
BUDGET = "at scale 1: 5 minutes and 6 GB on 2 cores"


def main() -> None:
    """Generate at each scale, and print a table."""
    parser = argparse.ArgumentParser(description="Time the synthetic chain.")
    parser.add_argument("--scales", nargs="+", type=float, default=[0.01, 0.1])
    parser.add_argument("--years", default="2012-2024")
    asked = parser.parse_args()
    table = Table(title=f"das synthetic --years {asked.years} (budget {BUDGET})")
    for head in ("scale", "rows", "seconds", "rows a second", "memory, GB", "engine, seconds", "ratio"):
        table.add_column(head, justify="right")
    for scale in sorted(asked.scales):
        with tempfile.TemporaryDirectory(dir=ROOT, prefix=".das-bench-") as scratch:
            table.add_row(*measured(Path(scratch), asked.years, scale))
    Console().print(table)


def measured(scratch: Path, years: str, scale: float) -> list[str]:
    """One row of the table."""
    target = scratch / "chain"
    command = [sys.executable, "-m", "das_research.cli", "synthetic", str(target), "--years", years, f"--scale={scale}"]
    begin = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    rows, engine = bare_engine(target, scratch / "engine")
    numbers = (rows, seconds, rows / seconds, memory, engine, seconds / engine)
    return [
        f"{scale:g}",
        *(f"{number:,.{places}f}" for number, places in zip(numbers, (0, 1, 0, 2, 1, 1), strict=True)),
    ]


def bare_engine(chain: Path, target: Path) -> tuple[int, float]:
    """Rows of the chain, and the seconds in which DuckDB writes their true values to CSV."""
    target.mkdir()
    with duckdb.connect() as engine:
        engine.execute("SET threads = 2")
        begin, rows = time.perf_counter(), 0
        for folder in sorted((chain / "waarheid").iterdir()):
            if folder.is_dir():
                read = f"SELECT * EXCLUDE (faults) FROM read_parquet('{folder}/*.parquet')"
                found = engine.execute(f"COPY ({read}) TO '{target / folder.name}.csv'").fetchone()
                rows += found[0] if found else 0
        return rows, time.perf_counter() - begin


if __name__ == "__main__":
    main()
