"""What remains of a closed project: seals, to verify later what its numbers were made from; nothing of a person.

A seal is a folder ``sealed/<extract>`` with ``seal.json`` (what the extract was, and the hash of every other file), the
manifest, and what was handed over on that extract. The audit log has the hash of each ``seal.json``.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from das_research.audit import AuditLog
from das_research.errors import AccessRefused
from das_research.home import Home, complete_folders, file_hash

SEAL = "seal.json"
CLOSED = "closed.json"


@dataclass(frozen=True)
class Seal:
    """What ``seal.json`` says.

    Parameters
    ----------
    project, extract, snapshot, catalog_hash, grant_hash, code_version : str
        What was closed and what it was made from; empty where only hand-overs were left of the extract.
    mode : str
        As in its manifest.
    synthetic : bool
        True when its data were fictitious.
    closed : str
        The day (ISO).
    why : str
        Why it was closed.
    files : dict
        Place below the seal's folder to SHA-256.
    """

    project: str
    extract: str
    snapshot: str
    catalog_hash: str
    grant_hash: str
    code_version: str
    mode: str
    synthetic: bool
    closed: str
    why: str
    files: dict[str, str]

    def to_json(self) -> str:
        """The text of ``seal.json``."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def sealed_folder(home: Home, project: str) -> Path:
    """Where the seals of a project stand."""
    return home.project(project) / "sealed"


def list_seals(home: Home) -> list[tuple[Seal, bool]]:
    """Every seal of every project, and whether it is whole: as the audit log knows it, with all its files."""
    known = {line["facts"].get("seals", "") for line in AuditLog(home.audit_log).lines() if line["act"] == "closed"}
    hashes = {hash for text in known for hash in text.split()}
    found = []
    for project in complete_folders(home.project("any").parent):
        for folder in complete_folders(sealed_folder(home, project.name)):
            path = folder / SEAL
            if path.is_file() and not path.is_symlink():
                seal = Seal(**json.loads(path.read_text(encoding="utf-8")))
                found.append((seal, file_hash(path) in hashes and files_of(folder) == seal.files))
    return found


def files_of(folder: Path) -> dict[str, str]:
    """The files of a seal but its own list, by their place, with their hashes."""
    paths = sorted(path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    return {
        path.relative_to(folder).as_posix(): "a link" if path.is_symlink() else file_hash(path)
        for path in paths
        if path != folder / SEAL
    }


def is_closed(home: Home, project: str) -> bool:
    """Whether a project was closed and has got no extract since."""
    folder = home.project(project)
    return (folder / CLOSED).is_file() and not (folder / "extracts" / "current").exists()


def refuse_closed(home: Home, project: str) -> None:
    """Refuse a project that was closed.

    Raises
    ------
    AccessRefused
        With the day, what remains, and how a new grant builds it again.
    """
    if not is_closed(home, project):
        return
    closed = json.loads((home.project(project) / CLOSED).read_text(encoding="utf-8"))
    snapshot = closed["snapshot"]
    pinned = f"das project extract {project}" + (f" --snapshot {snapshot}" if snapshot else "")
    raise AccessRefused(
        f"The project '{project}' was closed on {closed['closed']}: its database and the key of it were destroyed.",
        why=f"{closed['why'][0].upper()}{closed['why'][1:]}. What remains stands in {sealed_folder(home, project)}: "
        "its manifests, hand-overs and Results, sealed to be verified.",
        fix=f"once its grant, or a new one, is in force, type: {pinned}",
        ask="the steward of the data, who can prepare a new grant",
    )
