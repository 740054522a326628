"""What runs in the room of remote work: one notebook, of which nothing is kept but what it hands over.

python -m das_research.monitors.remote_run NOTEBOOK
"""

import json
import logging
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from das_research.monitors.run import own_sockets


def main() -> int:
    """Run the notebook. Where it stopped stands on standard output, and never what it said."""
    logging.disable(logging.CRITICAL)
    notebook = nbformat.read(Path(sys.argv[1]), as_version=4)
    with tempfile.TemporaryDirectory(prefix="das-") as sockets:
        client = NotebookClient(notebook, timeout=None, kernel_name="python3", config=own_sockets(Path(sockets)))
        try:
            client.execute()
        except CellExecutionError as error:
            ran = [cell.execution_count or 0 for cell in notebook.cells if cell.cell_type == "code"]
            print(json.dumps({"cell": max(ran, default=0), "error": error.ename}))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
