"""The attack: which hidden groups can be told closer than is allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Literal

import numpy as np
from scipy.sparse import csr_matrix

from das_research.disclosure.attacker.atoms import Atoms, atoms_of, differences
from das_research.disclosure.attacker.bounds import NEARLY, Reader
from das_research.disclosure.attacker.certificates import certified_table, read_certificates
from das_research.disclosure.attacker.seen import Seen

Policy = Literal["exact", "threshold", "wide"]
KNOWLEDGE = (
    "every file of this release and of those before it, and the classifications",
    "that sub-totals and totals are the sums of their parts, and that all are whole numbers",
    "that a hidden cell holds at least one unit where true zeros are shown",
    "of an insider: that there is nobody else in the own cell",
)


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
    """

    leaks: tuple[Leak, ...]
    asked: int
    by_certificate: int
    knowledge: tuple[str, ...] = KNOWLEDGE


def attack(
    cells: Sequence[Seen],
    register: Sequence[Seen],
    minimum: int,
    policy: Policy = "threshold",
    *,
    zeros_shown: bool = True,
    certificates: str | None = None,
    alone: Sequence[Seen] = (),
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
    for atoms in atoms_of([*register, *cells]):
        reader = Reader(atoms, zeros_shown)
        reader.farthest(csr_matrix((1, atoms.matrix.shape[1])), upward=True)  # some table fits all files
        certified = [table for table in (certified_table(atoms, reader, it) for it in given) if table is not None]
        tables = list(certified)
        for group, seen, how in _groups(atoms):
            asked += 1
            shown = [cell.value for cell in seen if cell.value is not None]
            if len(shown) == 2:
                exact = shown[1] - shown[0]
                several = policy == "exact" and seen[0].release == seen[1].release  # hidden cells of it, none known
                if 0 < exact < minimum and not several:
                    leaks.append(Leak(seen, exact, exact, how))
                continue
            before = [int((group @ table)[0]) for table in tables]
            if before and _allowed(min(before), max(before), minimum, policy):
                numbers = before[: len(certified)]
                proved += bool(numbers) and _allowed(min(numbers), max(numbers), minimum, policy)
                continue
            low, high = _range(reader, group, before, minimum, policy, tables)
            if not _allowed(low, high, minimum, policy):
                leaks.append(Leak(seen, low, high, how))
        leaks += _by_insiders(atoms, zeros_shown, alone, tables, minimum)
    return Report(tuple(leaks), asked, proved)


def _groups(atoms: Atoms) -> list[tuple[csr_matrix, tuple[Seen, ...], str]]:
    """All that must not be told: hidden cells, and differences of what different releases show."""
    groups: list[tuple[csr_matrix, tuple[Seen, ...], str]] = []
    for row, cell in enumerate(atoms.cells):
        if cell.value is None:
            groups.append((atoms.matrix[[row]], (cell,), "the hidden cell is bounded by what is shown"))
    groups += [(group, (cell,), "the codes that no file shows are what is left") for group, cell in atoms.others]
    for small, large in differences(atoms):
        group = atoms.matrix[[large]] - atoms.matrix[[small]]
        groups.append((group, (atoms.cells[small], atoms.cells[large]), "two numbers differ by it"))
    return groups


def _allowed(low: int, high: int, minimum: int, policy: Policy) -> bool:
    """Whether bounds tell nothing; where nobody is in it, or surely enough are, there is nothing to tell."""
    if high == 0 or low >= minimum:
        return True
    if policy == "exact":
        return low < high
    return high >= minimum and (policy == "threshold" or high - low >= minimum - 1)


def _range(
    reader: Reader, group: csr_matrix, before: list[int], minimum: int, policy: Policy, tables: list[np.ndarray]
) -> tuple[int, int]:
    """What can be proved of a group. Tables that are met on the way are kept: they serve other groups too."""
    ends = []
    for upward in (True, False):
        bound = reader.farthest(group, upward)
        if np.isfinite(bound) and reader.fits(reader.last):
            tables.append(reader.last)
        ends.append(bound)
    high = floor(min(ends[0], 1e15) + NEARLY)
    low = max(0, ceil(ends[1] - NEARLY))
    if not _allowed(low, high, minimum, policy):
        return low, high
    reached = [*before, *(int((group @ table)[0]) for table in tables)]
    if not reached or not _allowed(min(reached), max(reached), minimum, policy):
        # the bounds allow it in fractions: only whole tables count
        for least, most in ((max(low, minimum if policy != "exact" else low), np.inf), (low, low + NEARLY)):
            table = reader.some_table(group, least, most)
            if table is not None:
                tables.append(table)
                reached.append(int((group @ table)[0]))
        if policy == "exact" and reached and min(reached) == max(reached):
            table = reader.some_table(group, min(reached) + 1, np.inf)
            reached += [] if table is None else [int((group @ table)[0])]
    return (min(reached), max(reached)) if reached else (low, low)


def _by_insiders(
    atoms: Atoms, zeros_shown: bool, alone: Sequence[Seen], tables: list[np.ndarray], minimum: int
) -> list[Leak]:
    """Hidden cells that the only one in another cell knows exactly; totals of that one person don't count."""
    leaks = []
    rows = [row for row, cell in enumerate(atoms.cells) if any(_same(cell, one) for one in alone)]
    for row in rows:
        reader = Reader(atoms, zeros_shown, {row: 1})
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
            low, high = (min(reached), max(reached)) if reached else (0, 0)
            if not reached or not _allowed(low, high, minimum, "exact"):
                low, high = _range(reader, group, reached, minimum, "exact", own)
            if not _allowed(low, high, minimum, "exact"):
                leaks.append(Leak((atoms.cells[row], cell), low, high, "the only one in a cell knows another"))
    return leaks


def _same(one: Seen, other: Seen) -> bool:
    return one.counted == other.counted and one.where == other.where
