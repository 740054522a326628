"""Cases within a term over the years, beside the norm for it where there is one."""

from dataclasses import replace

from das_research.catalog.models import Catalog, Norm
from das_research.publish import views
from das_research.publish.pictures import Picture, over_years
from das_research.publish.words import WORDS
from das_research.result import TOTAL, Result
from das_research.style.numbers import Language
from das_research.style.plots import Series
from das_research.style.tables import TableView


def norm_of(catalog: Catalog, result: Result) -> Norm | None:
    """The norm that a Result is about, as the catalogue has it; None where it is about another term."""
    asked = result.recipe.parameters.get("norm")
    every = {name: norm for span in catalog.chain.spans.values() for name, norm in span.norms.items()}
    return every.get(asked) if isinstance(asked, str) else None


def notes(norm: Norm | None, language: Language) -> tuple[str, ...]:
    """Where a norm was read, whether it was, and how its own way of measuring differs."""
    if norm is None:
        return ()
    source = f"{WORDS['norm'][language]}: {norm.source}"
    doubt = f" ({WORDS['unverified'][language]})" if norm.unverified else ""
    return (source + doubt, *((norm.differs[language],) if norm.differs else ()))


def table(result: Result, language: Language) -> TableView:
    """Every year and all years together, what started beside what ended; no years where none of them was released."""
    whole = _whole(result)
    shown = views.without_withheld_years(whole)
    view = shown.view(language, rows=["period"], columns=["measure"])
    return replace(view, notes=(*view.notes, *views.withheld_note(whole, shown, language)))


def picture(result: Result, name: str, language: Language, norm: Norm | None) -> Picture | None:
    """A line for what started, one for what ended, and one for the norm; None where no two years have a number."""
    shown, years = _whole(result), views.years(result)
    measures = list(dict.fromkeys(shown.table["measure"]))
    lines = [
        Series(
            views.label(shown, "measure", measure, language),
            tuple(views.value(shown, measure=measure, period=year) for year in years),
        )
        for measure in measures
    ]
    numbers = zip(*(line.values for line in lines), strict=True)
    if sum(any(it is not None for it in of_year) for of_year in numbers) < 2:
        return None
    if norm is not None:
        lines.append(Series(WORDS["norm"][language], (norm.share,) * len(years)))
    return over_years(shown, lines, name, language, result.title[language], unit="percent")


def _whole(result: Result) -> Result:
    return views.where(result, **dict.fromkeys(views.breakdown(result), TOTAL))
