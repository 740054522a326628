"""Parquet that only its key opens, and the segments of registers, which need none."""

import base64
import hashlib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines.behind import later, run_later, waited
from das_research.errors import DasError
from das_research.home import new_file

TOLD = "_das_told"  # what an engine was told once
# pseudonyms are digits without pattern: packed so they take half the room, and no more time since less is encrypted;
# a column with more values than the limit in a part of its rows is no longer tried as a dictionary, which is dear
PACKING = {"compression": "zstd", "compression_level": 1, "dictionary_size_limit": 10_000}


def write_parquet(engine: Backend, table: ir.Table, path: Path, key: bytes, wait: bool = True) -> None:
    """Write a table as Parquet that only its key opens: AES-GCM, footer and columns alike.

    Parameters
    ----------
    engine : Backend
        Where the table is computed.
    table : Table
        What is written, in its order.
    path : Path
        The new file.
    key : bytes
        Its data key.
    wait : bool
        Come back when it is written; else, where the engine works `behind`, it is done in its turn.

    Raises
    ------
    DasError
        When the engine can't encrypt here. Nothing is written in plain instead.
    """
    load_encryption(engine)
    engine._run_pre_execute_hooks(table)
    options = f"format parquet, {_packing()}, encryption_config {{footer_key: '{_learn(engine, key)}'}}"
    run_later(engine, f"copy ({engine.compile(table)}) to {quoted(path)} ({options})")
    if wait:
        waited(engine)


def write_segment(engine: Backend, table: ir.Table, path: Callable[[], Path]) -> None:
    """Write a table as Parquet, not encrypted: a file that is there when it is complete. `behind`, nobody waits for it.

    Parameters
    ----------
    engine : Backend
        Where the table is computed.
    table : Table
        What is written, in its order.
    path : callable
        Gives the path of the file, asked when its turn has come.
    """
    engine._run_pre_execute_hooks(table)
    rows = engine.compile(table)

    def write(con: Any) -> None:
        with new_file(path()) as staging:
            con.execute(f"copy ({rows}) to {quoted(staging)} (format parquet, {_packing()})")

    later(engine, write)


def _packing() -> str:
    return ", ".join(f"{name} {value}" for name, value in PACKING.items())


def read_parquet(engine: Backend, path: Path, key: bytes) -> ir.Table:
    """A table that `write_parquet` wrote; Ibis' own reader can't pass the key.

    Raises
    ------
    DasError
        When the file can't be opened with this key, or is damaged.
    """
    name = ibis.util.gen_name("closed")
    source = f"read_parquet({quoted(path)}, encryption_config = {{footer_key: '{_learn(engine, key)}'}})"
    con, opened = waited(engine), True
    try:
        con.execute(f'create temp view "{name}" as select * from {source}')
    except duckdb.Error:
        opened = False
    if not opened:
        raise DasError(
            f"The file {path} can't be opened.",
            why="It is damaged, or its data key is not the one it was written with.",
            fix="Put the file and its key back from the backup, both of the same day.",
            ask="the steward who keeps the warehouse",
        )
    return engine.table(name)


def _learn(engine: Backend, key: bytes) -> str:
    """Tell the engine a data key, and what it is called there: the engine's messages may quote that name."""
    name = "key_" + hashlib.sha256(key).hexdigest()[:16]
    if not _once(engine, name, f"pragma add_parquet_key('{name}', '{base64.b64encode(key).decode()}')"):
        raise DasError("The engine did not take a data key.", ask="the maintainers")
    return name


def load_encryption(engine: Backend) -> None:
    """Load the part of DuckDB that can encrypt, from its Python package: nothing is fetched."""
    version = f"v{duckdb.__version__}"
    loaded = False
    if package := find_spec("duckdb_extension_httpfs"):
        path = Path(str(package.origin)).parent / "extensions" / version / "httpfs.duckdb_extension"
        loaded = _once(engine, "encryption", f"load {quoted(path)}")
    if not loaded:
        raise DasError(
            "Data can't be encrypted here, so nothing was written.",
            why=f"DuckDB {version} encrypts with its extension httpfs, which could not be loaded.",
            fix=f"pip install duckdb-extension-httpfs=={duckdb.__version__}",
            ask="whoever installed das-research",
        )


def _once(engine: Backend, name: str, statement: str) -> bool:
    """Whether a statement succeeded, of which once in an engine is enough; what fails quotes it, so nothing is said."""
    told: set[str] = engine.__dict__.setdefault(TOLD, set())
    if name not in told:
        con = waited(engine)
        try:
            con.execute(statement)
        except duckdb.Error:
            return False
        told.add(name)
    return True


def quoted(path: Path) -> str:
    """A path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
