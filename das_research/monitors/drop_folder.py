"""The folder through which notebooks come to a host from accounts that it does not trust, and answers go back.

    <drop>/in/<account>/<project>.<12 hex>.ipynb     the account's own folder: whoever owns it, is who asks
    <drop>/out/<account>/<project>.<12 hex>.json     the host's: what became of it, readable by the account alone

Everything above the account's own folder belongs to the host, so nobody else can lay a file there, or move one in.
What lies in it is opened without following a link, judged by what was opened, and read once.
"""

import json
import os
import pwd
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from das_research.errors import AccessRefused, UsageError
from das_research.home import staging_beside, write_file, write_new

IN, OUT = "in", "out"
NAME = re.compile(r"([a-z][a-z0-9_-]{0,99})\.[0-9a-f]{12}\.ipynb")
LARGEST = 5 * 2**20  # bytes of a notebook
MOST = 20  # requests of one account that are looked at in one round
LISTED = 1000  # names of one account that are looked at in one round
OTHERS = stat.S_IWGRP | stat.S_IWOTH
DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Request:
    """A notebook that an account asks to be run.

    Parameters
    ----------
    account : str
        Who asks: the owner of the file and of the folder it lies in.
    project : str
        As the file's name says.
    name : str
        Of the file.
    """

    account: str
    project: str
    name: str


def open_drop(drop: Path, accounts: list[str]) -> None:
    """Make a drop folder, and in it a place for each of these accounts; what stands already stays.

    Raises
    ------
    UsageError
        When an account is not there, or is root.
    """
    found = [_known(account) for account in accounts]
    for folder in (drop, drop / IN, drop / OUT):
        folder.mkdir(mode=0o755, exist_ok=True)
    refuse_open(drop)
    for it in found:
        for parent, owner, mode in ((IN, it.pw_uid, 0o700), (OUT, os.geteuid(), 0o750)):
            folder = drop / parent / it.pw_name
            if not folder.exists():
                folder.mkdir(mode=0o700)
                os.chown(folder, owner, it.pw_gid, follow_symlinks=False)
                folder.chmod(mode)


def refuse_open(drop: Path) -> None:
    """Refuse a drop folder in which others than the host could lay or move folders.

    Raises
    ------
    AccessRefused
        With the place.
    """
    path = drop.absolute()
    for place in (path / IN, path / OUT, path, *path.parents):
        found = place.lstat() if os.path.lexists(place) else None
        own = found and stat.S_ISDIR(found.st_mode) and found.st_uid in (0, os.geteuid())
        shared = found and found.st_mode & OTHERS and not (found.st_mode & stat.S_ISVTX and place in path.parents)
        if not own or shared:
            raise AccessRefused(
                f"{place} can't be part of a drop folder.",
                why="It has to be a folder of the host's own account, in which nobody else can lay or move anything.",
                fix=f"chown root {place} && chmod 755 {place}, or make another: das project open-drop DIR ACCOUNT",
                ask="the host",
            )


def hand_in(drop: Path, account: str, project: str, notebook: str) -> str:
    """Lay a notebook ready for the host's next round; gives the name of its answer.

    Parameters
    ----------
    drop : Path
        The drop folder.
    account : str
        One's own account on this machine.
    project : str
        For which project.
    notebook : str
        Its text.

    Raises
    ------
    UsageError
        When the host made no place for this account, or the notebook is too large.
    """
    folder, data = drop / IN / account, notebook.encode()
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(
            f"{drop} has no place for '{account}'.",
            fix=f"The host types: das project open-drop {drop} {account}",
            ask="the host",
        )
    if len(data) > LARGEST:
        raise UsageError(
            f"The notebook is larger than {LARGEST // 2**20} megabytes without its output.",
            fix="Take pictures and other attachments out of its texts.",
        )
    name = f"{project}.{secrets.token_hex(6)}.ipynb"
    if not NAME.fullmatch(name):
        raise UsageError(f"'{project}' is no name of a project.", fix="Use the id of its grant.")
    target = folder / name
    staging = staging_beside(target)
    write_new(staging, data, 0o600)
    staging.replace(target)
    return target.with_suffix(".json").name


def waiting(drop: Path) -> list[Request]:
    """The requests that lie ready: the first of every account, then the second of every account, and so on."""
    found = []
    for account in sorted(it.name for it in (drop / IN).iterdir()):
        with suppress(AccessRefused), _own_folder(drop, account) as (folder, _):
            with os.scandir(folder) as entries:
                names = sorted(it.name for it in islice(entries, LISTED) if NAME.fullmatch(it.name))
            for place, name in enumerate(names[:MOST]):
                found.append((place, Request(account, name.partition(".")[0], name)))
    return [request for _, request in sorted(found, key=lambda it: (it[0], it[1].account))]


def take(drop: Path, request: Request) -> bytes:
    """The text of a request, which is gone from the drop folder then; also where it is refused.

    Raises
    ------
    AccessRefused
        When it is no plain file of the account's own, or too large.
    """
    with _own_folder(drop, request.account) as (folder, owner):
        try:
            return _read(folder, owner, request.name)
        finally:
            with suppress(OSError):  # a folder of this name stays; it is refused again
                os.unlink(request.name, dir_fd=folder)


def answer(drop: Path, request: Request, **told: Any) -> None:
    """Write what became of a request, for its account alone."""
    owner = _known(request.account)
    path = (drop / OUT / request.account / request.name).with_suffix(".json")
    write_file(path, json.dumps({"project": request.project} | told, indent=1) + "\n", 0o400)
    os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def answers(drop: Path, account: str) -> dict[str, dict[str, Any]]:
    """What became of the requests of an account, by their names."""
    paths = sorted((drop / OUT / account).glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


@contextmanager
def _own_folder(drop: Path, account: str) -> Iterator[tuple[int, int]]:
    """An account's own folder, opened, and the number of the account."""
    try:
        folder = os.open(drop / IN / account, DIRECTORY)
    except OSError:
        raise AccessRefused(f"{account} has no folder of its own in the drop folder.") from None
    try:
        found = os.fstat(folder)
        if not _is(account, found.st_uid) or found.st_mode & OTHERS:
            raise AccessRefused(f"The folder of {account} in the drop folder is not its own alone.")
        yield folder, found.st_uid
    finally:
        os.close(folder)


def _read(folder: int, owner: int, name: str) -> bytes:
    refused = AccessRefused(
        "The request is no plain file of your own.",
        why="A link, a pipe, a folder, a file of another account or with a second name is not read.",
        fix="das project submit PROJECT NOTEBOOK --drop DIR",
    )
    try:
        handle = os.open(name, FILE, dir_fd=folder)
    except OSError:
        raise refused from None
    with os.fdopen(handle, "rb") as stream:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != owner or found.st_nlink != 1:
            raise refused
        data = stream.read(LARGEST + 1)  # it may grow while it is read
    if len(data) > LARGEST:
        raise AccessRefused("The request is larger than a notebook can be.", fix="Take its attachments out.")
    return data


def _known(account: str) -> pwd.struct_passwd:
    with suppress(KeyError):
        found = pwd.getpwnam(account)
        if found.pw_uid != 0:
            return found
    raise UsageError(f"'{account}' is no account of this machine that can ask for anything.", fix="useradd ACCOUNT")


def _is(account: str, user: int) -> bool:
    """Whether a folder's name is that of the account that owns it, which is not root."""
    with suppress(KeyError, UsageError):
        return _known(account).pw_uid == user
    return False
