"""The home folder: where the three zones live on disk, and how anything is written there.

Every write is atomic: a folder is filled beside its target and renamed into place, a file is written beside its target
and replaces it. A killed process leaves the state before or the state after; what it left half-done lies in a folder
whose name starts with ``.staging-`` and is swept by the next writer.

Every folder made here is open to its owner alone, whatever the umask; a web server gets a copy of the site.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

STAGING = ".staging-"
KEYS_VARIABLE = "DAS_KEYS"
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
READ_ONLY_FOLDER, READ_ONLY_FILE = 0o500, 0o400
OWN_FILES = "own"  # within the warehouse: what projects bring themselves, apart from what partners deliver
PROJECT_KEYS = "keys"  # within the folder of a project: the keys of its extracts
BLOCK = 4096  # bytes in which the end of a log is looked for


@dataclass(frozen=True)
class Home:
    """The folders of the three zones under one root.

    Parameters
    ----------
    root : Path
        The folder given by ``--home`` or ``DAS_HOME``; default ``.das``.
    own_keys : bool
        Whether its identifier keys are its own, whatever ``DAS_KEYS`` says: those of a fictitious chain.
    own_files_of : str
        The project whose own files its deliveries and reports are; empty: those of partners. All else is the same.

    Examples
    --------
    >>> Home(Path(".das")).deliveries.as_posix()
    '.das/warehouse/deliveries'
    """

    root: Path
    own_keys: bool = False
    own_files_of: str = ""

    @property
    def keys(self) -> Path:
        """The custodian's keys, of identifiers and of transport, where ``DAS_KEYS`` says; only gate 1 reads them."""
        given = "" if self.own_keys else os.environ.get(KEYS_VARIABLE)
        return Path(given or self.root / "keys")

    @property
    def audit_log(self) -> Path:
        """One line for each passage through a gate."""
        return self.root / "audit.jsonl"

    @property
    def audit_key(self) -> Path:
        """The public half of the key that seals the audit log, for whoever checks it."""
        return self.root / "audit.pub"

    @property
    def audit_head(self) -> Path:
        """How long the audit log is and what its last line is, sealed: a tail that was cut off shows."""
        return self.root / "audit.head"

    @property
    def oversight(self) -> Path:
        """The pages for a data protection officer, told from the audit log."""
        return self.root / "oversight"

    @property
    def processing_log(self) -> Path:
        """One line for each processing act and delivery, in the form of the Logboek Dataverwerkingen."""
        return self.root / "logboek.jsonl"

    # warehouse zone
    @property
    def warehouse(self) -> Path:
        """Deliveries, key register and snapshots: what only the host may read."""
        return self.root / "warehouse"

    @property
    def deliveries(self) -> Path:
        """What gate 1 took in, a folder each."""
        return self._of_sender / "deliveries"

    @property
    def reports(self) -> Path:
        """The delivery reports: exact counts, each for the partner who delivered."""
        return self._of_sender / "reports"

    @property
    def _of_sender(self) -> Path:
        return self.warehouse / OWN_FILES / self.own_files_of if self.own_files_of else self.warehouse

    def own_files(self, project: str) -> "Home":
        """The same home with a project's own files in the place of the partners' deliveries.

        Examples
        --------
        >>> Home(Path(".das")).own_files("cohort").deliveries.as_posix()
        '.das/warehouse/own/cohort/deliveries'
        """
        return replace(self, own_files_of=project)

    def senders(self) -> list["Home"]:
        """The home as each sender's deliveries stand in it: the partners' first, then every project's own files."""
        projects = complete_folders(self.warehouse / OWN_FILES)
        return [replace(self, own_files_of=name) for name in ("", *(folder.name for folder in projects))]

    @property
    def vault(self) -> Path:
        """What only linking may see of accepted rows, until a build has linked with it."""
        return self.warehouse / "vault"

    @property
    def steward_keys(self) -> Path:
        """The steward's keys: one of each stored file, one of each project."""
        return self.warehouse / "keys"

    @property
    def changes(self) -> Path:
        """A change of the warehouse that was decided and not yet made whole."""
        return self.warehouse / "changes"

    @property
    def register(self) -> Path:
        """The append-only key register."""
        return self.warehouse / "register"

    @property
    def snapshots(self) -> Path:
        """The warehouse as each build left it; ``current`` names the latest."""
        return self.warehouse / "snapshots"

    # project zone
    def project(self, project: str) -> Path:
        """The extracts, their keys, and the runs of one project."""
        return self.root / "projects" / project

    @property
    def twins(self) -> Path:
        """The homes of fictitious chains, in which the twins of projects live, and which of them is whose."""
        return self.root / "twins"

    # publication zone
    @property
    def releases(self) -> Path:
        """What gate 3 checked, each with its dossier."""
        return self.root / "publication" / "releases"

    @property
    def editions(self) -> Path:
        """What was published, by monitor and date."""
        return self.root / "publication" / "editions"

    @property
    def sites(self) -> Path:
        """Every site built, by content; ``site`` points at the latest."""
        return self.root / "publication" / "sites"

    @property
    def site(self) -> Path:
        """A link to the latest of ``sites``."""
        return self.root / "site"


def private_folder(folder: Path) -> None:
    """Make a folder, and what is missing above it, for its owner alone. One that stands keeps its permissions."""
    if not folder.is_dir():
        private_folder(folder.parent)
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        settle(folder)


@contextmanager
def scratch_folder(parent: Path, name: str = "scratch") -> Iterator[Path]:
    """An empty folder that is gone when the block ends, and is swept when the process was killed.

    Parameters
    ----------
    parent : Path
        Where it lies.
    name : str
        What it is for.
    """
    private_folder(parent)
    sweep(parent)
    folder = staging_beside(parent / name)
    folder.mkdir(mode=PRIVATE_FOLDER)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Fill a folder that appears under its name only when it is complete.

    Parameters
    ----------
    target : Path
        The final folder. If it exists already when the block ends, the new one is dropped: folders are named by
        their content, so the two are equal.

    Yields
    ------
    Path
        An empty folder beside the target, to be filled.
    """
    with scratch_folder(target.parent, target.name) as staging:
        yield staging
        if not target.exists():
            settle(staging)
            staging.rename(target)


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """Fill a file that appears under its name only when it is complete; for what an engine writes by itself.

    Yields
    ------
    Path
        A name beside the target, to be written.
    """
    private_folder(target.parent)
    sweep(target.parent)
    staging = staging_beside(target)
    try:
        yield staging
        settle(staging)
        staging.replace(target)
    finally:
        staging.unlink(missing_ok=True)


def write_file(target: Path, content: bytes | str, mode: int = PRIVATE_FILE) -> None:
    """Write a file so that readers see the old content or the new, never a part.

    Parameters
    ----------
    target : Path
        The file to write.
    content : bytes or str
        Text is written as UTF-8.
    mode : int
        Permissions of the new file.
    """
    private_folder(target.parent)
    sweep(target.parent)
    staging = staging_beside(target)
    data = content.encode() if isinstance(content, str) else content
    try:
        write_new(staging, data, mode)
        staging.replace(target)
    finally:
        staging.unlink(missing_ok=True)


def write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a file that isn't there yet; it is on disk when this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    settle(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for a lock file, and keep it from everybody else until the block ends. It can't be taken twice."""
    private_folder(path.parent)
    with path.open("w") as lock:
        settle(path)
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def appending(path: Path) -> Iterator[IO[bytes]]:
    """A log, for more lines at its end: nobody else writes meanwhile, and they are on disk when the block ends.

    Half a line that a killed process left is cut off: its act was never confirmed.

    Yields
    ------
    file
        Readable from its start; whatever is written goes behind the last whole line.
    """
    private_folder(path.parent)
    with open(path, "a+b", opener=_for_its_owner) as stream:
        settle(path)
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.truncate(_end_of_lines(stream, stream.seek(0, os.SEEK_END)))
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


def last_line(stream: IO[bytes]) -> bytes:
    """The last line of a log that `appending` opened, read from its end; empty where there is none."""
    end = stream.seek(0, os.SEEK_END)
    start = _end_of_lines(stream, max(end - 1, 0))
    stream.seek(start)
    return stream.read(end - start)


def whole_lines(text: str) -> list[str]:
    """The lines of a log that end: a killed process may have left half a line."""
    return text.split("\n")[:-1]


def _end_of_lines(stream: IO[bytes], end: int) -> int:
    """Where the last line ends that is whole before this place, looked for from there: half a line can be long."""
    while end:
        start = max(0, end - BLOCK)
        stream.seek(start)
        found = stream.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE_FILE)


def settle(path: Path) -> None:
    """Give what root made, with all that is in it, to whoever owns the folder it stands in.

    Where every zone has an account of its own, only root passes something from one to the next; what it leaves there
    has to be the zone's. A process of any other account owns what it makes. No link is followed, and a file that has a
    second name elsewhere is left alone: the folder may be one that somebody else writes in.
    """
    if os.geteuid() != 0:
        return
    parent = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)  # once: another can stand at this name a moment later
    try:
        if (owner := os.fstat(parent)).st_uid == 0:
            return
        _give(path.name, parent, owner)
        for _, folders, files, handle in os.fwalk(path.name, dir_fd=parent, follow_symlinks=False):
            for name in (*folders, *files):
                _give(name, handle, owner)
    finally:
        os.close(parent)


def _give(name: str, folder: int, owner: os.stat_result) -> None:
    found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if found.st_uid == 0 and (stat.S_ISDIR(found.st_mode) or found.st_nlink == 1):
        os.chown(name, owner.st_uid, owner.st_gid, dir_fd=folder, follow_symlinks=False)


def staging_beside(target: Path) -> Path:
    """A name beside a target under which it is made, that no other process takes and `sweep` knows."""
    return target.parent / f"{STAGING}{target.name}-{os.getpid()}-{secrets.token_hex(4)}"


def files_hash(root: Path, paths: Iterable[Path]) -> str:
    """The hash of files by their place below a root and their bytes, as 64 hex digits; their order does not matter."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as stream:
            while part := stream.read(1 << 20):
                digest.update(part)
    return digest.hexdigest()


def file_hash(path: Path) -> str:
    """The SHA-256 of a file, as 64 hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def complete_folders(parent: Path) -> list[Path]:
    """The folders below one that stand under their own names, sorted; none where it isn't there yet."""
    if not parent.is_dir():
        return []
    return sorted(path for path in parent.iterdir() if path.is_dir() and not path.name.startswith(STAGING))


def sweep(folder: Path) -> None:
    """Remove what a killed process left half-written in a folder.

    Leavings of a process that still runs are left alone.
    """
    for leftover in folder.glob(f"{STAGING}*"):
        process = leftover.name.rsplit("-", 2)[-2]
        if process.isdigit() and _runs(int(process)):
            continue
        shutil.rmtree(leftover, ignore_errors=True) if leftover.is_dir() else leftover.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
