"""The lines of the log one by one: which of them a gate wrote, and whether they stand where it wrote them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from das_research.audit_head import START, is_sealed, line_hash
from das_research.keys.sealing import fingerprint
from das_research.oversight.findings import Finding, Kind

FIELDS = {"previous", "moment", "gate", "act", "account", "facts", "hash"}


@dataclass(frozen=True)
class Line:
    """One line as it stands in the file.

    Parameters
    ----------
    place : int
        The how manieth line of the file.
    text : str
        Without its end.
    """

    place: int
    text: str

    @cached_property
    def content(self) -> dict[str, Any]:
        """What it says; nothing where it is no line of a log, or not as a gate writes it to the letter."""
        try:
            content = json.loads(self.text)
            written = json.dumps(content, sort_keys=True) == self.text
        except (ValueError, RecursionError):
            return {}
        known = isinstance(content, dict) and set(content) >= FIELDS
        return content if written and known else {}

    @property
    def sealed(self) -> bool:
        """Whether it claims a seal; lines of earlier versions have none."""
        return "number" in self.content or "seal" in self.content

    @property
    def number(self) -> int:
        """Its number by the log's own counting."""
        number = self.content.get("number", self.place)
        return number if isinstance(number, int) else self.place

    @cached_property
    def hash_holds(self) -> bool:
        """Whether it is a line of a log whose hash is that of what it says."""
        return bool(self.content) and line_hash(self.content) == self.content["hash"]

    def fault(self, public: bytes | None, seals: dict[str, int]) -> Kind | None:
        """Why no gate wrote this line as it stands; None where one did.

        Parameters
        ----------
        public : bytes, optional
            The key that must have sealed it; without one only the hash is asked.
        seals : dict
            Every seal of the log to the first place where it stands.
        """
        if not self.hash_holds:
            return "changed"
        if not self.sealed or public is None:
            return None
        seal = str(self.content.get("seal", ""))
        if not seal:
            return "not sealed"
        if self.content.get("key") != fingerprint(public):
            return "other key"
        if is_sealed(self.content, public):
            return None
        return "copied seal" if seals[seal] != self.place else "changed"


def faults_of(lines: Sequence[Line], public: bytes | None) -> dict[int, Kind]:
    """The places of the lines that no gate wrote as they stand, with why."""
    seals: dict[str, int] = {}
    for line in lines:
        seals.setdefault(str(line.content.get("seal", "")), line.place)
    found = {line.place: fault for line in lines if (fault := line.fault(public, seals))}
    begun = next((line.place for line in lines if line.sealed and line.place not in found), len(lines) + 1)
    unsealed: dict[int, Kind] = {it.place: "not sealed" for it in lines if it.place > begun and not it.sealed}
    return unsealed | found


def walk(lines: Sequence[Line], faults: Mapping[int, Kind]) -> Iterator[Finding]:
    """What is wrong with the lines, in their order."""
    known = {line.number for line in lines if line.place not in faults}
    expected, previous, since, passed, old_broken = 1, START, "", set[int](), False
    for line in lines:
        fault = faults.get(line.place)
        if fault:
            in_place = expected not in known
            yield Finding(_sharper(fault, in_place), expected if in_place else line.place, since)
            if in_place:
                expected, previous = expected + 1, ""
            continue
        if line.number in passed:
            yield Finding("inserted", line.place, since, of=f"a copy of line {line.number}")
            continue
        passed.add(line.number)
        if line.number < expected:
            yield Finding("moved", line.number, since, of=f"it stands as line {line.place} of the file")
            continue
        gone = [number for number in range(expected, line.number) if number not in known]
        if gone and not old_broken:
            yield Finding("removed", gone[0], since, gone[-1])
        elif previous and line.number == expected and line.content["previous"] != previous:
            yield Finding("chain", line.number, since)
            old_broken = old_broken or not line.sealed  # what is missing there can't be counted
        if line.content["act"] == "resumed" and line.content["gate"] == "audit":
            yield Finding("resumed", line.number, since)
        expected, previous, since = line.number + 1, line.content["hash"], line.content["moment"]


def _sharper(fault: Kind, in_place: bool) -> Kind:
    """A line that no gate wrote was changed where its number is nowhere else, and put in where it is."""
    return "inserted" if fault in ("changed", "copied seal") and not in_place else fault
