"""How long curves, flows and durations take, beside the bare engine and beside other programs, and how that grows.

    python benchmarks/chain.py --persons 5000000 --events 5000000 50000000

Kaplan-Meier curves of so many persons in 20 groups: this project, the bare query that counts the same rows, lifelines
and statsmodels take turns. Flow and durations along the chain over an event log: this project and the performance
functions of pm4py on the same log, of the least size only. The licence of pm4py (AGPL) is not that of this project: it
gets an environment of its own, made in a temporary folder, and is left out by name where that can't be made. Each act
runs in a process of its own, on tables that are in memory already. Seconds are medians over the rounds, and a ratio is
the median of the ratios within a round, with the least and the greatest; the machine may be busy, so the processor's
seconds stand beside those of the clock.
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
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
from ibis.backends.duckdb import Backend
from rich.console import Console
from rich.table import Table

from das_research import chain
from das_research.catalog import load_catalog
from das_research.chain.survival import curves
from das_research.engines import memory_engine

ROOT = Path(__file__).resolve().parent.parent
BUDGET = "curves: lifelines / 10, statsmodels / 4, 1.5 times the bare query; flow and durations: pm4py / 8, 8 GB"
GROUPS, YEARS, FEWEST = 20, (2012, 2024), 5  # events a case has on average
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
BARE = "select grp, lasted, count(*) filter (not is_open), count(*) filter (is_open) from persons group by grp, lasted"
STEPS = (  # event, outcome, and of 100 that came so far how many have it
    ("registratie", None, 100), ("politie_afdoening", "ingezonden_om", 85), ("instroom_om", None, 95),
    ("om_beslissing", "dagvaarding", 90), ("binnenkomst_rechtbank", None, 70), ("uitspraak", "schuldig_met_straf", 90),
    ("ontvangst_executie", None, 85), ("executie_voltooid", None, 80),
)  # fmt: skip

Seconds = tuple[float, float, float]  # of the clock, of the processor, and gigabytes
Act = Callable[[Backend, int], Callable[[], Any]]


def main() -> None:
    """Measure, and print two tables."""
    parser = argparse.ArgumentParser(description="Time what is computed along the chain.")
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--events", nargs="+", type=int, default=[1_000_000, 2_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    Console(width=120).print(f"budget: {BUDGET}")
    of_persons = {"this project": by_curves, "bare query": by_query, "lifelines": by_lifelines}
    of_persons["statsmodels"] = by_statsmodels
    _print(
        f"Kaplan-Meier of {asked.persons:,} persons in {GROUPS} groups", rounds(of_persons, asked.persons, asked.rounds)
    )
    with tempfile.TemporaryDirectory(prefix="das-bench-") as scratch:
        peer = _environment(Path(scratch))
        for events in asked.events:
            acts: dict[str, Act] = {"this project": by_chain}
            with_peer = peer is not None and events == min(asked.events)
            measured = rounds(
                acts, events, asked.rounds, _Peer(Path(scratch), peer, events) if with_peer and peer else None
            )
            _print(f"Flow and durations of {events:,} events", measured)


def rounds(acts: dict[str, Act], size: int, times: int, peer: "_Peer | None" = None) -> dict[str, list[Seconds]]:
    """Every act in turn, so many times; each in a process of its own."""
    found: dict[str, list[Seconds]] = {name: [] for name in acts}
    for _ in range(times):
        for name, act in acts.items():
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
                found[name].append(pool.submit(_timed, act, size).result())
        if peer is not None:
            found.setdefault("pm4py", []).append(peer())
    return found


def _timed(act: Act, size: int) -> Seconds:
    with memory_engine() as engine:
        run = act(engine, size)  # lays its table first
        clock, processor = time.perf_counter(), time.process_time()
        run()
        spent = time.perf_counter() - clock, time.process_time() - processor
    return (*spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)


def by_curves(engine: Backend, size: int) -> Callable[[], Any]:
    """The curves of this project."""
    engine.raw_sql(PERSONS.format(size=size))
    return lambda: curves(engine.table("persons"), ["grp"])


def by_query(engine: Backend, size: int) -> Callable[[], Any]:
    """The same rows, counted by the engine and nothing more."""
    engine.raw_sql(PERSONS.format(size=size))
    return lambda: engine.raw_sql(BARE).fetchall()


def by_lifelines(engine: Backend, size: int) -> Callable[[], Any]:
    """A fit a group, over columns that are in memory as it wants them."""
    from lifelines import KaplanMeierFitter

    persons = _frame(engine, size)
    return lambda: [KaplanMeierFitter().fit(it.lasted, it.ended) for _, it in persons.groupby("grp")]


def by_statsmodels(engine: Backend, size: int) -> Callable[[], Any]:
    """The same with statsmodels."""
    from statsmodels.duration.survfunc import SurvfuncRight

    persons = _frame(engine, size)
    return lambda: [SurvfuncRight(it.lasted, it.ended) for _, it in persons.groupby("grp")]


def _frame(engine: Backend, size: int) -> pd.DataFrame:
    engine.raw_sql(PERSONS.format(size=size))
    return engine.raw_sql("select grp, lasted, (not is_open)::int as ended from persons").df()


def by_chain(engine: Backend, size: int) -> Callable[[], Any]:
    """Flow by year, and the durations of every stage that lasts."""
    _lay_events(engine, size)
    project: Any = SimpleNamespace(
        grant=SimpleNamespace(tables={}), id="bench", catalog=load_catalog(ROOT / "data_catalog"), snapshot="",
        synthetic=True, observed_until=date(YEARS[1], 12, 31), linkage={}, person_links="none",
        tables=SimpleNamespace(cases=engine.table("cases"), events=engine.table("events")),
    )  # fmt: skip
    stages = [stage.id for stage in project.catalog.chain.stages]
    return lambda: (chain.flow(project, *YEARS), [chain.durations(project, stage, *YEARS) for stage in stages])


def _lay_events(engine: Backend, size: int) -> None:
    """A log of about so many events: every case goes through the steps as far as it comes."""
    engine.raw_sql(
        f"create table cases as select format('{{:016x}}', i) as case_id, format('{{:016x}}', i // 2) as person_id, "
        f"'vermogen' as delictgroep, (hash(i, 0) % 4700)::int as day, i from range({size // FEWEST}) as r(i)"
    )
    engine.raw_sql("create table events (case_id varchar, event varchar, outcome varchar, moment date)")
    engine.raw_sql("create temp table here as select case_id, i, date '2012-01-01' + day as moment from cases")
    for place, (event, outcome, percent) in enumerate(STEPS):
        told = f"'{outcome}'" if outcome else "null"
        engine.raw_sql(
            f"create or replace temp table here as select case_id, i, moment + (hash(i, {place}) % 120)::int as moment "
            f"from here where hash(i, {place}, 7) % 100 < {percent}"
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

    def __init__(self, scratch: Path, python: Path, size: int):
        self.python, self.log = python, scratch / "log.parquet"
        with memory_engine() as engine:
            _lay_events(engine, size)
            engine.raw_sql(f"copy (select case_id, event, moment::timestamp as moment from events) to '{self.log}'")

    def __call__(self) -> Seconds:
        command = [str(self.python), "-c", self.CODE, str(self.log)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        clock, processor, memory = json.loads(done.stdout.splitlines()[-1])
        return clock, processor, memory


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
