"""A believable release of a made-up chain: four stages, thirteen years, one breakdown, one hidden cell."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from das_research.catalog.models import Catalog, Text
from das_research.disclosure.releases import FILE, Release, Review, release_id
from das_research.handover import Section
from das_research.home import Home
from das_research.publish.editions import make_edition
from das_research.publish.sites import publish
from das_research.result import AFTER, BEFORE, Recipe, Result

STAGES = {
    "opsporing": Text(nl="Opsporing", en="Investigation"),
    "vervolging": Text(nl="Vervolging", en="Prosecution"),
    "berechting": Text(nl="Berechting", en="Trial"),
    "tenuitvoerlegging": Text(nl="Tenuitvoerlegging", en="Enforcement"),
}
OFFENCES = {
    "_T": Text(nl="Alle delicten", en="All offences"),
    "vermogen": Text(nl="Vermogensmisdrijven", en="Property offences"),
    "geweld": Text(nl="Gewelds- en seksuele misdrijven", en="Violent and sexual offences"),
    "verkeer": Text(nl="Verkeersmisdrijven", en="Traffic offences"),
    "drugs": Text(nl="Drugsmisdrijven", en="Drug offences"),
}
YEARS = range(2012, 2025)
SNAPSHOT = "snap-0123456789ab"
EARLIER, PUBLISHED = date(2025, 3, 3), date(2025, 6, 2)
UNITS = {
    "zaken": Text(nl="zaken", en="cases"),
    "percent": Text(nl="%", en="%"),
    "days": Text(nl="dagen", en="days"),
    "rows": Text(nl="rijen", en="rows"),
    "values": Text(nl="waarden", en="values"),
}
FLOW = {
    "open_begin": Text(nl="Open aan het begin", en="Open at the start"),
    "in": Text(nl="Ingestroomd", en="Entered"),
    "on": Text(nl="Doorgestroomd", en="Went on"),
    "out": Text(nl="Uitgestroomd", en="Left the chain"),
    "open_end": Text(nl="Open aan het eind", en="Open at the end"),
    "without_before": Text(nl="Zonder eerdere fase", en="Without an earlier stage"),
}
CONVERSION = {
    "reached_next": Text(nl="Bereikte de volgende fase", en="Reached the next stage"),
    "left": Text(nl="Verliet de keten", en="Left the chain"),
    "open": Text(nl="Nog open", en="Still open"),
}
DURATION = {
    "completed_share": Text(nl="Aandeel afgerond", en="Share completed"),
    "median": Text(nl="Mediaan", en="Median"),
}
DELIVERIES = {
    "rows_delivered": Text(nl="Rijen aangeleverd", en="Rows delivered"),
    "rows_accepted": Text(nl="Rijen aangenomen", en="Rows accepted"),
    "rows_quarantined": Text(nl="Rijen afgekeurd", en="Rows quarantined"),
    "units_delivered": Text(nl="Zaken aangeleverd", en="Cases delivered"),
    "units_accepted": Text(nl="Zaken aangenomen", en="Cases accepted"),
    "units_lost": Text(nl="Zaken verloren", en="Cases lost"),
    "values_nulled": Text(nl="Waarden leeggemaakt", en="Values nulled"),
}
RULES = {
    "_T": Text(nl="Alle regels", en="All rules"),
    "no-key:zaaknummer": Text(nl="Geen zaaknummer", en="No case number"),
    "no-moment:moment": Text(nl="Geen bruikbare datum", en="No usable date"),
    "out-of-range:leeftijd": Text(nl="Leeftijd buiten bereik", en="Age out of range"),
}
DATASETS = {
    "pol_verdachten": Text(nl="Verdachten (Politie)", en="Suspects (Police)"),
    "om_zaken": Text(nl="Strafzaken (OM)", en="Criminal cases (Public Prosecution Service)"),
    "zm_zaken": Text(nl="Strafzaken (Rechtspraak)", en="Criminal cases (Judiciary)"),
    "cjib_straffen": Text(nl="Straffen (CJIB)", en="Sentences (CJIB)"),
}


def row(figure: str, measure: str, period: str, value: float | None, unit: str, **more: Any) -> dict[str, Any]:
    """One line of a Result's table; None = hidden."""
    hidden = value is None
    line = {
        "figure": figure,
        "measure": measure,
        "period": period,
        "value": value,
        "unit": unit,
        "numerator": None,
        "denominator": None,
        "se": None,
        "lower": None,
        "upper": None,
        "n": value,
        "revision": "final",
        "kind": "zero" if value == 0 else "number",
        "disclosure": "hidden" if hidden else "shown",
    }
    line.update(more)
    return line


def result(rows: list[dict[str, Any]], dimensions: tuple[str, ...], title: Text, shape: Any, **labels: Any) -> Result:
    table = pd.DataFrame(rows, columns=[*BEFORE, *dimensions, *AFTER])
    for column in ("value", "numerator", "denominator", "se", "lower", "upper", "n"):
        table[column] = pd.to_numeric(table[column]).astype("float64")
    return Result(
        table=table,
        dimensions=dimensions,
        title=title,
        definition=rows[0]["figure"],
        definition_version="1",
        shape=shape,
        labels=labels | {"unit": UNITS},
        recipe=Recipe("das_research.chain.flow", {}),
        project="ketenmonitor",
        snapshot=SNAPSHOT,
        synthetic=True,
        linkage={"om_zaken": 0.97},
    )


def flow_result(years: range = YEARS) -> Result:
    """Inflow falls by 2% a year; two thirds of what enters a stage go on to the next."""
    rows, opened = [], {"opsporing": 410.0, "vervolging": 820.0, "berechting": 640.0, "tenuitvoerlegging": 230.0}
    total: dict[tuple[str, str], float] = {}
    for year in years:
        entering = round(3110 * 0.98 ** (year - 2012) + (140 if year in (2023, 2024) else 0))
        revision = "provisional" if year >= 2023 and len(years) > 1 else "final"
        for position, stage in enumerate(STAGES):
            on = round(entering * (0.66, 0.61, 0.83, 0.0)[position])
            out = round(entering * (0.31, 0.36, 0.15, 0.97)[position]) + (year % 5)
            begin, end = opened[stage], opened[stage] + entering - on - out
            numbers = {
                "open_begin": begin,
                "in": entering,
                "on": on,
                "out": out,
                "open_end": end,
                "without_before": 11 + position,
            }
            for measure, value in numbers.items():
                if stage == "tenuitvoerlegging" and measure == "on":
                    rows.append(
                        row(
                            "stroom",
                            measure,
                            str(year),
                            None,
                            "zaken",
                            stage=stage,
                            kind="cannot occur",
                            disclosure="shown",
                        )
                    )
                    continue
                rows.append(row("stroom", measure, str(year), value, "zaken", stage=stage, revision=revision))
                if measure not in ("open_begin", "open_end"):
                    total[stage, measure] = total.get((stage, measure), 0) + value
            opened[stage], entering = end, on
    if len(years) > 1:
        period = f"{years[0]}/{years[-1]}"
        rows += [
            row("stroom", measure, period, value, "zaken", stage=stage) for (stage, measure), value in total.items()
        ]
    title = Text(nl="Instroom, doorstroom en uitstroom", en="Inflow, throughflow and outflow")
    return result(rows, ("stage",), title, "counts", stage=STAGES, measure=FLOW)


def conversion_result(period: str = "2012/2024") -> Result:
    """Shares of the cases that entered a stage; one group of one stage is hidden."""
    rows = []
    base = {"opsporing": 35000.0, "vervolging": 23000.0, "berechting": 14100.0}
    weights = {"_T": 1.0, "vermogen": 0.44, "geweld": 0.31, "verkeer": 0.18, "drugs": 0.07}
    for position, stage in enumerate(base):
        for place, (offence, weight) in enumerate(weights.items()):
            denominator = round(base[stage] * weight)
            shares = {
                "reached_next": (66, 61, 83)[position] + place * 2,
                "left": (28, 33, 12)[position] - place * 2,
                "open": 6,
            }
            for measure, share in shares.items():
                if (stage, offence) == ("berechting", "drugs"):
                    rows.append(row("conversie", measure, period, None, "percent", stage=stage, delictgroep=offence))
                    continue
                numerator = round(denominator * share / 100)
                rows.append(
                    row(
                        "conversie",
                        measure,
                        period,
                        100 * numerator / denominator,
                        "percent",
                        stage=stage,
                        delictgroep=offence,
                        numerator=numerator,
                        denominator=denominator,
                        n=denominator,
                    )
                )
    title = Text(nl="Wat er met een zaak gebeurt", en="What becomes of a case")
    return result(
        rows, ("stage", "delictgroep"), title, "counts", stage=STAGES, delictgroep=OFFENCES, measure=CONVERSION
    )


def duration_result(period: str = "2012/2024") -> Result:
    """A curve of the share completed by days since the start, and the median, by offence."""
    rows = []
    half = {"_T": 210, "vermogen": 180, "geweld": 260, "verkeer": 150, "drugs": 300}
    for offence, median in half.items():
        for days in range(0, 1096, 30):
            share = 100 * (1 - 0.5 ** (days / median))
            rows.append(
                row(
                    "doorlooptijd",
                    "completed_share",
                    period,
                    share,
                    "percent",
                    stage="vervolging",
                    days=str(days),
                    delictgroep=offence,
                    lower=max(0.0, share - 2),
                    upper=min(100.0, share + 2),
                    n=4000,
                )
            )
        rows.append(
            row(
                "doorlooptijd",
                "median",
                period,
                median,
                "days",
                stage="vervolging",
                days="_T",
                delictgroep=offence,
                lower=median - 6,
                upper=median + 7,
                n=4000,
            )
        )
    title = Text(nl="Dagen van instroom tot einde", en="Days from entry to end")
    return result(
        rows, ("stage", "days", "delictgroep"), title, "curve", stage=STAGES, delictgroep=OFFENCES, measure=DURATION
    )


def deliveries_result() -> Result:
    rows = []
    delivered = {"pol_verdachten": 36190, "om_zaken": 28886, "zm_zaken": 11322, "cjib_straffen": 4112}
    for dataset, number in delivered.items():
        lost_key, lost_moment = round(number * 0.004), round(number * 0.011)
        lost = lost_key + lost_moment
        totals = {
            "rows_delivered": number + 40,
            "rows_accepted": number + 40 - lost,
            "rows_quarantined": lost,
            "units_delivered": number,
            "units_accepted": number - lost,
            "units_lost": lost,
            "values_nulled": 37,
        }
        for measure, value in totals.items():
            unit = {"rows": "rows", "units": "zaken", "values": "values"}[measure.split("_")[0]]
            rows.append(row("leveringen", measure, "_T", value, unit, dataset=dataset, rule="_T"))
        for rule, value in (("no-key:zaaknummer", lost_key), ("no-moment:moment", lost_moment)):
            rows.append(row("leveringen", "rows_quarantined", "_T", value, "rows", dataset=dataset, rule=rule))
            rows.append(row("leveringen", "units_lost", "_T", value, "zaken", dataset=dataset, rule=rule))
        rows.append(
            row("leveringen", "values_nulled", "_T", 37, "values", dataset=dataset, rule="out-of-range:leeftijd")
        )
    title = Text(nl="Aangeleverd en aangenomen", en="Delivered and accepted")
    return result(rows, ("dataset", "rule"), title, "faults", dataset=DATASETS, rule=RULES, measure=DELIVERIES)


def sections(period: str = "2024", before: str | None = "2023") -> tuple[Section, ...]:
    cell = f"flow[stage=opsporing, measure=in, period={period}]"
    earlier = f"flow[stage=opsporing, measure=in, period={before}]"
    change = f" {{change: {earlier} -> {cell}}}" if before else f" was {{{cell}}}"
    english = f" {{change: {earlier} -> {cell}}}" if before else f" was {{{cell}}}"
    share = "conversion[stage=opsporing, measure=reached_next, delictgroep=_T]"
    return (
        Section(
            "stroom",
            "flow",
            ("flow",),
            Text(nl="Door de keten", en="Through the chain"),
            Text(nl=f"De instroom{change} in {period}", en=f"The inflow{english} in {period}"),
            Text(
                nl=f"In {period} kwamen {{{cell}}} zaken de keten in. "
                "Wat een fase bereikt, gaat verder, verlaat de keten of ligt aan het eind van het jaar nog open.",
                en=f"In {period}, {{{cell}}} cases entered the chain. "
                "What reaches a stage goes on, leaves the chain, or is still open at the end of the year.",
            ),
        ),
        Section(
            "doorstroom",
            "conversion",
            ("conversion",),
            Text(nl="Wie verder komt", en="What goes on"),
            Text(
                nl=f"Van de opgespoorde zaken bereikt {{{share}}} de vervolging",
                en=f"{{{share}}} of investigated cases reach prosecution",
            ),
            Text(
                nl=f"Dat zijn {{{share}.numerator}} van {{{share}.denominator}} zaken over alle jaren samen.",
                en=f"That is {{{share}.numerator}} of {{{share}.denominator}} cases over all years together.",
            ),
        ),
        Section(
            "doorlooptijd",
            "duration",
            ("duration",),
            Text(nl="Hoe lang het duurt", en="How long it takes"),
            Text(
                nl="De helft van de zaken is na {duration[stage=vervolging, measure=median, days=_T]} dagen afgerond",
                en="Half of the cases are completed after {duration[stage=vervolging, measure=median, days=_T]} days",
            ),
            Text(
                nl="Zaken die nog open zijn tellen mee tot de laatste dag waarop zij gezien zijn.",
                en="Cases that are still open count up to the last day on which they were seen.",
            ),
        ),
        Section(
            "leveringen",
            "deliveries",
            ("deliveries",),
            Text(nl="Waar de cijfers op rusten", en="What the figures rest on"),
            Text(
                nl="Van {deliveries[dataset=pol_verdachten, measure=units_delivered]} aangeleverde zaken "
                "zijn er {deliveries[dataset=pol_verdachten, measure=units_accepted]} aangenomen",
                en="Of {deliveries[dataset=pol_verdachten, measure=units_delivered]} cases delivered, "
                "{deliveries[dataset=pol_verdachten, measure=units_accepted]} were accepted",
            ),
            Text(nl="Elke afgekeurde rij heeft een reden.", en="Every rejected row has a reason."),
        ),
    )


def release(**changes: Any) -> Release:
    """An approved release of synthetic data, approved by fictitious accounts only."""
    whole = Release(
        id="",
        state="approved",
        monitor="ketenmonitor",
        parameters={"first_year": 2012, "last_year": 2024},
        project="ketenmonitor",
        extract="ext-0123456789ab",
        snapshot=SNAPSHOT,
        synthetic=True,
        author="onderzoeker",
        account="onderzoeker",
        sections=sections(),
        results={
            "flow": flow_result(),
            "conversion": conversion_result(),
            "duration": duration_result(),
            "deliveries": deliveries_result(),
        },
        decisions={},
        reviews=reviews(fictitious=True),
    )
    changed = replace(whole, **changes)
    return replace(changed, id=release_id(changed.monitor, changed.parameters, changed.sections, changed.results))


def reviews(*, fictitious: bool) -> tuple[Review, ...]:
    accounts = ("beoordelaar-a", "beoordelaar-b")
    return tuple(Review(account, "beoordelaar", "approve", fictitious) for account in accounts)


def one_year_release(**changes: Any) -> Release:
    """The same chain seen in one year only, over real data."""
    results = {
        "flow": flow_result(range(2019, 2020)),
        "conversion": conversion_result("2019"),
        "duration": duration_result("2019"),
        "deliveries": deliveries_result(),
    }
    real = {name: replace(one, synthetic=False) for name, one in results.items()}
    return release(
        results=real, sections=sections("2019", None), synthetic=False, reviews=reviews(fictitious=False), **changes
    )


def figure(id: str, nl: str, en: str, unit: Text) -> dict[str, Any]:
    return {
        "id": id,
        "title": {"nl": id.capitalize(), "en": id.capitalize()},
        "version": "1",
        "definition": {"nl": nl, "en": en},
        "unit": unit.model_dump(),
    }


def catalog(language: str = "nl") -> Catalog:
    """A catalogue with the chain, four key figures and one monitor."""
    stages = [
        {"id": stage, "title": title.model_dump(), "theme": stage, "dataset": dataset, "enter": f"start_{stage}"}
        for (stage, title), dataset in zip(STAGES.items(), DATASETS, strict=True)
    ]
    return Catalog.model_validate(
        {
            "id": "strafrechtketen",
            "title": {"nl": "Strafrechtketen in cijfers", "en": "Criminal justice chain in figures"},
            "host": "Data Alliantie Strafrechtketen",
            "contact": "gegevens@das.example",
            "licence": "CC BY 4.0",
            "language": language,
            "chain": {
                "unit": {"nl": "zaken (een verdachte in een zaak)", "en": "cases (one suspect in one case)"},
                "identifiers": [],
                "events": [],
                "stages": stages,
                "case_attributes": {
                    "delictgroep": {
                        "title": {"nl": "Delictgroep", "en": "Offence group"},
                        "sources": ["om_zaken.delictgroep"],
                    }
                },
            },
            "datasets": {
                name: {
                    "id": name,
                    "title": title.model_dump(),
                    "partner": name.split("_")[0],
                    "row": {"nl": "een verdachte in een zaak", "en": "a suspect in a case"},
                    "case_keys": [["zaaknummer"]],
                    "moment": ["moment"],
                    "variables": {},
                    "events": [],
                }
                for name, title in DATASETS.items()
            },
            "partners": {
                "pol": {
                    "id": "pol",
                    "title": {"nl": "Politie", "en": "Police"},
                    "role": {"nl": "opsporing", "en": "investigation"},
                    "contact": "politie@das.example",
                },
                "dji": {
                    "id": "dji",
                    "title": {"nl": "Gevangenissen", "en": "Prisons"},
                    "role": {"nl": "executie", "en": "enforcement"},
                    "contact": "dji@das.example",
                },
            },
            "agreements": {
                "levering-pol": {
                    "id": "levering-pol",
                    "title": {"nl": "Levering politie", "en": "Delivery by the police"},
                    "description": {"nl": "Een [verzonnen] afspraak.", "en": "An [invented] agreement."},
                    "partner": "pol",
                    "datasets": ["pol_verdachten"],
                    "legal_basis": {"nl": "Wet", "en": "Act"},
                    "subjects": [{"nl": "verdachten & getuigen", "en": "suspects & witnesses"}],
                    "recipients": ["pol"],
                    "retention_years": 10,
                    "begin": "2024-01-01",
                    "end": "2030-12-31",
                    "uses": {
                        "statistiek": {"allowed": "yes", "article": "art. 1", "dpia": "7"},
                        "monitor": {"allowed": "yes", "article": "art. 2"},
                        "wetenschappelijk onderzoek": {
                            "allowed": "if",
                            "condition": {"nl": "Na toestemming.", "en": "With permission."},
                            "article": "art. 3",
                        },
                        "ketenverantwoording": {"allowed": "no", "article": "art. 4"},
                    },
                }
            },
            "grants": {
                "ketenmonitor": {
                    "id": "ketenmonitor",
                    "title": {"nl": "Ketenmonitor", "en": "Chain monitor"},
                    "purpose": "monitor",
                    "legal_basis": {"nl": "Wet", "en": "Act"},
                    "agreements": ["levering-pol"],
                    "people": [],
                    "tables": {},
                    "outputs": [],
                    "begin": "2024-01-01",
                    "end": "2030-12-31",
                    "approvers": [],
                }
            },
            "breaks": {
                "nieuw-systeem": {
                    "id": "nieuw-systeem",
                    "title": {"nl": "Nieuw systeem", "en": "New system"},
                    "date": "2016-07-01",
                    "kind": "system",
                    "reason": {"nl": "Anders geteld.", "en": "Counted otherwise."},
                    "datasets": ["om_zaken"],
                    "unverified": True,
                },
                "elders": {
                    "id": "elders",
                    "title": {"nl": "Elders", "en": "Elsewhere"},
                    "date": "2017-01-01",
                    "kind": "law",
                    "reason": {"nl": "Een ander thema.", "en": "Another theme."},
                    "themes": ["preventie"],
                },
            },
            "figures": {
                "stroom": figure(
                    "stroom",
                    "Zaken die in de periode een fase van de keten bereikten.",
                    "Cases that reached a stage of the chain in the period.",
                    UNITS["zaken"],
                ),
                "conversie": figure(
                    "conversie",
                    "Aandeel van de zaken van een fase dat de volgende bereikte.",
                    "Share of the cases of a stage that reached the next.",
                    UNITS["percent"],
                ),
                "doorlooptijd": figure(
                    "doorlooptijd",
                    "Dagen van instroom tot einde van de fase, naar Kaplan en Meier.",
                    "Days from entry to the end of the stage, after Kaplan and Meier.",
                    UNITS["days"],
                ),
                "leveringen": figure(
                    "leveringen",
                    "Rijen en zaken die partners aanleverden, en wat daarvan is aangenomen.",
                    "Rows and cases that partners delivered, and what was accepted.",
                    UNITS["rows"],
                ),
            },
            "monitors": {
                "ketenmonitor": {
                    "id": "ketenmonitor",
                    "title": {"nl": "Ketenmonitor", "en": "Chain monitor"},
                    "notebook": "ketenmonitor.ipynb",
                    "project": "ketenmonitor",
                    "schedule": "0 6 1 * *",
                    "parameters": {},
                }
            },
        }
    )


def store(home: Home, one: Release) -> Release:
    """Write the release as the publication zone keeps it."""
    folder = home.releases / one.id
    (folder / "results").mkdir(parents=True, exist_ok=True)
    for name, table in one.results.items():
        (folder / "results" / f"{name}.json").write_text(table.to_json(), encoding="utf-8")
    (folder / FILE).write_text(one.to_json(), encoding="utf-8")
    return one


def publish_editions(root: Path, one: Release, *days: date) -> Home:
    """A home with an edition of the release for every day, and its site."""
    home = Home(root)
    store(home, one)
    for day in days:
        make_edition(catalog(), home, one.id, day)
    publish(catalog(), home)
    return home


def texts(folder: Path) -> dict[str, str]:
    """Every text file under a folder."""
    kinds = {".html", ".csv", ".json", ".md", ".svg"}
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in kinds]
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8-sig") for path in files}
