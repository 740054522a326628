"""DuckDB opened: in memory for the gates and builds, and the databases of projects, which only their keys open."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import sqlglot
from ibis.backends.duckdb import Backend

from das_research.engines.closed_files import load_encryption, quoted
from das_research.errors import DasError
from das_research.home import scratch_folder

MEMORY = "4500MB"  # of an engine that may spill: on top of it come the program and what it hands over
EXTRACT = "extract"  # what the database of a project is called in an engine
EngineError = duckdb.Error  # its message quotes values: never pass it on


@contextmanager
def memory_engine(spill: Path | None = None) -> Iterator[Backend]:
    """A private DuckDB in memory, closed at the end of the block: the workplace of gate 1, builds and gate 2.

    Parameters
    ----------
    spill : Path, optional
        The zone in which the engine may put what doesn't fit in memory; left alone, it would write in the folder in
        which somebody works. What it puts there is encrypted with a key that only the running engine has. Default:
        nowhere, and it takes the memory it needs.
    """
    with scratch_folder(spill, "spill") if spill else nullcontext("") as place:
        engine = ibis.duckdb.connect(":memory:", threads=2, temp_directory=str(place))
        if setting_of(engine, "enable_progress_bar"):  # in a notebook DuckDB refuses even to set what is set
            engine.con.execute("set enable_progress_bar = false")
        engine.con.execute("set preserve_insertion_order = true")
        if spill:
            load_encryption(engine)
            engine.con.execute("set temp_file_encryption = true")
            engine.con.execute(f"set memory_limit = '{MEMORY}'")
        try:
            yield engine
        finally:
            engine.disconnect()


def setting_of(engine: Backend, name: str) -> Any:
    """The value of a setting of the engine."""
    return engine.con.execute("select current_setting(?)", [name]).fetchall()[0][0]


@contextmanager
def streamed_as_text(engine: Backend, rows: pa.RecordBatchReader) -> Iterator[ir.Table]:
    """A stream of rows as a table, until the block ends: the column ``row`` as it is, every other one as text.

    The rows pass once, so only one thing can be computed of them.
    """
    columns = (f'"{it}"' if it == "row" else f'cast("{it}" as varchar) as "{it}"' for it in rows.schema.names)
    engine.con.register("_stream", rows)
    try:
        engine.con.execute(f"create or replace temp view _texts as select {', '.join(columns)} from _stream")
        yield engine.table("_texts")
    finally:
        engine.con.execute("drop view if exists _texts")
        engine.con.unregister("_stream")


def open_extract(path: Path, key: bytes, spill: Path | None = None) -> Backend:
    """Open a project's database as a researcher does: read-only, no files, no settings.

    The file is a wall to who has no key. The settings are a guard rail: Python in the same process can open the file
    anew. What they protect is what the file doesn't hold.

    Parameters
    ----------
    path : Path
        What `new_extract` wrote.
    key : bytes
        Its data key. No message repeats it.
    spill : Path, optional
        Where the engine may put what doesn't fit in memory, encrypted under a key that only it has; default: nowhere.

    Raises
    ------
    DasError
        When the file can't be opened with this key, or is damaged.
    """
    engine = ibis.duckdb.connect(":memory:", threads=2, temp_directory=str(spill or ""))
    load_encryption(engine)  # without it the first reading of a file takes three times as long
    engine.con.execute("set temp_file_encryption = true")
    if not _attach(engine, path, key, "read_only"):
        engine.disconnect()
        raise DasError(
            f"The database {path} can't be opened.",
            why="It is damaged, or its key is not the one it was written with.",
            fix="Put the file and its key back from the backup, both of the same day, or make the extract again.",
            ask="the steward who keeps the warehouse",
        )
    engine.con.execute(f"use {EXTRACT}")
    engine.con.execute("set enable_external_access = false")
    engine.con.execute("set lock_configuration = true")  # only now: Ibis sets the time zone while it connects
    return engine


@contextmanager
def new_extract(engine: Backend, path: Path, key: bytes) -> Iterator[tuple[str, str]]:
    """A new database file of a project, encrypted (AES-GCM) from its first byte, to be filled while the block runs.

    Yields
    ------
    tuple
        Its name in the engine, as Ibis takes it for ``database``.

    Raises
    ------
    DasError
        When the engine can't encrypt here. Nothing is written in plain instead.
    """
    load_encryption(engine)
    if not _attach(engine, path, key, "encryption_cipher 'GCM'"):
        raise DasError("The engine did not make a new database.", ask="the maintainers")
    try:
        yield EXTRACT, "main"
    finally:
        engine.detach(EXTRACT)


def comment(engine: Backend, table: str, text: str, column: str | None = None) -> None:
    """Write in a new extract what a table, or a column of it, is."""
    names = (sqlglot.to_identifier(name, quoted=True).sql(engine.dialect) for name in (table, column) if name)
    what = f"{'column' if column else 'table'} {EXTRACT}.main.{'.'.join(names)}"
    engine.con.execute(f"comment on {what} is {sqlglot.exp.Literal.string(text).sql(engine.dialect)}")


def comments(engine: Backend) -> dict[tuple[str, str | None], str]:
    """What `comment` wrote in the extract that is open: of a table, and of a table and a column."""
    of_tables = "select table_name, null, comment from duckdb_tables()"
    of_columns = "select table_name, column_name, comment from duckdb_columns()"
    wanted = f"where database_name = '{EXTRACT}' and comment is not null"
    rows = engine.con.execute(f"{of_tables} {wanted} union all {of_columns} {wanted}").fetchall()
    return {(table, column): text for table, column, text in rows}


def _attach(engine: Backend, path: Path, key: bytes, options: str) -> bool:
    """Attach an encrypted database; a message of the engine quotes the statement, so none is passed on."""
    try:
        secret = base64.b64encode(key).decode()
        engine.con.execute(f"attach {quoted(path)} as {EXTRACT} (encryption_key '{secret}', {options})")
    except duckdb.Error:
        return False
    return True
