"""Keys that close nothing: taken away by whoever next opens the warehouse."""

import os
from pathlib import Path

from das_research.home import PROJECT_KEYS, Home, complete_folders
from das_research.keys import files
from das_research.keys.data import SUFFIX, data_keys


def sweep_keys(home: Home) -> None:
    """Take away the vault of a delivery that never appeared, and keys whose file never appeared or is gone.

    Parameters
    ----------
    home : Home
        The home folder; its warehouse is locked.
    """
    delivered = {folder.name for sender in home.senders() for folder in complete_folders(sender.deliveries)}
    for path in home.vault.glob("*.parquet"):
        if path.stem not in delivered:
            path.unlink()
    keys = data_keys(home)
    for name in keys.names():
        kind, _, id = name.partition("-")
        stands = {
            "delivery": id in delivered,
            "quarantine": id in delivered,
            "vault": (home.vault / f"{id}.parquet").exists(),
            "snapshot": (home.snapshots / id).exists(),
        }
        if not stands.get(kind, True):
            keys.destroy(name)
    _sweep_extracts(home)


def _sweep_extracts(home: Home) -> None:
    """Take away the keys of extracts that never appeared or are gone, the steward's and the projects' own."""
    projects = complete_folders(home.project("any").parent)
    if not all(os.access(folder, os.R_OK | os.X_OK) for folder in projects):
        return  # nobody can say from here which extracts stand
    standing = {path.name for folder in projects for path in complete_folders(folder / "extracts")}
    kept = data_keys(home)
    for name in kept.names():
        if name.startswith("extract-") and name.removeprefix("extract-") not in standing:
            kept.destroy(name)
    for path in (path for folder in projects for path in (folder / PROJECT_KEYS).glob(f"*{SUFFIX}")):
        if path.stem not in standing:
            destroy_own(home, path)


def destroy_own(home: Home, path: Path) -> None:
    """Destroy a key in a project's folder; whoever has that folder could have put a link there, to another's key."""
    if path.is_symlink():
        path.unlink()
    elif not any(place.is_symlink() for place in path.parents if place.is_relative_to(home.root)):
        files.destroy(path)
