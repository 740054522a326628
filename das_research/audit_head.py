"""Where the audit log ends: what is sealed of a line and of the head, and what a document keeps of it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from das_research.home import Home, write_file
from das_research.keys.sealing import SealingKey, fingerprint, holds

START = "0" * 64


@dataclass(frozen=True)
class Head:
    """Where a log ends: what a dossier keeps, so that a log that was cut or made anew shows.

    Parameters
    ----------
    number : int
        The number of its last line; 0 of a log without lines.
    hash : str
        Of that line.
    key : str
        Fingerprint of the key that seals it; empty where nothing is sealed yet.
    """

    number: int = 0
    hash: str = START
    key: str = ""


def line_hash(line: dict[str, Any]) -> str:
    """The hash of a line: of all that stands in it but the hash itself and the seal."""
    content = {name: value for name, value in line.items() if name not in ("hash", "seal")}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def seal_text(line: dict[str, Any]) -> str:
    """What the seal of a line is made of."""
    return f"das-research audit line {line['hash']}"


def head_text(head: Head) -> str:
    """What the seal of a head is made of."""
    return f"das-research audit head {head.number} {head.hash} {head.key}"


def read_head(home: Home) -> tuple[Head, str] | None:
    """The head beside the log and its seal; None where there is none that can be read."""
    try:
        document = json.loads(home.audit_head.read_text(encoding="utf-8"))
        seal = document.pop("seal")
        return Head(**document), str(seal)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def read_public(home: Home) -> bytes | None:
    """The public key that lines and head are sealed by; None where there is none that can be read."""
    try:
        public = bytes.fromhex(home.audit_key.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return public if len(public) == 32 else None


def write_head(home: Home, key: SealingKey, head: Head) -> None:
    """Write the head beside the log, sealed."""
    head = Head(head.number, head.hash, fingerprint(key.public))
    document = asdict(head) | {"seal": key.seal(head_text(head))}
    write_file(home.audit_head, json.dumps(document, sort_keys=True) + "\n")


def sealed_head(home: Home, key: SealingKey) -> Head | None:
    """The head beside the log, where it is one that this very key sealed."""
    found = read_head(home)
    return found[0] if found and holds(key.public, head_text(found[0]), found[1]) else None


def follows(last: dict[str, Any], head: Head, key: SealingKey) -> bool:
    """Whether the last line is one that this very key sealed right behind the head."""
    return (
        (last.get("number"), last.get("previous")) == (head.number + 1, head.hash)
        and line_hash(last) == last["hash"]
        and is_sealed(last, key.public)
    )


def is_sealed(line: dict[str, Any], public: bytes) -> bool:
    """Whether the key of this public one sealed a line with its hash."""
    return holds(public, seal_text(line), str(line.get("seal", "")))
