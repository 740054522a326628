"""Every write is atomic: the state before or the state after, whatever happens in between."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from das_research.home import STAGING, new_folder, sweep, write_file


def test_a_folder_appears_only_when_complete(tmp_path):
    target = tmp_path / "zone" / "thing"
    with new_folder(target) as staging:
        (staging / "a.txt").write_text("a")
        assert not target.exists()
    assert (target / "a.txt").read_text() == "a"
    assert list(target.parent.glob(f"{STAGING}*")) == []


def test_a_failure_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), new_folder(tmp_path / "thing") as staging:
        (staging / "a.txt").write_text("a")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_kept(tmp_path):
    for content in ("first", "second"):
        with new_folder(tmp_path / "thing") as staging:
            (staging / "a.txt").write_text(content)
    assert (tmp_path / "thing" / "a.txt").read_text() == "first"


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path):
    write_file(tmp_path / "key", b"one", mode=0o600)
    write_file(tmp_path / "key", b"two", mode=0o600)
    assert (tmp_path / "key").read_bytes() == b"two"
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_killed_process_leaves_the_old_state_and_the_next_writer_sweeps(tmp_path):
    write_file(tmp_path / "current", "old")
    script = textwrap.dedent(
        f"""
        import os, pathlib, signal
        from das_research.home import new_folder
        with new_folder(pathlib.Path({str(tmp_path)!r}) / "thing") as staging:
            (staging / "a.txt").write_text("half")
            os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    killed = subprocess.run([sys.executable, "-c", script], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(tmp_path.glob(f"{STAGING}*"))) == 1
    with new_folder(tmp_path / "thing") as staging:
        (staging / "a.txt").write_text("whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "thing"]
    assert (tmp_path / "thing" / "a.txt").read_text() == "whole"


def test_the_sweep_leaves_a_running_process_alone(tmp_path):
    (tmp_path / f"{STAGING}thing-{os.getpid()}-0000").mkdir()
    sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
