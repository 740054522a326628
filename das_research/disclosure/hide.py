"""Hiding: taking numbers, and everything that would give them away, out of a Result."""

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from das_research.catalog.models import Catalog
from das_research.disclosure.bands import released_band
from das_research.disclosure.breakdowns import NESTED, whole_period
from das_research.disclosure.own_tables import is_own
from das_research.disclosure.persons_beside import persons_tell
from das_research.result import NUMBERS, TOTAL, Result

UNKNOWN = "onbekend"
PERIODS = r"\d{4}(-(Q[1-4]|0[1-9]|1[0-2])|/\d{4})?"


def hide(result: Result, mask: "pd.Series[bool]", catalog: Catalog) -> Result:
    """The Result with these rows hidden and the others shown.

    A hidden row has no number, and its kind does not tell zero from number. It keeps its place only when the catalogue
    knows its codes: another code could itself be a value of a person. Such a code stands in a shown row only where
    enough units have it, so that a zero or an empty cell does not tell it. Of a curve, hidden points are left out.
    Labels of codes that left go with them.

    Parameters
    ----------
    result : Result
        As it was computed.
    mask : Series of bool
        The rows to hide.
    catalog : Catalog
        Where the known codes and the minimum stand.
    """
    table = result.table.copy()
    table["disclosure"] = mask.map({True: "hidden", False: "shown"})
    table.loc[mask, list(NUMBERS)] = float("nan")
    table.loc[mask & table.kind.isin(("zero", "unknown")), "kind"] = "number"
    known = known_codes(catalog)
    enough = ~mask & (table.n >= catalog.disclosure.minimum)
    gone = mask & (table.days != TOTAL) if result.shape == "curve" else mask & False
    for column in with_codes(result):
        unknown = ~table[column].isin(known)
        if column == "period" and not is_own(result):
            unknown &= ~table.period.str.fullmatch(PERIODS)  # those that the recipe asked for
        gone |= unknown & (mask | ~table[column].isin(table.loc[enough, column]))
    table = table[~gone]
    labels = {
        column: {code: text for code, text in codes.items() if code in set(table[column])}
        if column in result.dimensions
        else codes
        for column, codes in result.labels.items()
    }
    return replace(result.with_table(table), labels=labels)


def with_codes(result: Result) -> list[str]:
    """The columns whose codes could come from the data; those of faults are the catalogue's own words."""
    asked = NESTED.get(result.recipe.function)  # its codes are those that the recipe asked for
    named = [name for name in result.dimensions if name != asked and not (result.shape == "curve" and name == "days")]
    return ["period"] if result.shape == "faults" else ["period", *named]


def known_codes(catalog: Catalog) -> frozenset[str]:
    """Every code that the catalogue publishes itself."""
    codes = {code.code for classification in catalog.classifications.values() for code in classification.codes}
    return frozenset({*codes, UNKNOWN}) | codes_of_the_chain(catalog)


def codes_of_the_chain(catalog: Catalog) -> frozenset[str]:
    """The codes that stand in a table whoever is in it."""
    stages, spans = (stage.id for stage in catalog.chain.stages), catalog.chain.spans
    norms = (norm for span in spans.values() for norm in span.norms)
    return frozenset({*stages, *spans, *norms, *catalog.datasets, TOTAL})


def without_small_differences(result: Result, minimum: int | None) -> Result:
    """The Result without what travels beside its cells and could give a small number away.

    The attrition goes as a whole when a step leaves out, or keeps, fewer than the minimum, when the total is hidden,
    and when a year is hidden of which the other years are shown: what the last step keeps is all years together. The
    linkage is cut to whole percents; the band gets coarser or goes; the number of persons goes where it is nearly, and
    not quite, that of the cases, and all of them where one is few more than that of a part of its units.

    Parameters
    ----------
    result : Result
        Its cells are protected already.
    minimum : int or None
        None: nothing of the attrition and of the band may stay.
    """
    safe = minimum is not None and all(
        count == 0 or count >= minimum for step in result.attrition for count in (step.n_in - step.n_out, step.n_out)
    )
    safe &= not _has_hidden_part(result)
    linkage = {dataset: round(share, 2) for dataset, share in result.linkage.items()}
    released = result if minimum is None or result.shape != "counts" else _without_near_n(result, minimum)
    band = None if minimum is None else released_band(result, minimum)
    return replace(released, attrition=result.attrition if safe else (), linkage=linkage, band=band, dominance=None)


def without_spread(released: Result, computed: Result) -> Result:
    """The Result without standard errors of means that tell of one unit, or of what is hidden.

    A mean, its error and the number under it give the sum of squares, which no value exceeds; and that adds up, so that
    what is hidden of a mean is told of by the errors of the others.

    Parameters
    ----------
    released, computed : Result
        Its cells are protected already; and as it was computed.
    """
    if computed.dominance is None:
        return released
    table = released.table
    means = table.denominator.notna() & table.numerator.isna() & table.se.notna()
    told = computed.dominance.spread.union(table.measure[table.disclosure == "hidden"])
    whole = computed.table.measure.value_counts()
    left = table.measure.value_counts().reindex(whole.index, fill_value=0)
    gone = means & table.measure.isin(told.union(whole.index[left < whole]))  # or hidden with its code
    return released.with_table(table.assign(se=table.se.mask(gone)))


def without_persons(result: Result, but: Collection[str] = ()) -> Result:
    """The Result without numbers of persons, unless all are what its counts say already.

    Persons do not add up, since one can stand in several cells, but they bound a number that is hidden beside them, and
    with counts of what they have they come to numbers of few.

    Parameters
    ----------
    result : Result
        Its cells are protected already.
    but : collection of str
        Measures that are no counts, and keep theirs.
    """
    table = result.table
    told = table[["numerator"]].assign(other=table.denominator - table.numerator).min(axis=1)
    told = told.where(table.numerator.notna() & table.denominator.notna(), table.value)
    asked = table.n.notna() & ~table.measure.isin(but)
    if (told[asked] == table.n[asked]).all():
        return result
    return result.with_table(table.assign(n=table.n.mask(asked)))


def _has_hidden_part(result: Result) -> bool:
    """Whether the total of all periods is hidden, or that of one where no cell is all periods together."""
    if result.shape != "counts":
        return False
    table, whole = result.table, whole_period(result.table.period)
    total = (table[list(result.dimensions)] == TOTAL).all(axis=1) & (whole is None or table.period == whole)
    return bool((total & (table.disclosure == "hidden")).any())


def _without_near_n(result: Result, minimum: int) -> Result:
    """Cases less persons are the cases beyond the first of a person: few of those are told by nothing else.

    Persons of a whole less those of a part are who is not in it: where these are few, all numbers of persons go.
    """
    table = result.table
    complement = table.denominator - table.numerator
    cases = table[["numerator"]].assign(other=complement).min(axis=1).where(table.denominator.notna(), table.value)
    near = (cases != table.n) & ((cases - table.n).abs() < minimum)
    left = result.with_table(table.assign(n=table.n.mask(near)))
    return left.with_table(table.assign(n=float("nan"))) if persons_tell(left, (), minimum) else left
