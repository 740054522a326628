"""Numbers of the same units that differ, or that no table fits: which tables, and beside which release."""

from collections.abc import Iterable, Mapping, Sequence

from das_research.disclosure.attacker.atoms import Differ, atoms_of
from das_research.disclosure.attacker.bounds import Reader
from das_research.disclosure.attacker.known import Seen
from das_research.errors import ReleaseRefused


def contradiction(
    now: Sequence[Seen], before: Sequence[Seen], tables: Mapping[str, Sequence[str]]
) -> ReleaseRefused | None:
    """What to say where numbers contradict each other; None where they don't.

    Parameters
    ----------
    now, before : sequence of Seen
        What was read of the files that are to leave, and of what left before.
    tables : mapping of str to sequence of str
        Release, empty for what is to leave, to the names of its Results in the order of their files.

    Returns
    -------
    ReleaseRefused or None
        Names tables and a release, and no number.
    """
    if _clash(now) is not None:
        return ReleaseRefused(
            "The tables that are handed over contradict each other.",
            why=f"No numbers fit all of them at once: {_names(_needed(now, []), tables)}.",
            fix="Compute them again in the project as it is now, and hand over that.",
            ask="the maintainers, where it stays so",
        )
    for release in dict.fromkeys(cell.release for cell in before):
        there = [cell for cell in before if cell.release == release]
        if (clash := _clash([*there, *now])) is not None:
            mine, theirs = (_names(_needed(*pair), tables) for pair in ((now, there), (there, now)))
            return ReleaseRefused(
                "What is handed over contradicts what left before.",
                why=f"No numbers fit both {mine} and {theirs}, which left in {release}. {clash.what} {clash.why}",
                fix=f"{clash.fix} Where what left was wrong, hand over on a later snapshot.",
                ask="the data protection officer, where what left was wrong",
            )
    return None


def _clash(cells: Sequence[Seen]) -> ReleaseRefused | None:
    """Why no table fits all; None where one does, or where that could not be found out."""
    try:
        if all(Reader(atoms, zeros_shown=True).agrees() for atoms in atoms_of(cells)):
            return None
    except Differ as error:
        return error
    except ReleaseRefused:
        return None
    return ReleaseRefused(
        "What adds up in the one does not in the other.",
        why="Their difference would tell of few units.",
        fix="Compute both again in the project as it is now.",
    )


def _needed(some: Sequence[Seen], others: Sequence[Seen]) -> list[tuple[str, int]]:
    """The files without which the rest agrees; all where no single one is to blame."""
    files = sorted({(cell.release, cell.file) for cell in some})
    found = [
        it for it in files if _clash([*others, *(cell for cell in some if (cell.release, cell.file) != it)]) is None
    ]
    return found or files


def _names(files: Iterable[tuple[str, int]], tables: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(tables[release][file] for release, file in files)
