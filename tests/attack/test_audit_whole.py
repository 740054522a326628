"""The audit log cut, replaced or stripped as a whole, with or without its key, head and public key."""

import json
import shutil

import pytest
from audit_world import ACTS, act, found, lines_of, logged, old_log, rewrite, without_seal, write_dossier

from das_research.errors import DasError
from das_research.home import Home
from das_research.keys import files, sealing
from das_research.oversight.verify import verify


@pytest.fixture
def home(tmp_path) -> Home:
    return logged(tmp_path / "das")


def replace_key(home: Home) -> None:
    path = home.steward_keys / sealing.FILE
    path.unlink()
    files.create(path)


@pytest.mark.parametrize("left", range(ACTS))
def test_the_tail_cut(home, left):
    rewrite(home, lines_of(home)[:left])
    assert ("cut off", left + 1) in found(home)
    assert verify(home).findings[0].last == ACTS
    assert (("head missing", 4) in found(home)) is (left < 4), "the dossier knows line 4"


def test_the_tail_cut_and_a_gate_writes_on(home):
    rewrite(home, lines_of(home)[:2])
    act(home)
    assert ("removed", 3) in found(home)
    assert json.loads(lines_of(home)[-1])["number"] == ACTS + 1


def test_the_tail_and_the_head_cut(home):
    rewrite(home, lines_of(home)[:5])
    home.audit_head.unlink()
    assert found(home) == [("no head", 0)]
    act(home)
    assert found(home) == [("resumed", 6)], "the gate says so itself, once and for all"


def test_an_older_head_put_back_with_its_lines(home):
    head = home.audit_head.read_bytes()
    act(home)
    write_dossier(home, "rel-ba9876543210")
    rewrite(home, lines_of(home)[:ACTS])
    home.audit_head.write_bytes(head)
    assert found(home) == [("head missing", ACTS + 1)], "a dossier knows better"


def test_an_older_head_put_back_alone(home):
    head = home.audit_head.read_bytes()
    act(home)
    act(home)
    home.audit_head.write_bytes(head)
    assert found(home) == [("behind head", 0)]


def test_a_head_forged(home):
    document = json.loads(home.audit_head.read_text())
    home.audit_head.write_text(json.dumps(document | {"number": 3}))
    assert ("forged head", 0) in found(home)


def test_a_dossiers_head_gone(home):
    path = home.releases / "rel-0123456789ab" / "release.json"
    document = json.loads(path.read_text())
    path.write_text(json.dumps(document | {"audit_line": 3}))
    (finding,) = verify(home).findings
    assert (finding.kind, finding.line) == ("head missing", 3)
    assert "publication/releases/rel-0123456789ab/release.json" in finding.what


def test_the_whole_log_replaced_by_a_fresh_valid_one(home, tmp_path):
    known = sealing.fingerprint(bytes.fromhex(home.audit_key.read_text()))
    other = logged(tmp_path / "other")
    for name in ("audit.jsonl", "audit.pub", "audit.head", "warehouse/keys/audit.ed25519"):
        shutil.copy(other.root / name, home.root / name)
    assert found(home) == [("head missing", 4)]
    assert found(home, known) == [("unexpected key", 0), ("head missing", 4)]


def test_the_public_key_replaced(home):
    home.audit_key.write_text("ab" * 32)
    assert verify(home).findings[0].what.startswith(f"Lines 1 to {ACTS} are sealed by another key")
    with pytest.raises(DasError, match="one of the two was replaced"):
        act(home)


def test_the_private_key_replaced(home):
    replace_key(home)
    with pytest.raises(DasError, match="one of the two was replaced"):
        act(home)
    assert verify(home).holds, "nothing was written by it"


def test_both_keys_replaced_and_a_gate_writes_on(home):
    replace_key(home)
    home.audit_key.unlink()
    act(home)
    kinds = dict(found(home))
    assert kinds["other key"] == 1 and "resumed" in kinds


def test_the_key_gone(home):
    (home.steward_keys / sealing.FILE).unlink()
    with pytest.raises(DasError, match="key that seals the audit log is gone"):
        act(home)
    assert verify(home).holds


def test_the_public_key_gone(home):
    home.audit_key.unlink()
    assert ("no key", 0) in found(home)


def test_all_seals_stripped_so_that_it_looks_old(home):
    rewrite(home, [without_seal(line) for line in lines_of(home)])
    assert {"chain", "unsealed log", "head missing"} == {kind for kind, _ in found(home)}


def test_replaced_by_an_old_looking_log_that_is_chained_well(home, tmp_path):
    other = Home(tmp_path / "old")
    old_log(other, ACTS)
    shutil.copy(other.audit_log, home.audit_log)
    assert found(home) == [("unsealed log", 0), ("head missing", 4)]
    for path in (home.audit_key, home.audit_head):
        path.unlink()
    assert found(home) == [("head missing", 4)]


def test_an_old_log_is_told_from_a_tampered_one(tmp_path):
    home = Home(tmp_path / "das")
    old_log(home)
    verdict = verify(home)
    assert (verdict.holds, verdict.lines, verdict.old, verdict.sealed_since) == (True, 3, 3, "")
    act(home)
    act(home)
    verdict = verify(home)
    assert (verdict.holds, verdict.lines, verdict.old) == (True, 5, 3)
    assert json.loads(lines_of(home)[3])["number"] == 4


@pytest.mark.parametrize("place", range(3))
def test_a_line_of_the_old_part_removed_after_it_was_sealed(tmp_path, place):
    home = Home(tmp_path / "das")
    old_log(home)
    act(home)
    lines = lines_of(home)
    rewrite(home, lines[:place] + lines[place + 1 :])
    assert found(home)
