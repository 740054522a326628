"""How long gate 1 takes with all its checks, beside the bare engine doing the same work, and how that grows.

    python benchmarks/intake.py --rows 1000000 10000000

The bare engine is one DuckDB statement that reads the same CSV, computes the same two HMACs and writes Parquet: no
check, no count, no second file. Both run in processes of their own, in turn, several rounds; the ratio is the median
over the rounds, with the least and the greatest, of the time that passed and of the time of the processor, which other
work on the machine disturbs less. Memory is the highest of the process.
"""

import argparse
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from das_research.catalog.models import Catalog
from das_research.engines import memory_engine
from das_research.home import Home

ROOT = Path(__file__).resolve().parent.parent
BUDGET = "1.5 times the bare statement, 6 GB"
HEADS = (
    "rows", "seconds", "rows a second", "memory, GB", "bare, seconds", "bare, GB", "ratio", "from", "to",
    "of processor", "from", "to",
)  # fmt: skip
SIDES = {"inner": 0x36, "outer": 0x5C}  # what an HMAC starts from, here of a key of zeros
COLUMNS = ("ZAAK", "PERSOON", "INSTROOM", "BESLISSING", "FEIT", "AFDOENING", "BEDRAG", "LEEFTIJD")


def main() -> None:
    """Take in a file of each size, in turn with the bare engine, and print a table."""
    parser = argparse.ArgumentParser(description="Time gate 1.")
    parser.add_argument("--rows", nargs="+", type=int, default=[1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    table = Table(title=f"das deliver, all checks, two pseudonymised columns (budget {BUDGET})")
    for head in HEADS:
        table.add_column(head, justify="right")
    for rows in sorted(asked.rows):
        with tempfile.TemporaryDirectory(dir=ROOT, prefix=".das-bench-") as scratch:
            table.add_row(*measured(Path(scratch), rows, asked.rounds))
    Console(width=160).print(table)


def measured(scratch: Path, rows: int, rounds: int) -> list[str]:
    """One row of the table."""
    file = scratch / "zaken.csv"
    write(file, rows)
    gate, bare = [], []
    for number in range(rounds):
        gate.append(timed(take_in, file, scratch / f"home-{number}"))
        bare.append(timed(copy, file, scratch / f"bare-{number}.parquet"))
    ratios = [[one[at] / other[at] for one, other in zip(gate, bare, strict=True)] for at in (0, 2)]
    seconds, engine = (statistics.median(it[0] for it in each) for each in (gate, bare))
    memory, engine_memory = (max(it[1] for it in each) for each in (gate, bare))
    numbers = (rows, seconds, rows / seconds, memory, engine, engine_memory)
    spelled = [f"{number:,.{places}f}" for number, places in zip(numbers, (0, 1, 0, 2, 1, 2), strict=True)]
    return [*spelled, *(f"{of(each):.2f}" for each in ratios for of in (statistics.median, min, max))]


def timed(act: Callable[[Path, Path], None], file: Path, target: Path) -> tuple[float, float, float]:
    """Seconds, gigabytes and seconds of the processor of an act in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_timed, (act, file, target))


def _timed(act: Callable[[Path, Path], None], file: Path, target: Path) -> tuple[float, float, float]:
    begin, worked = time.perf_counter(), time.process_time()
    act(file, target)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return time.perf_counter() - begin, memory, time.process_time() - worked


def take_in(file: Path, target: Path) -> None:
    """Gate 1."""
    from das_research.intake.gate import deliver

    deliver(catalog(), Home(target), "zaken", file, "bench")


def copy(file: Path, target: Path) -> None:
    """The bare statement."""
    hmac = "sha256({k}_outer || unhex(sha256({k}_inner || encode({c}))))"
    hashed = ", ".join(
        f'{hmac.format(k=name, c=column)} as "{column}"' for name, column in (("zaak", "ZAAK"), ("persoon", "PERSOON"))
    )
    with memory_engine() as engine:
        pads = {f"{name}_{side}": bytes([fill]) * 64 for name in ("zaak", "persoon") for side, fill in SIDES.items()}
        engine.con.execute(
            f"create temp table pads as select {', '.join(f'?::blob as {name}' for name in pads)}", list(pads.values())
        )
        engine.con.execute(
            f"copy (select r.* replace ({hashed}) from read_csv('{file}', delim=';', header=true, all_varchar=true) r, "
            f"pads) to '{target}' (format parquet)"
        )


def write(file: Path, rows: int) -> None:
    """A file in which one row in a thousand has a fault of each kind."""
    with duckdb.connect() as engine:
        engine.execute(
            f"""copy (select '99' || lpad(i::varchar, 10, '0') as ZAAK,
            'F' || lpad((hash(i) % {max(rows // 3, 1)})::varchar, 9, '0') as PERSOON,
            strftime(date '2012-01-01' + (hash(i, 1) % 4700)::int, '%d-%m-%Y') as INSTROOM,
            case when i % 1000 = 1 then '31-02-2020'
                else strftime(date '2025-01-01' + (hash(i, 2) % 300)::int, '%d-%m-%Y') end as BESLISSING,
            case when i % 1000 = 2 then 'X9' else 'D' || (hash(i, 3) % 40)::varchar end as FEIT,
            'A' || (hash(i, 4) % 8)::varchar as AFDOENING,
            case when i % 1000 = 3 then 'onb.'
                else replace((hash(i, 5) % 100000 / 100)::varchar, '.', ',') end as BEDRAG,
            case when i % 1000 = 4 then 300 else 12 + (hash(i, 6) % 70) end as LEEFTIJD
            from range({rows}) r(i)) to '{file}' (format csv, delimiter ';', header, quote '')"""
        )


def catalog() -> Catalog:
    """A catalogue of one dataset that asks everything: codes, dates in order, ranges, a key that occurs once."""
    dates = {"type": "date", "formats": ("%d-%m-%Y",), "range": {"min": "2000-01-01", "max": "2030-12-31"}}
    variables: dict[str, dict] = {
        "zaak": {"type": "identifier", "identifier": "zaak"},
        "persoon": {"type": "identifier", "identifier": "persoon"},
        "instroom": dates,
        "beslissing": dates | {"not_before": "instroom"},
        "feit": {"type": "code", "classification": "feiten"},
        "afdoening": {"type": "code", "classification": "afdoeningen"},
        "bedrag": {"type": "decimal", "range": {"min": 0, "max": 100000}},
        "leeftijd": {"type": "integer", "range": {"min": 10, "max": 110}},
    }
    layout = {"delimiter": ";", "decimal": ","}
    columns = dict(zip(variables, COLUMNS, strict=True))
    dataset = {
        "id": "zaken", "title": "zaken", "partner": "om", "row": "een zaak", "file": layout, "events": (),
        "case_keys": (("zaak",),), "person_keys": (("persoon",),), "unique": ("zaak",), "moment": ("instroom",),
        "variables": {name: {"title": name, "column": columns[name]} | it for name, it in variables.items()},
    }  # fmt: skip
    domains = [{"id": "zaak", "title": "zaak", "synthetic": "99[0-9]{10}"}]
    domains += [{"id": "persoon", "title": "persoon", "synthetic": "F[0-9]{9}"}]
    chain = {"unit": "zaken", "identifiers": domains, "events": (), "stages": (), "case_attributes": {}}
    codes = {"feiten": [f"D{number}" for number in range(40)], "afdoeningen": [f"A{number}" for number in range(8)]}
    classifications = {
        name: {"id": name, "title": name, "version": "1", "codes": [{"code": it, "label": it} for it in known]}
        for name, known in codes.items()
    }
    return Catalog(
        id="bank", title="bank", host="bank", contact="bank", licence="bank", chain=chain,
        datasets={"zaken": dataset}, classifications=classifications,
    )  # fmt: skip


if __name__ == "__main__":
    main()
