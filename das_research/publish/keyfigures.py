"""A released key figure as readers see it: its series, its breakdowns, its latest number and what changed."""

from dataclasses import dataclass, replace

from das_research.catalog.models import Break, Catalog, Figure, Text
from das_research.publish import views
from das_research.publish.words import WORDS
from das_research.result import TOTAL, Result
from das_research.style.numbers import REVISIONS, Language, change_phrase, format_number, format_period
from das_research.style.tables import TableView

RECENT = 6  # years of a breakdown; the downloads have them all
NUMERATOR, DENOMINATOR = "numerator", "denominator"


@dataclass(frozen=True)
class Latest:
    """The number on a card.

    Parameters
    ----------
    period : str
        The last year for which there is one.
    printed, mark : str
        The number, or a point where it may not be seen; its symbol where it is not final.
    before : str
        The year it is compared with; empty where there is none.
    change, against : str
        What happened since, in words, and the number of then.
    broken : tuple of Break
        Breaks of the series between the two.
    """

    period: str
    printed: str
    mark: str
    before: str = ""
    change: str = ""
    against: str = ""
    broken: tuple[Break, ...] = ()


def total(result: Result) -> Result:
    """The Result without its breakdowns."""
    return views.where(result, **dict.fromkeys(result.dimensions, TOTAL))


def measured_years(result: Result) -> list[str]:
    """The years in which something was counted, whether it may be seen or not; a survey is not held in every year."""
    table = result.table
    whole = (table[list(result.dimensions)] == TOTAL).all(axis=1)
    return sorted(set(table.period[whole & (table.kind != "cannot occur")]) & set(views.years(result)))


def measured(result: Result) -> Result:
    """The Result in the years in which something was counted."""
    return views.where(result, period=measured_years(result) or views.years(result))


def unit_of(result: Result) -> str:
    """The id of the unit of its value."""
    return str(result.table["unit"].iloc[0])


def latest(catalog: Catalog, result: Result, language: Language) -> Latest:
    """The last number of the series, and what changed since the one before."""
    whole, unit = total(result), unit_of(result)
    years = measured_years(result) or views.years(result)
    period = years[-1]
    new = views.value(whole, period=period)
    mark = REVISIONS[str(views.rows(whole, period=period)["revision"].iloc[0])] if new is not None else ""
    found = Latest(period, format_number(new, unit, language), mark)
    if len(years) < 2:
        return found
    before = years[-2]
    old = views.value(whole, period=before)
    if old is None or new is None:  # nothing is said of how the one compares with the other
        return found
    broken = tuple(
        entry
        for entry in views.breaks(whole, catalog)
        if entry.kind != "circumstance" and int(before) < entry.date.year <= int(period)
    )
    return replace(
        found,
        before=before,
        change=change_phrase(old, new, language, unit),
        against=format_number(old, unit, language),
        broken=broken,
    )


def caption(result: Result, language: Language, part: str = "") -> str:
    """Title, breakdown, years and unit of a table."""
    years = views.years(result)
    title = _without_years(result.title[language])
    span = format_period(f"{years[0]}/{years[-1]}" if len(years) > 1 else years[0], language)
    named = f"{title} {WORDS['by'][language]} {part}" if part else title
    return f"{named}, {span} ({views.label(result, 'unit', unit_of(result), language)})"


def series_table(catalog: Catalog, result: Result, language: Language) -> TableView:
    """Every year, with what stands above and below the line and the margin where there are any."""
    shown, figure = measured(total(result)), catalog.figures.get(result.definition)
    measure = str(shown.table["measure"].iloc[0])
    for number in (NUMERATOR, DENOMINATOR):
        unit = getattr(figure, number, None)
        if shown.table[number].notna().any() and unit in catalog.units:
            whole = shown.with_table(shown.table.assign(**{number: shown.table[number].round()}))
            shown = views.beside(whole, measure, number, number, unit, _counted(catalog.units[unit].title, number))
    notes: tuple[str, ...] = ()
    if shown.table["lower"].notna().any():
        unit = unit_of(result)
        shown = views.beside(shown, measure, "lower", "margin_lower", unit)
        shown = views.beside(shown, measure, "upper", "margin_upper", unit)
        notes = (WORDS["margin_note"][language],)
    view = shown.view(language, rows=["period"], columns=["measure"])
    first = WORDS["share" if unit_of(result) == "percent" else "number_of"][language]
    return replace(
        view, columns=(first, *view.columns[1:]), caption=caption(result, language), notes=(*view.notes, *notes)
    )


def breakdowns(result: Result) -> list[str]:
    """The dimensions of which anything was released."""
    return [
        name
        for name in result.dimensions
        if ((result.table[name] != TOTAL) & (result.table["disclosure"] != "hidden")).any()
    ]


def withheld(result: Result) -> bool:
    """Whether a breakdown that was computed may not be seen."""
    return len(breakdowns(result)) < len(result.dimensions)


def breakdown_table(result: Result, language: Language, dimension: str) -> TableView:
    """A breakdown: groups down, the last measured years across, and the total below."""
    others = [name for name in result.dimensions if name != dimension]
    parts = views.where(result, period=measured_years(result)[-RECENT:], **dict.fromkeys(others, TOTAL))
    said = caption(parts, language, views.label(result, "dimension", dimension, language).lower())
    return replace(parts.view(language, rows=[dimension], columns=["period"]), caption=said)


def is_key(catalog: Catalog, result: Result) -> bool:
    """Whether a released Result is a key figure of the catalogue."""
    figure = catalog.figures.get(result.definition)
    return figure is not None and figure.is_key


def figure_of(catalog: Catalog, result: Result) -> Figure:
    """Its definition; of an older edition whose figure left the catalogue since, what the Result itself says of it."""
    if result.definition in catalog.figures:
        return catalog.figures[result.definition]
    title = Text(**{language: _without_years(result.title[language]) for language in ("nl", "en")})
    unit = result.labels.get("unit", {}).get(unit_of(result), title)
    return Figure(id=result.definition, version=result.definition_version, title=title, definition=title, unit=unit)


def _without_years(title: str) -> str:
    return title.rpartition(", ")[0] or title


def _counted(unit: Text, number: str) -> Text:
    words = WORDS[f"{number}_of"]
    return Text(nl=f"{words['nl']}: {unit.nl.lower()}", en=f"{words['en']}: {unit.en.lower()}")
