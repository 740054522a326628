"""Gate 1 and a build, killed at moments drawn at random: the state before or after stands, and a re-run completes it.

A moment is a touch of the disk (a file opened, renamed, synced …), counted in an undisturbed run, so
that it can be repeated.
"""

import random
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import intake_world
import pytest
import warehouse_world
from killing import killed_at

from das_research.audit import AuditLog
from das_research.home import STAGING, Home
from das_research.intake.delivery import Delivery, read_deliveries
from das_research.intake.gate import deliver
from das_research.keys.data import data_keys
from das_research.oversight.verify import verify
from das_research.warehouse.build import build
from das_research.warehouse.snapshot import Snapshot, list_snapshots, read_snapshot

INTAKES, BUILDS = 12, 8
DELIVER = (
    "import intake_world as world\nfrom das_research.home import Home\nfrom das_research.intake.gate import deliver",
    'deliver(world.catalog(), Home(home), "zaken", sys.argv[4], "steward")',
)
BUILD = (
    "from warehouse_world import catalog\nfrom das_research.home import Home\n"
    "from das_research.warehouse.build import build",
    "build(catalog(), Home(home))",
)
NEWS = "zaak,pv,persoon,geslacht,feit,instroom,beslissing,besluit\nZ4,,F5,man,310,2020-08-01,,\n"
NEWS += "Z3,P1,F2,vrouw,310,2020-05-01,,\n"  # so that there are new keys, new links and an alias


@dataclass(frozen=True)
class Undisturbed:
    """The home before an act, the home after it, and at how many moments it can be killed."""

    before: Home
    after: Home
    moments: list[int]

    def again(self, folder: Path) -> Home:
        """A copy of the home before the act."""
        shutil.copytree(self.before.root, folder / "home")
        return Home(folder / "home")


def undisturbed(before: Home, folder: Path, times: int, code: tuple[str, str], *arguments: str) -> Undisturbed:
    shutil.copytree(before.root, folder / "after")
    assert not killed_at(0, *code, str(folder / "after"), str(folder / "count"), *arguments)
    acts = int((folder / "count").read_text())
    return Undisturbed(before, Home(folder / "after"), random.Random(acts).sample(range(1, acts + 1), times))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = intake_world.rows(*[{}] * 50, {"nummer": ""}, {"feit": "X"}, {"instroom": "", "beslisdatum": ""})
    return intake_world.write(tmp_path_factory.mktemp("file") / "zaken.csv", rows)


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory, file: Path) -> Undisturbed:
    folder = tmp_path_factory.mktemp("intake")
    home = Home(folder / "home")
    old = intake_world.write(folder / "old.csv", intake_world.rows({}))
    deliver(intake_world.catalog(), home, "zaken", old, "steward")
    (home.keys / "identifier-dossier.key").unlink()  # one key more is to be made; no row has a value of it
    return undisturbed(home, folder, INTAKES, DELIVER, str(file))


@pytest.fixture(scope="module")
def taken_in(intake: Undisturbed) -> list[list[dict[str, Any]]]:
    """The accepted and the quarantined rows of the file, taken in undisturbed."""
    [before], after = read_deliveries(intake.before), read_deliveries(intake.after)
    [made] = [delivery.id for delivery in after if delivery.id != before.id]
    return [intake_world.stored(intake.after, made, name) for name in ("accepted", "quarantined")]


@pytest.mark.parametrize("place", range(INTAKES))
def test_a_delivery(
    place: int, tmp_path: Path, intake: Undisturbed, file: Path, taken_in: list[list[dict[str, Any]]]
) -> None:
    home = intake.again(tmp_path)
    [standing], expected = read_deliveries(intake.before), without_moment(read_deliveries(intake.after))
    folder = home.deliveries / standing.id
    untouched = intake_world.listing(folder)
    assert killed_at(intake.moments[place], *DELIVER, str(home.root), str(tmp_path / "count"), str(file))
    assert without_moment(read_deliveries(home)) in (without_moment([standing]), expected)
    assert intake_world.listing(folder) == untouched

    deliver(intake_world.catalog(), home, "zaken", file, "steward")
    assert without_moment(read_deliveries(home)) == expected
    assert intake_world.listing(folder) == untouched
    # that of before is untouched, and so is its key: the new one alone is opened
    key = f"delivery-{standing.id}"
    assert data_keys(home).get(key) == data_keys(intake.before).get(key)
    [made] = [delivery.id for delivery in expected if delivery.id != standing.id]
    assert [intake_world.stored(home, made, name) for name in ("accepted", "quarantined")] == taken_in
    assert log_of(home) == log_of(intake.after)
    assert left_over(home) == []


def without_moment(deliveries: list[Delivery]) -> list[Delivery]:
    return [replace(delivery, received="") for delivery in deliveries]


@pytest.fixture(scope="module")
def building(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("build")
    home = warehouse_world.built_home(folder)
    warehouse_world.deliver_text(home, "zaken", NEWS)
    return undisturbed(home, folder, BUILDS, BUILD)


@pytest.fixture(scope="module")
def expected_rows(building: Undisturbed) -> dict[str, list[dict[str, Any]]]:
    return rows_of(building.after, read_snapshot(building.after))


@pytest.mark.parametrize("place", range(BUILDS))
def test_a_build(
    place: int, tmp_path: Path, building: Undisturbed, expected_rows: dict[str, list[dict[str, Any]]]
) -> None:
    home = building.again(tmp_path)
    before, expected = read_snapshot(building.before), read_snapshot(building.after)
    assert killed_at(building.moments[place], *BUILD, str(home.root), str(tmp_path / "count"))
    assert read_snapshot(home) in (before, expected)
    assert kept_of(home, before) == kept_of(building.before, before)

    assert build(warehouse_world.catalog(), home) == expected
    assert rows_of(home, expected) == expected_rows
    assert kept_of(home, before) == kept_of(building.before, before)
    assert list_snapshots(home) == list_snapshots(building.after)
    assert log_of(home) == log_of(building.after)
    assert left_over(home) == []


def rows_of(home: Home, snapshot: Snapshot) -> dict[str, list[dict[str, Any]]]:
    return {name: warehouse_world.read_table(home, snapshot, name) for name in snapshot.tables}


def kept_of(home: Home, snapshot: Snapshot) -> tuple[dict[str, str], bytes]:
    """Every byte of a snapshot that stands, and of its key."""
    key = data_keys(home).get(f"snapshot-{snapshot.id}")
    return intake_world.listing(home.snapshots / snapshot.id), key


def log_of(home: Home) -> list[tuple[str, Any]]:
    log = AuditLog(home.audit_log)
    assert verify(home).holds
    return [(line["act"], line["facts"]) for line in log.lines()]


def left_over(home: Home) -> list[Path]:
    """What is half-written; a new key's second name stays until the next key is made, a head's until the next line."""
    swept_later = (home.keys, home.steward_keys, home.audit_head.parent)
    return [path for path in home.root.rglob(f"{STAGING}*") if path.parent not in swept_later]
