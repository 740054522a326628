"""Two gates write at once, and a gate is killed at every touch of the disk: no line is lost, none stands twice."""

from multiprocessing import get_context
from pathlib import Path

import pytest
from audit_world import ACTS, act, found, lines_of, logged
from killing import killed_at

from das_research.audit import AuditLog
from das_research.home import Home
from das_research.oversight.verify import verify

WRITERS, EACH = 4, 25
IMPORTS = "from das_research.audit import AuditLog"
ACT = 'AuditLog(home / "audit.jsonl").record("intake", "delivered", "steward", delivery="d-9", rows=9)'


def write(path: str, writer: int) -> None:
    for number in range(EACH):
        AuditLog(Path(path)).record("intake", "delivered", f"steward-{writer}", delivery=f"d-{number}", rows=1)


def test_writers_at_once_lose_no_line(tmp_path):
    home, context = Home(tmp_path / "das"), get_context("forkserver")
    processes = [context.Process(target=write, args=(str(home.audit_log), writer)) for writer in range(WRITERS)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert verify(home).holds
    told = [(it["account"], it["facts"]["delivery"]) for it in AuditLog(home.audit_log).lines()]
    assert sorted(told) == sorted((f"steward-{w}", f"d-{n}") for w in range(WRITERS) for n in range(EACH))


@pytest.mark.parametrize("begun", [False, True], ids=["the first line", "a later line"])
def test_killed_at_every_touch_of_the_disk(tmp_path, begun):
    count, moment = tmp_path / "count", 1
    while True:
        home = Home(tmp_path / f"das-{moment}")
        before = ACTS if begun else 0
        if begun:
            logged(home.root)
        else:
            home.root.mkdir()
        if not killed_at(moment, IMPORTS, ACT, str(home.root), str(count)):
            break
        assert {kind for kind, _ in found(home)} <= {"half a line"}
        written = len(AuditLog(home.audit_log).lines())
        assert written in (before, before + 1)
        act(home)
        verdict = verify(home)
        assert (verdict.holds, verdict.lines) == (True, written + 1), moment
        moment += 1
    assert moment > 6, "it was killed often enough to mean something"


def test_half_a_line_is_told_and_the_next_gate_cuts_it_away(tmp_path):
    home = logged(tmp_path / "das")
    whole = home.audit_log.read_bytes()
    with home.audit_log.open("ab") as stream:
        stream.write(lines_of(home)[-1][:40].encode())
    assert found(home) == [("half a line", ACTS + 1)]
    act(home)
    assert verify(home).holds
    assert home.audit_log.read_bytes().startswith(whole)


def test_half_of_a_line_that_was_whole_is_no_killed_gate(tmp_path):
    home = logged(tmp_path / "das")
    home.audit_log.write_bytes(home.audit_log.read_bytes()[:-20])
    assert ("cut off", ACTS) in found(home)
    act(home)
    assert ("removed", ACTS) in found(home)
