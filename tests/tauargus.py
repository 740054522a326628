"""tau-ARGUS, by pytauargus in a process of its own: it is native code that can crash."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

SCRIPT = """
import json, sys
from pytauargus import protect
rows, names = json.load(sys.stdin)
result = protect(rows, names, "v", safety_rules=sys.argv[1], suppress="OPT(1,5)").tables[0]
hidden = [value for status, value in zip(result.status(), result.unsafe()) if status == "M"]
print("hidden", len(hidden), sum(hidden))
"""

BATCH = "import sys; from pytauargus.engine import run_batch; run_batch(sys.argv[1])"


def run_batch(batch: Path, timeout: float = 120) -> list[dict[str, str]]:
    """Run a batch where it stands, and read the table that it writes: a dict a cell.

    Dimensions have the names `0`, `1` and on; the others are those of its output with realised bounds.
    """
    with tempfile.TemporaryDirectory() as folder:  # it writes logs where it stands
        command = [sys.executable, "-c", BATCH, str(batch.resolve())]
        subprocess.run(command, check=True, capture_output=True, timeout=timeout, cwd=folder, env=_writing_in(folder))
    written = re.findall(r'<WRITETABLE> .*"(.*)"', batch.read_text())
    rows = [line.split(";") for line in (batch.parent / written[0]).read_text().splitlines()]
    tail = ("value", "freq", "shadow", "cost", "status", "lower", "upper", "low", "high", "width", *"xyz")
    places = len(rows[0]) - len(tail)
    return [
        dict(zip([*map(str, range(places)), *tail], [it.strip('"').strip() for it in row], strict=True)) for row in rows
    ]


def optimum(
    names: Sequence[str], counts: Mapping[tuple[str, ...], int], minimum: int, timeout: float = 330
) -> tuple[int, float] | None:
    """How many secondary cells it hides of a table without sub-totals, and their value in all, which it keeps least.

    None where it fails or takes too long. It takes hidden cells for zero or more, and asks that none is known exactly.
    Without a limit of minutes it would end with the first pattern that it finds.
    """
    rows: dict[str, list] = {
        name: [codes[place] for codes, count in counts.items() for _ in range(count)]
        for place, name in enumerate(names)
    }
    rows["v"] = [1] * sum(counts.values())
    command = [sys.executable, "-c", SCRIPT, f"FREQ({minimum},0)"]
    told = json.dumps([rows, list(names)])
    with tempfile.TemporaryDirectory() as folder:  # it writes logs where it stands
        try:
            done = subprocess.run(
                command,
                input=told,
                capture_output=True,
                text=True,
                timeout=timeout,
                cwd=folder,
                env=_writing_in(folder),
            )
        except subprocess.TimeoutExpired:
            return None
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("hidden ")]
    return (int(lines[0][1]), float(lines[0][2])) if done.returncode == 0 and lines else None


def _writing_in(folder: str) -> dict[str, str]:
    """The environment of a process whose scratch goes with the folder."""
    return {**os.environ, "TMPDIR": folder}
