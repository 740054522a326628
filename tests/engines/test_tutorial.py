"""The first round of a researcher runs as it stands in a file and on a server, with the same numbers."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from same_numbers import numbers

from das_research.handover import Handover, read_handover
from das_research.home import Home

RESEARCHER = "onderzoeker-demo"
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "kennismaking.ipynb"


def run(home: Home, catalog: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Handover, str]:
    """What it hands over, and what it prints."""
    for name, value in {"DAS_HOME": home.root, "DAS_CATALOG": catalog, "DAS_ACCOUNT": RESEARCHER}.items():
        monkeypatch.setenv(name, str(value))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    parameters = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ()))
    parameters.source += "\nfirst_year, last_year = 2020, 2022"
    runs = home.project("ketenmonitor") / "runs"
    before = set(runs.glob("*"))
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    printed = "".join(out.get("text", "") for cell in notebook.cells for out in cell.get("outputs", ()))
    last = max((read_handover(it) for it in set(runs.glob("*")) - before), key=lambda it: len(it.results))
    return last, printed


def test_the_tutorial_gives_the_same_numbers_in_a_file_and_on_a_server(twice, monkeypatch) -> None:
    of_file, printed = run(twice.file, twice.catalog, monkeypatch)
    on_server, printed_there = run(twice.server, twice.catalog, monkeypatch)
    assert sorted(of_file.results) == ["doorstroom", "zaken-naar-delictgroep"]
    for name, result in of_file.results.items():
        assert numbers(result).to_json() == numbers(on_server.results[name]).to_json()
    for words in (printed, printed_there):
        assert "has no table 'veiligheidsmonitor'" in words and "grants/ketenmonitor.yaml" in words
