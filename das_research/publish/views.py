"""The tables of a page: which part of a released Result is read together."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from das_research.catalog.breaks import breaks_between
from das_research.catalog.models import Break, Catalog, Text
from das_research.publish.words import WORDS
from das_research.result import TOTAL, Result
from das_research.style.numbers import Language, format_period
from das_research.style.tables import TableView

POINTS = (30, 90, 180, 365, 548, 730, 1095, 1460)
OUTCOMES = ("reached_next", "reached_later", "left", "open")
QUANTILES = ("first_quartile", "median", "third_quartile")
ACCEPTED = ("units_delivered", "units_accepted", "units_lost", "rows_delivered", "rows_accepted", "rows_quarantined")
NO_STAGE = "–"
SUBJECTS = ("stage", "span")
COHORT, LOWER, UPPER = "cohort", "lower", "upper"


def titled(result: Result, catalog: Catalog) -> Result:
    """The Result with the catalogue's titles of its dimensions and of what has none of its own."""
    attributes = catalog.chain.case_attributes | catalog.chain.person_attributes
    titles = {name: attributes[name].title for name in result.dimensions if name in attributes}
    titles |= {name: _text(name) for name in result.dimensions if name in WORDS}
    return replace(result, labels=result.labels | {"dimension": titles | result.labels.get("dimension", {})})


def rows(result: Result, **codes: str | Sequence[str]) -> pd.DataFrame:
    """The rows with these codes."""
    table = result.table
    for column, wanted in codes.items():
        table = table[table[column] == wanted if isinstance(wanted, str) else table[column].isin(list(wanted))]
    return table


def where(result: Result, **codes: str | Sequence[str]) -> Result:
    """The Result of only the rows with these codes."""
    return result.with_table(rows(result, **codes))


def years(result: Result) -> list[str]:
    """The single years, oldest first."""
    return sorted(code for code in result.table["period"].unique() if code.isdigit())


def breaks(result: Result, catalog: Catalog) -> list[Break]:
    """The breaks in its years: those of its figure and of the datasets that show its stages, by date."""
    known = [int(year) for year in years(result)]
    shown = set(stages(result)) if "stage" in result.dimensions else set()
    names = [result.definition] if result.definition in catalog.figures else []
    names += [stage.dataset for stage in catalog.chain.stages if stage.id in shown]
    found = {
        entry.id: entry
        for name in (names if known else [])
        for entry in breaks_between(catalog, name, known[0], known[-1], broken_down_by(result))
    }
    return sorted(found.values(), key=lambda entry: (entry.date, entry.id))


def broken_down_by(result: Result) -> tuple[str, ...]:
    """The dimensions of which it shows more than the total."""
    return tuple(name for name in result.dimensions if (result.table[name] != TOTAL).any())


def latest(result: Result) -> str:
    """The last single year, or the only period there is."""
    return (years(result) or list(result.table["period"]))[-1]


def stages(result: Result) -> list[str]:
    """The stages in the order of the chain."""
    return list(dict.fromkeys(result.table["stage"]))


def value(result: Result, **address: str) -> float | None:
    """A value that may be seen; None where it is hidden, unknown or absent."""
    return number(result, "value", **address)


def number(result: Result, column: str, **address: str) -> float | None:
    """Any number of a cell, if it may be seen."""
    found = rows(result, **address)
    if len(found) != 1 or found["disclosure"].iloc[0] == "hidden" or found[column].isna().iloc[0]:
        return None
    return float(found[column].iloc[0])


def label(result: Result, column: str, code: str, language: Language) -> str:
    """What a reader sees for a code."""
    known = result.labels.get(column, {}).get(code)
    if known is not None:
        return known[language]
    return WORDS["total"][language] if code == TOTAL else code


def unit_label(result: Result, language: Language) -> str:
    """The unit of the counts."""
    return label(result, "unit", _unit_of_cases(result), language)


def flow_table(result: Result, language: Language) -> TableView:
    """Every stage in the latest year: stocks and flows."""
    view = where(result, period=latest(result)).view(language, rows=["stage"], columns=["measure"])
    return replace(view, caption=f"{_theme(result, language)}, {_in_unit(result, latest(result), language)}")


def series_table(result: Result, language: Language, measure: str) -> TableView:
    """One measure over the years, a column a stage."""
    view = where(result, period=years(result), measure=measure).view(language, rows=["period"], columns=["stage"])
    said = label(result, "measure", measure, language)
    span = f"{years(result)[0]}/{years(result)[-1]}"
    return replace(view, caption=f"{_theme(result, language)}: {said}, {_in_unit(result, span, language)}")


def stage_series(result: Result, language: Language, stage: str) -> TableView:
    """What entered, went on and left, of one stage over the years."""
    one = where(result, stage=stage, period=years(result) or [latest(result)], measure=["in", "on", "out"])
    return one.view(language, rows=["period"], columns=["measure"])


def subject(result: Result) -> str:
    """The dimension that says what lasted: a stage, or a span between two events."""
    return next((name for name in SUBJECTS if name in result.dimensions), SUBJECTS[0])


def subjects(result: Result) -> list[str]:
    """The stages or spans that it is about, in order."""
    return list(dict.fromkeys(result.table[subject(result)]))


def without_withheld_groups(result: Result) -> Result:
    """The Result without the breakdown of a stage in which nothing was released: only its total says anything."""
    table, groups = result.table, breakdown(result)
    if not groups:
        return result
    is_group = (table[groups] != TOTAL).any(axis=1)
    withheld = (table["disclosure"] == "hidden") | (table["kind"] == "cannot occur")
    which = table[subject(result)]
    return result.with_table(table[~is_group | ~withheld.where(is_group, True).groupby(which).transform("all")])


def without_withheld_years(result: Result) -> Result:
    """The Result without its single years where none of them was released: only all of them together say anything."""
    table = result.table
    single, hidden = table["period"].str.isdigit(), table["disclosure"] == "hidden"
    closed = hidden | (table["kind"] == "cannot occur")
    withheld = not single.all() and hidden[single].any() and closed[single].all()
    return result.with_table(table[~single]) if withheld else result


def withheld_note(before: Result, after: Result, language: Language) -> tuple[str, ...]:
    """The line that says that a breakdown is withheld."""
    return (WORDS["withheld_note"][language],) if len(after.table) < len(before.table) else ()


def parts(result: Result) -> tuple[str, str, str]:
    """The measures that a cohort falls apart in: what went on, what left, what is still open."""
    went_on = next((name for name in ("reached_later", "reached_next") if (result.table["measure"] == name).any()), "")
    return went_on, "left", "open"


def conversion_table(result: Result, language: Language) -> TableView:
    """What became of the cases of each stage, by group, and of how many cases these are shares."""
    everywhere = [name for name in OUTCOMES if (result.table["measure"] == name).any()][-1]
    counted = beside(result, everywhere, "denominator", COHORT, _unit_of_cases(result))
    return counted.view(language, rows=_stage_and_groups(result), columns=["measure"])


def median_table(result: Result, language: Language) -> TableView:
    """The quartiles in days by stage and group, with the interval of the median."""
    quantiles = where(result, measure=QUANTILES)
    for bound in (LOWER, UPPER):
        quantiles = beside(quantiles, "median", bound, bound, "days")
    view = quantiles.view(language, rows=_stage_and_groups(result), columns=["measure"])
    named = ", ".join(label(result, subject(result), code, language) for code in subjects(result))
    return replace(view, caption=f"{named}: {WORDS['quartiles'][language]}")


def curve_table(result: Result, language: Language) -> TableView:
    """The share completed after some days, read from the steps of the curve."""
    curve = where(result, measure="completed_share")
    days = pd.to_numeric(curve.table["days"])
    parts, labels = [], {}
    for point in (point for point in POINTS if days.min() <= point <= days.max()):
        until = curve.table.assign(step=days)[days <= point]
        steps = until.groupby([subject(result), *breakdown(result)], sort=False)["step"].transform("max")
        parts.append(until[until["step"] == steps].assign(days=str(point)).drop(columns="step"))
        labels[str(point)] = Text(nl=f"{point} dagen", en=f"{point} days")
    table = pd.concat(parts) if parts else curve.table.iloc[:0]
    shown = replace(curve.with_table(table), labels=result.labels | {"days": labels})
    view = shown.view(language, rows=_stage_and_groups(result), columns=["days"])
    return replace(view, caption=result.title[language])


def in_chain_order(result: Result, catalog: Catalog) -> Result:
    """Deliveries in the order of the stages they tell of; totals last, and a file of no stage is no total."""
    order = {stage.dataset: place for place, stage in enumerate(catalog.chain.stages)}
    places = result.table["dataset"].map(lambda dataset: (dataset == TOTAL, order.get(dataset, len(order))))
    table = result.table.loc[places.sort_values(kind="stable").index]
    if "stage" not in result.dimensions:
        return result.with_table(table)
    named = result.labels.get("stage", {}) | {NO_STAGE: Text(nl="", en="")}
    ordered = result.with_table(table.assign(stage=table["stage"].replace(TOTAL, NO_STAGE)))
    return replace(ordered, labels=result.labels | {"stage": named})


def accepted_table(result: Result, language: Language) -> TableView:
    """Per dataset: delivered, accepted and the difference, in cases and in rows."""
    totals = where(result, rule=TOTAL, measure=ACCEPTED)
    return totals.view(language, rows=[name for name in result.dimensions if name != "rule"], columns=["measure"])


def rules_table(result: Result, language: Language) -> TableView | None:
    """Per dataset and rule: what makes the difference between delivered and accepted; None where there is none."""
    rules = result.with_table(result.table[result.table["rule"] != TOTAL])
    if rules.table.empty:
        return None
    view = rules.view(language, rows=list(result.dimensions), columns=["measure"])
    return replace(view, caption=WORDS["by_rule"][language])


def breakdown(result: Result) -> list[str]:
    """The dimensions that are neither what lasted nor the days of a curve."""
    return [name for name in result.dimensions if name not in (*SUBJECTS, "days")]


def _stage_and_groups(result: Result) -> list[str]:
    """What the rows of a table are: the groups, and the stages or spans where there are several."""
    groups = breakdown(result)
    return [subject(result), *groups] if len(subjects(result)) > 1 or not groups else groups


def _theme(result: Result, language: Language) -> str:
    """The title without the years at its end, which a table of one of them says itself."""
    known = years(result) or [TOTAL]
    spans = {format_period(span, language) for span in (known[0], f"{known[0]}/{known[-1]}")}
    title = result.title[language]
    return next((title.removesuffix(f", {span}") for span in spans if title.endswith(f", {span}")), title)


def _in_unit(result: Result, period: str, language: Language) -> str:
    return f"{format_period(period, language)} ({unit_label(result, language)})"


def beside(result: Result, measure: str, number: str, name: str, unit: str, said: Text | None = None) -> Result:
    """The Result with another number of one measure's cells as a measure of its own, so that it is printed too."""
    others = rows(result, measure=measure)
    others = others.assign(value=others[number], measure=name, unit=unit)
    seen = others["value"].notna() | (others["kind"] == "cannot occur")
    others = others.assign(kind=others["kind"].where(seen, "unknown"))
    measures = result.labels.get("measure", {}) | {name: said or _text(name)}
    return replace(result, table=pd.concat([result.table, others]), labels=result.labels | {"measure": measures})


def _unit_of_cases(result: Result) -> str:
    return next((unit for unit in result.labels.get("unit", {}) if unit != "percent"), "")


def _text(name: str) -> Text:
    return Text(**WORDS[name])
