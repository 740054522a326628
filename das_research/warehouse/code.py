"""Which code computed something."""

import hashlib
from functools import cache
from pathlib import Path

import das_research


@cache
def code_version() -> str:
    """The hash of this package's Python files, as 64 hex digits: another version may compute other numbers."""
    digest = hashlib.sha256()
    root = Path(str(das_research.__file__)).parent
    for path in sorted(root.rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
