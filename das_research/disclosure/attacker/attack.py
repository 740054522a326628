"""The attack: which hidden groups can be told closer than is allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from das_research.disclosure.attacker.atoms import Atoms, atoms_of, is_part_beside_others
from das_research.disclosure.attacker.bounds import Reader
from das_research.disclosure.attacker.certificates import certified_table, read_certificates
from das_research.disclosure.attacker.far_tables import far_tables
from das_research.disclosure.attacker.groups import groups_of
from das_research.disclosure.attacker.insiders import QUESTIONS, Budget, Insiders, known_alone
from das_research.disclosure.attacker.known import Bound, Seen
from das_research.disclosure.attacker.proof import Policy, is_possible, proved
from das_research.disclosure.attacker.readings import OUTCOME
from das_research.disclosure.attacker.room import Room, RoundedInsiders

KNOWLEDGE = (
    "files",  # every file of this release and of those before it, and the classifications
    "sums",  # that sub-totals and totals are the sums of their parts, and that all are whole numbers
    "zeros",  # that a hidden cell holds at least one unit where true zeros are shown
)
OUTSIDE = "outside"  # what others published of the same units, as far as its rounding tells
ROUNDING = "rounding"  # of a rounded number: how far it can lie from the number under it, and that numbers add up
OF_INSIDERS = "insiders"  # of the only one in a hidden or rounded cell: that there is nobody else in it


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
    terms : tuple of (int, Seen)
        The sum that tells it, where it was found by one: shown cells, and how often each is added.
    """

    cells: tuple[Seen, ...]
    low: int
    high: int
    how: str
    terms: tuple[tuple[int, Seen], ...] = ()


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
    insiders, not_asked : int
        Of how many cells the only one in it was asked, and of how many not, since too many questions were asked.
    verified : int
        How many certificates fit all that is seen.
    """

    leaks: tuple[Leak, ...]
    asked: int
    by_certificate: int
    knowledge: tuple[str, ...] = KNOWLEDGE
    contradicted: tuple[Bound, ...] = ()
    insiders: int = 0
    not_asked: int = 0
    verified: int = 0


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
    questions: int = QUESTIONS,
) -> Report:
    """Attack what is about to leave.

    Parameters
    ----------
    cells : sequence of Seen
        Of the files about to leave, see `seen.read_release`.
    register : sequence of Seen
        Of what left before, see `seen.read_register`.
    minimum : int
        Fewer units than this are unsafe. What is told by rounded numbers may be known to be few, but no closer than by
        as many numbers as their base.
    policy : {'exact', 'threshold', 'wide'}
        What may not be: a small number is known exactly; or is proved to be small; or its bounds lie closer together
        than minimum - 1.
    zeros_shown : bool
        Whether true zeros are shown.
    certificates : str, optional
        JSON of tables that are said to fit, as the dossier has them: each a list of `{counted, where, value}` of hidden
        cells. Each is verified in whole numbers; one that does not fit proves nothing.
    alone : sequence of Seen
        Hidden and rounded cells with one contributor, each with its number (without one it is 1): their insiders are
        asked too.
    outside : sequence of Bound
        What others published of the same units, see `das_research.disclosure.outside`.
    questions : int
        How many are put to the solver for insiders, before the others are left unasked.

    Returns
    -------
    Report

    Raises
    ------
    ReleaseRefused
        When the solver fails or takes too long, files contradict each other, or can't be read.
    """
    leaks: list[Leak] = []
    asked = certain = insiders = not_asked = 0
    budget = Budget(questions)
    given = read_certificates(certificates)
    fitting, forged = set[int](), set[int]()
    contradicted: list[Bound] = []
    for everything in atoms_of([*register, *cells], outside):
        atoms = _agreeing(everything, zeros_shown)
        contradicted += [bound for bound in everything.bounds if bound not in atoms.bounds]
        reader = Reader(atoms, zeros_shown)
        reader.farthest(csr_matrix((1, atoms.matrix.shape[1])), upward=True)  # some table fits all files
        certified, kinds = [], {cell.counted for cell in atoms.cells}
        for place, one in enumerate(given):
            if (table := certified_table(atoms, reader, one, zeros_shown)) is not None:
                certified.append(table)
                fitting.add(place)
            elif any(counted in kinds for counted, _ in one):
                forged.add(place)
        groups, room = groups_of(atoms), None
        unknown = [group for group, seen, _ in groups if len(seen) == 1 and not seen[0].within]
        tables = [*certified, *far_tables(reader, unknown, certified, minimum, policy)]
        for group, seen, how in groups:
            asked += 1
            if any(cell.within for cell in seen):
                room = room or Room.of(atoms, reader)
                need = min(cell.base for cell in seen if cell.within)
                low, high, is_safe = room.is_enough(group, need, minimum)
                leaks += [] if is_safe else [Leak(seen, low, high, how)]
                continue
            tells = any(cell.zero_tells and cell.value is None for cell in seen)
            shown = [cell.value for cell in seen if cell.value is not None]
            if len(shown) == 2:
                exact = shown[1] - shown[0]
                # hidden cells of it, none known; what is in no cell is known as a whole
                several = policy == "exact" and seen[0].release == seen[1].release and not is_part_beside_others(*seen)
                is_few = 0 < exact < minimum or (exact == 0 and _is_of_somebody(atoms, seen))
                if is_few and not several:
                    leaks.append(Leak(seen, exact, exact, how))
                continue
            before = (group @ np.column_stack(tables))[0].tolist() if tables else []
            if is_possible(before, minimum, policy):
                certain += is_possible(before[: len(certified)], minimum, policy)
                continue
            low, high, is_safe = proved(reader, group, before, minimum, policy, tables, tells)
            if not is_safe:
                leaks.append(Leak(seen, low, high, how))
        if ones := known_alone(atoms, alone):
            hides = any(cell.value is None for cell in atoms.cells)
            ways: list[Insiders | RoundedInsiders] = [Insiders(atoms, zeros_shown, tables)] if hides else []
            ways += [RoundedInsiders(room, zeros_shown)] if room else []
            found, told, left = _by_insiders(atoms, ways, ones, minimum, budget)
            leaks, insiders, not_asked = leaks + found, insiders + told, not_asked + left
    is_rounded = any(cell.within for cell in (*register, *cells))
    knowledge = (*KNOWLEDGE, *([OUTSIDE] if outside else []), *([ROUNDING] if is_rounded else []))
    verified = len(fitting - forged)
    return Report(tuple(leaks), asked, certain, knowledge, tuple(contradicted), insiders, not_asked, verified)


def _agreeing(atoms: Atoms, zeros_shown: bool) -> Atoms:
    """The atoms with the published numbers that agree with the files and with one another, the closest ones first."""
    if not atoms.bounds or Reader(atoms, zeros_shown).agrees():
        return atoms
    dropped = set(atoms.bounds)
    for bound in sorted(atoms.bounds, key=lambda bound: bound.high - bound.low):
        if Reader(atoms.without(dropped - {bound}), zeros_shown).agrees():
            dropped.remove(bound)
    return atoms.without(dropped)


def _is_of_somebody(atoms: Atoms, pair: tuple[Seen, ...]) -> bool:
    """Whether a part of shares that is seen to be empty is one of units that are there: nobody of them, or all."""
    if not all(cell.zero_tells for cell in pair):
        return False
    whole = {(cell.counted, cell.where): cell.value for cell in atoms.cells if not cell.zero_tells}
    less, more = (whole.get((cell.counted, tuple(it for it in cell.where if it[0] != OUTCOME))) for cell in pair)
    return less is not None and more is not None and more > less


def _by_insiders(
    atoms: Atoms,
    ways: Sequence[Insiders | RoundedInsiders],
    ones: Mapping[int, int],
    minimum: int,
    budget: Budget,
) -> tuple[list[Leak], int, int]:
    """What insiders know too closely; how many were asked, and how many were not, since the budget was spent."""
    cells, leaks, asked = atoms.cells, list[Leak](), 0
    for row, own in ones.items():
        if budget.left <= 0:
            break
        asked += 1
        for other, low, high in (it for way in ways for it in way.told(row, own, minimum, budget)):
            leaks.append(Leak((cells[row], cells[other]), low, high, "the only one in a cell knows another"))
    return leaks, asked, len(ones) - asked
