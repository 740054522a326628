"""How a leak is told: the few numbers that a reader adds and subtracts, as a proof that anybody can do again by hand.

That a group can't be larger is the dual of the linear program that bounds it: shown numbers with a factor each, which
together cover the group, and of hidden numbers that each is at least one. Of all such sums one with few numbers is
taken, and it is done again in fractions before it is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, vstack

from das_research.disclosure.attacker.atoms import Atoms, atoms_of
from das_research.disclosure.attacker.attack import Leak
from das_research.disclosure.attacker.bounds import NEARLY, SECONDS, believable
from das_research.disclosure.attacker.groups import groups_of
from das_research.disclosure.attacker.insiders import known_alone
from das_research.disclosure.attacker.known import Bound, Seen

LARGEST = 1000  # denominator of a factor


@dataclass(frozen=True)
class Term:
    """One number of a sum.

    Parameters
    ----------
    times : Fraction
        Its factor: 1 where it is added, -1 where it is subtracted.
    number : int
        What it is, or for sure at least or at most is.
    told_by : Seen or Bound
        The cell, or what others published.
    is_known : bool
        Whether it is a shown number; else what is known of a hidden one.
    """

    times: Fraction
    number: int
    told_by: Seen | Bound
    is_known: bool = True


@dataclass(frozen=True)
class Proof:
    """A sum that a group can't exceed, or can't be under.

    Parameters
    ----------
    terms : tuple of Term
        Those added first.
    number : Fraction
        What they come to.
    is_most : bool
        Whether the group is at most that; else at least.
    is_all : bool
        Whether the group is just that: the terms hold its units, and no other.
    """

    terms: tuple[Term, ...]
    number: Fraction
    is_most: bool
    is_all: bool


def proofs_of(
    leaks: Sequence[Leak],
    cells: Sequence[Seen],
    register: Sequence[Seen],
    outside: Sequence[Bound] = (),
    *,
    alone: Sequence[Seen] = (),
    zeros_shown: bool = True,
) -> list[tuple[Proof, ...]]:
    """For each leak the sums that tell it.

    Parameters
    ----------
    leaks : sequence of Leak
        As the attack found them.
    cells, register, outside : sequences
        What it was given; of what others published only what it did not find to be contradicted.
    alone, zeros_shown
        As there.

    Returns
    -------
    list of tuple of Proof
        One where it tells all; two, that it is at most and at least so many, where both are needed; none where no sum
        tells it, since only whole tables, tried one by one, do.
    """
    known, groups = dict[str, Atoms](), dict[str, dict[tuple[tuple[Seen, ...], str], csr_matrix]]()
    for atoms in atoms_of([*register, *cells], outside):
        of_atoms = {(seen, how): group for group, seen, how in groups_of(atoms)}
        for counted in {cell.counted for cell in atoms.cells}:
            known[counted], groups[counted] = atoms, of_atoms
    found: list[tuple[Proof, ...]] = []
    for leak in leaks:
        if leak.cells[0].counted not in known:  # told by who is under the cells
            found.append((_of_terms(leak),) if leak.terms else ())
            continue
        atoms = known[leak.cells[0].counted]
        if len(leak.cells) == 2 and (difference := _difference(*leak.cells)) is not None:
            found.append((difference,))
            continue
        # of an insider's leak the first cell is the own one, and the group is the other
        group = groups[leak.cells[0].counted].get((leak.cells, leak.how))
        insider = dict[int, int]()
        if group is None:
            own = atoms.cells.index(leak.cells[0])
            insider = {own: known_alone(atoms, alone)[own]}
            group = atoms.matrix[[atoms.cells.index(leak.cells[-1])]]
        most = _proof(atoms, group, leak.high, insider, zeros_shown=zeros_shown, is_most=True)
        needs_least = leak.low > 0 and not (most is not None and most.is_all)
        least = _proof(atoms, group, leak.low, insider, zeros_shown=zeros_shown, is_most=False) if needs_least else None
        if least is not None and not any(term.is_known for term in least.terms):  # that it is hidden tells as much
            least = None
        found.append(tuple(proof for proof in (most, least) if proof is not None))
    return found


def _of_terms(leak: Leak) -> Proof:
    terms = sorted(leak.terms, key=lambda it: it[0] < 0)
    return Proof(
        tuple(Term(Fraction(times), cell.value or 0, cell) for times, cell in terms),
        Fraction(sum(times * (cell.value or 0) for times, cell in terms)),
        is_most=True,
        is_all=True,
    )


def _difference(small: Seen, large: Seen) -> Proof | None:
    """Two shown numbers, of which one holds the units of the other."""
    if small.value is None or large.value is None or small.within or large.within:
        return None
    terms = Term(Fraction(1), large.value, large), Term(Fraction(-1), small.value, small)
    return Proof(terms, Fraction(large.value - small.value), is_most=True, is_all=True)


def _proof(
    atoms: Atoms, group: csr_matrix, bound: int, told: dict[int, int], *, zeros_shown: bool, is_most: bool
) -> Proof | None:
    """The sum of the fewest numbers that shows the bound."""
    rows, numbers, sources, is_known, free = _knowledge(atoms, told, zeros_shown=zeros_shown)
    sign = 1 if is_most else -1
    goal = sign * np.asarray(group.todense()).ravel().astype(float)
    # numbers that are shown can be added and subtracted: two columns each
    columns = hstack([rows.T, -rows[free].T]).tocsr() if rows.shape[0] else rows.T
    worth = np.concatenate([numbers, -numbers[free]]).astype(float)
    for spare in (NEARLY, 1 - NEARLY):
        found = linprog(
            np.ones(len(worth)),
            A_ub=vstack([-columns, csr_matrix(worth)]),
            b_ub=np.concatenate([-goal, [sign * bound + spare]]),
            bounds=(0, None),
            method="highs",
            options={"time_limit": SECONDS},
        )
        if found.status == 0:
            times = found.x[: len(numbers)].copy()
            times[free] -= found.x[len(numbers) :]
            return _verified(rows, goal, times, numbers, sources, is_known, bound, is_most=is_most)
    return None


def _knowledge(
    atoms: Atoms, told: dict[int, int], *, zeros_shown: bool
) -> tuple[csr_matrix, np.ndarray, list[Seen | Bound], list[bool], np.ndarray]:
    """All that bounds atoms from above: a row of them is at most its number; equal to it where the row is free."""
    near = [row for row, cell in enumerate(atoms.cells) if cell.within and row not in told]
    shown = [row for row, cell in enumerate(atoms.cells) if (cell.value is not None or row in told) and row not in near]
    hidden = [row for row in range(len(atoms.cells)) if row not in {*shown, *near}]
    rounded = [believable(atoms.cells[row]) for row in near]
    values = [told.get(row, atoms.cells[row].value) for row in shown]
    least = [-atoms.cells[row].least * zeros_shown for row in hidden]
    about = vstack([atoms.matrix[near], -atoms.matrix[near], atoms.bounded, -atoms.bounded])
    rows = vstack([atoms.matrix[shown], -atoms.matrix[hidden], about]).tocsr()
    numbers = [*values, *least, *(high for _, high in rounded), *(-low for low, _ in rounded)]
    numbers += [*(it.high for it in atoms.bounds), *(-it.low for it in atoms.bounds)]
    cells = [atoms.cells[row] for row in (*shown, *hidden, *near, *near)]
    sources: list[Seen | Bound] = [*cells, *atoms.bounds, *atoms.bounds]
    known = [True] * len(shown) + [False] * (len(numbers) - len(shown))
    return rows, np.array(numbers, dtype=np.int64), sources, known, np.arange(len(shown))


def _verified(
    rows: csr_matrix,
    goal: np.ndarray,
    times: np.ndarray,
    numbers: np.ndarray,
    sources: Sequence[Seen | Bound],
    is_known: Sequence[bool],
    bound: int,
    *,
    is_most: bool,
) -> Proof | None:
    """The proof, done again in fractions; None where it does not hold."""
    fractions = {at: Fraction(float(times[at])).limit_denominator(LARGEST) for at in np.flatnonzero(times).tolist()}
    factors = {at: factor for at, factor in fractions.items() if factor}
    covered = [Fraction(0)] * rows.shape[1]
    total = Fraction(0)
    for at, factor in factors.items():
        total += factor * int(numbers[at])
        first, last = rows.indptr[at : at + 2]
        for atom, part in zip(rows.indices[first:last].tolist(), rows.data[first:last].tolist(), strict=True):
            covered[atom] += factor * int(part)
    if any(have < need for have, need in zip(covered, goal.astype(int).tolist(), strict=True)):
        return None
    if (floor(total) > bound) if is_most else (floor(total) > -bound):
        return None
    is_all = all(have == need for have, need in zip(covered, goal.astype(int).tolist(), strict=True)) and all(
        is_known[at] for at in factors
    )
    # what is known of hidden numbers, and the least that was published, stand with a minus in the sum already
    terms = []
    for at, factor in factors.items():
        number, turned = int(numbers[at]), factor if is_most else -factor
        negative = not is_known[at] and number <= 0
        terms.append(Term(-turned if negative else turned, -number if negative else number, sources[at], is_known[at]))
    terms.sort(key=lambda term: (term.times < 0, -term.number))
    return Proof(tuple(terms), total if is_most else -total, is_most, is_all)
