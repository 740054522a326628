"""Keys as files: made whole, never over another, refused when others could read them, overwritten when destroyed."""

import os
import secrets
import stat
from pathlib import Path

from das_research.errors import DasError
from das_research.home import PRIVATE_FILE, PRIVATE_FOLDER, private_folder, staging_beside, sweep, write_new

LENGTH = 32  # bytes


def key_folder(folder: Path) -> Path:
    """A folder for keys, made when it isn't there yet.

    Raises
    ------
    DasError
        When others than its owner can enter it.
    """
    private_folder(folder)
    refuse_wider(folder, PRIVATE_FOLDER)
    return folder


def create(path: Path) -> None:
    """Write a new key beside its name and link it there: complete from the first moment, and never over another."""
    write_once(path, secrets.token_bytes(LENGTH))


def write_once(path: Path, content: bytes) -> None:
    """Write a secret under a name that is free; where one stands already, that one counts."""
    sweep(path.parent)
    staging = staging_beside(path)
    try:
        write_new(staging, content, PRIVATE_FILE)
        path.hardlink_to(staging)
    except FileExistsError:
        return  # another process was first
    finally:
        staging.unlink(missing_ok=True)


def read(path: Path) -> bytes:
    """The key in a file.

    Raises
    ------
    DasError
        When others can read the file, or it isn't a key.
    """
    refuse_wider(path, PRIVATE_FILE)
    key = path.read_bytes()
    if len(key) != LENGTH:
        raise DasError(
            f"{path} is not a key.",
            why=f"A key is {LENGTH} bytes; this file has {len(key)}.",
            fix="Put the file back from the backup of the keys. A new key would cut every link to earlier deliveries.",
            ask="the steward who keeps the backup",
        )
    return key


def destroy(path: Path) -> None:
    """Overwrite a key and take its file away; one that is gone already stays so.

    What the file system, a disk or a backup keeps of the old bytes is out of reach: the backup of keys must forget too.
    """
    try:
        with path.open("r+b") as stream:
            stream.write(bytes(path.stat().st_size))
            stream.flush()
            os.fsync(stream.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)


def refuse_wider(path: Path, allowed: int) -> None:
    """Refuse a key or a folder of keys that others than its owner can open.

    Raises
    ------
    DasError
        With the command that closes it.
    """
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & ~allowed:
        raise DasError(
            f"{path} is open to others than its owner.",
            why=f"Its permissions are {mode:04o}; keys need {allowed:04o} or narrower.",
            fix=f"chmod {allowed:o} {path}",
            ask="the steward, whether the key was read by others and has to be replaced",
        )
