"""The commands of custody: what they print, whom they refuse; and what becomes of extracts whose rows are destroyed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from custody_world import catalog, custody_home, removal_list
from typer.testing import CliRunner

from das_research.access.manifest import DATABASE, Extract, ExtractedTable, extract_folder, list_extracts
from das_research.cli import app
from das_research.custody.erase import erase
from das_research.custody.removal import whose
from das_research.custody.withdraw import withdraw
from das_research.errors import UsageError
from das_research.intake.delivery import read_deliveries
from das_research.warehouse.snapshot import read_snapshot

DATA_CATALOG = Path(__file__).parents[2] / "data_catalog"


def typed(home: Path, *arguments: str) -> str:
    result = CliRunner().invoke(app, ["--home", str(home), "--catalog", str(DATA_CATALOG), *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_extracts_of_a_destroyed_snapshot_are_destroyed_and_others_stay(tmp_path: Path) -> None:
    home = custody_home(tmp_path)
    snapshot = read_snapshot(home)
    made = []
    for place, of in enumerate((snapshot.id, "snap-000000000000")):
        tables = {"cases": ExtractedTable(("case_id",), 7, "c")}
        id, until = f"ext-{place:012x}", snapshot.observed_until
        manifest = Extract(id, f"proef{place}", "embedded", of, "c", "g", True, until, {}, tables)
        folder = extract_folder(home, manifest)
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(manifest.to_json())
        (folder / DATABASE).write_text("rijen")
        (folder.parent / "current").write_text(id)
        made.append(folder)
    [delivery] = [it for it in read_deliveries(home) if it.dataset == "zittingen"]
    withdraw(catalog(), home, delivery.id, "steward")
    assert [it.project for it in list_extracts(home)] == ["proef1"]
    assert not made[0].exists() and not (made[0].parent / "current").exists()
    assert (made[1] / DATABASE).exists() and (made[1].parent / "current").exists()
    left = json.loads((made[0].parent / f"{made[0].name}.destroyed.json").read_text())
    assert (left["id"], left["rows"], left["why"]) == (made[0].name, 7, "its partner withdrew it")


def test_whose_rows_and_which_identifiers_a_list_is_about() -> None:
    assert whose(catalog(), "zittingen", None) == ("om", "persoon")
    assert whose(catalog(), "persoon", "politie") == ("politie", "persoon")
    with pytest.raises(UsageError, match="each partner erases its own") as refused:
        whose(catalog(), "persoon", None)
    assert refused.value.fix == "das person erase persoon FILE --partner om | politie"
    with pytest.raises(UsageError, match="not clear which identifiers of 'uitspraken'"):
        whose(catalog(), "uitspraken", None)
    with pytest.raises(UsageError, match="no dataset and no identifier domain 'vreemd'"):
        whose(catalog(), "vreemd", None)


def test_what_was_erased_of_a_delivery_is_shown_as_the_third_part_of_it(tmp_path: Path) -> None:
    home, list_of_f3 = custody_home(tmp_path), removal_list(tmp_path, "F3")
    erase(catalog(), home, "om", "persoon", list_of_f3, "steward")
    [hearings] = [it for it in read_deliveries(home) if it.dataset == "zittingen"]
    shown = [line.split() for line in typed(home.root, "delivery", "show", hearings.id).splitlines()]
    assert ["delivered", "2", "2"] in shown and ["accepted", "1", "2"] in shown and ["erased", "since", "1"] in shown


def test_a_snapshot_whose_contradictions_were_not_counted_is_shown_without(tmp_path: Path) -> None:
    home = custody_home(tmp_path)
    snapshot = read_snapshot(home)
    assert "cases with several persons" in typed(home.root, "snapshot", "show", snapshot.id)
    path = home.snapshots / snapshot.id / "snapshot.json"
    path.write_text(replace(snapshot, contradictions={}).to_json(), encoding="utf-8")
    shown = typed(home.root, "snapshot", "show", snapshot.id)
    assert "zittingen" in shown and "several persons" not in shown


def test_an_empty_home_has_nothing_due_and_nobody_to_erase(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert json.loads(typed(home, "retention", "due", "--json")) == []
    assert typed(home, "retention", "run").strip() == "Nothing is due."
    people = tmp_path / "lijst.txt"
    people.write_text("123\n")
    erase_them = ["--home", str(home), "--catalog", str(DATA_CATALOG), "person", "erase", "skn", str(people)]
    nobody = CliRunner().invoke(app, [*erase_them, "--partner", "politie"])
    assert nobody.exit_code == 1 and "names anybody on the list" in nobody.output
    people.write_text("\n--\n", encoding="utf-8")
    empty = CliRunner().invoke(app, [*erase_them, "--partner", "politie"])
    assert empty.exit_code == 2 and "holds no identifier of skn" in empty.output
    assert (
        "no key here"
        in CliRunner()
        .invoke(app, ["--home", str(home), "--catalog", str(DATA_CATALOG), "key", "rotate", "vreemd"])
        .output
    )
