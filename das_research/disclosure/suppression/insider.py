"""Insiders: who is the only one in a hidden cell knows its number, and must not work out another unsafe one with it."""

import numpy as np

from das_research.disclosure.suppression.audit import Reader
from das_research.disclosure.suppression.nearby import STEPS, Near, is_large, repair_nearby
from das_research.disclosure.suppression.repair import Repair, in_order, repaired_globally
from das_research.disclosure.suppression.solver import Meter
from das_research.disclosure.suppression.witnesses import Witnesses
from das_research.disclosure.tables.model import Model


def insiders(model: Model, hidden: np.ndarray) -> list[int]:
    """The hidden cells with one contributor."""
    return np.flatnonzero(hidden & (model.units == 1)).tolist()


def exposed(reader: Reader, known: Witnesses) -> list[tuple[int, int]]:
    """Pairs of an insider's cell and an unsafe cell that is known exactly with it.

    Parameters
    ----------
    reader : Reader
        The pattern.
    known : Witnesses
        Witnesses of it; what is found is added.

    Returns
    -------
    list of (int, int)
        Places of the insider's cell and of the unsafe one. Totals of the insider alone don't count. Pairs that were not
        looked at when the reader's meter stood still count as exposed.
    """
    pairs = []
    unsafe, near = np.unique(known.needs.cells), Near(reader.model) if is_large(reader.model) else None
    for insider in insiders(reader.model, reader.hidden):
        moving = known.moving_without(insider)
        alone = unsafe[~moving[unsafe] & (reader.model.alike[unsafe] != reader.model.alike[insider])].tolist()
        for cell in alone:
            if not moving[cell]:
                change = _change_without(reader, insider, cell, near) if reader.meter.is_left else None
                if change is None:
                    pairs.append((insider, cell))
                else:
                    known.add(change, reader.hidden)
                    moving |= change != 0
    return pairs


def _change_without(reader: Reader, insider: int, cell: int, near: Near | None) -> np.ndarray | None:
    """A change by which a cell moves and an insider's does not; in a large model it is first looked for nearby."""
    if near is not None:
        around = Reader(reader.model, reader.hidden & near.around(cell, STEPS[1]), reader.meter)
        if (change := _change_without(around, insider, cell, None)) is not None:
            return change
    if reader.hidden[insider]:
        reader.still(insider)
    change = next((it for goal in (1, -1) if (it := reader.whole(cell, goal)) is not None), None)
    if reader.hidden[insider]:
        reader.still(insider, False)
    return change


def safe_from_insiders(
    model: Model, hidden: np.ndarray, known: Witnesses, cost: np.ndarray, meter: Meter
) -> tuple[np.ndarray, Witnesses]:
    """The pattern, with as much more hidden as keeps every unsafe number from insiders, and the witnesses of it.

    Parameters
    ----------
    model : Model
        All cells and sums.
    hidden : array of bool
        A pattern that is safe from readers; not changed.
    known : Witnesses
        Witnesses of it; what is found is added.
    cost : array of int
        What hiding each cell costs.
    meter : Meter
        Where the work is counted; where it stands still, pairs are left that the witnesses don't prove apart.

    Returns
    -------
    array of bool, Witnesses
        The needs of the witnesses hold every pair of an insider's cell and another that had to be kept apart.

    Raises
    ------
    ReleaseRefused
        When nothing that may be hidden is enough.
    """
    hidden, price, near = hidden.copy(), cost.astype(float), Near(model) if is_large(model) else None
    while pairs := exposed(Reader(model, hidden, meter), known):
        known = known.asked_for(known.needs.and_apart_from(pairs))
        repair = None if near is not None else Repair(model, hidden, price, meter)
        for rank in in_order(known.needs, known.unsafe):
            if not meter.is_left:
                return hidden, known
            if rank not in known.unsafe:
                continue
            if near is not None:
                repair_nearby(model, rank, hidden, known, price, meter, near)
            else:
                repaired_globally(model, known.needs, rank, hidden, known, price, meter, repair)
    return hidden, known
