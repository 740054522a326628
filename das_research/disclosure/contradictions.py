"""Numbers of the same units that differ, or that no table fits: which tables, and beside which release."""

from collections.abc import Iterable, Mapping, Sequence

from das_research.disclosure.attacker.atoms import atoms_of
from das_research.disclosure.attacker.bounds import Reader
from das_research.disclosure.attacker.seen import Seen
from das_research.errors import NotJudged, ReleaseRefused


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
    if not _agree(now):
        return ReleaseRefused(
            "The tables that are handed over contradict each other.",
            why=f"No numbers fit all of them at once: {_names(_needed(now, []), tables)}.",
            fix="Compute them again in the project as it is now, and hand over that.",
            ask="the maintainers, where it stays so",
        )
    for release in dict.fromkeys(cell.release for cell in before):
        there = [cell for cell in before if cell.release == release]
        if not _agree([*there, *now]):
            mine, theirs = (_names(_needed(*pair), tables) for pair in ((now, there), (there, now)))
            return ReleaseRefused(
                "What is handed over contradicts what left before.",
                why=f"No numbers fit both {mine} and {theirs}, which left in {release}: of the same units they show "
                "different numbers, and what lies between would tell of few.",
                fix="Compute it again in the project as it is now. Where what left was wrong, hand over on a later "
                "snapshot: its numbers are other numbers.",
                ask="the data protection officer, where what left was wrong",
            )
    return None


def _agree(cells: Sequence[Seen]) -> bool:
    """Whether some table fits all; what could not be found out is no contradiction."""
    try:
        return all(Reader(atoms, zeros_shown=True).agrees() for atoms in atoms_of(cells))
    except NotJudged:
        return True
    except ReleaseRefused:
        return False


def _needed(some: Sequence[Seen], others: Sequence[Seen]) -> list[tuple[str, int]]:
    """The files without which the rest agrees; all where no single one is to blame."""
    files = sorted({(cell.release, cell.file) for cell in some})
    found = [it for it in files if _agree([*others, *(cell for cell in some if (cell.release, cell.file) != it)])]
    return found or files


def _names(files: Iterable[tuple[str, int]], tables: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(tables[release][file] for release, file in files)
