"""The warehouse as gate 2 sees it: the current snapshot, and its tables opened in an engine."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.errors import AccessRefused
from das_research.home import Home


@dataclass(frozen=True)
class Snapshot:
    """What an extract needs to know of the snapshot under it."""

    id: str
    synthetic: bool
    observed_until: date
    linkage: dict[str, float]
    folder: Path

    def open(self, engine: Backend) -> dict[str, ir.Table]:
        """The tables of the snapshot in an engine, by name."""
        return {path.stem: engine.read_parquet(path) for path in sorted(self.folder.glob("*.parquet"))}


def has_snapshot(home: Home) -> bool:
    """Whether a warehouse was ever built."""
    return (home.snapshots / "current").exists()


def current_snapshot(home: Home) -> Snapshot:
    """The latest snapshot of the warehouse.

    Raises
    ------
    AccessRefused
        When none was built yet.
    """
    if not has_snapshot(home):
        raise AccessRefused(
            "There is no snapshot to take data from.",
            why="The warehouse was never built in this home folder.",
            fix="Type: das build",
        )
    folder = home.snapshots / (home.snapshots / "current").read_text().strip()
    document = json.loads((folder / "snapshot.json").read_text(encoding="utf-8"))
    return Snapshot(
        id=document["id"],
        synthetic=document["synthetic"],
        observed_until=date.fromisoformat(document["observed_until"]),
        linkage=document["linkage"],
        folder=folder,
    )
