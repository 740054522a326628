"""A project that ends: its database, the key of it and every copy are destroyed; what its numbers rest on is sealed."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from das_research.access.grants import find_grant
from das_research.access.manifest import ID, MANIFEST, Extract, extract_folder, list_extracts
from das_research.access.own_key import refuse_links
from das_research.access.sealed import CLOSED, SEAL, Seal, files_of, sealed_folder
from das_research.access.server import take_away
from das_research.catalog.models import Catalog
from das_research.changes import Change, change, warehouse_lock
from das_research.custody.copies import destroy_extract
from das_research.errors import UsageError
from das_research.handover import FILE, FOLDER
from das_research.home import Home, complete_folders, file_hash, private_folder, sweep, write_file

ASKED = "it was closed before the end of its grant"
ENDED = "its grant has ended"
SCRATCH = ("scratch", "runs")  # what else of a project can hold rows: an executed notebook shows what was printed
Run = tuple[Path, str]  # a run's folder and the extract that its hand-over names


def close(catalog: Catalog, home: Home, project: str, account: str, today: date | None = None) -> list[Seal]:
    """Close a project: destroy its database with its keys, and seal what is left of it.

    Parameters
    ----------
    catalog : Catalog
        Its grants.
    home : Home
        The home folder.
    project : str
        Which project.
    account : str
        Who closes it.
    today : date, optional
        Default the current day.

    Returns
    -------
    list of Seal
        One for each extract, and for each earlier one on which something was handed over.

    Raises
    ------
    UsageError
        No such project, or nothing to close.
    AccessRefused
        When a link stands where a file of the project should.
    """
    grant = find_grant(catalog, project)
    day = today or datetime.now(UTC).date()
    with warehouse_lock(home):
        return close_locked(home, project, account, day, ENDED if day > grant.end else ASKED)


def close_locked(home: Home, project: str, account: str, day: date, why: str) -> list[Seal]:
    """As `close`, for who has the warehouse already."""
    refuse_links(home, sealed_folder(home, project))
    extracts = {it.id: it for it in list_extracts(home) if it.project == project}
    runs = _runs(home, project)
    if not extracts and not runs:
        raise UsageError(f"The project '{project}' has nothing to close.", fix="das project list")
    for extract in extracts.values():
        take_away(extract)  # first: what a server does not give up is not closed
    seals = []
    with change(home, "custody", "closed", account) as made:
        digests = []
        for id in sorted({*extracts, *(extract for _, extract in runs)}):
            mine = [run for run, extract in runs if extract == id]
            seal, digest = _seal(made, project, id, extracts.get(id), mine, day, why)
            seals.append(seal)
            digests.append(digest)
        _destroy(made, project, list(extracts.values()), why)
        last = max(extracts.values(), key=lambda it: (it.observed_until, it.id), default=None)
        closed = {"closed": day.isoformat(), "why": why, "snapshot": last.snapshot if last else ""}
        made.write(home.project(project) / CLOSED, json.dumps(closed, indent=1) + "\n")
        made.facts |= {"project": project, "extracts": len(extracts), "runs": len(runs), "seals": " ".join(digests)}
    return seals


def _seal(
    made: Change, project: str, id: str, extract: Extract | None, runs: list[Path], day: date, why: str
) -> tuple[Seal, str]:
    """Have what is left of one extract sealed; the seal and the hash of its list."""
    target = _free(sealed_folder(made.home, project) / id)
    folder = made.replace(target)
    private_folder(folder)
    if extract:
        shutil.copyfile(extract_folder(made.home, extract) / MANIFEST, folder / MANIFEST)
    for run in runs:
        for path in [run / FILE, *sorted((run / FOLDER).glob("*.json"))]:
            copy = folder / "runs" / run.name / path.relative_to(run)
            private_folder(copy.parent)
            shutil.copyfile(path, copy)
    of = {
        name: getattr(extract, name, "") for name in ("snapshot", "catalog_hash", "grant_hash", "code_version", "mode")
    }
    seal = Seal(
        project=project,
        extract=id,
        **of,
        synthetic=bool(extract and extract.synthetic),
        closed=day.isoformat(),
        why=why,
        files=files_of(folder),
    )
    write_file(folder / SEAL, seal.to_json())
    made.make_read_only(target)
    return seal, file_hash(folder / SEAL)


def _destroy(made: Change, project: str, extracts: list[Extract], why: str) -> None:
    home = made.home
    for extract in extracts:
        destroy_extract(made, extract, why)
    made.remove(home.project(project) / "extracts" / "current")
    sweep(home.project(project) / "extracts")
    for name in SCRATCH:
        made.remove(home.project(project) / name)


def _runs(home: Home, project: str) -> list[Run]:
    """The runs that handed something over. One with a link in it is no run: it goes, and nothing of it is sealed."""
    found = []
    for run in complete_folders(home.project(project) / "runs"):
        paths = [run, run / FILE, run / FOLDER, *(run / FOLDER).glob("*")]
        if any(path.is_symlink() for path in paths) or not (run / FILE).is_file():
            continue
        try:
            extract = str(json.loads((run / FILE).read_text(encoding="utf-8"))["extract"])
        except (ValueError, KeyError, TypeError):
            continue
        if ID.fullmatch(extract):
            found.append((run, extract))
    return found


def _free(target: Path) -> Path:
    """A name that no earlier closing took."""
    names = [target, *(target.with_name(f"{target.name}-{number}") for number in range(2, 1000))]
    return next(path for path in names if not path.exists())
