"""A process killed while it makes an extract leaves the old one current, and the next run completes the work."""

from pathlib import Path

import pytest
from access_world import TODAY, a_catalog, extract_file, write_snapshot
from killing import was_killed

from das_research.access.extract import extract
from das_research.access.manifest import current_extract
from das_research.access.opening import open_project
from das_research.audit import AuditLog
from das_research.home import Home

KILLED_AT = {
    "the database half-way": ("das_research.access.extract", "write_file"),  # database written, manifest not
    "the rename of the folder": ("pathlib.Path", "rename"),
    "the line of the log": ("das_research.audit.AuditLog", "record"),
}
CHILD = """
import os, pkgutil, signal, sys
from pathlib import Path
from access_world import TODAY, a_catalog
from das_research.access.extract import extract
from das_research.home import Home
holder = pkgutil.resolve_name(sys.argv[2])
setattr(holder, sys.argv[3], lambda *given, **named: os.kill(os.getpid(), signal.SIGKILL))
extract(a_catalog(), Home(Path(sys.argv[1])), "proef", "anna", TODAY)
"""


@pytest.mark.parametrize("moment", KILLED_AT)
def test_a_killed_extract_leaves_the_old_one_and_the_next_run_completes(tmp_path: Path, moment: str) -> None:
    home = Home(tmp_path / "das")
    write_snapshot(home)
    old = extract(a_catalog(), home, "proef", "anna", TODAY)
    write_snapshot(home, "snap-ffffffffffff", bedrag=151)

    assert was_killed(CHILD, str(home.root), *KILLED_AT[moment])
    assert current_extract(home, "proef") == old
    with open_project("proef", home=home, catalog=a_catalog(), account="anna", today=TODAY) as project:
        assert project.snapshot == old.snapshot

    new = extract(a_catalog(), home, "proef", "anna", TODAY)
    assert current_extract(home, "proef") == new
    assert new.snapshot == "snap-ffffffffffff"
    assert extract_file(home).is_file()
    folder = home.project("proef") / "extracts"
    assert {path.name for path in folder.iterdir()} == {old.id, new.id, "current"}
    told = [line["facts"]["extract"] for line in AuditLog(home.audit_log).lines() if line["act"] == "extracted"]
    assert told == [old.id, new.id]
