"""How long an extract takes, beside a bare CREATE TABLE AS of the same columns, and what opening it costs.

    python benchmarks/extract.py --rows 10000000

A snapshot of so many events is generated in DuckDB and written encrypted. Then gate 2 and the bare engine take turns,
each in a process of its own: gate 2 reads the snapshot, makes pseudonyms, orders, encrypts and hashes the rows; the
engine writes the finished columns of the extract to a file that is not encrypted. The ratios are the medians over the
rounds, with the least and the greatest, of processor time and of the clock; memory is the highest of a process. Last,
opening the project and a query on it, beside the same SQL on the same file.
"""

import argparse
import base64
import json
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from das_research.access.database import open_database
from das_research.access.extract import extract
from das_research.access.manifest import DATABASE, current_extract, extract_folder
from das_research.access.own_key import own_key
from das_research.catalog import load_catalog
from das_research.catalog.models import Catalog, GrantedTable
from das_research.engines import memory_engine, write_parquet
from das_research.home import Home
from das_research.keys.data import data_keys

ROOT = Path(__file__).resolve().parent.parent
BUDGET = "2 times the bare engine; opening 0.5 s; a query 1.05 times"
SNAPSHOT = "snap-0123456789ab"
DELIVERY = "strafzaken-0123456789ab"
ACCOUNT, DAY = "onderzoeker-demo", date(2026, 6, 1)
CASES_OF = 5  # events of one case
EVENTS = f"""
    select i // {CASES_OF} as case_id, i // {2 * CASES_OF} as person_id, person_id as person_id_strict,
        person_id as person_id_loose, ['opsporing', 'vervolging', 'berechting'][1 + i % 3] as stage,
        ['proces_verbaal', 'instroom_om', 'beslissing_om', 'einduitspraak'][1 + i % 4] as event,
        ['sepot', 'dagvaarding', null][1 + i % 3] as outcome, date '2012-01-01' + (hash(i) % 4000)::integer as moment,
        '{DELIVERY}' as delivery
    from range({{rows}}) rows(i)"""
QUERY = "select stage, count(*), count(distinct event), max(moment) from events group by stage order by stage"
Taken = tuple[float, float, float]  # seconds of the processor, of the clock, and gigabytes


def main() -> None:
    """Make the extract in turn with the bare engine, open it, and print a table."""
    parser = argparse.ArgumentParser(description="Time gate 2.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".das-bench-") as scratch:
        home = Path(scratch) / "home"
        apart(generate, home, asked.rows)
        gate, bare = [], []
        for _ in range(asked.rounds):
            gate.append(apart(gate_two, home, asked.rows))
            bare.append(apart(as_it_is, home, asked.rows))
        table = Table(title=f"das project extract, {asked.rows:,} events (budget {BUDGET})")
        for head in ("what", "", "seconds", "bare, seconds", "ratio", "from", "to"):
            table.add_column(head, justify="right")
        for place, name in enumerate(("processor", "clock")):
            table.add_row("extract", name, *compared([it[place] for it in gate], [it[place] for it in bare]))
        highest = [max(it[2] for it in each) for each in (gate, bare)]
        table.add_row("extract", "memory, GB", *(f"{number:.2f}" for number in highest))
        opened = [apart(opening, home, 0) for _ in range(asked.rounds)]
        for place, name in enumerate(("processor", "clock")):
            table.add_row("open", name, f"{statistics.median(it[place] for it in opened):.2f}")
        through, direct = queries(home, 4 * asked.rounds)
        table.add_row("query", "processor", *compared(through, direct))
        Console().print(table)


def compared(one: list[float], other: list[float]) -> list[str]:
    """Two medians of seconds, and the median, least and greatest ratio of the rounds."""
    ratios = [mine / theirs for mine, theirs in zip(one, other, strict=True)]
    numbers = (statistics.median(one), statistics.median(other), statistics.median(ratios), min(ratios), max(ratios))
    return [f"{number:.2f}" for number in numbers]


def apart(act: Callable[[Path, int], None], home: Path, rows: int) -> Taken:
    """What an act takes in a process of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_timed, act, home, rows).result()


def _timed(act: Callable[[Path, int], None], home: Path, rows: int) -> Taken:
    processor, clock = time.process_time(), time.perf_counter()
    act(home, rows)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return time.process_time() - processor, time.perf_counter() - clock, memory


def catalog() -> Catalog:
    """The Dutch catalogue, in which a project gets all of the events."""
    whole = load_catalog(ROOT / "data_catalog")
    columns = ("case_id", "person_id", "stage", "event", "outcome", "moment", "delivery")
    grant = whole.grants["ketenmonitor"].model_copy(update={"tables": {"events": GrantedTable(columns=columns)}})
    return whole.model_copy(update={"grants": {"ketenmonitor": grant}})


def generate(home: Path, rows: int) -> None:
    """A snapshot of events, as a build lays it."""
    place, at = Home(home), Home(home).snapshots / SNAPSHOT
    at.mkdir(parents=True, mode=0o700)
    key = data_keys(place).new(f"snapshot-{SNAPSHOT}")
    counts = "select 'strafzaken' as dataset, 'vervolging' as stage"
    totals = ", ".join(f"0 as {it}" for it in ("delivered", "accepted", "quarantined", "units_delivered"))
    tables = {
        "events": EVENTS.format(rows=rows),
        "deliveries": f"{counts}, {totals}, 0 as units_accepted, 0 as units_lost",
        "delivery_rules": f"{counts}, 'no-key' as rule, 'quarantined' as effect, 0 as rows, 0 as units",
    }
    with memory_engine(place.warehouse) as engine:
        for name, query in tables.items():
            write_parquet(engine, engine.sql(query), at / f"{name}.parquet", key)
    document = {
        "id": SNAPSHOT,
        "deliveries": [],
        "catalog_hash": "",
        "register": "",
        "code_version": "",
        "synthetic": True,
        "observed_until": "2023-12-31",
        "tables": {"events": rows},
        "linkage": {},
        "linkage_counts": {},
        "conflicts": 0,
    }
    (at / "snapshot.json").write_text(json.dumps(document))
    (place.snapshots / "current").write_text(SNAPSHOT)


def gate_two(home: Path, _: int) -> None:
    """The extract; one that stands is written again, and dropped."""
    extract(catalog(), Home(home), "ketenmonitor", ACCOUNT, DAY)


def as_it_is(home: Path, _: int) -> None:
    """The same columns, finished, from the same engine's file to a new one."""
    with tempfile.TemporaryDirectory(dir=home) as target, opened_bare(home) as connection:
        connection.execute(f"attach '{target}/bare.duckdb' as bare")
        connection.execute("create table bare.events as select * from extract.events")
        connection.execute("detach bare")


def opening(home: Path, _: int) -> None:
    """The database of the project, with its key."""
    place = Home(home)
    open_database(place, current_extract(place, "ketenmonitor")).disconnect()


def queries(home: Path, rounds: int) -> tuple[list[float], list[float]]:
    """The processor's seconds of the same SQL on the project and on the same file, in turn."""
    place = Home(home)
    project = open_database(place, current_extract(place, "ketenmonitor"))
    with opened_bare(home) as connection:
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds):
            for taken, engine in zip(times, (project.con, connection), strict=True):
                begin = time.process_time()
                engine.execute(QUERY).fetchall()
                taken.append(time.process_time() - begin)
    project.disconnect()
    return times[0][1:], times[1][1:]


def opened_bare(home: Path) -> duckdb.DuckDBPyConnection:
    """The file of the extract by DuckDB alone."""
    place = Home(home)
    manifest = current_extract(place, "ketenmonitor")
    key = base64.b64encode(own_key(place, "ketenmonitor", manifest.id)).decode()
    connection = duckdb.connect(config={"threads": 2})
    path = extract_folder(place, manifest) / DATABASE
    connection.execute(f"attach '{path}' as extract (read_only, encryption_key '{key}')")
    connection.execute("use extract")
    return connection


if __name__ == "__main__":
    main()
