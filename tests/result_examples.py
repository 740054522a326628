"""Small Results by hand, for the tests of what a Result shows."""

import pandas as pd

from das_research.catalog.models import Text
from das_research.result import AFTER, BEFORE, Recipe, Result


def same(word):
    return Text(nl=word, en=word)


def result_of(rows, dimensions=(), *, shape="counts", labels=None, synthetic=True, disclosure="not checked"):
    """A Result of rows that name only what matters."""
    full = [
        {"figure": "proef", "measure": "in", "period": "2024", "unit": "zaken", "revision": "final"}
        | {"kind": "zero" if row.get("value") == 0 else "number", "disclosure": disclosure, **row}
        for row in rows
    ]
    table = pd.DataFrame(full).reindex(columns=[*BEFORE, *dimensions, *AFTER])
    return Result(
        table=table,
        dimensions=tuple(dimensions),
        title=Text(nl="Stroom", en="Flow"),
        definition="proef",
        definition_version="1",
        shape=shape,
        labels=labels or {"unit": {"zaken": Text(nl="zaken", en="cases")}},
        recipe=Recipe("das_research.chain.flow", {"first_year": 2022}),
        project="project",
        snapshot="snap-1",
        synthetic=synthetic,
    )


def flow_result(**named):
    """Two stages, two measures, three years and their whole."""
    rows = [
        {"measure": measure, "stage": stage, "period": period, "value": 1000 * (stage == "opsporing") + step}
        for stage in ("opsporing", "vervolging")
        for measure in ("in", "out")
        for step, period in enumerate(("2022", "2023", "2024", "2022/2024"))
    ]
    labels = {
        "measure": {"in": Text(nl="ingestroomd", en="entered"), "out": Text(nl="uitgestroomd", en="left")},
        "stage": {"opsporing": Text(nl="Opsporing", en="Investigation"), "vervolging": same("Vervolging")},
        "unit": {"zaken": Text(nl="zaken", en="cases")},
        "dimension": {"stage": Text(nl="fase", en="stage")},
    }
    return result_of(rows, ["stage"], labels=labels, **named)
