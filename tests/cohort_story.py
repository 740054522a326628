"""A register of eight persons that can be followed by hand, with the Dutch catalogue's own method.

The sources end on 31 December 2022. Case `<person>-x` is each person's index case: found guilty on the day named, for a
property crime of the month before. `max` is the statutory maximum in months.

    person sex   born index day  what else
    p1     man   1990 2018-03-01 property crime on 2018-09-01 (max 48), violent crime on 2019-06-01 (max 96)
    p2     man   1990 2018-05-01 nothing
    p3     vrouw 1980 2018-07-01 violent crime on 2020-07-01 (max 24): the last day of two years
    p4     man   2001 2018-09-01 property crime on 2020-09-02 (max 24): a day too late for two years
    p5     man   1970 2019-02-01 property crime on 2018-12-01 (max 48): before the start, registered on 2019-05-01
    p6     man   1985 2019-04-01 crime of 2019-08-01 dismissed on technical grounds, crime of 2019-09-01 still open
    p7     vrouw 1999 2019-06-01 violent crime on 2019-07-01 (max 12), guilty on 2019-10-01: an index case of 2019 too
    p8     man   1960 2019-08-01 crime of 2020-01-15 (max 12) dismissed on policy grounds

Detained: p1 from 2018-03-01 to 2018-03-11 and, overlapping, from 2018-03-06 to 2018-03-21: 20 days; p2 since
2022-12-01. In a juvenile institution: p7 in January 2018, and p1 on days that are counted already.
p2 died on 2019-05-01; p6 left the country on 2020-04-01.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ibis
import pyarrow as pa

from das_research.catalog import load_catalog
from das_research.catalog.models import Catalog

PROPERTY, VIOLENT = "CRI1000", "CRI3100"  # the second lies under the main group of violent crime
REGISTER = {
    "case_id": pa.string(), "person_id": pa.string(), "geslacht": pa.string(), "geboortejaar": pa.int64(),
    "pleegdatum": pa.date32(), "jd_ingeschreven": pa.date32(), "afdoening": pa.string(), "afgedaan_op": pa.date32(),
    "jd_onherroepelijk": pa.date32(), "zwaarste_feit": pa.string(), "maximale_straf": pa.int64(),
}  # fmt: skip
TABLES = {
    "justitiele_documentatie": REGISTER,
    "detenties": {"case_id": pa.string(), "person_id": pa.string(), "instroom": pa.date32(), "uitstroom": pa.date32()},
    "jji_verblijven": {"case_id": pa.string(), "person_id": pa.string(), "instroom_jji": pa.date32(),
                       "uitstroom_jji": pa.date32()},
    "taakstraffen": {"case_id": pa.string(), "person_id": pa.string(), "taakstraf_einde": pa.date32(),
                     "afloop_taakstraf": pa.string()},
    "toezichten": {"case_id": pa.string(), "person_id": pa.string(), "toezicht_einde": pa.date32(),
                   "afloop_toezicht": pa.string()},
    "personen": {"person_id": pa.string(), "overleden": pa.date32(), "vertrokken": pa.date32()},
}  # fmt: skip
PERSONS = {
    "p1": ("man", 1990), "p2": ("man", 1990), "p3": ("vrouw", 1980), "p4": ("man", 2001), "p5": ("man", 1970),
    "p6": ("man", 1985), "p7": ("vrouw", 1999), "p8": ("man", 1960),
}  # fmt: skip


def day(text: str | date | None) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else text


def case(
    person: str,
    name: str,
    committed: str | date | None,
    disposed: str | date | None = None,
    outcome: str = "jd_schuldig",
    offence: str = PROPERTY,
    maximum: int = 24,
    registered: str | date | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A case of the register; without further dates registered a week, and disposed of two months, after the crime."""
    sex, born = PERSONS.get(person, (None, None))
    on = day(committed)
    came = day(registered) or (on + timedelta(days=7) if on else None)
    ended = day(disposed) or (on + timedelta(days=60) if on else None)
    told = {"case_id": f"{person}-{name}", "person_id": person, "geslacht": sex, "geboortejaar": born}
    dates = {"pleegdatum": on, "jd_ingeschreven": came, "afgedaan_op": None if outcome == "jd_open" else ended}
    final = ended + timedelta(days=14) if ended else None
    rest = {"afdoening": outcome, "jd_onherroepelijk": final, "zwaarste_feit": offence, "maximale_straf": maximum}
    return told | dates | rest | more


CASES = [
    case("p1", "x", "2018-02-01", "2018-03-01"), case("p1", "a", "2018-09-01", maximum=48),
    case("p1", "b", "2019-06-01", offence=VIOLENT, maximum=96, outcome="jd_om_afdoening", disposed="2020-01-02"),
    case("p2", "x", "2018-04-01", "2018-05-01"),
    case("p3", "x", "2018-06-01", "2018-07-01"), case("p3", "a", "2020-07-01", offence=VIOLENT),
    case("p4", "x", "2018-08-01", "2018-09-01"), case("p4", "a", "2020-09-02"),
    case("p5", "x", "2019-01-01", "2019-02-01"),
    case("p5", "a", "2018-12-01", "2020-03-01", maximum=48, registered="2019-05-01"),
    case("p6", "x", "2019-03-01", "2019-04-01"), case("p6", "a", "2019-08-01", outcome="jd_technisch_sepot"),
    case("p6", "b", "2019-09-01", outcome="jd_open"),
    case("p7", "x", "2019-05-01", "2019-06-01"),
    case("p7", "a", "2019-07-01", "2019-10-01", offence=VIOLENT, maximum=12),
    case("p8", "x", "2019-07-01", "2019-08-01"), case("p8", "a", "2020-01-15", outcome="jd_beleidssepot", maximum=12),
]  # fmt: skip
STAYS = [
    {"case_id": "p1-x", "person_id": "p1", "instroom": day("2018-03-01"), "uitstroom": day("2018-03-11")},
    {"case_id": "p1-x", "person_id": "p1", "instroom": day("2018-03-06"), "uitstroom": day("2018-03-21")},
    {"case_id": "p2-x", "person_id": "p2", "instroom": day("2022-12-01"), "uitstroom": None},
]
YOUNG: list[dict[str, Any]] = [  # p1's overlaps both stays in prison and adds no day
    {"case_id": "p1-x", "person_id": "p1", "instroom_jji": day("2018-03-02"), "uitstroom_jji": day("2018-03-12")},
    {"case_id": "p7-x", "person_id": "p7", "instroom_jji": day("2018-01-01"), "uitstroom_jji": day("2018-02-01")},
]
GONE = [
    {"person_id": "p2", "overleden": day("2019-05-01"), "vertrokken": None},
    {"person_id": "p6", "overleden": None, "vertrokken": day("2020-04-01")},
]
ORDERS: list[dict[str, Any]] = [
    {"case_id": f"{person}-x", "person_id": person, "taakstraf_einde": day(end), "afloop_taakstraf": how}
    for person, end, how in (("p1", "2018-05-01", "taakstraf_geslaagd"), ("p2", "2018-06-01", "taakstraf_mislukt"))
]
WATCHED: list[dict[str, Any]] = [
    {"case_id": f"{person}-x", "person_id": person, "toezicht_einde": day("2018-10-01"), "afloop_toezicht": how}
    for person, how in (("p1", "toezicht_voltooid"), ("p2", "toezicht_voortijdig_beeindigd"))
]


class Tables(dict[str, Any]):
    """Tables by item and by attribute, as those of a project."""

    __getattr__ = dict.__getitem__


@cache
def dutch() -> Catalog:
    return load_catalog(Path(__file__).parents[1] / "data_catalog")


def catalog(**changes: Any) -> Catalog:
    """The Dutch catalogue, whose method allows small cohorts unless told otherwise."""
    method = dutch().recidivism["recidivemonitor"].model_copy(update={"smallest_cohort": 1} | changes)
    return dutch().model_copy(update={"recidivism": {"recidivemonitor": method}})


def project(
    cases: Iterable[dict[str, Any]] = CASES,
    stays: Iterable[dict[str, Any]] = STAYS,
    gone: Iterable[dict[str, Any]] = GONE,
    orders: Iterable[dict[str, Any]] = ORDERS,
    young: Iterable[dict[str, Any]] = YOUNG,
    without: Iterable[str] = (),
    observed_until: date = date(2022, 12, 31),
    **changes: Any,
) -> Any:
    """The story as a project that a researcher has opened; `without` leaves out tables or `table.column`."""
    contents = dict(zip(TABLES, (cases, stays, young, orders, WATCHED, gone), strict=True))
    engine, tables = ibis.duckdb.connect(), Tables()
    for name, rows in contents.items():
        types = {column: kind for column, kind in TABLES[name].items() if f"{name}.{column}" not in without}
        if name not in without:
            known = [{column: row[column] for column in types} for row in rows]
            engine.create_table(name, pa.Table.from_pylist(known, schema=pa.schema(list(types.items()))))
            tables[name] = engine.table(name)
    return SimpleNamespace(
        grant=SimpleNamespace(tables={}), id="verhaal", catalog=catalog(**changes), snapshot="snap-000000000000",
        synthetic=True, observed_until=observed_until, linkage={}, person_links="none", tables=tables, engine=engine,
        linked=lambda table, query: table,
    )  # fmt: skip
