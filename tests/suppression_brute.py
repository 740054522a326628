"""Brute force for secondary suppression: every whole table that fits what is shown, and every pattern."""

from itertools import combinations

import numpy as np

FURTHER = 6  # above the truth that an inner cell is tried, or twice what is asked where that is more


def atoms_of(model):
    """Which inner cells every cell is made of, by going down the sums: cells by inner cells."""
    relations = model.relations.toarray()
    parts = {int(np.flatnonzero(row < 0)[0]): np.flatnonzero(row > 0) for row in relations}
    inner = [cell for cell in range(len(model)) if cell not in parts]

    def made_of(cell):
        return {cell} if cell not in parts else set().union(*(made_of(int(part)) for part in parts[cell]))

    return inner, np.array([[atom in made_of(cell) for atom in inner] for cell in range(len(model))], dtype=np.int64)


def tables_that_fit(model, hidden, further=FURTHER):
    """Every whole table with the shown cells as they are and none below what is known; one row a table."""
    inner, matrix = atoms_of(model)
    last = [int(np.flatnonzero(row)[-1]) for row in matrix]
    tables = np.zeros((1, 0), dtype=np.int64)
    for place, cell in enumerate(inner):
        numbers = np.arange(model.lower[cell], model.values[cell] + further) if hidden[cell] else [model.values[cell]]
        tables = np.hstack([np.repeat(tables, len(numbers), axis=0), np.tile(numbers, len(tables))[:, None]])
        sums = tables @ matrix[:, : place + 1].T
        right = np.ones(len(tables), dtype=bool)
        for other in range(len(model)):
            if last[other] == place:
                fits = sums[:, other] >= model.lower[other] if hidden[other] else sums[:, other] == model.values[other]
                right &= fits
            elif not hidden[other]:
                right &= sums[:, other] <= model.values[other]
        tables = tables[right]
    return tables @ matrix.T


def is_safe(model, needs, hidden, insiders):
    """Whether every need is met, by looking at all tables that fit."""
    asked = max([0, *needs.upward, *needs.downward, *needs.width])
    tables = tables_that_fit(model, hidden, max(FURTHER, 2 * int(asked)))
    for cell, upward, downward, width in zip(needs.cells, needs.upward, needs.downward, needs.width, strict=True):
        numbers = tables[:, cell]
        if numbers.max() < model.values[cell] + upward or np.ptp(numbers) < width:
            return False
        if numbers.min() > model.values[cell] - downward:
            return False
    inner, atoms = atoms_of(model)
    made_of = [[inner[atom] for atom in np.flatnonzero(row) if model.values[inner[atom]]] for row in atoms]
    for insider in np.flatnonzero(hidden & (model.units == 1)) if insiders else ():
        knows = tables[tables[:, insider] == 1]
        others = [cell for cell in needs.cells if set(made_of[cell]) != set(made_of[insider])]
        if any(len(set(knows[:, cell])) == 1 for cell in others):
            return False
    return True


def some_safe_pattern(model, needs, sizes, insiders=False):
    """Whether a pattern with one of these numbers of secondary cells is safe."""
    free = np.flatnonzero(model.status == 0)
    for chosen in (chosen for size in sizes for chosen in combinations(free, size)):
        hidden = model.must_hide.copy()
        hidden[list(chosen)] = True
        if is_safe(model, needs, hidden, insiders):
            return True
    return False
