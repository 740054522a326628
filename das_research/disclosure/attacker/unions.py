"""The attack by who is under the cells: which few are told by numbers of several tables, added and subtracted.

Reads the files as they leave and left, and is told of every kind of persons how many units of theirs each cell holds,
whatever the columns and codes are called. In real numbers: by projections and linear programs.
"""

import json
from collections.abc import Sequence

from das_research.disclosure.attacker.attack import Leak
from das_research.disclosure.attacker.hidden_few import too_closely_bounded
from das_research.disclosure.attacker.kinds import File, read_kinds
from das_research.disclosure.attacker.proof import Policy
from das_research.disclosure.attacker.seen import unreadable
from das_research.disclosure.attacker.sums_of_few import sums_of_few

HOW = "numbers of several tables, added and subtracted, leave it"
BETWEEN = "numbers of several tables bound the hidden cell"
OF_PERSONS = "persons"  # of every kind of persons, how many units of theirs stand in which cells


def attack_unions(
    standing: str, files: Sequence[File], minimum: int, policy: Policy = "threshold"
) -> tuple[list[Leak], int]:
    """Attack what several files tell together of few persons.

    Parameters
    ----------
    standing : str
        JSON of who stands in the cells of their Results, see `das_research.tabulation.standing`.
    files : sequence of File
        What is about to leave, and what left before.
    minimum : int
        Fewer persons than this must not be told.
    policy : {'exact', 'threshold', 'wide'}
        As of `attack.attack`.

    Returns
    -------
    list of Leak, int
        What can be told; and how many cells and sums were asked after.

    Raises
    ------
    ReleaseRefused
        When a file can't be read, or the attack does not come to an end.
    """
    try:
        kinds = read_kinds(json.loads(standing), files)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable("a released Result") from error
    if not kinds.shown:
        return [], 0
    chosen = {(file.release, file.number) for file in files if file.chosen}
    old = {column for column, cell in kinds.shown.items() if cell.release}
    agreed = {column for column, cell in kinds.shown.items() if (cell.release, cell.file) not in chosen}
    others = [some for some in (old, agreed) if some]  # what these tell by themselves is not told anew
    sums = list(sums_of_few(kinds, others, minimum))
    leaks = [
        Leak(tuple(cell for _, cell in terms), number, number, HOW, terms)
        if terms
        else Leak(tuple(kinds.shown.values())[:1], 0, minimum - 1, HOW)  # by odd factors: no sum is told
        for terms, number, together in filter(None, sums)
        if not (policy == "exact" and together > 1)
    ]
    if leaks:
        return leaks, len(sums)
    asked = [column for column in kinds.hidden if kinds.totals[column] < minimum]
    told = too_closely_bounded(kinds, asked, others, minimum, policy)
    return [Leak((kinds.hidden[column],), low, high, BETWEEN) for column, low, high in told], len(sums) + len(asked)
