"""The attack: which hidden groups can be told closer than is allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Literal

import numpy as np
from scipy.sparse import csr_matrix

from das_research.disclosure.attacker.atoms import Atoms, atoms_of
from das_research.disclosure.attacker.bounds import NEARLY, Reader
from das_research.disclosure.attacker.certificates import certified_table, read_certificates
from das_research.disclosure.attacker.groups import groups_of
from das_research.disclosure.attacker.readings import OUTCOME
from das_research.disclosure.attacker.seen import Bound, Seen

Policy = Literal["exact", "threshold", "wide"]
KNOWLEDGE = (
    "files",  # every file of this release and of those before it, and the classifications
    "sums",  # that sub-totals and totals are the sums of their parts, and that all are whole numbers
    "zeros",  # that a hidden cell holds at least one unit where true zeros are shown
)
OUTSIDE = "outside"  # what others published of the same units, as far as its rounding tells
OF_INSIDERS = "insiders"  # of the only one in a hidden cell: that there is nobody else in it


@dataclass(frozen=True)
class Leak:
    """A group that can be told too closely. Never to be shown outside the dossier.

    Parameters
    ----------
    cells : tuple of Seen
        The hidden cell; or two, of which the difference is the group.
    low, high : int
        What a reader can prove of it.
    how : str
        By which knowledge.
    """

    cells: tuple[Seen, ...]
    low: int
    high: int
    how: str


@dataclass(frozen=True)
class Report:
    """What the attack found.

    Parameters
    ----------
    leaks : tuple of Leak
        Empty where everything holds.
    asked : int
        How many groups were attacked.
    by_certificate : int
        How many of them were shown to be safe by certificates alone.
    knowledge : tuple of str
        What the reader was taken to know.
    contradicted : tuple of Bound
        What others published and the files don't agree with, so that it counts something else after all: not used.
    """

    leaks: tuple[Leak, ...]
    asked: int
    by_certificate: int
    knowledge: tuple[str, ...] = KNOWLEDGE
    contradicted: tuple[Bound, ...] = ()


def attack(
    cells: Sequence[Seen],
    register: Sequence[Seen],
    minimum: int,
    policy: Policy = "threshold",
    *,
    zeros_shown: bool = True,
    certificates: str | None = None,
    alone: Sequence[Seen] = (),
    outside: Sequence[Bound] = (),
) -> Report:
    """Attack what is about to leave.

    Parameters
    ----------
    cells : sequence of Seen
        Of the files about to leave, see `seen.read_result`.
    register : sequence of Seen
        Of what left before, see `seen.read_register`.
    minimum : int
        Fewer units than this are unsafe.
    policy : {'exact', 'threshold', 'wide'}
        What may not be: a small number is known exactly; or is proved to be small; or its bounds lie closer together
        than minimum - 1.
    zeros_shown : bool
        Whether true zeros are shown.
    certificates : str, optional
        JSON of tables that are said to fit, as the dossier has them: each a list of `{counted, where, value}` of hidden
        cells. Each is verified in whole numbers; one that does not fit proves nothing.
    alone : sequence of Seen
        Hidden cells with one contributor, as the dossier tells: their insiders are asked too.
    outside : sequence of Bound
        What others published of the same units, see `das_research.disclosure.outside`.

    Returns
    -------
    Report

    Raises
    ------
    ReleaseRefused
        When the solver fails or takes too long, files contradict each other, or can't be read.
    """
    leaks: list[Leak] = []
    asked = proved = 0
    given = read_certificates(certificates)
    contradicted: list[Bound] = []
    for everything in atoms_of([*register, *cells], outside):
        atoms = _agreeing(everything, zeros_shown)
        contradicted += [bound for bound in everything.bounds if bound not in atoms.bounds]
        reader = Reader(atoms, zeros_shown)
        reader.farthest(csr_matrix((1, atoms.matrix.shape[1])), upward=True)  # some table fits all files
        certified = [table for table in (certified_table(atoms, reader, it) for it in given) if table is not None]
        tables = list(certified)
        for group, seen, how in groups_of(atoms):
            asked += 1
            tells = any(cell.zero_tells and cell.value is None for cell in seen)
            shown = [cell.value for cell in seen if cell.value is not None]
            if len(shown) == 2:
                exact = shown[1] - shown[0]
                several = policy == "exact" and seen[0].release == seen[1].release  # hidden cells of it, none known
                is_few = 0 < exact < minimum or (exact == 0 and _is_of_somebody(atoms, seen))
                if is_few and not several:
                    leaks.append(Leak(seen, exact, exact, how))
                continue
            before = [int((group @ table)[0]) for table in tables]
            if _shown(before, minimum, policy):
                proved += _shown(before[: len(certified)], minimum, policy)
                continue
            low, high, is_safe = _range(reader, group, before, minimum, policy, tables, tells)
            if not is_safe:
                leaks.append(Leak(seen, low, high, how))
        leaks += _by_insiders(atoms, zeros_shown, alone, tables, minimum)
    knowledge = (*KNOWLEDGE, OUTSIDE) if outside else KNOWLEDGE
    return Report(tuple(leaks), asked, proved, knowledge, tuple(contradicted))


def _agreeing(atoms: Atoms, zeros_shown: bool) -> Atoms:
    """The atoms with the published numbers that agree with the files and with one another, the closest ones first."""
    if not atoms.bounds or Reader(atoms, zeros_shown).agrees():
        return atoms
    dropped = set(atoms.bounds)
    for bound in sorted(atoms.bounds, key=lambda bound: bound.high - bound.low):
        if Reader(atoms.without(dropped - {bound}), zeros_shown).agrees():
            dropped.remove(bound)
    return atoms.without(dropped)


def _allowed(low: int, high: int, minimum: int, policy: Policy, zero_tells: bool = False) -> bool:
    """Whether bounds tell nothing; where nobody is in it, or surely enough are, there is nothing to tell."""
    return (high == 0 and not zero_tells) or low >= minimum or _shown([low, high], minimum, policy)


def _shown(reached: Sequence[int], minimum: int, policy: Policy) -> bool:
    """Whether tables that fit, by the numbers that a group has in them, show that enough is possible.

    That it is nobody, or surely enough, no table can show: only bounds can.
    """
    if not reached or (max(reached) < minimum and (policy != "exact" or min(reached) == max(reached))):
        return False
    return policy != "wide" or max(reached) - min(reached) >= minimum - 1


def _is_of_somebody(atoms: Atoms, pair: tuple[Seen, ...]) -> bool:
    """Whether a part of shares that is seen to be empty is one of units that are there: nobody of them, or all."""
    if not all(cell.zero_tells for cell in pair):
        return False
    whole = {cell.where: cell.value for cell in atoms.cells if not cell.zero_tells}
    less, more = (whole.get(tuple(it for it in cell.where if it[0] != OUTCOME)) for cell in pair)
    return less is not None and more is not None and more > less


def _range(
    reader: Reader,
    group: csr_matrix,
    before: list[int],
    minimum: int,
    policy: Policy,
    tables: list[np.ndarray],
    tells: bool = False,
) -> tuple[int, int, bool]:
    """What can be proved of a group, and whether that is allowed. Tables met on the way are kept for other groups."""
    ends = []
    for upward in (True, False):
        bound = reader.farthest(group, upward)
        if np.isfinite(bound) and reader.fits(reader.last):
            tables.append(reader.last)
        ends.append(bound)
    high = floor(min(ends[0], 1e15) + NEARLY)
    low = max(0, ceil(ends[1] - NEARLY))
    is_allowed = _allowed(low, high, minimum, policy, tells)
    if high == 0 or low >= minimum or not is_allowed:
        return low, high, is_allowed
    reached = [*before, *(int((group @ table)[0]) for table in tables)]
    if not _shown(reached, minimum, policy):
        # the bounds allow it in fractions: only whole tables count
        for least, most in ((max(low, minimum if policy != "exact" else low), np.inf), (low, low + NEARLY)):
            table = reader.some_table(group, least, most)
            if table is not None:
                tables.append(table)
                reached.append(int((group @ table)[0]))
        if policy == "exact" and reached and min(reached) == max(reached):
            table = reader.some_table(group, min(reached) + 1, np.inf)
            reached += [] if table is None else [int((group @ table)[0])]
    return (*((min(reached), max(reached)) if reached else (low, low)), _shown(reached, minimum, policy))


def _by_insiders(
    atoms: Atoms, zeros_shown: bool, alone: Sequence[Seen], tables: list[np.ndarray], minimum: int
) -> list[Leak]:
    """Hidden cells that the only one in another cell knows exactly; totals of that one person don't count."""
    leaks = []
    rows = [row for row, cell in enumerate(atoms.cells) if any(_same(cell, one) for one in alone)]
    for row in rows:
        reader = Reader(atoms, zeros_shown, {row: 1})
        if atoms.bounds and not reader.agrees():  # who knows better than what was published does not believe it
            reader = Reader(atoms.without(atoms.bounds), zeros_shown, {row: 1})
        own = [table for table in tables if (atoms.matrix[[row]] @ table)[0] == 1]
        empty = np.ones(atoms.matrix.shape[1], dtype=bool)
        zero = [i for i, cell in enumerate(atoms.cells) if cell.value == 0]
        empty[np.unique(atoms.matrix[zero].indices)] = False
        mine = (atoms.matrix[[row]].toarray().ravel() > 0) & empty
        for other, cell in enumerate(atoms.cells):
            theirs = (atoms.matrix[[other]].toarray().ravel() > 0) & empty
            if cell.value is not None or (mine == theirs).all():
                continue
            group = atoms.matrix[[other]]
            reached = [int((group @ table)[0]) for table in own]
            if _shown(reached, minimum, "exact"):
                continue
            low, high, is_safe = _range(reader, group, reached, minimum, "exact", own)
            if not is_safe:
                leaks.append(Leak((atoms.cells[row], cell), low, high, "the only one in a cell knows another"))
    return leaks


def _same(one: Seen, other: Seen) -> bool:
    return one.counted == other.counted and one.where == other.where
