"""What a screen, a scheduler's log or a mail of a failed job would hold when something goes wrong."""

import json
from pathlib import Path
from typing import Any, NoReturn

import access_world
import duckdb
import intake_world
import pandas as pd
import pytest
from typer.testing import CliRunner

import das_research.warehouse.snapshot
from das_research.access import clock
from das_research.access.extract import extract
from das_research.catalog.models import Catalog, Monitor
from das_research.cli import app
from das_research.errors import DeliveryRefused, RunFailed
from das_research.home import Home
from das_research.intake.gate import deliver
from das_research.monitors.run import run_monitor

SECRET = "jansen uit urk"


def _engine() -> None:
    duckdb.sql(f"select cast('{SECRET}' as date)").fetchall()


def _pandas() -> None:
    pd.to_numeric(pd.Series([SECRET]))


def _pydantic() -> None:
    Catalog.model_validate({"id": SECRET})


def _key() -> None:
    {}[SECRET]


@pytest.mark.parametrize("fault", [_engine, _pandas, _pydantic, _key])
def test_an_error_of_the_program_itself_shows_where_and_not_what(
    fault: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Exception, match=SECRET):
        fault()

    def stops(*_: object) -> NoReturn:
        fault()
        raise AssertionError

    monkeypatch.setattr(das_research.warehouse.snapshot, "list_snapshots", stops)
    outcome = CliRunner().invoke(app, ["--home", str(tmp_path), "snapshot", "list"])
    assert outcome.exit_code == 1
    assert "The program failed: " in outcome.stderr and "in commands/build.py, line " in outcome.stderr
    assert SECRET not in outcome.output + outcome.stderr and "Traceback" not in outcome.stderr


@pytest.mark.parametrize("typed", ["Jan Jansen", "J_Jansen_1985", "12-03-1985"])
def test_a_value_typed_above_a_column_is_not_in_the_refusal(typed: str, tmp_path: Path) -> None:
    path = tmp_path / "zaken.csv"
    path.write_text(intake_world.table(intake_world.rows({})).replace("feit", typed, 1))
    with pytest.raises(DeliveryRefused, match=r"column number \d+ is unknown; column feit is missing") as refusal:
        deliver(intake_world.catalog(), Home(tmp_path / "home"), "zaken", path, "steward")
    assert typed not in str(refusal.value)


NOTEBOOKS = {
    "a code of a table": (
        "table = project_.tables.cases.mutate(geheim=ibis.literal('" + SECRET + "'))\n"
        "das.tabulate(table, by=['geheim']).cell(geheim='een ander')"
    ),
    "another error": f"raise KeyError('{SECRET}')",
    "the engine": f"project_.engine.raw_sql(\"select cast('{SECRET}' as date)\").fetchall()",
}


@pytest.mark.parametrize("cell", NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_a_failed_notebook_keeps_its_values_in_the_project(
    cell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    home, notebooks = Home(tmp_path / "das"), tmp_path / "notebooks"
    monkeypatch.setattr(clock, "today", lambda: access_world.TODAY)
    monitor = Monitor(
        id="keten", title="Keten", notebook="keten.ipynb", project="proef", schedule="0 6 1 * *", parameters={}
    )
    catalog = access_world.a_catalog().model_copy(update={"monitors": {"keten": monitor}})
    access_world.write_snapshot(home)
    extract(catalog, home, "proef", "anna")
    (tmp_path / "catalog.json").write_text(catalog.model_dump_json())
    opening = [
        "import ibis, pathlib, datetime",
        "import das_research as das",
        "from das_research.catalog.models import Catalog",
        f"catalog_ = Catalog.model_validate_json(pathlib.Path({str(tmp_path / 'catalog.json')!r}).read_text())",
        f"project_ = das.open_project('proef', catalog=catalog_, today={access_world.TODAY!r})",
    ]
    notebooks.mkdir()
    (notebooks / "keten.ipynb").write_text(notebook(["project = ''"], opening, [cell]))
    with pytest.raises(RunFailed, match=r"The notebook stopped at cell 4 with ") as failure:
        run_monitor(catalog, tmp_path, home, "keten", {}, "anna", notebooks=notebooks)
    said = capfd.readouterr()
    assert SECRET not in str(failure.value) + said.out + said.err
    holding = [path for path in tmp_path.rglob("*.ipynb") if SECRET in path.read_text() and path.parent != notebooks]
    assert [path.parent for path in holding] == [home.project("proef") / "runs"]


def notebook(*cells: list[str]) -> str:
    """A notebook of code cells; the first holds the parameters."""
    made = [
        {"cell_type": "code", "execution_count": None, "outputs": [], "source": "\n".join(lines), "id": f"cell-{place}",
         "metadata": {"tags": ["parameters"]} if place == 0 else {}}
        for place, lines in enumerate(cells)
    ]  # fmt: skip
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})
