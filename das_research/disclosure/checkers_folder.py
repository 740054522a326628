"""A folder that an output checker takes to a desk within the secure zone: for its owner alone, outside the home."""

from collections.abc import Mapping
from pathlib import Path

from das_research.errors import UsageError
from das_research.home import PRIVATE_FILE, Home, new_folder, write_new


def check_folder(home: Home, to: Path) -> None:
    """Refuse a folder that is there, or that lies in the home.

    Raises
    ------
    UsageError
        Says which of the two.
    """
    where = to.resolve()
    if to.exists() or to.is_symlink():
        raise UsageError(f"{to} is there already.", fix="Name a folder that isn't there yet.")
    if where.is_relative_to(home.root.resolve()):
        raise UsageError(
            f"{to} lies in the home folder.",
            why="Editions and projects are read from there, and these numbers are in neither.",
            fix="Name a folder of your own in the secure zone.",
        )


def write_folder(to: Path, files: Mapping[str, str]) -> None:
    """Make the folder with these files, as a whole or not at all.

    Parameters
    ----------
    to : Path
        As `check_folder` let it pass.
    files : mapping of str to str
        Name to text.
    """
    with new_folder(to) as folder:
        for name, text in files.items():
            write_new(folder / name, text.encode(), PRIVATE_FILE)
