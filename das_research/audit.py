"""The audit log: one line for each act at a gate, chained to the line before by its hash, and sealed by a key.

A changed, removed, added or moved line shows: its seal or its place does not fit. A cut tail shows in the head, which
is sealed too, and in the heads that are copied into dossiers, manifests and editions: see `das_research.oversight`.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Literal, TypedDict

from das_research.audit_facts import Fact
from das_research.audit_head import START, Head, follows, line_hash, seal_text, sealed_head, write_head
from das_research.errors import DasError
from das_research.home import Home, appending, last_line, whole_lines, write_file
from das_research.keys.sealing import SealingKey, fingerprint

__all__ = ["RESUMED", "START", "AuditLog", "Fact", "Gate", "Head", "stamp"]

SECOND = "0000-00-00T00:00:00"
RESUMED = "resumed"  # the act by which a gate says that it found no head to go on from
Gate = Literal["intake", "extract", "project", "release", "publish", "custody", "audit"]


@dataclass(frozen=True)
class AuditLog:
    """The log of one home folder.

    Parameters
    ----------
    path : Path
        The file, ``home.audit_log``; created at the first line. Public key and head stand beside it, the sealing key
        among the steward's.
    """

    path: Path

    def record(self, gate: Gate, act: str, account: str, **facts: Fact) -> str:
        """Write one line and return its hash. However long the log is, only its last line is read.

        Parameters
        ----------
        gate : str
            Which gate writes.
        act : str
            What passed, as one verb: delivered, opened, extracted, checked, approved, published, refused.
        account : str
            The account that acted.
        **facts
            Ids, counts and fingerprints. Never a value of a person, and never a text that somebody typed.
        """
        home = Home(self.path.parent)
        with appending(self.path) as stream:
            last = _parsed(last_line(stream))
            begun = home.audit_key.exists() or home.audit_head.exists() or "number" in last
            key = self._key(begun)
            head = sealed_head(home, key)
            if head is None:
                head = Head(int(last["number"]) if "number" in last else _count(stream), last.get("hash", START))
                if begun:  # said in a line of its own, since the next head hides it
                    head = self._append(stream, key, head, "audit", RESUMED, account, {})
                else:
                    write_head(home, key, head)  # before any line: a sealed line without a head tells of a removal
                    self._publish(key)
            elif follows(last, head, key):  # a gate was killed before it wrote the head
                head = Head(head.number + 1, last["hash"])
            head = self._append(stream, key, head, gate, act, account, facts)
            stream.flush()
            os.fsync(stream.fileno())  # the head is never ahead of the lines
            write_head(home, key, head)
        return head.hash

    def lines(self) -> list[dict[str, Any]]:
        """Every line, oldest first."""
        if not self.path.exists():
            return []
        try:
            return [json.loads(line) for line in whole_lines(self.path.read_text(encoding="utf-8"))]
        except (ValueError, RecursionError):
            raise DasError(
                "The audit log can't be read.",
                why="It holds something that no gate wrote.",
                fix="Type das audit verify: it says where.",
                ask="the steward who keeps the home folder",
            ) from None

    def tells(self, gate: Gate, act: str, since: str = "", **facts: Fact) -> bool:
        """Whether some line, of this second (ISO) or later, tells of this act. Only lines with the facts are parsed."""
        if not self.path.exists():
            return False
        wanted = [json.dumps(value).encode() for value in facts.values()]
        with self.path.open("rb") as stream:
            found = (_parsed(line) for line in stream if all(value in line for value in wanted))
            return any(
                (line.get("gate"), line.get("act")) == (gate, act)
                and facts.items() <= line["facts"].items()
                and line["moment"][: len(SECOND)] >= since[: len(SECOND)]
                for line in found
            )

    def head(self) -> str:
        """The hash of the last line."""
        return self.end().hash

    def end(self) -> Head:
        """Number and hash of the last line, and the key that sealed it."""
        if not self.path.exists():
            return Head()
        with self.path.open("rb") as stream:
            last = _parsed(last_line(stream))
        if "number" not in last:  # half a line stands behind it, or it is from before lines were sealed
            lines = self.lines()
            last = {"number": len(lines), **lines[-1]} if lines else {}
        return Head(last.get("number", 0), last.get("hash", START), last.get("key", ""))

    def _key(self, begun: bool) -> SealingKey:
        home = Home(self.path.parent)
        key = SealingKey(home.steward_keys) if begun else SealingKey.made(home.steward_keys)
        if begun and not home.audit_key.exists():
            self._publish(key)
        elif begun and home.audit_key.read_text(encoding="ascii", errors="replace").strip() != key.public.hex():
            raise DasError(
                "The audit log can't be written.",
                why="The key among the steward's keys is not that of audit.pub: one of the two was replaced.",
                fix="Type das audit verify, and put back the one that was replaced.",
                ask="the steward who keeps the keys, and tell the data protection officer",
            )
        return key

    def _publish(self, key: SealingKey) -> None:
        write_file(Home(self.path.parent).audit_key, key.public.hex() + "\n")

    def _append(
        self,
        stream: IO[bytes],
        key: SealingKey,
        head: Head,
        gate: Gate,
        act: str,
        account: str,
        facts: dict[str, Fact],
    ) -> Head:
        line: dict[str, Any] = {
            "number": head.number + 1,
            "previous": head.hash,
            "moment": datetime.now(UTC).isoformat(timespec="seconds"),
            "gate": gate,
            "act": act,
            "account": account,
            "facts": facts,
            "key": fingerprint(key.public),
        }
        line["hash"] = line_hash(line)
        line["seal"] = key.seal(seal_text(line))
        stream.write((json.dumps(line, sort_keys=True) + "\n").encode())
        return Head(line["number"], line["hash"], line["key"])


def _parsed(line: bytes) -> dict[str, Any]:
    """A line as it was written; nothing of what is no line of a log."""
    try:
        parsed = json.loads(line)
        return parsed if isinstance(parsed, dict) and {"hash", "previous", "facts"} <= parsed.keys() else {}
    except (ValueError, RecursionError):
        return {}


def _count(stream: IO[bytes]) -> int:
    stream.seek(0)
    return stream.read().count(b"\n")


class Stamp(TypedDict):
    """The end of the log, as the fields of a document."""

    audit_head: str
    audit_line: int
    audit_key: str


def stamp(home: Home) -> Stamp:
    """The end of the log as a document keeps it that is made now."""
    end = AuditLog(home.audit_log).end()
    return Stamp(audit_head=end.hash, audit_line=end.number, audit_key=end.key)
