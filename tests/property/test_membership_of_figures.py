"""Property: who stands in the cells of key figures and of an own table, and how many in one alone, by plain sets."""

from datetime import date, timedelta

import figures_world as world
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis import _

import das_research as das
from das_research.figures.membership import members_of_figure
from das_research.tabulation.membership import members_of_table
from das_research.tabulation.near_cells import nearly_the_same

MINIMUM, YEARS = 3, range(2020, 2022)
DONE = {"column": "geslaagd", "operator": "is", "values": [True]}
KINDS = {"column": "soort", "operator": "known"}
YEARLY = {"table": "zaken", "moment": "begin", "where": [KINDS]}
FIGURES = {
    "number": {"count": YEARLY, "by": ["soort"]},
    "share": {"count": YEARLY | {"where": [KINDS, DONE]}, "per": YEARLY, "scale": 100, "denominator": "zaak"},
    "mean": {"count": YEARLY | {"what": "mean_days", "days": ["begin", "einde"]}},
    "sum": {"count": YEARLY | {"what": "sum", "column": "aantal"}},
    "stock": {
        "count": {"table": "zaken", "what": "persons", "stock": {"begin": "begin", "end": "einde", "day": "07-01"}},
    },
    "rate": {"count": [YEARLY | {"where": [DONE]}, YEARLY | {"where": [KINDS]}], "per": YEARLY, "denominator": "zaak"},
}
row = st.fixed_dictionaries(
    {
        "person_id": st.one_of(st.none(), st.sampled_from("pqrstu")),
        "soort": st.one_of(st.none(), st.sampled_from("ab")),
        "begin": st.dates(date(2019, 6, 1), date(2022, 6, 1)),
        "lasts": st.one_of(st.none(), st.integers(0, 400)),
        "geslaagd": st.one_of(st.none(), st.booleans()),
        "aantal": st.one_of(st.none(), st.integers(0, 2)),
    }
)


def of_figure(kind, rows):
    """Every cell of a key figure, with who is in each of its numbers."""
    found = {}

    def add(place, part, who):
        found.setdefault((place, part), set()).add(who)

    for one in rows:
        who, year, done = one["person_id"] or one["case_id"], one["begin"].year, one["geslaagd"] is True
        known = one["soort"] is not None and year in YEARS
        if kind == "number" and known:
            add(("number", "_T", str(year)), "above", who)
            add(("number", one["soort"], str(year)), "above", who)
        if kind == "share" and known:
            add(("share", str(year)), "known", who)
            add(("share", str(year)), "holds" if done else "lacks", who)
        if kind == "mean" and known and one["einde"]:
            add(("mean", str(year)), "above", who)
        if kind == "sum" and known and (one["aantal"] or 0) > 0:
            add(("number", str(year)), "above", who)
        if kind == "rate" and year in YEARS and (done or known):
            add(("rate", str(year)), "above", who)
        if kind == "rate" and known:
            add(("rate", str(year)), "below", who)
        for day in (date(it, 7, 1) for it in YEARS) if kind == "stock" else ():
            if one["begin"] <= day and (one["einde"] is None or one["einde"] > day):
                add(("number", str(day.year)), "above", who)
    return found


def of_own(rows):
    found = {}
    for one in rows:
        for group in ("_T", one["soort"] or "onbekend"):
            for period in ("_T", str(one["begin"].year)):
                found.setdefault((("zaken", group, period), "known"), set()).add(one["person_id"] or one["case_id"])
    return found


@settings(max_examples=8, deadline=None)
@given(st.lists(row, min_size=1, max_size=25), st.sets(st.sampled_from("pqrstu"), max_size=2))
def test_near_cells_are_those_of_sets_of_persons(drawn, drop):
    ends = [one["begin"] + timedelta(days=one["lasts"]) if one["lasts"] is not None else None for one in drawn]
    rows = [one | {"case_id": f"z{at}", "einde": end} for at, (one, end) in enumerate(zip(drawn, ends, strict=True))]
    project = world.project(rows, *(world.figure(id, **fields) for id, fields in FIGURES.items()))
    project.catalog = project.catalog.model_copy(
        update={"chain": project.catalog.chain.model_copy(update={"person": True})}
    )
    kept = project.tables.zaken.filter(_.person_id.isnull() | _.person_id.notin(sorted(drop)))
    kept = kept.mutate(jaar=_.begin.year()) if drop else project.tables.zaken.mutate(jaar=_.begin.year())
    asked = das.tabulate(kept, by=["soort", "jaar"], measures={"zaken": "count"}, project=project).recipe.parameters
    own = of_own([one for one in rows if one["person_id"] not in drop])
    parameters = {"first_year": YEARS[0], "last_year": YEARS[-1]}
    pairs = [
        (members_of_table(project, asked), members_of_figure(project, {"figure": kind} | parameters))
        for kind in FIGURES
    ]
    for kind, found in zip(FIGURES, nearly_the_same(pairs, MINIMUM), strict=True):
        least = {}
        for (here, _part), mine in own.items():
            for (there, _part), theirs in of_figure(kind, rows).items():
                few = len(mine ^ theirs) < (MINIMUM if len(mine) >= MINIMUM else 1)
                if mine & theirs and few:
                    least.setdefault((here, there), []).append(len(mine ^ theirs))
        told = [(*pair, min(filter(None, apart), default=0)) for pair, apart in least.items()]
        assert found == sorted(told), kind
