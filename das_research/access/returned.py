"""What came back from gate 3, as its author reads it in the project: the reasons, and no reviewer's name.

Reviewers sent it back, or the gate itself refused it since hidden numbers could be worked back.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from das_research.handover import REFUSED, RETURNED


@dataclass(frozen=True)
class Returned:
    """A hand-over that came back.

    Parameters
    ----------
    run, release : str
        The run that handed it over, and the release it was; none where the gate refused it.
    reasons : tuple of (str, str)
        The kind of each reason, and what must change.
    """

    run: str
    release: str
    reasons: tuple[tuple[str, str], ...]


def read_returned(runs: Path) -> list[Returned]:
    """Every hand-over below a folder of runs that came back, by run."""
    found = []
    for path in sorted([*runs.glob(f"*/{RETURNED}"), *runs.glob(f"*/{REFUSED}")]):
        if not path.is_file():
            continue
        told = json.loads(path.read_text(encoding="utf-8"))
        reasons = tuple((reason["kind"], reason["why"]) for reason in told["reasons"])
        found.append(Returned(path.parent.name, told.get("release", ""), reasons))
    return found
