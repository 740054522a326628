"""What a delivery changes of what was delivered before: the deliveries it supersedes, and the rows with its keys."""

import re
from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Dataset
from das_research.engines import only_row
from das_research.errors import UsageError
from das_research.intake.delivery import Changes, Delivery
from das_research.intake.dependencies import taken
from das_research.intake.rules import severities_of

Period = tuple[str, str]


def period_of(text: str) -> Period | None:
    """The first and the last day of a period that a user typed.

    Parameters
    ----------
    text : str
        ``2023``, ``2012-2024`` or ``2023-01-01/2023-06-30``; empty: none.

    Raises
    ------
    UsageError
        When it is none of these, or ends before it begins.

    Examples
    --------
    >>> period_of("2012-2024")
    ('2012-01-01', '2024-12-31')
    """
    if not text:
        return None
    years = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text)
    first, last = (f"{years[1]}-01-01", f"{years[2] or years[1]}-12-31") if years else text.partition("/")[::2]
    try:
        if date.fromisoformat(first) <= date.fromisoformat(last):
            return first, last
    except ValueError:
        pass
    raise UsageError(f"'{text}' is no period.", fix="Write --period 2023, 2012-2024 or 2023-01-01/2023-06-30.")


def superseded(period: Period | None, earlier: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """The deliveries whose whole period lies within this one."""
    if period is None:
        return ()
    return tuple(it for it in earlier if it.period and period[0] <= it.period[0] and it.period[1] <= period[1])


def changes(dataset: Dataset, replaced: ir.Table, others: ir.Table, new: ir.Table) -> Changes | None:
    """Compare the rows of a delivery with those that counted before.

    Parameters
    ----------
    dataset : Dataset
        Its ``unique`` is the key of a row; without one only whole rows can be compared. Where it lets a key come more
        than once, the first row of each is.
    replaced : Table
        Rows of the deliveries that it supersedes whole.
    others : Table
        Rows of other deliveries of the dataset: of these, the ones with the same key are superseded.
    new : Table
        Accepted rows of the new delivery.

    Returns
    -------
    Changes or None
        None where nothing was there before.
    """
    names = list(taken(dataset))
    if not dataset.unique:
        return _of_whole_rows(replaced.select(names), new.select(names))
    key, numbered = list(dataset.unique), ["row", *names]
    old = replaced.select(numbered).union(others.select(numbered).semi_join(new, key))
    old, new = (_by_key(rows, dataset) for rows in (old, new))
    renamed = old.rename({f"{name}:old": name for name in names})
    both = new.join(renamed, [new[name] == renamed[f"{name}:old"] for name in key])
    differs = {name: ~both[name].identical_to(both[f"{name}:old"]) for name in names if name not in key}
    held = both.select(**differs, any=ibis.or_(ibis.literal(False), *differs.values()))
    found = only_row(
        held.aggregate({":rows": held.count(), ":changed": held["any"].sum()} | {n: held[n].sum() for n in differs})
    )
    was, now = (int(rows.count().execute()) for rows in (old, new))
    if not was:
        return None
    both_times, changed = found[":rows"], found[":changed"] or 0
    columns = {name: found[name] for name in differs if found[name]}
    return Changes(now - both_times, was - both_times, changed, both_times - changed, columns)


def _by_key(rows: ir.Table, dataset: Dataset) -> ir.Table:
    """The rows with a complete key, each key once."""
    key, names = list(dataset.unique), list(taken(dataset))
    rows = rows.filter(*(rows[name].notnull() for name in key))
    if severities_of(dataset, "not-unique", key[0]):  # else gate 1 refuses a file with a key that comes twice
        rows = rows.filter(ibis.row_number().over(group_by=key, order_by="row") == 0)
    return rows.select(names)


def _of_whole_rows(old: ir.Table, new: ir.Table) -> Changes | None:
    counted = old.mutate(old=1, new=0).union(new.mutate(old=0, new=1))
    rows = counted.group_by(old.columns).agg(old=counted.old.sum(), new=counted.new.sum())
    both = ibis.least(rows.old, rows.new)
    found = only_row(rows.aggregate(old=rows.old.sum(), new=rows.new.sum(), both=both.sum()))
    if not found["old"]:
        return None
    return Changes((found["new"] or 0) - found["both"], found["old"] - found["both"], 0, found["both"])
