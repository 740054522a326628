"""A snapshot: the whole warehouse as one build left it."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from das_research.errors import UsageError
from das_research.home import Home, complete_folders
from das_research.keys.data import data_keys

MANIFEST = "snapshot.json"
CURRENT = "current"


@dataclass(frozen=True)
class Snapshot:
    """What ``snapshot.json`` says.

    Parameters
    ----------
    id : str
        ``snap-`` and the hash of deliveries, catalogue, key register and code.
    deliveries : tuple of str
        Ids of the deliveries in it.
    catalog_hash, register, code_version : str
        Hashes of the catalogue, of the key register after linking, and of the code that built it.
    synthetic : bool
        True when its deliveries are fictitious.
    observed_until : date
        The last day the sources cover.
    tables : dict
        Table to the number of its rows.
    linkage : dict
        Dataset of every stage but the first to the share of its cases (0-1) that an earlier stage knows.
    linkage_counts : dict
        Dataset to ``cases`` and ``known``, the numbers under that share.
    conflicts : int
        Cases whose rows name more than one person.
    references : dict
        ``dataset.variable -> dataset.variable`` to ``rows`` with a value and ``known``, those whose value the other
        dataset holds.
    contradictions : dict
        What can't be true together, in counts: ``persons`` (field to ``known`` and ``several``),
        ``cases_with_several_persons``, ``orders`` (``earlier -> later`` to ``cases`` and ``reversed``).
    rows : dict
        Delivery to its rows ``accepted`` by gate 1, and what became of them: ``superseded`` by a later delivery,
        ``set_aside`` by a rule across tables, or ``in_snapshot``.
    set_aside, marked : dict
        Dataset to the rows that each rule across tables set aside, or marked.
    """

    id: str
    deliveries: tuple[str, ...]
    catalog_hash: str
    register: str
    code_version: str
    synthetic: bool
    observed_until: date
    tables: dict[str, int]
    linkage: dict[str, float]
    linkage_counts: dict[str, dict[str, int]]
    conflicts: int
    references: dict[str, dict[str, int]] = field(default_factory=dict)
    contradictions: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    set_aside: dict[str, dict[str, int]] = field(default_factory=dict)
    marked: dict[str, dict[str, int]] = field(default_factory=dict)

    def to_json(self) -> str:
        """The content of ``snapshot.json``."""
        document = asdict(self) | {"observed_until": self.observed_until.isoformat()}
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Snapshot":
        """Read what `to_json` wrote."""
        document = json.loads(text)
        deliveries = tuple(document.pop("deliveries"))
        observed_until = date.fromisoformat(document.pop("observed_until"))
        return cls(deliveries=deliveries, observed_until=observed_until, **document)


def read_snapshot(home: Home, id: str | None = None) -> Snapshot:
    """One snapshot of a home.

    Parameters
    ----------
    home : Home
        The home folder.
    id : str, optional
        Which one; default the current.

    Returns
    -------
    Snapshot
        Its manifest.

    Raises
    ------
    UsageError
        When there is no such snapshot, or none at all.
    """
    current = home.snapshots / CURRENT
    if id is None:
        if not current.is_file():
            raise UsageError("There is no snapshot yet.", why="Nothing was built in this home.", fix="das build")
        id = current.read_text(encoding="utf-8").strip()
    if not is_stored(home, id):
        raise UsageError(f"There is no snapshot '{id}'.", fix="das snapshot list")
    return Snapshot.from_json((home.snapshots / id / MANIFEST).read_text(encoding="utf-8"))


def is_stored(home: Home, id: str) -> bool:
    """Whether a snapshot stands, with the key of its tables."""
    return id in [folder.name for folder in _folders(home)]


def list_snapshots(home: Home) -> list[Snapshot]:
    """Every snapshot of a home, sorted by id."""
    return [Snapshot.from_json((folder / MANIFEST).read_text(encoding="utf-8")) for folder in _folders(home)]


def _folders(home: Home) -> list[Path]:
    """The folders of all snapshots; one whose data key is gone counts as gone."""
    keys = data_keys(home)
    return [folder for folder in complete_folders(home.snapshots) if keys.has(f"snapshot-{folder.name}")]
