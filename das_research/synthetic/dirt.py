"""Plausible errors of offices, at the rates of the catalogue: planted after the rows are made, from the seed alone."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from das_research.catalog.models import Dataset, Dirt, SyntheticChain
from das_research.synthetic.chance import Dates, Durations, Flags, Numbers, Whole, happens, uniform
from das_research.synthetic.columns import Column, Rows
from das_research.synthetic.days import spelled as days_spelled
from das_research.synthetic.identifiers import NOWHERE, SPELLINGS, Serials, written
from das_research.synthetic.layout import Spelled

CENTURY: Durations = np.array(36525, "m8[D]")
LONG_BEFORE: Durations = np.array(400, "m8[D]")
DOUBLED = "doubled"


def plant(chain: SyntheticChain, dataset: Dataset, rows: Rows, spelled: Spelled, seed: int) -> dict[str, Flags]:
    """Put errors in the spelled values, in place.

    Parameters
    ----------
    chain : SyntheticChain
        The kinds of errors and how often they are made.
    dataset : Dataset
        How dates are spelled, and which can't come before which.
    rows : Rows
        The true values.
    spelled : dict
        The same as text.
    seed : int
        The seed of the whole chain.

    Returns
    -------
    dict
        ``<kind>:<variable>`` to the rows that have the error.
    """
    planted = {}
    for dirt in chain.dirt:
        if dirt.dataset != dataset.id:
            continue
        name = f"{dirt.kind}:{dirt.variable}"
        wanted = happens(seed, f"dirt {dataset.id} {name}", rows.entity, dirt.share)
        before = spelled[dirt.variable]
        there = before.is_valid().to_numpy(zero_copy_only=False)
        places = np.flatnonzero(wanted & there)
        drawn = uniform(seed, f"how {dataset.id} {name}", rows.entity[places])
        wrong = _wrong(chain, dataset, dirt, rows, before.take(pa.array(places)), places, drawn)
        mask = np.zeros(len(rows), dtype=bool)
        mask[places] = True
        spelled[dirt.variable] = pc.replace_with_mask(before, pa.array(mask), wrong.cast(pa.string()))
        changed = pc.fill_null(pc.not_equal(spelled[dirt.variable], before), True).to_numpy(zero_copy_only=False)
        planted[name] = mask & changed
    return planted


def doubled(chain: SyntheticChain, rows: Rows, seed: int) -> Whole:
    """The rows that are delivered a second time."""
    share = next((each.share for each in chain.doubled if each.dataset == rows.dataset), 0.0)
    return np.flatnonzero(happens(seed, f"doubled {rows.dataset}", rows.entity, share))


def corrected(chain: SyntheticChain, rows: Rows, planted: dict[str, Flags], seed: int) -> Whole:
    """The faulty rows that a later delivery mends."""
    share = next((each.share for each in chain.corrected if each.dataset == rows.dataset), 0.0)
    faulty = np.logical_or.reduce([np.zeros(len(rows), dtype=bool), *planted.values()])
    return np.flatnonzero(faulty & happens(seed, f"corrected {rows.dataset}", rows.entity, share))


def _wrong(
    chain: SyntheticChain, dataset: Dataset, dirt: Dirt, rows: Rows, text: pa.Array, places: Whole, drawn: Numbers
) -> pa.Array:
    """The wrong texts for some rows."""
    column = rows.columns[dirt.variable]
    fixed = {"missing": None, "unknown code": "?9", "no number": "onb."}
    if dirt.kind in fixed:
        return pa.array([fixed[dirt.kind]] * len(places), pa.string())
    if dirt.kind == "nowhere" and isinstance(column, Serials):
        form = SPELLINGS[dataset.id, dirt.variable]
        return written(form, (drawn * NOWHERE).astype(np.int64) * 100 + 20)
    if dirt.kind in TEXTS:
        change = TEXTS[dirt.kind]
        pairs = zip(text.to_pylist(), drawn.tolist(), strict=True)
        return pa.array([change(chain, each, chance) for each, chance in pairs], pa.string())
    return _wrong_dates(dataset, dirt, rows, column, places, drawn)


def _wrong_dates(dataset: Dataset, dirt: Dirt, rows: Rows, column: Column, places: Whole, drawn: Numbers) -> pa.Array:
    variable = dataset.variables[dirt.variable]
    days: Dates = np.asarray(column)[places]
    form = variable.formats[0]
    if dirt.kind == "next century":
        return days_spelled(days + CENTURY, form)
    if dirt.kind == "too early":
        return days_spelled(np.asarray(rows.columns[str(variable.not_before)])[places] - LONG_BEFORE, form)
    if dirt.kind == "other day":
        return days_spelled(days - (1 + drawn * 27).astype("timedelta64[D]"), form)
    return days_spelled(days, form.replace("%d", "31").replace("%m", "02"))


def _mistyped(_: SyntheticChain, text: str, chance: float) -> str:
    """A digit off by one, two letters swapped, or a letter left out."""
    place = 1 + int(chance * (len(text) - 2)) if len(text) > 2 else 0
    if any(letter.isdigit() for letter in text):
        digits = [at for at, letter in enumerate(text) if letter.isdigit()]
        at = digits[-1 - int(chance * min(6, len(digits)))]
        return f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}"
    if int(chance * 1000) % 2:
        return text[:place] + text[place + 1 :]
    return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]


def _spelled_otherwise(chain: SyntheticChain, text: str, chance: float) -> str:
    town = chain.towns.get(text)
    return town.otherwise if town and town.otherwise and chance < 0.7 else text.upper()


def _other_initials(_: SyntheticChain, text: str, chance: float) -> str:
    first, *more = [letter for letter in text.split(".") if letter]
    return f"{first}." if more else f"{first}.{'ABEHJLM'[int(chance * 7)]}."


def _other_name(chain: SyntheticChain, text: str, chance: float) -> str:
    names = chain.names["achternamen"]
    other = names[int(chance * len(names))]
    return f"{text}-{other}" if chance < 0.5 else other


TEXTS: dict[str, Callable[[SyntheticChain, str, float], str]] = {
    "mistyped": _mistyped,
    "spelled otherwise": _spelled_otherwise,
    "other initials": _other_initials,
    "other name": _other_name,
}
