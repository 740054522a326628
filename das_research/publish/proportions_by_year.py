"""Shares of the cases of every stage over the years: which part goes on, what is lost between two stages."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from das_research.catalog.models import Break
from das_research.publish import pictures, views
from das_research.publish.pictures import Picture
from das_research.result import Result
from das_research.style.numbers import Language
from das_research.style.plots import Series
from das_research.style.tables import TableView

STAGE, MEASURE = "stage", "measure"
FEW = 2  # measures that each have a picture of their own


def shares(
    result: Result, name: str, language: Language, breaks: Sequence[Break]
) -> Iterator[tuple[str, TableView, Picture | None]]:
    """A picture for each measure with a line for each stage; of more than two measures the other way round.

    What can't occur has no line; and where there are no two years, nothing is drawn.

    Parameters
    ----------
    result : Result
        Measures in percent by stage, year and all years.
    name : str
        Of the Result.
    language : {'nl', 'en'}
        The reader's language.
    breaks : sequence of Break
        What broke in its years.

    Yields
    ------
    tuple
        Its id, its table with the years and all of them together, and the picture.
    """
    can = result.table["kind"].ne("cannot occur").groupby([result.table[STAGE], result.table[MEASURE]]).transform("any")
    occurs = result.with_table(result.table[can])
    each, line = (STAGE, MEASURE) if occurs.table[MEASURE].nunique() > FEW else (MEASURE, STAGE)
    for code in [it for it in dict.fromkeys(result.table[each]) if it in set(occurs.table[each])]:
        part = views.where(occurs, **{each: code})
        said = f"{views.label(result, each, code, language)}: {result.title[language]}"
        shown = views.without_withheld_years(part)
        table = shown.view(language, rows=["period"], columns=[line])
        table = replace(table, caption=said, notes=(*table.notes, *views.withheld_note(part, shown, language)))
        yield f"{name}-{code}", table, _picture(part, f"{name}-{code}", language, line, said, breaks)


def _picture(
    part: Result, name: str, language: Language, line: str, said: str, breaks: Sequence[Break]
) -> Picture | None:
    years = views.years(part)
    lines = [
        Series(
            views.label(part, line, code, language),
            tuple(views.value(part, **{line: code}, period=year) for year in years),
        )
        for code in dict.fromkeys(part.table[line])
    ]
    if len(years) < 2 or all(number is None for one in lines for number in one.values):
        return None
    return pictures.over_years(part, lines, name, language, said, breaks, unit="percent")
