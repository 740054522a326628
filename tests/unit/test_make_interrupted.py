"""`make test` interrupted: both of its runs stop, and nothing is left behind."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from whole_way import ROOT

RUNS = ("apart", "many")
# In the place of pytest: says which of the two runs it is and its number, and stays until it is interrupted.
STAND_IN = """
import os, sys, time
def main():
    run = "many" if "-n" in sys.argv else "apart"
    try:
        with open(os.path.join(os.path.dirname(__file__), run), "w") as told:
            told.write(str(os.getpid()))
        while True:
            time.sleep(0.05)
    except KeyboardInterrupt:
        return 2
if __name__ == "__main__":
    sys.exit(main())
"""
PYTHON = """#!/bin/sh
case "$1" in tests/install_packages.py) exit 0;; esac
exec {python} "$@"
"""
# As a terminal starts it, also where these tests run in the background of a script.
FROM_A_TERMINAL = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execvp(sys.argv[1], sys.argv[1:])"
)


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_an_interrupt_stops_both_runs_of_the_tests(tmp_path: Path):
    for name in (".run", ".dev"):
        (tmp_path / name).touch()
    (tmp_path / "pytest.py").write_text(STAND_IN)
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(PYTHON.format(python=sys.executable))
    python.chmod(0o755)
    for run in RUNS:
        os.mkfifo(tmp_path / run)
    making = subprocess.Popen(
        [sys.executable, "-c", FROM_A_TERMINAL, "make", "test", f"VENV={tmp_path}"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "TMPDIR": str(tmp_path), "MAKEFLAGS": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    processes = {run: int((tmp_path / run).read_text()) for run in RUNS}
    os.killpg(making.pid, signal.SIGINT)  # as a terminal does: to make and everything it started
    assert making.wait() != 0
    left = [run for run, process in processes.items() if is_there(process)]
    for run in left:
        os.kill(processes[run], signal.SIGKILL)
    assert left == []
    assert not list(tmp_path.glob("tmp.*")), "what the run beside the others said is thrown away"
