"""The key store: the secret keys under which identifiers become pseudonyms.

A pseudonym can be recomputed by whoever holds the key and the identifier, and by nobody else. So a key is made once,
from the system's own source of randomness, is never shown, and is refused when others than its owner could read it.
"""

import os
import re
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from das_research.errors import DasError
from das_research.home import PRIVATE_FILE, PRIVATE_FOLDER, private_folder, staging_beside, sweep

LENGTH = 32  # bytes
NAME = re.compile(r"(identifier|project)-[a-z][a-z0-9_-]*")


@dataclass(frozen=True)
class KeyStore:
    """The keys of one home folder.

    Parameters
    ----------
    folder : Path
        ``home.keys``; created with mode 0700 at the first key.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as root:
    ...     store = KeyStore(Path(root) / "keys")
    ...     key = store.get_or_create("identifier-skn")
    ...     len(key), store.get_or_create("identifier-skn") == key
    (32, True)
    """

    folder: Path

    def get_or_create(self, name: str) -> bytes:
        """The key of this name, made when it doesn't exist yet.

        Parameters
        ----------
        name : str
            ``identifier-<domain>`` or ``project-<project>``.

        Returns
        -------
        bytes
            32 random bytes, the same at every call.

        Raises
        ------
        DasError
            When folder or file can be read by others than their owner, or the file isn't a key.
        """
        if not NAME.fullmatch(name):
            raise ValueError("a key is named identifier-<domain> or project-<project>")
        private_folder(self.folder)
        _refuse_wider(self.folder, PRIVATE_FOLDER)
        path = self.folder / f"{name}.key"
        if not path.exists():
            _create(path)
        return _read(path)


def _create(path: Path) -> None:
    """Write a new key beside its name and link it there: complete from the first moment, and never over another."""
    sweep(path.parent)
    staging = staging_beside(path)
    handle = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(secrets.token_bytes(LENGTH))
            stream.flush()
            os.fsync(stream.fileno())
        path.hardlink_to(staging)
    except FileExistsError:
        return  # another process was first: its key counts
    finally:
        staging.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    _refuse_wider(path, PRIVATE_FILE)
    key = path.read_bytes()
    if len(key) != LENGTH:
        raise DasError(
            f"{path} is not a key.",
            why=f"A key is {LENGTH} bytes; this file has {len(key)}.",
            fix="Put the file back from the backup of the keys. A new key would cut every link to earlier deliveries.",
            ask="the steward who keeps the backup",
        )
    return key


def _refuse_wider(path: Path, allowed: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & ~allowed:
        raise DasError(
            f"{path} is open to others than its owner.",
            why=f"Its permissions are {mode:04o}; keys need {allowed:04o} or narrower.",
            fix=f"chmod {allowed:o} {path}",
            ask="the steward, whether the key was read by others and has to be replaced",
        )
