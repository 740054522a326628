"""Whether the zones of a home are apart: an extract says so only where the system was seen to keep them apart."""

import os
import stat
from pathlib import Path
from typing import Literal

from das_research.home import Home

Mode = Literal["embedded", "three accounts", "server"]
ACCESS_LIST = "system.posix_acl_access"


def mode_of(home: Home, project: str) -> Mode:
    """How the warehouse stands to the account that owns a project's folder.

    Returns
    -------
    {'embedded', 'three accounts'}
        ``three accounts``: warehouse and project belong to two accounts, that of the project is not root and can
        neither enter the warehouse nor put another in its place. In any doubt it is ``embedded``.
    """
    zone, above, root, warehouse = home.project(project), home.project("any").parent, home.root, home.warehouse
    if not zone.is_dir() or any(path.is_symlink() for path in (zone, above, warehouse)):
        return "embedded"
    account = zone.stat().st_uid
    strange = account not in {0, os.geteuid(), *(path.stat().st_uid for path in (above, root, warehouse))}
    closed = not stat.S_IMODE(warehouse.stat().st_mode) & 0o077 and not _has_access_list(warehouse)
    fixed = not any(stat.S_IMODE(path.stat().st_mode) & 0o022 for path in (above, root))
    return "three accounts" if strange and closed and fixed else "embedded"


def can_enter_warehouse(home: Home) -> bool:
    """Whether the account of this process can."""
    return os.access(home.warehouse, os.R_OK) or os.access(home.warehouse, os.X_OK)


def _has_access_list(path: Path) -> bool:
    """Whether an access list could open what the permissions close; where nobody can tell, it could."""
    if not hasattr(os, "listxattr"):
        return True
    try:
        return ACCESS_LIST in os.listxattr(path)
    except OSError:
        return False
