"""What a section shows: its pictures, each with the table behind it, and its tables."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from das_research.catalog.models import Break, Catalog
from das_research.handover import Section
from das_research.presentation.wide import rounding_notes
from das_research.publish import cohorts, fits, keyfigures, norms, pictures, proportions, proportions_by_year, views
from das_research.publish.editions import Edition
from das_research.publish.pictures import Picture
from das_research.result import Result
from das_research.style.numbers import Language
from das_research.style.tables import TableView


@dataclass(frozen=True)
class Exhibit:
    """A table, and the picture drawn from it where there is one.

    Parameters
    ----------
    id : str
        Its anchor on the page and the name of its picture's file.
    result : str
        Name of the Result it shows, which is also the name of its downloads.
    table : TableView
        The table.
    picture : Picture, optional
        The picture; the table then stands folded under it.
    """

    id: str
    result: str
    table: TableView
    picture: Picture | None = None


def exhibits(catalog: Catalog, edition: Edition, section: Section, language: Language) -> list[Exhibit]:
    """Everything a section shows, in order.

    Parameters
    ----------
    catalog : Catalog
        Titles of dimensions and the publisher.
    edition : Edition
        Its released Results are the only numbers used.
    section : Section
        Its view says how its Results are shown.
    language : {'nl', 'en'}
        The reader's language.
    """
    shown: list[Exhibit] = []
    for name in section.results:
        result = views.titled(edition.results[name], catalog)
        if section.view == "deliveries":
            result = views.in_chain_order(result, catalog)
        if section.view == "flow":
            shown += _flow(result, name, language, views.breaks(result, catalog))
        elif section.view == "shares":
            by_year = proportions_by_year.shares(result, name, language, views.breaks(result, catalog))
            shown += [Exhibit(id, name, table, picture) for id, table, picture in by_year]
        elif section.view == "figures":
            shown += _key_figure(catalog, result, name, language)
        elif section.view == "within":
            shown += _within(catalog, result, name, language)
        else:
            shown += VIEWS[section.view](result, name, language)
    source = f"{catalog.host[language]}, {edition.snapshot}"
    return [
        replace(
            one,
            table=_said(one.table, source, edition.results[one.result], language),
            picture=_with_rounding(one.picture, edition.results[one.result], language),
        )
        for one in shown
        if one.table.rows
    ]


def _said(table: TableView, source: str, result: Result, language: Language) -> TableView:
    """The table with its source, and with what is said of rounded counts whatever else is said under it."""
    notes = dict.fromkeys((*table.notes, *rounding_notes(result, language)))
    return replace(table, source=source, notes=tuple(notes))


def _with_rounding(picture: Picture | None, result: Result, language: Language) -> Picture | None:
    """The picture with what is said of rounded counts under it."""
    if picture is None or result.rounded is None:
        return picture
    return replace(picture, note=" ".join(filter(None, (picture.note, f"{result.rounded.short(language)}."))))


def _flow(result: Result, name: str, language: Language, breaks: Sequence[Break]) -> list[Exhibit]:
    found = [Exhibit(name, name, views.flow_table(result, language), pictures.chain(result, name, language))]
    if len(views.years(result)) > 1:
        table = views.series_table(result, language, "in")
        picture = pictures.series(result, f"{name}-series", language, "in", breaks)
        found.append(Exhibit(f"{name}-series", name, table, picture))
    return found


def _conversion(result: Result, name: str, language: Language) -> list[Exhibit]:
    released = views.without_withheld_groups(result)
    table = views.conversion_table(released, language)
    notes = views.withheld_note(result, released, language)
    return [Exhibit(name, name, replace(table, notes=notes), proportions.outcomes(result, name, language))]


def _duration(result: Result, name: str, language: Language) -> list[Exhibit]:
    released = views.without_withheld_groups(result)
    notes = views.withheld_note(result, released, language)
    curve, medians = views.curve_table(released, language), views.median_table(released, language)
    return [
        Exhibit(name, name, replace(curve, notes=notes), pictures.curve(released, name, language)),
        Exhibit(f"{name}-median", name, replace(medians, notes=notes)),
    ]


def _within(catalog: Catalog, result: Result, name: str, language: Language) -> list[Exhibit]:
    """The shares over the years with the line of their norm, and what the norm itself measures."""
    norm = norms.norm_of(catalog, result)
    table = norms.table(result, language)
    told = replace(table, notes=(*table.notes, *norms.notes(norm, language)))
    return [Exhibit(name, name, told, norms.picture(result, name, language, norm))]


def _deliveries(result: Result, name: str, language: Language) -> list[Exhibit]:
    accepted = Exhibit(name, name, views.accepted_table(result, language), proportions.accepted(result, name, language))
    rules = views.rules_table(result, language)
    return [accepted, Exhibit(f"{name}-rules", name, rules)] if rules else [accepted]


def _key_figure(catalog: Catalog, result: Result, name: str, language: Language) -> list[Exhibit]:
    table = keyfigures.series_table(catalog, result, language)
    whole = keyfigures.total(result)
    breaks = views.breaks(whole, catalog)
    drawn = len(keyfigures.measured_years(result)) > 1
    series = f"{name}-series"
    picture = pictures.figure_series(whole, series, language, table.caption, breaks) if drawn else None
    found = [Exhibit(series, name, table, picture)]
    for dimension in keyfigures.breakdowns(result):
        found.append(Exhibit(f"{name}-{dimension}", name, keyfigures.breakdown_table(result, language, dimension)))
    return found


def _cohorts(result: Result, name: str, language: Language) -> list[Exhibit]:
    shares, rates = cohorts.in_percent(result), cohorts.not_in_percent(result)
    found = [Exhibit(name, name, cohorts.table(shares, language), cohorts.lines(shares, name, language))]
    return found + ([Exhibit(f"{name}-rates", name, cohorts.table(rates, language))] if len(rates.table) else [])


def _table(result: Result, name: str, language: Language) -> list[Exhibit]:
    if result.shape not in ("model", "series"):
        return [Exhibit(name, name, result.view(language))]
    is_model = result.shape == "model"
    tables = (fits.model_tables if is_model else fits.series_tables)(result, language)
    picture = (fits.model_picture if is_model else fits.series_picture)(result, name, language)
    ids = [name, *(f"{name}-{place}" for place in range(2, len(tables) + 1))]
    found = [Exhibit(id, name, table) for id, table in zip(ids, tables, strict=True)]
    return [replace(found[0], picture=picture), *found[1:]] if found else []


VIEWS = {
    "conversion": _conversion,
    "duration": _duration,
    "deliveries": _deliveries,
    "cohorts": _cohorts,
    "table": _table,
}
