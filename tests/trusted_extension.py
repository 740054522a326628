"""DuckDB checks the signature of its extension at every load, an eighth of a second of CPU: tests have it done once.

Engines of tests in memory then load the very same file unchecked. A command that tests run as a process of its own
checks it each time, as it does for whoever works with this project.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

connect = duckdb.connect


def trust_once_checked() -> None:
    """Have every engine in memory of this process but the first take the extension for checked."""
    duckdb.connect = _trusting


def trust_as_checked() -> None:
    """Likewise in a process that was forked for a test, whose own process has checked it."""
    duckdb.connect = lambda database, **named: _trusting(database, checked=True, **named)


def _trusting(database: str = ":memory:", checked: bool = False, **named: Any) -> duckdb.DuckDBPyConnection:
    if database == ":memory:":
        if not checked:
            _check()
        named["config"] = {"allow_unsigned_extensions": "true"} | (named.get("config") or {})
    return connect(database, **named)


@cache
def _check() -> None:
    if package := find_spec("duckdb_extension_httpfs"):
        folder = Path(str(package.origin)).parent / "extensions" / f"v{duckdb.__version__}"
        with connect(":memory:") as engine:
            engine.load_extension(str(folder / "httpfs.duckdb_extension"))
