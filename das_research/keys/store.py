"""The key store: the secret keys under which identifiers and surrogates become pseudonyms.

A pseudonym can be recomputed by whoever holds the key and the identifier, and by nobody else. So a key is made once,
from the system's own source of randomness, is never shown, and is refused when others than its owner could read it.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from das_research.keys import files

NAME = re.compile(r"identifier-[a-z][a-z0-9_-]*")
MASTER = "master.key"  # of the steward: every project's key follows from it


@dataclass(frozen=True)
class KeyStore:
    """The keys in one folder: those of identifiers are the custodian's, those of projects the steward's.

    Parameters
    ----------
    folder : Path
        ``home.keys`` or ``home.steward_keys``; created with mode 0700 at the first key.

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
            ``identifier-<domain>``.

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
            raise ValueError("a key is named identifier-<domain>")
        return self._key(f"{name}.key")

    def project_key(self, project: str, period: str) -> bytes:
        """The key of a project's pseudonyms in one period of its grant, derived from the one master key.

        It stands nowhere on disk. Other projects, and other periods of the same one, have keys that tell nothing of
        it: their pseudonyms never join.

        Parameters
        ----------
        project : str
            The project.
        period : str
            The first day of its grant (ISO): a grant that begins anew has new pseudonyms, one that is extended keeps
            its own.
        """
        return hkdf_sha256(self._key(MASTER), b"", f"das-research project pseudonyms\0{project}\0{period}".encode())

    def identifier_keys(self, domain: str) -> list[bytes]:
        """The keys of an identifier domain, one for each epoch in their order; the first is made when there is none.

        A pseudonym is the identifier hashed under the first, hashed under the second, and so on.
        """
        first = self.get_or_create(f"identifier-{domain}")
        return [first, *(self._key(_epoch_file(domain, epoch)) for epoch in range(2, self.epoch(domain) + 1))]

    def epoch(self, domain: str) -> int:
        """The latest epoch of an identifier domain; 0 when it has no key yet."""
        epoch = 0
        while (self.folder / _epoch_file(domain, epoch + 1)).exists():
            epoch += 1
        return epoch

    def made(self, domain: str, epoch: int) -> str:
        """The day on which the key of an epoch was made (ISO), as the file system has it."""
        moment = (self.folder / _epoch_file(domain, epoch)).stat().st_mtime
        return datetime.fromtimestamp(moment, UTC).date().isoformat()

    def next_epoch(self, domain: str) -> int:
        """Make the key of a new epoch, and return its number."""
        epoch = self.epoch(domain) + 1
        self._key(_epoch_file(domain, epoch))
        return epoch

    def domains(self) -> list[str]:
        """The identifier domains that have a key, sorted."""
        names = (path.name.removesuffix(".key") for path in self.folder.glob("identifier-*.key"))
        return sorted(name.removeprefix("identifier-") for name in names if "." not in name)

    def _key(self, file: str) -> bytes:
        path = files.key_folder(self.folder) / file
        if not path.exists():
            files.create(path)
        return files.read(path)


def hkdf_sha256(secret: bytes, salt: bytes, info: bytes, length: int = files.LENGTH) -> bytes:
    """HKDF with SHA-256 (RFC 5869): from one secret a key for each use, of which none tells of another.

    Parameters
    ----------
    secret : bytes
        The input keying material.
    salt : bytes
        May be empty.
    info : bytes
        What the key is for.
    length : int
        Bytes, at most 8160.

    Examples
    --------
    >>> hkdf_sha256(bytes(32), b"", b"one") == hkdf_sha256(bytes(32), b"", b"other")
    False
    """
    extracted = hmac.digest(salt or bytes(hashlib.sha256().digest_size), secret, hashlib.sha256)
    key = block = b""
    for place in range(1, -(-length // hashlib.sha256().digest_size) + 1):
        block = hmac.digest(extracted, block + info + bytes([place]), hashlib.sha256)
        key += block
    return key[:length]


def _epoch_file(domain: str, epoch: int) -> str:
    return f"identifier-{domain}.key" if epoch == 1 else f"identifier-{domain}.{epoch}.key"
