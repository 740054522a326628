"""Cells of a workbook that hold an error for a value, such as #N/A: what reads its cells tells of none."""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import IO
from xml.etree import ElementTree
from zipfile import ZipFile

WORKBOOK, SHEETS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
ERRORS = (
    "#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!",
    "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!",
    "#N/B", "#VERW!", "#DEEL/0!", "#WAARDE!", "#NAAM?", "#GETAL!", "#LEEG!",  # as a Dutch one writes them to CSV
)  # fmt: skip
AN_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")
OF_ANOTHER_WIDTH = (b"\xff\xfe", b"\xfe\xff")  # two bytes a character


def error_cells(stored: IO[bytes], sheet: str) -> Iterator[tuple[int, int, str]]:
    """Row and column of every cell of a sheet that holds an error, counted from zero, and which.

    Parameters
    ----------
    stored : file
        The workbook.
    sheet : str
        The name of the sheet.

    Raises
    ------
    KeyError, BadZipFile, ParseError
        When a part of the workbook is not there or can't be read.
    """
    with ZipFile(stored) as parts:
        content = parts.read(_part(parts, sheet))
    if not AN_ERROR.search(content) and not content.startswith(OF_ANOTHER_WIDTH):
        return
    at = -1
    for row in ElementTree.fromstring(content).iterfind("{*}sheetData/{*}row"):
        at = int(row.get("r") or at + 2) - 1
        for place, cell in _placed(row):
            if cell.get("t") == "e":
                told = cell.findtext("{*}v") or ""
                yield at, place, told if told in ERRORS else "#VALUE!"


def _part(parts: ZipFile, sheet: str) -> str:
    """The part of the workbook that holds the cells of a sheet."""
    named = ElementTree.fromstring(parts.read(WORKBOOK)).iterfind("{*}sheets/{*}sheet")
    [link] = [value for it in named if it.get("name") == sheet for key, value in it.items() if key.endswith("}id")]
    links = ElementTree.fromstring(parts.read(SHEETS)).iterfind("{*}Relationship")
    target = {it.get("Id"): it.get("Target", "") for it in links}[link]
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _placed(row: ElementTree.Element) -> Iterator[tuple[int, ElementTree.Element]]:
    """The cells of a row, each with its column; one that names none comes after the one before it."""
    place = -1
    for cell in row.iterfind("{*}c"):
        letters = (cell.get("r") or "").rstrip("0123456789")
        place = column_of(letters) if letters else place + 1
        yield place, cell


def column_of(letters: str) -> int:
    """The number of a column, counted from zero, by its letters.

    Examples
    --------
    >>> column_of("A"), column_of("Z"), column_of("AB")
    (0, 25, 27)
    """
    *_, number = accumulate((ord(it) - 64 for it in letters), lambda before, it: 26 * before + it)
    return number - 1
