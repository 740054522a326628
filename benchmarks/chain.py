"""How long curves, flows and durations take, beside the bare engine and beside other programs, and how that grows.

    python benchmarks/chain.py --persons 5000000 --events 5000000 50000000

Kaplan-Meier curves of so many persons in 20 groups: this project, the bare query that counts the same rows, lifelines
and statsmodels take turns, each on a table in memory.

Flow and durations of an event log. This project: `flow` by year (stocks, entries and exits of every stage, and under
each number the distinct persons), and `durations` of every stage (Kaplan-Meier, open cases censored, with limits), of
an extract as gate 2 writes it, opened as a researcher does; the first function finds nothing computed before. pm4py, on
the same events in memory, formatted and sorted as it wants them: which event follows which and how often
(`discover_dfg`), the mean, median, least, greatest, sum and deviation of the time between the two
(`discover_performance_dfg`), and the time from first to last event of every case (`get_all_case_durations`). The bare
query gives what pm4py gives, from the extract. The two sides answer the same questions in their own ways, and the
numbers of neither are a part of the other's: pm4py knows no periods, persons, stocks or open cases, this project no
pairs of events.

pm4py is measured at the least size only. Its licence (AGPL) is not that of this project: it gets an environment of its
own, made in a temporary folder, and is left out by name where that can't be made. Each act runs in a process of its
own, on tables that were read once before. Seconds are medians over the rounds, and a ratio is the median of the ratios
within a round, with the least and the greatest; the machine may be busy, so the processor's seconds stand beside those
of the clock.
"""

import argparse
import json
import multiprocessing
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend
from rich.console import Console
from rich.table import Table

from das_research import chain
from das_research.catalog import load_catalog
from das_research.chain.survival import curves
from das_research.engines import memory_engine, new_extract, open_extract
from das_research.engines.keeping import keeps

ROOT = Path(__file__).resolve().parent.parent
BUDGET = "curves: lifelines / 10, statsmodels / 4, 1.5 times the bare query; flow and durations: pm4py / 8, 8 GB"
GROUPS, YEARS, FEWEST = 20, (2012, 2024), 5  # events a case has on average
KEY = bytes(32)  # of events of nobody
TABLES = {"cases": ("case_id", "person_id", "delictgroep"), "events": ("case_id", "event", "outcome", "moment")}
PM4PY = ("pm4py", "pyarrow", "pandas<3")
# Of a hash, so that every run has the same persons: some two years to the end, the last day of sight before or after.
PERSONS = f"""
    create table persons as
    with drawn as (
        select i % {GROUPS} as grp, (hash(i, 2) % 1500)::int as seen,
               (-ln((hash(i, 1) % 1000000 + 1) / 1000001.0) * (200 + 30 * (i % {GROUPS})))::int as ends
        from range({{size}}) as r(i)
    )
    select grp::varchar as grp, least(ends, seen) as lasted, ends > seen as is_open from drawn
"""
BARE = "select grp, lasted, count(*), count(*) filter (is_open) from persons group by grp, lasted"
FOLLOWS = """
    with pairs as (
        select event, lead(event) over (partition by case_id order by moment) as next,
               lead(moment) over (partition by case_id order by moment) - moment as days from events
    )
    select event, next, count(*), avg(days), median(days), min(days), max(days), sum(days), stddev(days)
    from pairs where next is not null group by event, next
"""
LASTED = "select max(moment) - min(moment) from events group by case_id"
STEPS = (  # event, outcome, and of 100 that came so far how many have it
    ("registratie", None, 100), ("politie_afdoening", "ingezonden_om", 85), ("instroom_om", None, 95),
    ("om_beslissing", "dagvaarding", 90), ("binnenkomst_rechtbank", None, 70), ("uitspraak", "schuldig_met_straf", 90),
    ("ontvangst_executie", None, 85), ("executie_voltooid", None, 80),
)  # fmt: skip

Seconds = tuple[float, float, float]  # of the clock, of the processor, and gigabytes
Act = Callable[[], AbstractContextManager[Callable[[], Any]]]  # lays its table, and gives what is timed


def main() -> None:
    """Measure, and print two tables."""
    parser = argparse.ArgumentParser(description="Time what is computed along the chain.")
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--events", nargs="+", type=int, default=[1_000_000, 2_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    Console(width=120).print(f"budget: {BUDGET}")
    by = {"this project": by_curves, "bare query": by_query, "lifelines": by_lifelines, "statsmodels": by_statsmodels}
    of_persons: dict[str, Act] = {name: partial(act, asked.persons) for name, act in by.items()}
    _print(f"Kaplan-Meier of {asked.persons:,} persons in {GROUPS} groups", rounds(of_persons, asked.rounds))
    with tempfile.TemporaryDirectory(prefix="das-bench-") as scratch:
        python = _environment(Path(scratch))
        for events in asked.events:
            place = Path(scratch) / f"{events}.duckdb"
            alone(lay_extract, place, events)
            peer = _Peer(python, place) if python and events == min(asked.events) else None
            acts: dict[str, Act] = {"this project": partial(by_chain, place), "bare query": partial(by_follows, place)}
            _print(f"Flow and durations of {events:,} events", rounds(acts, asked.rounds, peer))


def rounds(acts: dict[str, Act], times: int, peer: "_Peer | None" = None) -> dict[str, list[Seconds]]:
    """Every act in turn, so many times; each in a process of its own."""
    found: dict[str, list[Seconds]] = {name: [] for name in acts}
    for _ in range(times):
        for name, act in acts.items():
            found[name].append(alone(_timed, act))
        if peer is not None:
            found.setdefault("pm4py", []).append(peer())
    return found


def alone(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives in a process of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def _timed(act: Act) -> Seconds:
    with act() as run:
        clock, processor = time.perf_counter(), time.process_time()
        run()
        spent = time.perf_counter() - clock, time.process_time() - processor
    return (*spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)


@contextmanager
def by_curves(size: int) -> Iterator[Callable[[], Any]]:
    """The curves of this project."""
    with _persons(size) as engine:
        yield lambda: curves(engine.table("persons"), ["grp"])


@contextmanager
def by_query(size: int) -> Iterator[Callable[[], Any]]:
    """The same rows, counted by the engine and nothing more."""
    with _persons(size) as engine:
        yield lambda: engine.raw_sql(BARE).fetchall()


@contextmanager
def by_lifelines(size: int) -> Iterator[Callable[[], Any]]:
    """A fit a group, over columns that are in memory as it wants them."""
    from lifelines import KaplanMeierFitter

    persons = _frame(size)
    yield lambda: [KaplanMeierFitter().fit(it.lasted, it.ended) for _, it in persons.groupby("grp")]


@contextmanager
def by_statsmodels(size: int) -> Iterator[Callable[[], Any]]:
    """The same with statsmodels."""
    from statsmodels.duration.survfunc import SurvfuncRight

    persons = _frame(size)
    yield lambda: [SurvfuncRight(it.lasted, it.ended) for _, it in persons.groupby("grp")]


@contextmanager
def _persons(size: int) -> Iterator[Backend]:
    with memory_engine() as engine:
        engine.raw_sql(PERSONS.format(size=size))
        yield engine


def _frame(size: int) -> pd.DataFrame:
    with _persons(size) as engine:
        return engine.raw_sql("select grp, lasted, (not is_open)::int as ended from persons").df()


@contextmanager
def by_chain(place: Path) -> Iterator[Callable[[], Any]]:
    """Flow by year, and the durations of every stage that lasts."""
    with _opened(place) as engine:
        project: Any = SimpleNamespace(
            grant=SimpleNamespace(tables={}), id="bench", catalog=load_catalog(ROOT / "data_catalog"), snapshot="",
            synthetic=True, observed_until=date(YEARS[1], 12, 31), linkage={}, person_links="none",
            tables=SimpleNamespace(cases=engine.table("cases"), events=engine.table("events")),
        )  # fmt: skip
        stages = [stage.id for stage in project.catalog.chain.stages]
        yield lambda: (chain.flow(project, *YEARS), [chain.durations(project, stage, *YEARS) for stage in stages])


@contextmanager
def by_follows(place: Path) -> Iterator[Callable[[], Any]]:
    """What pm4py computes, by the engine and nothing more."""
    with _opened(place) as engine:
        yield lambda: [engine.raw_sql(query).to_arrow_table() for query in (FOLLOWS, LASTED)]


@contextmanager
def _opened(place: Path) -> Iterator[Backend]:
    """The extract as a researcher opens it, read once; what does not fit in memory is put beside it."""
    engine = open_extract(place, KEY, place.with_suffix(".scratch"))
    keeps(engine)
    for table in ("cases", "events"):
        columns = ", ".join(f"min({column})" for column in engine.table(table).columns)
        engine.raw_sql(f"select {columns} from {table}").fetchall()
    yield engine
    engine.disconnect()


def lay_extract(place: Path, size: int) -> None:
    """An extract with a log of about so many events: every case goes through the steps as far as it comes."""
    with memory_engine(place.parent) as engine:
        _lay_events(engine, size)
        with new_extract(engine, place, KEY) as database:
            for name, columns in TABLES.items():
                table = engine.table(name)[list(columns)]
                engine.create_table(name, table.order_by(*columns), database=database)  # as gate 2 orders its rows


def _lay_events(engine: Backend, size: int) -> None:
    engine.raw_sql(
        f"create table cases as select format('{{:016x}}', i) as case_id, format('{{:016x}}', i // 2) as person_id, "
        f"'vermogen' as delictgroep, (hash(i, 0) % 4700)::int as day, i from range({size // FEWEST}) as r(i)"
    )
    engine.raw_sql("create table events (case_id varchar, event varchar, outcome varchar, moment date)")
    engine.raw_sql("create temp table here as select case_id, i, date '2012-01-01' + day as moment from cases")
    for step, (event, outcome, percent) in enumerate(STEPS):
        told = f"'{outcome}'" if outcome else "null"
        engine.raw_sql(
            f"create or replace temp table here as select case_id, i, moment + (hash(i, {step}) % 120)::int as moment "
            f"from here where hash(i, {step}, 7) % 100 < {percent}"
        )
        engine.raw_sql(f"insert into events select case_id, '{event}', {told}, moment from here")


class _Peer:
    """The performance functions of pm4py on the same log, in their own environment."""

    CODE = """
import json, resource, sys, time
import pandas as pd, pm4py
log = pd.read_parquet(sys.argv[1])
log = pm4py.format_dataframe(log, case_id="case_id", activity_key="event", timestamp_key="moment")
clock, processor = time.perf_counter(), time.process_time()
pm4py.discover_dfg(log)
pm4py.discover_performance_dfg(log)
pm4py.get_all_case_durations(log)
spent = [time.perf_counter() - clock, time.process_time() - processor]
print(json.dumps([*spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20]))
"""

    def __init__(self, python: Path, place: Path):
        self.python, self.log = python, place.with_suffix(".parquet")
        alone(copy_log, place, self.log)

    def __call__(self) -> Seconds:
        command = [str(self.python), "-c", self.CODE, str(self.log)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        clock, processor, memory = json.loads(done.stdout.splitlines()[-1])
        return clock, processor, memory


def copy_log(place: Path, log: Path) -> None:
    """Write the events of an extract as pm4py reads them; an open extract itself writes no file."""
    with _opened(place) as engine:
        rows = engine.raw_sql("select case_id, event, moment::timestamp as moment from events").to_arrow_table()
    pq.write_table(rows, log)


def _environment(scratch: Path) -> Path | None:
    """The Python of an environment that has pm4py; None, and a line that says so, where it can't be made."""
    folder = scratch / "pm4py"
    try:
        venv.create(folder, with_pip=True)
        python = folder / "bin" / "python"
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PM4PY]
        subprocess.run(install, check=True, capture_output=True, text=True)
        subprocess.run([str(python), "-c", "import pm4py"], check=True, capture_output=True)
        return python
    except (subprocess.CalledProcessError, OSError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        Console().print(f"skipped: pm4py could not be installed ({said[-1] if said else 'no reason given'})")
        return None


def _print(title: str, found: dict[str, list[Seconds]]) -> None:
    table = Table(title=title)
    for head in ("by", "seconds", "processor", "memory, GB", "ratio to this project", "from", "to", "of the processor"):
        table.add_column(head, justify="left" if head == "by" else "right")
    own = found["this project"]
    for name, each in found.items():
        clock, processor = ([one[part] / mine[part] for one, mine in zip(each, own, strict=True)] for part in (0, 1))
        table.add_row(
            name,
            *(f"{statistics.median(it[part] for it in each):.2f}" for part in (0, 1)),
            f"{max(it[2] for it in each):.2f}",
            *(
                f"{number:.2f}"
                for number in (statistics.median(clock), min(clock), max(clock), statistics.median(processor))
            ),
        )
    Console(width=120).print(table)


if __name__ == "__main__":
    sys.exit(main())
