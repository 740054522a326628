"""Key figures against a plain-Python reference that walks through one row at a time."""

import random
from datetime import date, timedelta
from math import isclose, sqrt

import figures_world
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from das_research import figures

YEARS = range(2019, 2023)
few = settings(deadline=None, max_examples=8, derandomize=True)  # each example asks an engine for every figure
KNOWN = {"column": "geslaagd", "operator": "known"}
MET = {"column": "geslaagd", "operator": "is", "values": [True]}
ASKED = {"column": "aantal", "operator": "known"}
NOT_B = {"column": "soort", "operator": "is_not", "values": ["b"]}
PLAIN = {"table": "zaken", "moment": "begin"}
FIGURES = {
    one.id: one
    for one in (
        figures_world.figure("rijen", count=PLAIN | {"where": [NOT_B]}, by=["soort"]),
        figures_world.figure("personen", count=PLAIN | {"what": "persons"}, by=["soort"]),
        figures_world.figure(
            "stand", count={"table": "zaken", "what": "persons",
                            "stock": {"begin": "begin", "end": "einde", "day": "09-30"}},
        ),
        figures_world.figure("samen", count=[PLAIN, PLAIN | {"where": [MET]}]),
        figures_world.figure("dagen", count=PLAIN | {"what": "mean_days", "days": ["begin", "einde"]}, decimals=2),
        figures_world.figure(
            "aandeel", denominator="zaak", scale=100, by=["soort"],
            count=PLAIN | {"where": [KNOWN, MET]}, per=PLAIN | {"where": [KNOWN]},
        ),
        figures_world.figure(
            "gewogen", denominator="zaak", scale=100, by=["soort"],
            count=PLAIN | {"weight": "gewicht", "where": [KNOWN, MET]},
            per=PLAIN | {"weight": "gewicht", "where": [KNOWN]},
        ),
        figures_world.figure(
            "deel", denominator="zaak", scale=100,
            count=PLAIN | {"what": "sum", "column": "deel", "weight": "gewicht", "where": [ASKED]},
            per=PLAIN | {"what": "sum", "column": "aantal", "weight": "gewicht", "where": [ASKED]},
        ),
        figures_world.figure(
            "verhouding", denominator="zaak", scale=1000, decimals=3, across_units="x",
            count=PLAIN | {"what": "persons"}, per=PLAIN | {"what": "sum", "column": "aantal"},
        ),
    )
}  # fmt: skip


def rows_of(seed):
    rng = random.Random(seed)
    rows = []
    for number in range(rng.randint(1, 80)):
        begin = date(2018, 6, 1) + timedelta(days=rng.randrange(5 * 365))
        end = begin + timedelta(days=rng.randrange(900))
        rows.append(
            figures_world.row(
                rng.choice([f"c{number}", f"c{number // 2}", None]), rng.choice([f"p{number % 9}", None]),
                begin.isoformat() if rng.random() < 0.95 else None, einde=rng.choice([end.isoformat(), None]),
                soort=rng.choice(["a", "b", None]), geslaagd=rng.choice([True, False, None]),
                aantal=(many := rng.choice([0, 1, 3, None])), deel=many and rng.randint(0, many),
                gewicht=rng.randint(1, 400) / 8,
            )
        )  # fmt: skip
    return rows


worlds = st.integers(0, 2**32).map(rows_of)


def key(row):
    """Whose row it is: a person's, else a case's, else nobody's but its own."""
    return row["person_id"] or row["case_id"] or id(row)


def distinct(rows):
    return len({key(row) for row in rows})


def people(rows):
    return len({row["person_id"] for row in rows} - {None})


def share(rows, inside, outside, above, below):
    """The numbers of a share whose part and whole are sums over these rows."""
    whole = sum(below(row) for row in rows)
    if not whole:
        return {"kind": "cannot occur"}
    part = sum(above(row) for row in rows)
    return {
        "value": 100 * part / whole, "numerator": part, "denominator": whole,
        "n": min(distinct([row for row in rows if inside(row)]), distinct([row for row in rows if outside(row)])),
    }  # fmt: skip


def margin_of(rows, drawn, above, below):
    """Standard error of a ratio of two weighted sums, from what every respondent adds, over all who were drawn."""
    whole = sum(below(row) for row in rows)
    if drawn < 2 or not whole:
        return None
    ratio = sum(above(row) for row in rows) / whole
    squares = sum((above(row) - ratio * below(row)) ** 2 for row in rows)
    error = 100 * sqrt(squares * drawn / (drawn - 1)) / whole
    return error if error > 1e-6 else None


def expected(figure, rows, year):
    here = [row for row in rows if row["begin"] and row["begin"].year == year]
    known = [row for row in here if row["geslaagd"] is not None]
    asked = [row for row in here if row["aantal"] is not None]
    if figure == "rijen":
        kept = [row for row in here if row["soort"] not in ("b", None)]
        return {"value": len(kept), "n": distinct(kept)}
    if figure == "personen":
        return {"value": people(here), "n": people(here)}
    if figure == "stand":
        day = date(year, 9, 30)
        there = [
            row for row in rows if row["begin"] and row["begin"] <= day and (row["einde"] is None or row["einde"] > day)
        ]
        return {"value": people(there), "n": people(there)}
    if figure == "samen":
        met = [row for row in here if row["geslaagd"]]
        return {"value": len(here) + len(met), "n": max(distinct(here), distinct(met))}
    if figure == "dagen":
        ended = [row for row in here if row["einde"]]
        days = [(row["einde"] - row["begin"]).days for row in ended]
        if not days:
            return {"kind": "cannot occur"}
        return {"value": round(sum(days) / len(days), 2), "denominator": len(days), "n": distinct(ended)}
    if figure == "verhouding":
        whole = sum(row["aantal"] or 0 for row in here)
        return {"value": round(1000 * people(here) / whole, 3)} if whole else {"kind": "cannot occur"}
    if figure == "deel":
        return share(
            asked, lambda row: row["deel"] > 0, lambda row: row["aantal"] > row["deel"],
            lambda row: row["gewicht"] * row["deel"], lambda row: row["gewicht"] * row["aantal"],
        )  # fmt: skip
    weigh = (lambda row: row["gewicht"]) if figure == "gewogen" else (lambda row: 1)
    return share(
        known, lambda row: row["geslaagd"], lambda row: not row["geslaagd"],
        lambda row: weigh(row) * row["geslaagd"], weigh,
    )  # fmt: skip


def agree(cell, numbers):
    for name, number in numbers.items():
        assert cell[name] == number if name == "kind" else isclose(cell[name], number, abs_tol=2e-3), name


@few
@given(worlds)
@pytest.mark.parametrize("figure", FIGURES)
def test_every_year_of_every_kind_of_figure_is_what_a_walk_through_the_rows_gives(figure, rows):
    result = figures.compute(figures_world.project(rows, *FIGURES.values()), figure, YEARS[0], YEARS[-1])
    for year in YEARS:
        agree(result.cell(period=str(year)), expected(figure, rows, year))
    for code in set(result.table.soort) - {"_T"} if "soort" in result.dimensions else ():
        group = [row for row in rows if (row["soort"] or "onbekend") == code]
        for year in YEARS:
            agree(result.cell(period=str(year), soort=code), expected(figure, group, year))


@few
@given(worlds)
def test_the_margin_of_a_weighted_share_is_that_of_the_linearised_ratio(rows):
    result = figures.compute(figures_world.project(rows, FIGURES["deel"]), "deel", YEARS[0], YEARS[-1])
    for year in YEARS:
        drawn = [row for row in rows if row["begin"] and row["begin"].year == year]
        here = [row for row in drawn if row["aantal"] is not None]
        error = margin_of(
            here, len(drawn), lambda row: row["gewicht"] * row["deel"], lambda row: row["gewicht"] * row["aantal"]
        )
        cell = result.cell(period=str(year))
        if error is None:
            assert cell["se"] is None
        else:
            assert isclose(cell["se"], error, abs_tol=1e-3)
            assert 0 <= cell["lower"] <= cell["value"] + 1e-9
            assert cell["value"] <= cell["upper"] + 1e-9
