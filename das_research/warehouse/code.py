"""Which code computed something."""

from functools import cache
from pathlib import Path

import das_research
from das_research.home import files_hash


@cache
def code_version() -> str:
    """The hash of this package's Python files, as 64 hex digits: another version may compute other numbers."""
    root = Path(str(das_research.__file__)).parent
    return files_hash(root, root.rglob("*.py"))
