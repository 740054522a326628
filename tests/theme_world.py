"""A site with key figures: editions of two themes, computed and protected as real ones, beside the chain's own."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import edition_world
import figures_world
from edition_world import PUBLISHED, SNAPSHOT

from das_research import figures
from das_research.catalog.models import Break, Catalog, Monitor, Text
from das_research.disclosure.releases import Release
from das_research.disclosure.rules import protect
from das_research.handover import Section
from das_research.home import Home
from das_research.publish.editions import make_edition
from das_research.publish.sites import publish
from das_research.result import Result

BEGUN = {"table": "zaken", "moment": "begin"}
ASKED = {"column": "geslaagd", "operator": "known"}
YES = {"column": "geslaagd", "operator": "is", "values": [True]}
KEY = (
    figures_world.figure(
        "instroom", theme="vervolging", title={"nl": "Instroom", "en": "Inflow"}, leading=1, by=["soort"],
        unit={"nl": "zaken", "en": "cases"}, provisional_years=2, count=BEGUN,
        definition={"nl": "Zaken van een jaar.", "en": "Cases of a year."},
        phrase={"nl": "de instroom", "en": "inflow"},
    ),
    figures_world.figure(
        "slaagkans", theme="vervolging", title={"nl": "Slaagkans", "en": "Success rate"}, leading=2, scale=100,
        unit={"nl": "procent van de zaken", "en": "per cent of cases"}, denominator="zaak", unverified=True,
        definition={"nl": "Wat slaagt & blijft.", "en": "What succeeds & stays."},
        phrase={"nl": "de slaagkans", "en": "the success rate"},
        count=BEGUN | {"where": [ASKED, YES]}, per=BEGUN | {"where": [ASKED]},
    ),
    figures_world.figure(
        "slachtofferschap", theme="slachtofferschap", title={"nl": "Slachtoffers", "en": "Victims"}, leading=1,
        unit={"nl": "procent van de inwoners", "en": "per cent of residents"}, scale=100, denominator="zaak",
        definition={"nl": "Wie iets overkwam.", "en": "Who met with something."}, by=["soort"],
        phrase={"nl": "het aandeel slachtoffers", "en": "the share of victims"},
        count=BEGUN | {"weight": "gewicht", "where": [ASKED, YES, {"column": "deel", "operator": "known"}]},
        per=BEGUN | {"weight": "gewicht", "where": [ASKED, {"column": "deel", "operator": "known"}]},
    ),
)  # fmt: skip
REDESIGNED = Break(
    id="herontwerp", title={"nl": "Herontwerp", "en": "Redesign"}, date=date(2022, 1, 1), kind="definition",
    reason={"nl": "Anders gevraagd.", "en": "Asked otherwise."}, themes=("slachtofferschap",),
)  # fmt: skip


def catalog() -> Catalog:
    """The catalogue of the editions with these key figures in it."""
    base, mine = edition_world.catalog(), figures_world.catalog(*KEY)
    monitor = Monitor(
        id="kerncijfers", title={"nl": "Kerncijfers", "en": "Key figures"}, notebook="kerncijfers.ipynb",
        project="kerncijfers", schedule="0 6 1 * *", parameters={},
    )  # fmt: skip
    return base.model_copy(
        update={
            "datasets": base.datasets | mine.datasets,
            "classifications": base.classifications | mine.classifications,
            "figures": base.figures | mine.figures,
            "breaks": base.breaks | {"herontwerp": REDESIGNED},
            "monitors": base.monitors | {"kerncijfers": monitor},
        }
    )


def rows() -> list[dict[str, Any]]:
    """Cases of 2012 through 2024, ten fewer each year and few of the second kind; a survey in odd years and 2012."""
    found = []
    for year in range(2012, 2025):
        cases = 400 - 10 * (year - 2012)
        surveyed = year == 2012 or year % 2
        for place in range(cases):
            kind = "b" if place < 3 else "a"
            met = place % 4 > 0 if year < 2024 else place % 2 > 0
            more = {"soort": kind, "geslaagd": met, "gewicht": 1.25 + place % 2, "deel": 1 if surveyed else None}
            found.append(
                figures_world.row(f"c{year}-{place}", f"p{year}-{place}", f"{year}-05-0{1 + place % 9}", **more)
            )
    return found


@cache
def results() -> dict[str, Result]:
    """The key figures as gate 3 releases them."""
    there = figures_world.project(rows(), *KEY, observed_until=date(2024, 12, 31))
    there.id, there.snapshot, there.catalog = "kerncijfers", SNAPSHOT, catalog()
    return {one.id: protect(figures.compute(there, one.id, 2012, 2024), catalog())[0] for one in KEY}


def sections() -> tuple[Section, ...]:
    """A section a theme, as the monitor's notebook writes them."""
    change = "{change: instroom[period=2023] -> instroom[period=2024]}"
    return (
        Section(
            "slachtofferschap", "figures", ("slachtofferschap",), Text(nl="Slachtofferschap", en="Victimisation"),
            Text(nl="Het was {slachtofferschap[period=2023]}", en="It was {slachtofferschap[period=2023]}"),
        ),
        Section(
            "vervolging", "figures", ("instroom", "slaagkans"), Text(nl="Vervolging", en="Prosecution"),
            Text(nl=f"De instroom {change}", en=f"Inflow {change}"),
            Text(nl="De slaagkans was {slaagkans[period=2024]}.", en="The success rate was {slaagkans[period=2024]}."),
        ),
    )  # fmt: skip


def release(**changes: Any) -> Release:
    """An approved release of the key figures."""
    whole = {
        "monitor": "kerncijfers", "project": "kerncijfers", "sections": sections(), "results": dict(results()),
    } | changes  # fmt: skip
    return edition_world.release(**whole)


def publish_themes(root: Path) -> Home:
    """A home with an edition of the chain and two of its key figures, and its site."""
    home = Home(root)
    for one in (edition_world.release(), release()):
        edition_world.store(home, one)
        make_edition(catalog(), home, one.id, PUBLISHED)
    first = edition_world.store(home, release(parameters={"first_year": 2012, "last_year": 2023}))
    make_edition(catalog(), home, first.id, edition_world.EARLIER)
    publish(catalog(), home)
    return home


def without(result: Result, period: str) -> Result:
    """The Result with one year hidden, as gate 3 leaves it."""
    table = result.table.copy()
    mask = table.period == period
    table.loc[mask, ["value", "numerator", "denominator", "se", "lower", "upper", "n"]] = float("nan")
    table.loc[mask, "disclosure"] = "hidden"
    return replace(result, table=table)
