"""The warehouse for one act at a time: nobody builds or extracts from rows that another act is destroying."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from das_research.home import Home, private_folder
from das_research.keys.data import data_keys

LOCK = ".lock"


@contextmanager
def warehouse_lock(home: Home) -> Iterator[None]:
    """Wait for the warehouse, and keep it from every other act until the block ends. It can't be taken twice.

    What a killed act left is cleared away first.
    """
    private_folder(home.warehouse)
    with (home.warehouse / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _sweep(home)
        yield


def _sweep(home: Home) -> None:
    """Take away the vault of a delivery that never appeared, and keys whose file never appeared or is gone."""
    for path in home.vault.glob("*.parquet"):
        if not (home.deliveries / path.stem).is_dir():
            path.unlink()
    keys = data_keys(home)
    for name in keys.names():
        kind, _, id = name.partition("-")
        closed = {
            "delivery": home.deliveries / id,
            "quarantine": home.deliveries / id,
            "vault": home.vault / f"{id}.parquet",
            "snapshot": home.snapshots / id,
        }
        if kind in closed and not closed[kind].exists():
            keys.destroy(name)
