"""An Excel workbook as a delivered file: one sheet, a header, and every cell as the text it stands for."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from das_research.catalog.models import Dataset
from das_research.errors import DeliveryRefused
from das_research.intake.file import ZIP, DeliveredFile, listed
from das_research.intake.header import check_columns, file_columns
from das_research.intake.workbook_errors import error_cells


def count_workbook_rows(file: DeliveredFile, dataset: Dataset) -> int:
    """Check that it is a workbook with the agreed sheet and columns, and identifiers that are texts.

    Returns
    -------
    int
        Rows after the header; rows without any value don't count.

    Raises
    ------
    DeliveryRefused
        With the first thing that is wrong.
    """
    if file.start != ZIP:
        raise file.refuse("It is not an Excel workbook (.xlsx), which the catalogue says it is.", "Send it as .xlsx.")
    header, rows = _sheet(file, dataset)
    check_columns(file, header, dataset)
    names = file_columns(dataset)
    for name, variable in dataset.variables.items():
        if variable.type == "identifier" and variable.take:
            place = header.index(names[name])
            numbers = [row for row, cells in enumerate(rows, 1) if isinstance(cells[place], float | int)]
            if numbers:
                raise file.refuse(
                    f"Column {names[name]} holds numbers where identifiers are texts: leading zeros may be gone. "
                    f"{listed(numbers)}.",
                    "Make the column a text column before the identifiers are put in, and send the file again.",
                )
    return len(rows)


def read_workbook(file: DeliveredFile, dataset: Dataset) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The rows of the sheet, all columns as text under the file's own names."""
    header, rows = _sheet(file, dataset)
    columns = [pa.array([_text(row[place]) for row in rows], pa.string()) for place in range(len(header))]
    table = pa.table(dict(zip(header, columns, strict=True)))
    return table.schema, iter(table.to_batches())


def _sheet(file: DeliveredFile, dataset: Dataset) -> tuple[list[str], list[list[Any]]]:
    asked, found, cells = dataset.file.sheet, None, None
    try:
        with file.stored() as stored, CalamineWorkbook.from_filelike(stored) as workbook:
            found = workbook.sheet_names
            name = asked or found[0]
            if name in found:
                cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for row, place, error in error_cells(stored, name):
                    cells[row][place] = error
    except (CalamineError, BadZipFile, ParseError, OSError, LookupError, ValueError):
        cells = None  # the error may quote what it could not read
    if found is None:
        raise file.refuse("It is not a whole Excel workbook, or it is locked with a password.", "Send the file again.")
    if cells is None and (asked is None or asked in found):
        raise file.refuse("It has no sheet that can be read.", "Save the rows as a workbook with one sheet of cells.")
    if cells is None:
        raise _no_sheet(file, str(asked), len(found))
    header = [_text(cell) or "" for cell in cells[0]] if cells else []
    return header, [row for row in cells[1:] if any(cell != "" for cell in row)]


def _no_sheet(file: DeliveredFile, asked: str, count: int) -> DeliveryRefused:
    return file.refuse(
        f"It has no sheet '{asked}', which the catalogue says the rows are in, but {count} other "
        f"{'sheet' if count == 1 else 'sheets'}.",
        f"Name the sheet '{asked}', or have the catalogue changed.",
    )


def _text(cell: Any) -> str | None:
    """What a cell says: dates as ISO, whole numbers without a point, true and false; nothing where it is empty."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return None if cell is None or cell == "" else str(cell)
