"""Rows without a number, linked by likeness, and what becomes of their links when they are erased.

zaken  1  Z1  P1  F1  Aaltje  1990-01-01
       2  Z2  P2  F3  Wopke   1960-05-05
       3      P7      Wopke   1960-05-05   names no case and no person: its key is the row itself, and it is like F3
       4      P8      Aaltje  1990-01-01   likewise, and like F1
"""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import custody_world
import pyarrow.parquet as pq
import pytest
import warehouse_world as world

from das_research.catalog.models import Catalog
from das_research.custody.erase import Erased, erase
from das_research.home import Home
from das_research.linkage.comparisons import LEVELS
from das_research.warehouse.build import build
from das_research.warehouse.snapshot import read_snapshot
from das_research.warehouse.vault import empty_vault

HEADER = "zaak,pv,persoon,geslacht,feit,instroom,beslissing,besluit,naam,opmerking,geboren\n"
ZAKEN = f"""{HEADER}\
Z1,P1,F1,man,310,2020-02-10,DV,2020-04-01,Aaltje,stil,1990-01-01
Z2,P2,F3,man,287,2020-03-10,SEP,2020-03-20,Wopke,stil,1960-05-05
,P7,,man,287,2020-06-11,,,Wopke,stil,1960-05-05
,P8,,man,310,2020-07-12,,,Aaltje,stil,1990-01-01
"""
CHANCE = {"naam": 0.01, "geboren": 0.0005}
KINDS = {"naam": "name", "geboren": "date"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The catalogue of `custody_world` with birth dates, and a model by which equal names and dates are one person."""
    content: dict[str, Any] = custody_world.catalog().model_dump(mode="json")
    born = {"take": False, "for_linkage": True, "identifying": "direct"} | world.DATE
    content["datasets"]["zaken"]["variables"]["geboren"] = born
    content["chain"]["linkage"] = {
        "fields": {name: {"kind": kind, "sources": [f"zaken.{name}"]} for name, kind in KINDS.items()},
        "blocking": [["naam", "geboren"]],
        "model": "hand.json",
    }
    fields = {}
    for name, kind in KINDS.items():
        others = LEVELS[kind][1:]  # type: ignore[index]
        fields[name] = {"equal": {"m": 0.9, "u": CHANCE[name]}} | {
            label: {"m": 0.1 / len(others), "u": (1 - CHANCE[name]) / len(others)} for label in others
        }
    trained = {"fields": fields, "pairs": {"naam+geboren": 1}, "records": 4, "seed": 1, "synthetic": True}
    content["trained"] = trained | {"with_keys": 0.1, "without_keys": 0.9}
    return Catalog.model_validate(content)


@pytest.fixture(scope="module")
def built(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = world.new_home(tmp_path_factory.mktemp("links"))
    for dataset, text in (world.FILES | {"zaken": ZAKEN, "zittingen": custody_world.ZITTINGEN}).items():
        world.deliver_text(home, dataset, text, catalog)
    build(catalog, home)
    return home


def again(built: Home, folder: Path) -> Home:
    shutil.copytree(built.root, folder / "home")
    return Home(folder / "home")


def register(home: Home, kind: str) -> list[dict[str, Any]]:
    return [row for path in sorted(home.register.glob(f"{kind}-*.parquet")) for row in pq.read_table(path).to_pylist()]


def key_of_row(home: Home, row: int) -> tuple[str, str]:
    """The key of a row of `zaken` that shows none."""
    [delivery] = [path.name for path in home.deliveries.glob("zaken-*")]
    return "row", hashlib.sha256(f"{delivery}|{row}".encode()).hexdigest()


def linked(home: Home) -> list[set[tuple[str, str]]]:
    return [
        {(it["left_domain"], it["left_pseudonym"]), (it["right_domain"], it["right_pseudonym"])}
        for it in register(home, "links")
    ]


def keys(home: Home) -> set[tuple[str, str]]:
    return {(it["domain"], it["pseudonym"]) for kind in ("cases", "persons") for it in register(home, kind)}


def test_a_row_without_keys_is_erased_with_its_own_key_and_its_links(
    built: Home, catalog: Catalog, tmp_path: Path
) -> None:
    home = again(built, tmp_path)
    theirs, another = key_of_row(home, 3), key_of_row(home, 4)
    assert {theirs, another} <= keys(home)
    ours = [it for it in linked(home) if theirs in it]
    others = [it for it in linked(home) if theirs not in it]
    assert ours and any(another in it for it in others)

    done = erase(catalog, home, "om", "pv", custody_world.removal_list(tmp_path, "P7"), "steward")
    assert done == Erased(rows=1, deliveries=1, snapshots=1, extracts=0, listed=1, found=1)
    assert theirs not in keys(home) and another in keys(home)
    assert linked(home) == others
    assert theirs[1].encode() not in b"".join(path.read_bytes() for path in home.register.iterdir())


def test_a_build_without_the_vault_gives_the_same_snapshot_where_nothing_new_is_linked(
    built: Home, catalog: Catalog, tmp_path: Path
) -> None:
    """The newcomer of case Z4 has a number, and is like nobody: with her name or without, she is one person more."""
    (tmp_path / "other").mkdir()
    with_vault = again(built, tmp_path)
    row = "Z4,,F5,vrouw,310,2020-08-01,,,Nieuwkoop,stil,2001-09-09\n"
    new = world.deliver_text(with_vault, "zaken", HEADER + row, catalog)
    without = again(with_vault, tmp_path / "other")
    assert (without.vault / f"{new.id}.parquet").is_file()
    empty_vault(without)
    made = build(catalog, with_vault)
    assert build(catalog, without) == made
    assert made.id != read_snapshot(built).id
