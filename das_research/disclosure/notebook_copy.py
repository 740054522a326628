"""The copy of a notebook that leaves: what people read of it, and nothing that a program alone would read.

Ids of cells, counts, fields, the order and the spaces of the file can each hold a number, and no reader sees them. So
the copy has none of the author's: only sources, and what released Results print.
"""

from pathlib import Path
from typing import Any

import nbformat
from nbformat import v4

from das_research.disclosure.notebooks import normal, read_notebook

PARAMETERS = "parameters"  # the tag by which a monitor's notebook is given its own
ABOUT = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def copy_of(path: Path) -> str:
    """The text of the copy.

    Parameters
    ----------
    path : Path
        A notebook of which `judge_notebook` found nothing that may not leave: its outputs are copied as they are.

    Returns
    -------
    str
        The same cells with the same sources, but for spaces at the ends of lines, and the same printed words; ids,
        counts and all else are written here.

    Raises
    ------
    UsageError
        When the file is no notebook.
    """
    cells = [_cell(position, cell) for position, cell in enumerate(read_notebook(path).cells)]
    return nbformat.writes(v4.new_notebook(cells=cells, metadata=ABOUT)) + "\n"


def _cell(position: int, cell: Any) -> Any:
    new = {"markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell, "code": v4.new_code_cell}[cell.cell_type]
    given: dict[str, Any] = {"id": str(position), "source": _as_read(cell.source)}
    if cell.cell_type == "code":
        given["outputs"] = [_output(it) for it in cell.outputs]
        given["metadata"] = {"tags": [PARAMETERS]} if PARAMETERS in cell.metadata.get("tags", ()) else {}
    return new(**given)


def _as_read(source: str) -> str:
    """Without the spaces at the ends of lines, and the lines at the end, that nobody sees."""
    return "\n".join(line.rstrip() for line in source.split("\n")).rstrip("\n")


def _output(output: Any) -> Any:
    return v4.new_output("display_data", data={kind: normal(content) for kind, content in output.data.items()})
