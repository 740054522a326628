"""What can be wrong with the audit log: each finding says what, at which line, since when, and whom to ask."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "changed", "inserted", "moved", "removed", "chain", "not sealed", "other key", "copied seal", "half a line",
    "cut off", "no head", "forged head", "behind head", "head missing", "resumed",
    "no key", "unexpected key", "unsealed log",
]  # fmt: skip

PLURAL = {"was": "were", "is": "are", "has": "have", "does": "do", "stands": "stand", "tells": "tell"}
STEWARD = "the steward who keeps the home folder, and tell the data protection officer"
KEYS = "the steward who keeps the keys, and tell the data protection officer"
SAYS: dict[Kind, tuple[str, str]] = {
    "changed": ("was changed after a gate wrote it", STEWARD),
    "inserted": ("was put in: no gate wrote it", STEWARD),
    "moved": ("stands out of order", STEWARD),
    "removed": ("was taken out", STEWARD),
    "chain": ("does not follow from the line before it: one was changed, taken out, put in or moved there", STEWARD),
    "not sealed": ("has no seal: it was added without the key", STEWARD),
    "other key": ("is sealed by another key than audit.pub", KEYS),
    "copied seal": ("has the seal of another line", STEWARD),
    "half a line": ("is half a line: a gate was killed while it wrote, and its act was never confirmed", STEWARD),
    "cut off": ("was cut off at the end: the sealed head knows it", STEWARD),
    "no head": ("has no audit.head beside it any more", STEWARD),
    "forged head": ("ends by an audit.head that the key did not seal", KEYS),
    "behind head": ("goes on further than audit.head: an older head was put back", STEWARD),
    "head missing": ("is not, or no longer, the line that a document knows: the log was cut or made anew", STEWARD),
    "resumed": ("tells that a gate found no audit.head: lines before it may have been cut off", STEWARD),
    "no key": ("has no audit.pub beside it: seals can't be checked", KEYS),
    "unexpected key": ("is sealed by another key than the one that was expected", KEYS),
    "unsealed log": ("has no seals, though a key for them or a sealed head stands beside it", STEWARD),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Parameters
    ----------
    kind : str
        What.
    line : int
        The number of the line by the log's own counting, of a line put in its place in the file; 0 for the log as a
        whole.
    since : str
        The moment of the last line before it that holds: it happened after that. Empty where none holds.
    last : int
        The last line of a row of such lines; default the same.
    of : str
        The document, key or line that tells of it.
    """

    kind: Kind
    line: int
    since: str = ""
    last: int = 0
    of: str = ""

    @property
    def what(self) -> str:
        """One sentence."""
        lines = f"Lines {self.line} to {self.last}" if self.last > self.line else f"Line {self.line}"
        subject = lines if self.line else "The log"
        said = SAYS[self.kind][0]
        if self.last > self.line:
            verb, _, rest = said.partition(" ")
            said = f"{PLURAL.get(verb, verb)} {rest}"
        return f"{subject} {said}{f' ({self.of})' if self.of else ''}."

    @property
    def ask(self) -> str:
        """Whom to ask."""
        return SAYS[self.kind][1]

    def __str__(self) -> str:
        since = f" After {self.since}." if self.since else ""
        return self.what + since
