"""The key store: the secret keys under which identifiers and surrogates become pseudonyms.

A pseudonym can be recomputed by whoever holds the key and the identifier, and by nobody else. So a key is made once,
from the system's own source of randomness, is never shown, and is refused when others than its owner could read it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from das_research.keys import files

NAME = re.compile(r"(identifier|project)-[a-z][a-z0-9_-]*")


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
        path = files.key_folder(self.folder) / f"{name}.key"
        if not path.exists():
            files.create(path)
        return files.read(path)
