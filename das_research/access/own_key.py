"""The key of an extract: the steward's, and the copy that is all a project has beside its database.

The copy stands in the project's own folder, apart from the database, so that a backup can keep the two apart. With
three accounts both files are the project's account's; see ``docs/three-accounts.md``.
"""

from pathlib import Path

from das_research.errors import AccessRefused
from das_research.home import PROJECT_KEYS, Home
from das_research.keys import files
from das_research.keys.data import SUFFIX, data_keys


def own_key_path(home: Home, project: str, extract: str) -> Path:
    """Where a project has the key of one of its extracts."""
    return home.project(project) / PROJECT_KEYS / f"{extract}{SUFFIX}"


def steward_name(extract: str) -> str:
    """What the steward's key of an extract is called among the data keys."""
    return f"extract-{extract}"


def hand_over(home: Home, project: str, extract: str, key: bytes | None = None) -> None:
    """Give a project the key of its extract; without one, that which the steward has.

    Parameters
    ----------
    home : Home
        The home folder; its warehouse is locked.
    project, extract : str
        Whose key of what.
    key : bytes, optional
        Of a new extract: the steward keeps it too.

    Raises
    ------
    DasError
        When the steward's is gone.
    """
    name, path = steward_name(extract), own_key_path(home, project, extract)
    refuse_links(home, path.parent)
    if key is not None:
        data_keys(home).keep(name, key)
    key = data_keys(home).get(name)
    files.key_folder(path.parent)
    if path.is_symlink() or not path.is_file() or files.read(path) != key:
        path.unlink(missing_ok=True)
        files.write_once(path, key)


def own_key(home: Home, project: str, extract: str) -> bytes:
    """The key that a project has of one of its extracts.

    Raises
    ------
    AccessRefused
        When it is not there, or is a link to a file elsewhere.
    DasError
        When others can read it, or it isn't a key.
    """
    path = own_key_path(home, project, extract)
    refuse_links(home, path)
    if not path.is_file():
        raise AccessRefused(
            f"The project '{project}' has no key of its extract {extract}.",
            why=f"{path} is not there: it was destroyed with the extract, or never handed over to this account.",
            fix=f"Type: das project extract {project}",
            ask="the steward who keeps the warehouse",
        )
    return files.read(path)


def refuse_links(home: Home, path: Path) -> None:
    """Refuse a file of a project that is a link, or stands in a folder that is one: it can lead to any other file.

    Raises
    ------
    AccessRefused
        With the place.
    """
    for place in (path, *path.parents):
        if place == home.project("any").parent:
            return
        if place.is_symlink():
            raise AccessRefused(
                f"{place} is a link.",
                why="What gate 2 writes is files and folders of the project itself; a link can lead to another's.",
                fix="Remove the link, and make the extract again.",
                ask="whoever keeps the home folder",
            )
