"""The audit log: chained lines; a change, a removal or a cut shows."""

import json

import pytest

import das_research.audit
from das_research.audit import START, AuditLog, Head, stamp
from das_research.errors import DasError
from das_research.home import Home
from das_research.oversight.verify import verify


@pytest.fixture
def log(tmp_path) -> AuditLog:
    log = AuditLog(tmp_path / "audit.jsonl")
    for number in range(4):
        log.record("intake", "delivered", "steward", delivery=f"d-{number}", rows=number)
    return log


def found(log: AuditLog) -> list[tuple[str, int]]:
    """What das audit verify finds: kind and line."""
    return [(it.kind, it.line) for it in verify(Home(log.path.parent)).findings]


def test_an_empty_log_starts_at_zero(tmp_path):
    log = AuditLog(tmp_path / "audit.jsonl")
    assert (log.head(), log.lines(), found(log)) == (START, [], [])


def test_each_line_is_chained_to_the_one_before(log):
    lines = log.lines()
    assert [line["previous"] for line in lines] == [START, *(line["hash"] for line in lines[:-1])]
    assert log.head() == lines[-1]["hash"]
    assert found(log) == []


def test_a_changed_line_is_found(log):
    lines = log.path.read_text().splitlines()
    lines[1] = lines[1].replace('"rows": 1', '"rows": 7')
    log.path.write_text("\n".join(lines) + "\n")
    assert found(log) == [("changed", 2)]


def test_a_changed_line_with_a_new_hash_breaks_the_next(log):
    lines = [json.loads(line) for line in log.path.read_text().splitlines()]
    lines[1]["facts"]["rows"] = 7
    lines[1]["hash"] = "f" * 64
    log.path.write_text("".join(json.dumps(line, sort_keys=True) + "\n" for line in lines))
    assert ("changed", 2) in found(log)


def test_a_removed_line_is_found(log):
    lines = log.path.read_text().splitlines()
    log.path.write_text("\n".join(lines[:1] + lines[2:]) + "\n")
    assert found(log) == [("removed", 2)]


def test_a_cut_tail_shows_in_the_head(log):
    head = log.head()
    log.path.write_text("\n".join(log.path.read_text().splitlines()[:-1]) + "\n")
    assert found(log) == [("cut off", 4)]
    assert log.head() != head


def test_half_a_line_of_a_killed_process_is_no_line(log):
    head = log.head()
    with log.path.open("a") as stream:
        stream.write('{"account": "steward", "act": "deliv')
    assert log.head() == head
    log.record("intake", "delivered", "steward", delivery="d-9")
    assert len(log.lines()) == 5
    assert log.lines()[-1]["previous"] == head
    assert found(log) == []


def test_a_line_is_appended_without_reading_the_log(log, monkeypatch):
    """Forty megabytes of lines before it are not looked at, and would be no lines at all."""
    with log.path.open("r+b") as stream:
        whole = stream.read()
        stream.seek(0)
        stream.write(b"x" * 40_000_000 + b"\n" + whole)
    monkeypatch.setattr(AuditLog, "lines", None)
    read = []
    real = das_research.audit.last_line
    monkeypatch.setattr(das_research.audit, "last_line", lambda stream: read.append(real(stream)) or read[-1])
    log.record("intake", "delivered", "steward", delivery="d-4", rows=4)
    assert log.end().number == 5
    assert [json.loads(line)["number"] for line in read] == [4, 5]


def test_whether_an_act_is_told_is_asked_by_all_its_facts(log):
    assert log.tells("intake", "delivered", delivery="d-2", rows=2)
    assert not log.tells("intake", "delivered", delivery="d-2", rows=3)
    assert not log.tells("intake", "refused", delivery="d-2")
    assert not log.tells("extract", "delivered", delivery="d-2")
    assert not AuditLog(log.path.with_name("none")).tells("intake", "delivered")


def test_a_log_that_holds_nonsense_says_where_to_look(log):
    log.path.write_text(log.path.read_text() + "nonsense\n")
    with pytest.raises(DasError, match="das audit verify"):
        log.lines()


def test_the_end_of_a_log_is_known_behind_half_a_line(log):
    end = log.end()
    with log.path.open("a") as stream:
        stream.write('{"account": "steward", "act": "deliv')
    assert log.end() == end == stamp_of(Home(log.path.parent))


def stamp_of(home: Home) -> Head:
    kept = stamp(home)
    return Head(kept["audit_line"], kept["audit_head"], kept["audit_key"])
