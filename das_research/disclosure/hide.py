"""Hiding: taking numbers, and everything that would give them away, out of a Result."""

from dataclasses import replace

import pandas as pd

from das_research.catalog.models import Catalog
from das_research.result import NUMBERS, TOTAL, Result

UNKNOWN = "onbekend"
YEARS = r"\d{4}(/\d{4})?"


def hide(result: Result, mask: "pd.Series[bool]", catalog: Catalog) -> Result:
    """The Result with these rows hidden and the others shown.

    A hidden row has no number, and its kind does not tell zero from number. It keeps its place only when the catalogue
    knows its codes: another code could itself be a value of a person. Of a curve, hidden points are left out. Labels of
    codes that left go with them.

    Parameters
    ----------
    result : Result
        As it was computed.
    mask : Series of bool
        The rows to hide.
    catalog : Catalog
        Where the known codes stand.
    """
    table = result.table.copy()
    table["disclosure"] = mask.map({True: "hidden", False: "shown"})
    table.loc[mask, list(NUMBERS)] = float("nan")
    table.loc[mask & table.kind.isin(("zero", "unknown")), "kind"] = "number"
    known = known_codes(catalog)
    named = [dimension for dimension in result.dimensions if not (result.shape == "curve" and dimension == "days")]
    gone = ~table.period.isin(known) & ~table.period.str.fullmatch(YEARS)
    for dimension in named if result.shape != "faults" else ():
        gone |= ~table[dimension].isin(known)
    if result.shape == "curve":
        gone |= table.days != TOTAL
    table = table[~(mask & gone)]
    labels = {
        column: {code: text for code, text in codes.items() if code in set(table[column])}
        if column in result.dimensions
        else codes
        for column, codes in result.labels.items()
    }
    return replace(result.with_table(table), labels=labels)


def known_codes(catalog: Catalog) -> frozenset[str]:
    """Every code that the catalogue publishes itself."""
    codes = {code.code for classification in catalog.classifications.values() for code in classification.codes}
    return frozenset({*codes, *(stage.id for stage in catalog.chain.stages), *catalog.datasets, TOTAL, UNKNOWN})


def without_small_differences(result: Result, minimum: int | None) -> Result:
    """The Result without what travels beside its cells and could give a small number away.

    The attrition goes as a whole when a step leaves out, or keeps, fewer than the minimum; the linkage is cut to whole
    percents.

    Parameters
    ----------
    result : Result
        Its cells are protected already.
    minimum : int or None
        None: nothing of the attrition may stay.
    """
    safe = minimum is not None and all(
        count == 0 or count >= minimum for step in result.attrition for count in (step.n_in - step.n_out, step.n_out)
    )
    linkage = {dataset: round(share, 2) for dataset, share in result.linkage.items()}
    return replace(result, attrition=result.attrition if safe else (), linkage=linkage)
