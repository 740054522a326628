"""Gate 1 killed at its worst moments: the old state stands, and the same delivery again completes it."""

import shutil
from pathlib import Path

import intake_world as world
import pytest
from killing import was_killed

from das_research.audit import AuditLog
from das_research.home import STAGING, Home
from das_research.intake.delivery import Delivery, read_deliveries
from das_research.intake.gate import deliver
from das_research.oversight.verify import verify

DELIVER = """
import os, signal, sys
from contextlib import contextmanager
from pathlib import Path
import das_research.audit, das_research.engines
import intake_world as world
from das_research.home import Home
from das_research.intake.gate import deliver

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

@contextmanager
def never_confirmed(path, appending=das_research.audit.appending):
    with appending(path) as stream:
        yield stream
        stream.flush()
        die()

rename = os.rename
{hook}
deliver(world.catalog(), Home(Path(sys.argv[1])), "zaken", sys.argv[2], "steward")
"""
MOMENTS = {
    "before the folder gets its name": "os.rename = die",
    "after the folder got its name": "os.rename = lambda *paths: (rename(*paths), die())",
    "between the two tables": "import das_research.intake.store as store; store._quarantined = die",
    "while a key is made": "os.link = die",
    "after the data keys were made": "import das_research.engines as engines; engines.write_parquet = die",
    "in the midst of the line of the audit log": "das_research.audit.appending = never_confirmed",
}


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Delivery]:
    folder = tmp_path_factory.mktemp("old")
    home = Home(folder / "home")
    return home, deliver(world.catalog(), home, "zaken", world.write(folder / "old.csv", world.rows({})), "steward")


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_delivery_leaves_the_old_state_and_completes_when_repeated(
    tmp_path: Path, old: tuple[Home, Delivery], moment: str
) -> None:
    home, standing = Home(tmp_path / "home"), old[1]
    shutil.copytree(old[0].root, home.root)
    if moment == "while a key is made":
        (home.keys / "identifier-persoon.key").unlink()
    before = world.listing(home.deliveries)
    path = world.write(tmp_path / "zaken.csv.gz", world.rows(*[{}] * 100, {"nummer": ""}))

    assert was_killed(DELIVER.format(hook=MOMENTS[moment]), str(home.root), str(path))

    after = world.listing(home.deliveries)
    seen = read_deliveries(home)
    if MOMENTS[moment].startswith(("os.rename = lambda", "das_research.audit")):
        assert len(seen) == 2, "the folder was complete when it got its name"
    else:
        assert seen == [standing]
        assert {name: it for name, it in after.items() if not name.startswith(STAGING)} == before

    again = deliver(world.catalog(), home, "zaken", path, "steward")
    assert (again.delivered, again.accepted, again.quarantined) == (101, 100, 1)
    assert len(world.stored(home, again.id)) == 100
    assert len(read_deliveries(home)) == 2
    assert [path.name for path in home.root.rglob(f"{STAGING}*")] == [], "nothing half-written stays"
    log = AuditLog(home.audit_log)
    assert [line["facts"]["delivery"] for line in log.lines()] == [standing.id, again.id], (
        "one line each, also afterwards"
    )
    assert verify(home).holds
