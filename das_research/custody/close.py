"""A project that ends: its database, the key of it and every copy are destroyed; what its numbers rest on is sealed."""

import json
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from das_research.access.grants import find_grant
from das_research.access.manifest import ID, MANIFEST, Extract, extract_folder, list_extracts
from das_research.access.own_key import refuse_links
from das_research.access.sealed import CLOSED, SEAL, Seal, files_of, sealed_folder
from das_research.access.server import take_away
from das_research.audit_facts import Fact
from das_research.catalog.models import Catalog
from das_research.changes import Change, change, warehouse_lock
from das_research.custody.copies import destroy_extract
from das_research.custody.withdraw import destroy_rows
from das_research.errors import UsageError
from das_research.handover import FILE, FOLDER
from das_research.home import Home, complete_folders, file_hash, private_folder, sweep, write_file
from das_research.intake.delivery import read_deliveries
from das_research.processing_log import of_deliveries

ASKED = "it was closed before the end of its grant"
ENDED = "its grant has ended"
SCRATCH = ("scratch", "runs")  # what else of a project can hold rows: an executed notebook shows what was printed
Run = tuple[Path, str]  # a run's folder and the extract that its hand-over names


def close(catalog: Catalog, home: Home, project: str, account: str, today: date | None = None) -> list[Seal]:
    """Close a project: destroy its database and its own files with their keys, and seal what is left of it.

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
        return close_locked(catalog, home, project, account, day, ENDED if day > grant.end else ASKED)


def close_locked(catalog: Catalog, home: Home, project: str, account: str, day: date, why: str) -> list[Seal]:
    """As `close`, for who has the warehouse already."""
    ending, lists = Ending.of(home, project), read_deliveries(home.own_files(project))
    if not ending.extracts and not ending.runs and not lists:
        raise UsageError(f"The project '{project}' has nothing to close.", fix="das project list")
    ending.take_away()
    with change(home, "custody", "closed", account) as made:
        seals, facts = ending.add_to(made, catalog, day, why)
        made.facts |= facts | ({"own_files": len(lists)} if lists else {})
        made.touched("erasure", project, of_deliveries(catalog, lists))
        own = replace(made, home=home.own_files(project))
        destroy_rows(own, lists, why)
        own.remove(own.home.reports)
    return seals


@dataclass(frozen=True)
class Ending:
    """What ends when a project is closed: its extracts by id, and its runs with the extract of each."""

    project: str
    extracts: dict[str, Extract]
    runs: list[Run]

    @classmethod
    def of(cls, home: Home, project: str) -> "Ending":
        """What of a project would end now; refused where a link stands in the place of its seals."""
        refuse_links(home, sealed_folder(home, project))
        extracts = {it.id: it for it in list_extracts(home) if it.project == project}
        return cls(project, extracts, _runs(home, project))

    def take_away(self) -> None:
        """Take the extracts from their servers. Comes first: what a server does not give up is not closed."""
        for extract in self.extracts.values():
            take_away(extract)

    def add_to(self, made: Change, catalog: Catalog, day: date, why: str) -> tuple[list[Seal], dict[str, Fact]]:
        """Have all of it sealed and destroyed; the seals, and what the audit log says of it."""
        seals, digests = [], []
        for id in sorted({*self.extracts, *(extract for _, extract in self.runs)}):
            mine = [run for run, extract in self.runs if extract == id]
            seal, digest = _seal(made, self.project, id, self.extracts.get(id), mine, day, why)
            seals.append(seal)
            digests.append(digest)
        _destroy(made, catalog, self.project, list(self.extracts.values()), why)
        last = max(self.extracts.values(), key=lambda it: (it.observed_until, it.id), default=None)
        closed = {"closed": day.isoformat(), "why": why, "snapshot": last.snapshot if last else ""}
        made.write(made.home.project(self.project) / CLOSED, json.dumps(closed, indent=1) + "\n")
        counts: dict[str, Fact] = {"extracts": len(self.extracts), "runs": len(self.runs)}
        return seals, {"project": self.project, **counts, "seals": " ".join(digests)}


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


def _destroy(made: Change, catalog: Catalog, project: str, extracts: list[Extract], why: str) -> None:
    home = made.home
    for extract in extracts:
        destroy_extract(made, catalog, extract, why)
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
