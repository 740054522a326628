"""How long recidivism takes, beside bare SQL over the same columns, and how that grows with the number of persons.

    python benchmarks/recidivism.py --persons 250000 1000000

Measured is two-year recidivism of four kinds and the frequency, with time in detention taken off, of a cohort of one
year; making the cohort, which counts who is left out at every step, is told apart. Beside it stands one hand-written
query that scans the same columns and makes the same joins: the first case of a person in the year, that person's later
cases, and stays in detention; it merges no overlapping stays and tells nothing of who was left out. The ratio is the
median of rounds in one run, in turn. Processor time is told too, since a machine may be busy with something else.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ibis
from rich.console import Console
from rich.table import Table

import das_research as das
from das_research.catalog import load_catalog
from das_research.chain.reoffending.cohorts import Cohort

ROOT = Path(__file__).resolve().parent.parent
ROUNDS, BUDGET = 5, "1 million persons: at most 1.5 times the bare query; growth linear"
CASES = """
create table justitiele_documentatie as
select 'c' || i as case_id, 'p' || (i % {persons}) as person_id,
       if(hash(i) % 5 = 0, 'vrouw', 'man') as geslacht, 1950 + i % 55 as geboortejaar,
       date '2015-01-01' + cast(hash(i, 1) % 2900 as integer) as pleegdatum,
       pleegdatum + cast(hash(i, 2) % 90 as integer) as jd_ingeschreven,
       ['jd_schuldig', 'jd_schuldig', 'jd_om_afdoening', 'jd_beleidssepot', 'jd_vrijspraak']
           [1 + cast(hash(i, 3) % 5 as integer)] as afdoening,
       jd_ingeschreven + cast(hash(i, 4) % 200 as integer) as afgedaan_op, afgedaan_op + 14 as jd_onherroepelijk,
       ['CRI1000', 'CRI2000', 'CRI3000', 'CRI5000'][1 + cast(hash('f' || i) % 4 as integer)] as zwaarste_feit,
       [12, 24, 48, 96][1 + cast(hash(i, 6) % 4 as integer)] as maximale_straf
from range({persons} * 3) as t(i)
"""
STAYS = """
create table detenties as
select 'p' || (hash(i, 7) % {persons}) as person_id,
       date '2015-01-01' + cast(hash(i, 8) % 2900 as integer) as instroom,
       instroom + cast(1 + hash(i, 9) % 120 as integer) as uitstroom
from range({persons} // 2) as t(i)
"""
YOUNG = "create table jji_verblijven (person_id varchar, instroom_jji date, uitstroom_jji date)"  # nobody's
BARE = """
with first as (
    select person_id, case_id, afgedaan_op as start, zwaarste_feit as kind,
           cast(afgedaan_op + interval 2 year as date) as till
    from justitiele_documentatie
    where afdoening in ('jd_schuldig', 'jd_om_afdoening') and afgedaan_op between '2018-01-01' and '2018-12-31'
    qualify row_number() over (partition by person_id order by afgedaan_op, case_id) = 1
), again as (
    select f.person_id, count(*) as cases, min(j.pleegdatum) as general,
           min(if(j.maximale_straf >= 48, j.pleegdatum, null)) as serious,
           min(if(j.maximale_straf >= 96, j.pleegdatum, null)) as very_serious,
           min(if(j.zwaarste_feit = f.kind, j.pleegdatum, null)) as special,
    from first f join justitiele_documentatie j on f.person_id = j.person_id and j.case_id <> f.case_id
    where j.afdoening in ('jd_schuldig', 'jd_schuldig_zonder_straf', 'jd_om_afdoening', 'jd_beleidssepot')
      and j.pleegdatum > f.start and j.pleegdatum <= f.till
    group by f.person_id
), inside as (
    select f.person_id, sum(least(d.uitstroom, f.till) - greatest(d.instroom, f.start)) as spent
    from first f join detenties d on f.person_id = d.person_id
    where d.uitstroom > f.start and d.instroom < f.till
    group by f.person_id
)
select count(*), count(general), count(serious), count(very_serious), count(special), sum(cases),
       sum(till - start - coalesce(spent, 0))
from first f left join again using (person_id) left join inside using (person_id)
"""


def main() -> None:
    """Measure at each size, and print a table."""
    parser = argparse.ArgumentParser(description="Time recidivism.")
    parser.add_argument("--persons", nargs="+", type=int, default=[250_000, 1_000_000])
    asked = parser.parse_args()
    table = Table(title=f"das.chain.cohort and recidivism (budget {BUDGET})")
    for head in ("persons", "followed", "s", "bare", "ratio", "cpu", "bare", "ratio", "cohort", "spread"):
        table.add_column(head, justify="right")
    for persons in sorted(asked.persons):
        table.add_row(*measured(persons))
    Console().print(table)


def measured(persons: int) -> list[str]:
    """One row of the table."""
    project = a_project(persons)
    made = das.chain.cohort(project, years=[2018])
    ours, bare, making = [], [], []
    for _ in range(ROUNDS):
        making.append(timed(lambda: das.chain.cohort(project, years=[2018])))
        ours.append(timed(lambda: followed(made)))
        bare.append(timed(lambda: project.engine.con.execute(BARE).fetchall()))
    wall, processor = (
        sorted(one[place] / other[place] for one, other in zip(ours, bare, strict=True)) for place in (0, 1)
    )
    own, peer, made_in = (
        [statistics.median(run[place] for run in runs) for place in (0, 1)] for runs in (ours, bare, making)
    )
    numbers = (own[0], peer[0], statistics.median(wall), own[1], peer[1], statistics.median(processor), made_in[1])
    return [
        f"{persons:,}",
        f"{made.size:,}",
        *(f"{it:.2f}" for it in numbers),
        f"{processor[0]:.2f}-{processor[-1]:.2f}",
    ]


def followed(made: Cohort) -> None:
    """What is measured."""
    kinds = ["general", "serious", "very_serious", "special", "frequency"]
    das.chain.recidivism(made, 2, measures=kinds, lag_days=0)


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    begin, spent = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - begin, time.process_time() - spent


def a_project(persons: int) -> Any:
    """A register of so many persons, three cases each, and half as many stays, as an open project."""
    engine = ibis.duckdb.connect(threads=2)
    for statement in (CASES, STAYS, YOUNG):
        engine.con.execute(statement.format(persons=persons))
    tables = {name: engine.table(name) for name in ("justitiele_documentatie", "detenties", "jji_verblijven")}
    return SimpleNamespace(
        id="recidive",
        catalog=load_catalog(ROOT / "data_catalog"),
        grant=SimpleNamespace(tables={}),
        tables=Tables(tables),
        engine=engine,
        snapshot="",
        synthetic=True,
        observed_until=date(2022, 12, 31),
        linkage={},
        person_links="none",
    )


class Tables(dict[str, Any]):
    """Tables by item and by attribute, as those of a project."""

    __getattr__ = dict.__getitem__


if __name__ == "__main__":
    main()
