"""Counts of faults in delivered files: exact where the partner agreed to it, else protected like other counts."""

import pandas as pd

from das_research.catalog.models import Catalog
from das_research.result import TOTAL

PARTS = ("rows_accepted", "rows_quarantined", "units_accepted", "units_lost")


def hidden_faults(table: pd.DataFrame, catalog: Catalog) -> tuple["pd.Series[bool]", list[str]]:
    """The rows to hide, and the datasets for which something is.

    Where an agreement over a dataset does not say that its faults may be published exactly, or there is no agreement, a
    small count hides all rules of that dataset; a small total hides what was taken in and what was not, here and in the
    sum of all datasets, so that only what was delivered stays.

    Parameters
    ----------
    table : DataFrame
        Of a Result of shape `faults`, with dimensions `dataset` and `rule`.
    catalog : Catalog
        Its agreements and its minimum.
    """
    mask = pd.Series(False, index=table.index)
    unsafe = (table.value > 0) & (table.value < catalog.disclosure.minimum)
    collapsed = []
    parts = table.measure.isin(PARTS)
    for dataset in table.dataset.unique():
        here = table.dataset == dataset
        if dataset == TOTAL or is_exact(catalog, dataset) or not (here & unsafe).any():
            continue
        collapsed.append(str(dataset))
        totals = table.rule == TOTAL
        mask |= here & ~totals
        if (here & totals & unsafe).any():
            mask |= (here | (table.dataset == TOTAL)) & parts
        mask |= here & unsafe
    return mask, collapsed


def is_exact(catalog: Catalog, dataset: str) -> bool:
    """Whether every agreement that covers the dataset lets its faults be published exactly; without any, no."""
    covering = [agreement for agreement in catalog.agreements.values() if dataset in agreement.datasets]
    return bool(covering) and all(agreement.fault_counts == "exact" for agreement in covering)
