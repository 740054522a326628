"""A build killed half-way: the snapshot before stays current, and the next build gives every case its surrogate.

The child is killed at the n-th time that something is about to appear under its name.
"""

import shutil

import pytest
from killing import was_killed
from warehouse_world import FILES, built_home, catalog, deliver_text, new_home, read_table

from das_research.warehouse.build import build
from das_research.warehouse.snapshot import list_snapshots, read_snapshot

CHILD = """
import os, signal, sys
from pathlib import Path
from warehouse_world import catalog, new_home
from das_research.warehouse.build import build

left = [int(sys.argv[2])]

def dying(act):
    def instead(*arguments):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*arguments)
    return instead

Path.rename, Path.replace = dying(Path.rename), dying(Path.replace)
build(catalog(), new_home(Path(sys.argv[1])))
"""

# a sixth case, and a row which shows that Z3 (case five) is P1 of F2 (case two): new keys, then an alias, for cases
NEWS = FILES["zaken"].splitlines()[0] + "\nZ4,,F5,man,310,2020-08-01,,\nZ3,P1,F2,vrouw,310,2020-05-01,,\n"


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    home = built_home(tmp_path_factory.mktemp("whole"))
    deliver_text(home, "zaken", NEWS)
    return home, build(catalog(), home)


@pytest.mark.parametrize(
    ("act", "segments"),
    [
        (3, ["cases-000001", "links-000001", "links-000002", "persons-000001", "persons-000002"]),  # before the cases
        (4, ["cases-000001", "cases-000002", "links-000001", "links-000002", "persons-000001", "persons-000002"]),
        (
            6,
            [
                "aliases-000001",
                "cases-000001",
                "cases-000002",
                "links-000001",
                "links-000002",
                "persons-000001",
                "persons-000002",
            ],
        ),  # the snapshot
    ],
)
def test_a_killed_build(tmp_path, uninterrupted, act, segments):
    whole, expected = uninterrupted
    home = built_home(tmp_path)
    before = read_snapshot(home)
    for folder in (whole.deliveries, whole.steward_keys):
        shutil.copytree(folder, home.root / folder.relative_to(whole.root), dirs_exist_ok=True)
    assert was_killed(CHILD, str(tmp_path), str(act))
    assert read_snapshot(home) == before
    assert list_snapshots(home) == [before]
    assert sorted(path.stem for path in home.register.glob("*.parquet")) == segments

    after = build(catalog(), new_home(tmp_path))
    assert after.tables == expected.tables
    for name in ("cases", "persons", "zaken"):
        assert read_table(home, after, name) == read_table(whole, expected, name)
    assert not [path for path in home.root.rglob(".staging-*") if path.parent != home.deliveries]
