"""The key that seals the audit log: Ed25519, so that who can check a seal can't make one.

It opens no data, so that a gate that sees no data may have it too. Who keeps the steward's keys can seal anything:
that a seal holds says that nobody else did.
"""

import hashlib
from pathlib import Path

from das_research.errors import DasError
from das_research.keys import files

FILE = "audit.ed25519"
SHORT = 16  # digits of a fingerprint, as lines and people quote it


class SealingKey:
    """The private key in a folder of keys.

    Parameters
    ----------
    folder : Path
        ``home.steward_keys``.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as root:
    ...     key = SealingKey.made(Path(root) / "keys")
    ...     seal = key.seal("a line")
    >>> holds(key.public, "a line", seal), holds(key.public, "another line", seal)
    (True, False)
    """

    def __init__(self, folder: Path):
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if not exists(folder):
            raise DasError(
                "The key that seals the audit log is gone.",
                why="Its lines are sealed, and the folder of the steward's keys has no key for a further one.",
                fix="Put the key back from the backup of the keys. If it is lost for good, keep audit.jsonl, audit.pub "
                "and audit.head elsewhere for the data protection officer: a new log then begins.",
                ask="the steward who keeps the keys",
            )
        self._private: Ed25519PrivateKey = Ed25519PrivateKey.from_private_bytes(files.read(folder / FILE))
        self.public = self._private.public_key().public_bytes_raw()

    @classmethod
    def made(cls, folder: Path) -> "SealingKey":
        """The key of a folder, made when it isn't there yet."""
        path = files.key_folder(folder) / FILE
        if not path.exists():
            files.create(path)
        return cls(folder)

    def seal(self, text: str) -> str:
        """The signature under a text, as 128 hex digits."""
        return self._private.sign(text.encode()).hex()


def exists(folder: Path) -> bool:
    """Whether a folder holds a sealing key."""
    return (folder / FILE).is_file()


def holds(public: bytes, text: str, seal: str) -> bool:
    """Whether a seal under a text was made by the key whose public half this is."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(seal), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: bytes) -> str:
    """What a public key is known by: the first digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:SHORT]
