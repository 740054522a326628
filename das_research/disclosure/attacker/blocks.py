"""Blocks of atoms: what is seen ties those of one together, and says nothing of one block by another.

The tables that fit are all combinations of what fits in each block, so that who knows a number in one learns nothing of
the others. Blocks are found by elimination modulo a prime: exact but for a chance of some in a thousand million.
"""

import numpy as np
from scipy.sparse import coo_array, csr_matrix, vstack
from scipy.sparse.csgraph import connected_components

from das_research.disclosure.attacker.bounds import Reader

PRIME = 2**31 - 1
MOST = 6_000_000  # numbers of an elimination; where there are more, all atoms are taken for one block
GIVEN = -1


def blocks_of(reader: Reader, base: np.ndarray) -> np.ndarray:
    """A label an atom, the same within a block; `GIVEN` where what is seen gives its number.

    Parameters
    ----------
    reader : Reader
        All that is seen.
    base : array of int
        Some table that fits it.
    """
    free = np.flatnonzero(~_given(reader))
    sums = _once(reader.shown[:, free])
    if sums.shape[0] * sums.shape[1] > MOST:
        return _spread(len(base), free, np.zeros(len(free), dtype=np.int64))
    reduced = _reduced(sums.toarray())
    alone = (reduced != 0).sum(axis=1) == 1
    moves = ~(reduced[alone] != 0).any(axis=0)
    sums, free = csr_matrix((reduced != 0).astype(np.int64)[:, moves]), free[moves]
    return _spread(len(base), free, _joined(vstack([sums, _ties(reader, base, free)])))


def _given(reader: Reader) -> np.ndarray:
    """Which atoms are given by single sums: nobody, or the only one that is left in it."""
    matrix, values = reader.shown, reader.values
    known, number = np.zeros(matrix.shape[1], dtype=bool), np.zeros(matrix.shape[1], dtype=np.int64)
    while True:
        left, open_ = values - matrix @ number, matrix @ (~known).astype(np.int64)
        nobody, one = np.flatnonzero((left == 0) & (open_ > 0)), np.flatnonzero((open_ == 1) & (left > 0))
        if not len(nobody) and not len(one):
            return known
        known |= matrix[nobody].sum(axis=0).A1 > 0
        for row in one.tolist():
            atoms = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
            last = atoms[~known[atoms]]
            known[last], number[last] = True, left[row]


def _reduced(matrix: np.ndarray) -> np.ndarray:
    """The rows of the reduced echelon form, modulo a prime: each entry ties an atom to the atom that leads the row."""
    matrix, row = matrix.astype(np.int64) % PRIME, 0
    for column in range(matrix.shape[1]):
        having = row + np.flatnonzero(matrix[row:, column])
        if not len(having):
            continue
        matrix[[row, having[0]]] = matrix[[having[0], row]]
        matrix[row] = matrix[row] * pow(int(matrix[row, column]), -1, PRIME) % PRIME
        others = np.flatnonzero(matrix[:, column])
        others = others[others != row]
        matrix[others] = (matrix[others] - matrix[others, column][:, None] * matrix[row]) % PRIME
        row += 1
    return matrix[:row]


def _ties(reader: Reader, base: np.ndarray, free: np.ndarray) -> csr_matrix:
    """What else ties atoms: a hidden cell that holds somebody, unless a part of it does; and what others published."""
    fixed = base.copy()
    fixed[free] = 0
    least = _once(reader.hidden[reader.hidden @ fixed < reader.least][:, free])
    sizes, shared = np.diff(least.indptr), (least @ least.T).tocoo()
    within = (shared.row != shared.col) & (shared.data == sizes[shared.col])
    kept = np.setdiff1d(np.arange(least.shape[0]), shared.row[within])
    return vstack([least[kept], csr_matrix(reader.outside[:, free])])


def _once(matrix: csr_matrix) -> csr_matrix:
    """The rows that hold something, each once."""
    matrix = csr_matrix(matrix)
    matrix.eliminate_zeros()
    matrix.sort_indices()
    first = {
        matrix.indices[start:end].tobytes(): row
        for row, (start, end) in reversed(list(enumerate(zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True))))
        if end > start
    }
    return matrix[sorted(first.values())]


def _joined(ties: csr_matrix) -> np.ndarray:
    pairs = ties.tocoo()
    rows, size = ties.shape
    graph = coo_array((np.ones(len(pairs.row)), (pairs.row, rows + pairs.col)), shape=(rows + size, rows + size))
    return connected_components(graph, directed=False)[1][rows:]


def _spread(size: int, free: np.ndarray, labels: np.ndarray) -> np.ndarray:
    found = np.full(size, GIVEN)
    found[free] = labels
    return found
