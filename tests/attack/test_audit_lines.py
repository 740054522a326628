"""Somebody who can write the audit log and has no key: every change of a line is found, at its line."""

import json
import random

import pytest
from audit_world import ACTS, act, edited, found, lines_of, logged, rewrite, without_seal

from das_research.home import Home
from das_research.oversight.verify import verify


@pytest.fixture
def home(tmp_path) -> Home:
    return logged(tmp_path / "das")


def test_a_log_that_only_gates_wrote_holds(home):
    verdict = verify(home)
    assert (verdict.holds, verdict.lines, verdict.old, verdict.copies) == (True, ACTS, 0, 1)


@pytest.mark.parametrize("rehashed", [False, True])
@pytest.mark.parametrize("number", range(1, ACTS + 1))
def test_a_line_changed(home, number, rehashed):
    lines = lines_of(home)
    lines[number - 1] = edited(lines[number - 1], lambda it: it["facts"].update(rows=99), rehashed=rehashed)
    rewrite(home, lines)
    assert ("changed", number) in found(home)


def test_every_line_after_it_chained_anew(home):
    lines, previous = lines_of(home), ""
    for place in range(2, ACTS):
        lines[place] = edited(
            lines[place], lambda it, hash=previous: it.update(account="x", **({"previous": hash} if hash else {}))
        )
        previous = json.loads(lines[place])["hash"]
    rewrite(home, lines)
    assert found(home)[0] == ("changed", 3)
    assert verify(home).findings[0].last == ACTS


def test_a_line_changed_to_the_letter_alone(home):
    lines = lines_of(home)
    lines[2] = lines[2].replace('"rows": 3', '"rows": 99, "rows": 3')
    rewrite(home, lines)
    assert ("changed", 3) in found(home)


@pytest.mark.parametrize("number", range(1, ACTS))
def test_a_line_removed(home, number):
    lines = lines_of(home)
    rewrite(home, lines[: number - 1] + lines[number:])
    assert ("removed", number) in found(home)


def test_lines_removed_say_from_which_to_which_and_since_when(home):
    lines = lines_of(home)
    rewrite(home, lines[:1] + lines[3:])
    (finding,) = verify(home).findings
    assert finding.what == "Lines 2 to 3 were taken out."
    assert finding.since == json.loads(lines[0])["moment"]
    assert "steward" in finding.ask


def test_a_line_inserted(home):
    lines = lines_of(home)
    stranger = edited(lines[2], lambda it: it["facts"].update(delivery="d-99"))
    rewrite(home, [*lines[:3], stranger, *lines[3:]])
    assert found(home) == [("inserted", 4)]


def test_a_line_copied_to_another_place(home):
    lines = lines_of(home)
    rewrite(home, [*lines[:4], lines[1], *lines[4:]])
    assert found(home) == [("inserted", 5)]


def test_lines_reordered(home):
    lines = lines_of(home)
    lines[1], lines[2] = lines[2], lines[1]
    rewrite(home, lines)
    assert found(home) == [("moved", 2)]


def test_a_seal_copied_from_another_line(home):
    lines = lines_of(home)
    seal = json.loads(lines[0])["seal"]
    lines[2] = edited(lines[2], lambda it: it.update(account="x", seal=seal))
    rewrite(home, lines)
    assert ("copied seal", 3) in found(home)


def test_a_line_appended_without_the_key(home):
    lines = lines_of(home)
    last = json.loads(lines[-1])
    forged = edited(lines[-1], lambda it: it.update(number=ACTS + 1, previous=last["hash"]))
    rewrite(home, [*lines, forged])
    assert [line for _, line in found(home)] == [ACTS + 1]
    act(home)
    assert [kind for kind, _ in found(home)] == ["inserted"], "a later line of a gate does not cover it"


def test_a_line_appended_as_versions_before_seals_wrote_it(home):
    lines = lines_of(home)
    rewrite(home, [*lines, without_seal(lines[-1])])
    assert ("not sealed", ACTS + 1) in found(home)


def test_nonsense_appended(home):
    rewrite(home, [*lines_of(home), "[" * 5000])
    assert [line for _, line in found(home)] == [ACTS + 1]
    act(home)
    assert [line for _, line in found(home)] == [ACTS + 1]


@pytest.mark.parametrize("seed", range(25))
def test_any_shuffling_removal_and_doubling_is_found(home, seed):
    drawn, lines = random.Random(seed), lines_of(home)
    after = [drawn.choice(lines) for _ in range(drawn.randint(1, ACTS))] if seed % 2 else drawn.sample(lines, ACTS)
    if after == lines:
        pytest.skip("drawn as it was")
    rewrite(home, after)
    assert found(home)
