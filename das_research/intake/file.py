"""A delivered file on disk: found, hashed, opened, and refused by name."""

import gzip
import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, cast
from zipfile import ZipFile, ZipInfo

from das_research.errors import DeliveryRefused, UsageError
from das_research.keys.transport import SEALED

CHUNK = 1 << 20
LONGEST = 1 << 24  # bytes; no row is longer
SHOWN = 5  # rows that a message names
GZIP, ZIP, EMPTY_ZIP = b"\x1f\x8b", b"PK\3\4", b"PK\5\6"


@dataclass(frozen=True)
class DeliveredFile:
    """A file that exists and has content; its rows are not looked at yet.

    Parameters
    ----------
    path : Path
        Where it is.
    sha256 : str
        Hash of its bytes.
    start : bytes
        The first four bytes.
    state : tuple of int
        Size and moment of change, to notice a file that changes while it is read.
    plain : bytes, optional
        What an encrypted file holds, in memory alone; hash and first bytes are of this then.
    """

    path: Path
    sha256: str
    start: bytes
    state: tuple[int, int]
    plain: bytes | None = field(default=None, repr=False)

    def refuse(self, why: str, fix: str = "", ask: str = "the partner's office that made the file") -> DeliveryRefused:
        """The refusal of this file."""
        return DeliveryRefused(
            f"The file {shown(self.path.name)} was not taken in; nothing was stored.", why=why, fix=fix, ask=ask
        )

    def unchanged(self) -> bool:
        """Whether the file is still the one whose hash was taken."""
        return _state(self.path) == self.state

    def stored(self) -> IO[bytes]:
        """The bytes of the file as they were sent, decrypted where they were encrypted for transport."""
        return self.path.open("rb") if self.plain is None else io.BytesIO(self.plain)

    def content_hash(self) -> str:
        """Hash of what it holds, unpacked, so that the same rows are known again however they were packed."""
        if self.start[:2] != GZIP and self.start != ZIP:
            return self.sha256
        digest = hashlib.sha256()
        with self.content() as content:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    @contextmanager
    def content(self) -> Iterator[IO[bytes]]:
        """The bytes of the file, unpacked where it is gzipped or zipped."""
        with ExitStack() as opened:
            stream: IO[bytes] = opened.enter_context(self.stored())
            if self.start.startswith(GZIP):
                stream = cast(IO[bytes], opened.enter_context(gzip.open(stream)))
            elif self.start == ZIP:
                archive = opened.enter_context(ZipFile(stream))
                stream = opened.enter_context(archive.open(members(archive)[0]))
            yield stream


def find(path: Path, unseal: Callable[[IO[bytes]], bytes | None] | None = None) -> DeliveredFile:
    """Find a file and take its hash.

    Parameters
    ----------
    path : Path
        Where it is.
    unseal : callable, optional
        Decrypts a file that was encrypted for transport; None where it doesn't open. Default: nothing opens.

    Raises
    ------
    UsageError
        When there is no such file.
    DeliveryRefused
        When it is empty, or encrypted to another key.
    """
    try:
        there = stat.S_ISREG(path.stat().st_mode)
    except PermissionError:
        raise UsageError(
            f"The file {shown(path)} can't be looked at.", why="A folder on the way to it is closed to this account."
        ) from None
    except (OSError, ValueError):
        there = False
    if not there:
        raise UsageError(f"There is no file {shown(path)}.", fix="Name the file to deliver: das deliver DATASET FILE")
    state, digest = _state(path), hashlib.sha256()
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
            digest.update(start)
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    except PermissionError:
        raise UsageError(f"The file {shown(path)} can't be read.", why="Its permissions don't allow it.") from None
    file = DeliveredFile(path, digest.hexdigest(), start, state)
    if not start:
        raise file.refuse("It is empty.", "Send the file again.")
    return _unsealed(file, unseal) if start == SEALED[:4] else file


def _unsealed(file: DeliveredFile, unseal: Callable[[IO[bytes]], bytes | None] | None) -> DeliveredFile:
    """The same file, decrypted in memory: its hash is that of what it holds, so that the same rows are known again."""
    with file.path.open("rb") as stream:
        if stream.read(len(SEALED)) != SEALED:
            return file
        stream.seek(0)
        plain = unseal(stream) if unseal else None
    if plain is None:
        raise file.refuse(
            "It is encrypted, and not to the key that this partner's files are opened with here.",
            "Encrypt it to the address that `das key transport PARTNER` prints, and send it again.",
            "the custodian of the keys",
        )
    return replace(file, plain=plain, sha256=hashlib.sha256(plain).hexdigest(), start=plain[:4])


def shown(path: Path | str) -> str:
    r"""A path or name as text that can be printed and written: bytes that are no UTF-8 stand as their numbers.

    Examples
    --------
    >>> print(shown("za\udcff.csv"))
    za\xff.csv
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def members(archive: ZipFile) -> list[ZipInfo]:
    """The files in a zip file; folders are none."""
    return [member for member in archive.infolist() if not member.is_dir()]


def rows_in_words(first: list[int], count: int) -> str:
    """Row numbers for a message.

    Examples
    --------
    >>> rows_in_words([3], 1), rows_in_words([3, 8], 2), rows_in_words([3, 8], 7)
    ('Row 3', 'Rows 3, 8', 'Rows 3, 8 and 5 more')
    """
    more = f" and {count - len(first)} more" if count > len(first) else ""
    return ("Row " if count == 1 else "Rows ") + ", ".join(str(number) for number in first) + more


def listed(rows: Sequence[int]) -> str:
    """Row numbers for a message, the first of them by number."""
    return rows_in_words(list(rows[:SHOWN]), len(rows))


def _state(path: Path) -> tuple[int, int]:
    return path.stat().st_size, path.stat().st_mtime_ns
