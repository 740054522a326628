"""The calibration of a synthetic chain as a table in Markdown."""

from collections.abc import Iterable, Iterator, Sequence

from das_research.catalog.models import THEMES
from das_research.catalog.published import Total
from das_research.synthetic.calibration import Between, Compared, Comparison

VERDICTS = ("met", "missed", "not scored")
MARKS = {"met": "met", "missed": "**missed**", "not scored": "not scored"}
ABOUT_IT = (
    "Every published total of the catalogue on the years of a synthetic chain, beside the number counted on the truth"
    " of that chain. A count is divided by the scale; a share, a rate, a mean and a duration are as they are. What may"
    " differ stands in the catalogue (`calibration` in catalog.yaml), the totals with their sources in its folder"
    " `published`. All figures of the chain are fictitious."
)
MISSED = "The reason is that of the catalogue (`miss` in the series)."
INTERPOLATED = (
    "Years between two published ones of a headline series, on the straight line between them: labelled, not scored."
)


def calibration_table(comparison: Comparison) -> str:
    """The comparison as one document: how many are met, what is missed and why, every total by theme.

    Parameters
    ----------
    comparison : Comparison
        From `calibrate`.

    Returns
    -------
    str
        Markdown, with a line end at its end. The same comparison gives the same text.
    """
    years = f"{comparison.years[0]}-{comparison.years[-1]}"
    parts = ["# Calibration of the synthetic chain", f"Years {years}, scale {comparison.scale:g}.", ABOUT_IT]
    parts += ["## Summary", _summary(comparison.compared)]
    missed = [it for it in _headline_first(comparison.compared) if it.verdict == "missed"]
    parts += ["## Missed", MISSED, _lines(missed)] if missed else []
    for theme in THEMES:
        found = [it for it in _headline_first(comparison.compared) if it.total.entry.theme == theme]
        parts += [f"## {theme.capitalize()}", _lines(found)] if found else []
    if comparison.between:
        parts += ["## Between the published years (interpolated)", INTERPOLATED, _interpolated(comparison.between)]
    return "\n\n".join(parts) + "\n"


def _headline_first(compared: Iterable[Compared]) -> list[Compared]:
    return sorted(compared, key=lambda it: not it.total.series.headline)


def _summary(compared: Sequence[Compared]) -> str:
    headline = [it for it in compared if it.total.series.headline]
    others = [it for it in compared if not it.total.series.headline]
    rows = [
        [name, *(str(sum(it.verdict == verdict for it in lines)) for verdict in VERDICTS), str(len(lines))]
        for name, lines in (("Headline series", headline), ("Other totals", others), ("All", compared))
    ]
    return _table(["", *(verdict.capitalize() for verdict in VERDICTS), "Totals"], rows)


def _lines(compared: Iterable[Compared]) -> str:
    heads = [
        "Total",
        "Year",
        "Unit",
        "Published",
        "Status",
        "Synthetic",
        "Difference",
        "Tolerance",
        "Verdict",
        "Reason",
    ]
    rows = [
        [
            _title(it.total),
            str(it.total.year),
            it.total.unit.nl,
            _number(it.total.value, it.total),
            ", ".join(each.replace("_", " ") for each in it.total.status),
            "" if it.synthetic is None else _number(it.synthetic, it.total),
            _difference(it.total, it.total.value, it.synthetic),
            "" if it.width is None else f"± {it.width:,.4g}" if it.width < 1000 else f"± {it.width:,.0f}",
            MARKS[it.verdict],
            it.reason,
        ]
        for it in compared
    ]
    return _table(heads, rows)


def _interpolated(between: Iterable[Between]) -> str:
    rows = [
        [
            _title(it.total),
            str(it.year),
            _number(it.value, it.total),
            "" if it.synthetic is None else _number(it.synthetic, it.total),
            _difference(it.total, it.value, it.synthetic),
        ]
        for it in between
    ]
    return _table(["Total", "Year", "Interpolated", "Synthetic", "Difference"], rows)


def _title(total: Total) -> str:
    return f"**{total.title.nl}**" if total.series.headline else total.title.nl


def _number(value: float, total: Total) -> str:
    """With thousands, and as many decimals as its kind is read with."""
    if total.kind == "count" and abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _difference(total: Total, value: float, synthetic: float | None) -> str:
    """In points for a share, else as a percentage of the published number."""
    if synthetic is None or (not value and total.kind != "share"):
        return ""
    if total.kind == "share":
        return f"{synthetic - value:+.1f} points"
    return f"{100 * (synthetic - value) / value:+.1f} %"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(_row(cells) for cells in (heads, ["---"] * len(heads), *rows))


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_cells(cells)) + " |"


def _cells(cells: Iterable[str]) -> Iterator[str]:
    return (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
