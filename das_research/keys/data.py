"""Data keys: every stored file has its own, so that destroying 32 bytes destroys every copy of the file."""

from dataclasses import dataclass
from pathlib import Path

from das_research.errors import DasError
from das_research.home import Home
from das_research.keys import files

SUFFIX = ".key"


@dataclass(frozen=True)
class DataKeys:
    """The data keys of one home, which the steward keeps.

    Parameters
    ----------
    folder : Path
        ``home.steward_keys``.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as root:
    ...     keys = DataKeys(Path(root) / "keys")
    ...     key = keys.new("delivery-zaken-0123456789ab")
    ...     keys.get("delivery-zaken-0123456789ab") == key
    True
    """

    folder: Path

    def new(self, name: str) -> bytes:
        """A fresh key; one of the same name, whose file never appeared or is gone, is destroyed first.

        Parameters
        ----------
        name : str
            ``delivery-<id>``, ``quarantine-<id>``, ``vault-<id>``, ``snapshot-<id>`` or ``extract-<id>``.
        """
        path = files.key_folder(self.folder) / f"{name}{SUFFIX}"
        files.destroy(path)
        files.create(path)
        return files.read(path)

    def keep(self, name: str, key: bytes) -> None:
        """Keep a key that was made before its name was known, in the place of any other of that name."""
        path = files.key_folder(self.folder) / f"{name}{SUFFIX}"
        files.destroy(path)
        files.write_once(path, key)

    def get(self, name: str) -> bytes:
        """The key of this name.

        Raises
        ------
        DasError
            When it is gone: then what it closed can't be read by anybody.
        """
        path = self.folder / f"{name}{SUFFIX}"
        if not path.is_file():
            raise DasError(
                f"The data key {name} is gone.",
                why="What it closed was destroyed, or the folder of the steward's keys is not that of this home.",
                fix="Put the key back from the backup of the keys, if it was not destroyed on purpose.",
                ask="the steward who keeps the warehouse",
            )
        return files.read(path)

    def has(self, name: str) -> bool:
        """Whether there is a key of this name."""
        return (self.folder / f"{name}{SUFFIX}").is_file()

    def destroy(self, name: str) -> None:
        """Overwrite a key and take it away."""
        files.destroy(self.folder / f"{name}{SUFFIX}")

    def names(self) -> list[str]:
        """The names of all keys, sorted."""
        return sorted(path.name.removesuffix(SUFFIX) for path in self.folder.glob(f"*{SUFFIX}"))


def data_keys(home: Home) -> DataKeys:
    """The data keys of a home."""
    return DataKeys(home.steward_keys)
