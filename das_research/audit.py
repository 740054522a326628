"""The audit log: one line for each passage through a gate, each chained to the line before by its hash.

A changed or removed line breaks the chain at that place; a cut tail shows because the head of the chain is copied into
the dossier of every release.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from das_research.home import appending, whole_lines

START = "0" * 64
Gate = Literal["intake", "extract", "release", "publish", "custody"]


@dataclass(frozen=True)
class AuditLog:
    """The log of one home folder.

    Parameters
    ----------
    path : Path
        The file; created at the first line.
    """

    path: Path

    def record(self, gate: Gate, act: str, account: str, **facts: str | int | bool) -> str:
        """Write one line and return its hash.

        Parameters
        ----------
        gate : str
            Which gate writes.
        act : str
            What passed, as one verb: delivered, extracted, checked, approved, published, refused.
        account : str
            The account that acted.
        **facts
            Ids and counts. Never a value of a person.
        """
        with appending(self.path) as stream:
            stream.seek(0)
            lines = whole_lines(stream.read().decode())
            line: dict[str, Any] = {
                "previous": json.loads(lines[-1])["hash"] if lines else START,
                "moment": datetime.now(UTC).isoformat(timespec="seconds"),
                "gate": gate,
                "act": act,
                "account": account,
                "facts": facts,
            }
            line["hash"] = _hash(line)
            stream.write((json.dumps(line, sort_keys=True) + "\n").encode())
        return line["hash"]

    def lines(self) -> list[dict[str, Any]]:
        """Every line, oldest first."""
        if not self.path.exists():
            return []
        return [json.loads(line) for line in whole_lines(self.path.read_text(encoding="utf-8"))]

    def head(self) -> str:
        """The hash of the last line."""
        lines = self.lines()
        return lines[-1]["hash"] if lines else START

    def first_broken_line(self) -> int | None:
        """The number of the first line whose hash or predecessor is wrong; None when the chain holds."""
        previous = START
        for number, line in enumerate(self.lines(), start=1):
            claimed = line.pop("hash")
            if line["previous"] != previous or _hash(line) != claimed:
                return number
            previous = claimed
        return None


def _hash(line: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(line, sort_keys=True).encode()).hexdigest()
