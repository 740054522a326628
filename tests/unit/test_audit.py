"""The audit log: chained lines; a change, a removal or a cut shows."""

import json

import pytest

from das_research.audit import START, AuditLog


@pytest.fixture
def log(tmp_path) -> AuditLog:
    log = AuditLog(tmp_path / "audit.jsonl")
    for number in range(4):
        log.record("intake", "delivered", "steward", delivery=f"d-{number}", rows=number)
    return log


def test_an_empty_log_starts_at_zero(tmp_path):
    log = AuditLog(tmp_path / "audit.jsonl")
    assert (log.head(), log.lines(), log.first_broken_line()) == (START, [], None)


def test_each_line_is_chained_to_the_one_before(log):
    lines = log.lines()
    assert [line["previous"] for line in lines] == [START, *(line["hash"] for line in lines[:-1])]
    assert log.head() == lines[-1]["hash"]
    assert log.first_broken_line() is None


def test_a_changed_line_is_found(log):
    lines = log.path.read_text().splitlines()
    lines[1] = lines[1].replace('"rows": 1', '"rows": 7')
    log.path.write_text("\n".join(lines) + "\n")
    assert log.first_broken_line() == 2


def test_a_changed_line_with_a_new_hash_breaks_the_next(log):
    lines = [json.loads(line) for line in log.path.read_text().splitlines()]
    lines[1]["facts"]["rows"] = 7
    lines[1]["hash"] = "f" * 64
    log.path.write_text("".join(json.dumps(line, sort_keys=True) + "\n" for line in lines))
    assert log.first_broken_line() == 2


def test_a_removed_line_is_found(log):
    lines = log.path.read_text().splitlines()
    log.path.write_text("\n".join(lines[:1] + lines[2:]) + "\n")
    assert log.first_broken_line() == 2


def test_a_cut_tail_shows_in_the_head(log):
    head = log.head()
    log.path.write_text("\n".join(log.path.read_text().splitlines()[:-1]) + "\n")
    assert log.first_broken_line() is None
    assert log.head() != head


def test_half_a_line_of_a_killed_process_is_no_line(log):
    head = log.head()
    with log.path.open("a") as stream:
        stream.write('{"account": "steward", "act": "deliv')
    assert log.head() == head
    log.record("intake", "delivered", "steward", delivery="d-9")
    assert len(log.lines()) == 5
    assert log.lines()[-1]["previous"] == head
    assert log.first_broken_line() is None
