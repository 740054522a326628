"""The shape of a delimited file, read in blocks of bytes: how many fields every row has.

Both agreed encodings hold ASCII as single bytes, so delimiters, quotes and line ends are found without decoding.
Whatever is not plain to see here (a stray quote, a carriage return alone) is left to the slower reader that can also
say where.
"""

from collections.abc import Iterator
from typing import IO

import numpy as np

BLOCK = 1 << 18  # bytes; what fits in the cache of a processor is counted faster
QUOTE, RETURN, NEWLINE = b'"\r\n'


def fields_of_rows(content: IO[bytes], delimiter: str) -> np.ndarray | None:
    """The number of fields of every line, the header's first; 0 for a blank line.

    Parameters
    ----------
    content : file of bytes
        From its start.
    delimiter : str
        One character.

    Returns
    -------
    array of int or None
        None where the quotes or line ends are not plain.
    """
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
        return None
    found = []
    for block in _blocks(content):
        counts = _fields(block, ord(delimiter))
        if counts is None:
            return None
        found.append(counts)
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _blocks(content: IO[bytes]) -> Iterator[bytes]:
    """Blocks that end with a whole line: one whose quotes all are closed."""
    rest = b""
    while chunk := content.read(BLOCK):
        rest += chunk
        end = rest.rfind(b"\n") + 1
        while end and rest.count(b'"', 0, end) % 2:
            end = rest.rfind(b"\n", 0, end - 1) + 1
        if end:
            yield rest[:end]
            rest = rest[end:]
    if rest:
        yield rest if rest.endswith(b"\n") else rest + b"\n"


def _fields(data: bytes, delimiter: int) -> np.ndarray | None:
    block = np.frombuffer(data, dtype=np.uint8)
    signs = np.flatnonzero((block == NEWLINE) | (block == delimiter))
    if b'"' in data:
        quotes = np.flatnonzero(block == QUOTE)
        if len(quotes) % 2 or not _plain(block, quotes, delimiter):
            return None
        signs = signs[np.searchsorted(quotes, signs) % 2 == 0]
    ends = np.flatnonzero(block[signs] == NEWLINE)
    lines = signs[ends]
    counts, widths = np.diff(ends, prepend=-1), np.diff(lines, prepend=-1) - 1
    if b"\r" in data:
        returns = np.flatnonzero(block == RETURN)
        if b'"' in data:
            returns = returns[np.searchsorted(quotes, returns) % 2 == 0]
        if not np.isin(returns + 1, lines).all():
            return None
        widths[np.isin(lines - 1, returns)] -= 1
    return np.where(widths == 0, 0, counts)


def _plain(block: np.ndarray, quotes: np.ndarray, delimiter: int) -> bool:
    """Whether every quote opens or closes a whole field, or is doubled within one."""
    opening, closing = quotes[::2], quotes[1::2]
    before = np.where(opening > 0, block[opening - 1], NEWLINE)
    after = np.append(block, NEWLINE)[closing + 1]
    opens = np.isin(before, (delimiter, NEWLINE, QUOTE))
    closes = np.isin(after, (delimiter, NEWLINE, RETURN, QUOTE))
    return bool(opens.all() and closes.all())
