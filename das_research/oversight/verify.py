"""The audit log checked as a whole: every line, the sealed head, and every copy of a head that stands elsewhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from das_research.audit_head import Head, head_text, read_head, read_public
from das_research.home import Home
from das_research.keys.sealing import fingerprint, holds
from das_research.oversight.findings import Finding
from das_research.oversight.heads import Copy, copies
from das_research.oversight.lines import Line, faults_of, walk


@dataclass(frozen=True)
class Verdict:
    """What `verify` found.

    Parameters
    ----------
    lines : int
        Lines of the log.
    old : int
        Lines at its begin from before lines were sealed: chained by their hashes, and sealed as a whole by the next.
    head : Head
        Where it ends, and the fingerprint of the key in audit.pub.
    sealed_since : str
        The moment of the first sealed line; empty where none is.
    copies : int
        Documents that keep a head of the log.
    findings : tuple of Finding
        What is wrong; empty where the log holds.
    contents : tuple of dict
        The lines that a gate wrote, as far as they can be told.
    """

    lines: int
    old: int
    head: Head
    sealed_since: str
    copies: int
    findings: tuple[Finding, ...]
    contents: tuple[dict[str, Any], ...] = field(default=(), repr=False)

    @property
    def holds(self) -> bool:
        """True where nothing is wrong."""
        return not self.findings


def verify(home: Home, key: str = "") -> Verdict:
    """Check the audit log of a home. Nothing is written, and no secret key is asked for.

    Parameters
    ----------
    home : Home
        The home folder.
    key : str
        The fingerprint of the sealing key, as it was written down elsewhere: then a log that was made anew under a key
        of its own shows even where no document tells of the old one.
    """
    raw = home.audit_log.read_bytes() if home.audit_log.exists() else b""
    *whole, rest = raw.decode(errors="replace").split("\n")
    lines = [Line(place, text) for place, text in enumerate(whole, start=1)]
    public, known = read_public(home), copies(home)
    faults = faults_of(lines, public)
    found = [*walk(lines, faults)]
    sealed = [line for line in lines if line.sealed]
    good = {line.number: line for line in lines if line.place not in faults}
    last = good[max(good)].content if good else {}
    since = str(last.get("moment", ""))
    if rest:
        found.append(Finding("half a line", len(lines) + 1, since))
    if sealed and public is None:
        found.append(Finding("no key", 0))
    if key and (public is None or not fingerprint(public).startswith(key)):
        found.append(Finding("unexpected key", 0, of=fingerprint(public) if public else "none"))
    found += _of_head(home, public, good, bool(sealed), since)
    found += _of_copies(known, lines)
    head = Head(max(good, default=0), str(last.get("hash", "")), fingerprint(public) if public else "")
    begun = str(sealed[0].content["moment"]) if sealed else ""
    contents = tuple(good[number].content for number in sorted(good))
    old = next((line.place - 1 for line in sealed), len(lines))
    return Verdict(len(lines), old, head, begun, len(known), tuple(_joined(found)), contents)


def _of_head(home: Home, public: bytes | None, good: dict[int, Line], sealed: bool, since: str) -> Iterator[Finding]:
    found = read_head(home)
    if found is None:
        if sealed or home.audit_head.exists() or home.audit_key.exists():
            yield Finding("no head", 0)
        return
    head, seal = found
    if public is not None and not holds(public, head_text(head), seal):
        yield Finding("forged head", 0)
        return
    last = max(good, default=0)
    if last < head.number:
        yield Finding("cut off", last + 1, since, head.number)
    elif not sealed and good and good[last].content["hash"] != head.hash:
        yield Finding("unsealed log", 0)
    elif head.number in good and good[head.number].content["hash"] != head.hash:
        yield Finding("head missing", head.number, of=home.audit_head.name)
    if last > head.number + 1:
        yield Finding("behind head", 0, since, of=f"line {last} against {head.number}")


def _of_copies(known: Iterable[Copy], lines: Iterable[Line]) -> Iterator[Finding]:
    """Copies that no line answers, by whatever key it is sealed: its own hash is asked, and its number."""
    there = {(line.number, line.content["hash"]) for line in lines if line.hash_holds}
    hashes = {hash for _, hash in there}
    for copy in known:
        head = copy.head
        if (head.number, head.hash) not in there and (head.number or head.hash not in hashes):
            yield Finding("head missing", head.number, of=copy.document)


def _joined(found: list[Finding]) -> list[Finding]:
    """Findings of one kind on lines that follow each other, as one."""
    joined: list[Finding] = []
    for finding in found:
        before = joined[-1] if joined else None
        after = max(before.line, before.last) + 1 if before else 0
        if before and finding.line and (finding.kind, finding.line, finding.of) == (before.kind, after, before.of):
            joined[-1] = replace(before, last=max(finding.line, finding.last))
        else:
            joined.append(finding)
    return joined
