"""An audit log of six acts for the tests that attack it, and what an attacker does to its lines."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from das_research.audit import AuditLog, stamp
from das_research.audit_head import line_hash
from das_research.home import Home
from das_research.oversight.verify import verify

ACTS = 6


def logged(root: Path, acts: int = ACTS) -> Home:
    """A home whose gates wrote some lines, of which a dossier keeps the fourth."""
    home = Home(root)
    for number in range(1, acts + 1):
        AuditLog(home.audit_log).record("intake", "delivered", "steward", delivery=f"d-{number}", rows=number)
        if number == 4:
            write_dossier(home)
    return home


def write_dossier(home: Home, id: str = "rel-0123456789ab") -> Path:
    """A dossier that keeps the head of the log as it is now."""
    path = home.releases / id / "release.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"id": id, **stamp(home)}))
    return path


def lines_of(home: Home) -> list[str]:
    return home.audit_log.read_text().splitlines()


def rewrite(home: Home, lines: list[str]) -> None:
    home.audit_log.write_text("".join(f"{line}\n" for line in lines))


def edited(line: str, change: Callable[[dict[str, Any]], Any], *, rehashed: bool = True) -> str:
    """A line changed by somebody who knows how hashes are made and has no key."""
    content = json.loads(line)
    change(content)
    if rehashed:
        content["hash"] = line_hash(content)
    return json.dumps(content, sort_keys=True)


def without_seal(line: str) -> str:
    """A line as versions before seals wrote it."""
    return edited(line, lambda it: [it.pop(name) for name in ("number", "key", "seal")])


def old_log(home: Home, lines: int = 3) -> None:
    """A log as versions before seals wrote it: chained and not sealed, no key and no head."""
    other = logged(home.root.with_name("other"), lines)
    previous, old = "0" * 64, []
    for line in lines_of(other):
        old.append(edited(without_seal(line), lambda it, hash=previous: it.update(previous=hash)))
        previous = json.loads(old[-1])["hash"]
    home.root.mkdir(parents=True)
    rewrite(home, old)
    shutil.rmtree(other.root)


def found(home: Home, key: str = "") -> list[tuple[str, int]]:
    """Kind and line of every finding."""
    return [(finding.kind, finding.line) for finding in verify(home, key).findings]


def act(home: Home) -> None:
    """Whatever a gate does next."""
    AuditLog(home.audit_log).record("intake", "delivered", "steward", delivery="d-next", rows=1)
