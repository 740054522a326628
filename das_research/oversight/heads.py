"""Where documents outside the log say how far it had come: dossiers of releases, manifests of extracts, editions."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from das_research.access.manifest import MANIFEST
from das_research.audit_head import START, Head
from das_research.disclosure.releases import FILE as DOSSIER
from das_research.home import STAGING, Home
from das_research.publish.editions import FILE as EDITION


@dataclass(frozen=True)
class Copy:
    """The head of the log that one document keeps.

    Parameters
    ----------
    document : str
        Its place below the home folder.
    head : Head
        Number and key are 0 and empty in a document from before lines were sealed.
    """

    document: str
    head: Head


def copies(home: Home) -> list[Copy]:
    """Every copy of a head, by document. A document that can't be read, or that keeps none, has no copy."""
    return sorted(_copies(home), key=lambda it: it.document)


def _copies(home: Home) -> Iterator[Copy]:
    places = (
        (home.releases, f"*/{DOSSIER}"),
        (home.editions, f"*/{EDITION}"),
        (home.root / "projects", f"*/extracts/*/{MANIFEST}"),
        (home.root / "projects", f"*/sealed/*/{MANIFEST}"),
    )
    for root, pattern in places:
        for path in root.glob(pattern):
            head = _head_in(path)
            if head and not path.parent.name.startswith(STAGING):
                yield Copy(path.relative_to(home.root).as_posix(), head)


def _head_in(path: Path) -> Head | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        head = Head(int(document.get("audit_line", 0)), document.get("audit_head", ""), document.get("audit_key", ""))
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return head if head.hash not in ("", START) else None
