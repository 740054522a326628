"""DuckDB, the engine of every zone: the only module that knows more of it than Ibis does."""

import base64
import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import sqlglot
from ibis import udf
from ibis.backends.duckdb import Backend
from ibis.backends.sql import SQLBackend
from ibis.expr.datatypes import DataType

from das_research.engines.behind import later, waited
from das_research.errors import DasError, UsageError
from das_research.home import new_file, scratch_folder

SCARCE = 1_500_000_000  # bytes in use, from where on tables are packed
TEMP, MAIN = "temp", "memory"  # databases of an engine in memory: one of its own tables, one that can be packed
MEMORY = "4500MB"  # of an engine that may spill: on top of it come the program and what it hands over
JOINED_ABOVE = 4  # texts in a list, for which DuckDB joins
TOLD = "_das_told"  # what an engine was told once
KEPT = "_das_tables"  # the names of the tables that it keeps, and in which of its databases
EXTRACT = "extract"  # what the database of a project is called in an engine
# pseudonyms are digits without pattern: packed so they take half the room, and no more time since less is encrypted;
# a column with more values than the limit in a part of its rows is no longer tried as a dictionary, which is dear
PACKING = {"compression": "zstd", "compression_level": 1, "dictionary_size_limit": 10_000}
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
            _load_encryption(engine)
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
    _load_encryption(engine)  # without it the first reading of a file takes three times as long
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
    _load_encryption(engine)
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
        engine.con.execute(f"attach {_quoted(path)} as {EXTRACT} (encryption_key '{secret}', {options})")
    except duckdb.Error:
        return False
    return True


def keep(engine: Backend, table: ir.Table) -> ir.Table:
    """Compute a table once and keep it in the engine until that closes; texts that are `few` stay few."""
    return _computed(engine, table, TEMP)


def _computed(engine: Backend, table: ir.Table, database: str) -> ir.Table:
    kept = _named(engine, "table", table, database)
    name, mapper, types = f'{database}.main."{kept.op().name}"', engine.compiler.type_mapper, table.schema()

    def as_ibis_knows_it(con: Any) -> None:
        for (column, wanted), given in zip(types.items(), con.table(name).types, strict=True):
            wanted = wanted.copy(nullable=True)
            if given.id != "enum" and mapper.from_string(str(given)) != wanted:  # a sum is wider than Ibis knows
                quoted = sqlglot.to_identifier(column, quoted=True).sql(engine.dialect)
                con.execute(f"alter table {name} alter {quoted} type {mapper.to_string(wanted)}")

    later(engine, as_ibis_knows_it)
    return kept


def keep_numbered(engine: Backend, table: ir.Table, name: str) -> ir.Table:
    """Keep a table, with the place of every row in its order, from 0, in a column of this name, as short as can be.

    Examples
    --------
    >>> with memory_engine() as engine:
    ...     keep_numbered(engine, ibis.memtable({"key": ["b", "a"]}).order_by("key"), "node").to_pyarrow().to_pylist()
    [{'key': 'a', 'node': 0}, {'key': 'b', 'node': 1}]
    """
    kept = keep(engine, table)
    return kept.mutate(**{name: kept.rowid().cast("int32")})


def keep_packed(engine: Backend, table: ir.Table) -> ir.Table:
    """Keep a table that is large and stays: where memory grows scarce it is packed, to a third or less of its room.

    What isn't packed the engine puts on disk when it has no more memory, which takes longer than to pack it.

    Examples
    --------
    >>> with memory_engine() as engine:
    ...     keep_packed(engine, ibis.memtable({"row": [1, 2]})).row.sum().to_pyarrow().as_py()
    3
    """
    kept = _computed(engine, table, MAIN)
    later(engine, _pack)
    return kept


def _pack(con: Any) -> None:
    [[used]] = con.execute("select sum(memory_usage_bytes) from duckdb_memory()").fetchall()
    if used > SCARCE:
        con.execute(f"checkpoint {MAIN}")


@contextmanager
def for_now(engine: Backend) -> Iterator[list[ir.Table]]:
    """A block of which nothing stays that is kept in it but the tables that it puts in this list.

    What nobody asks for any more would fill the memory, and then the disk.

    Examples
    --------
    >>> with memory_engine() as engine:
    ...     with for_now(engine) as stay:
    ...         step = keep(engine, ibis.memtable({"row": [1, 2]}))
    ...         stay.append(keep(engine, step.filter(step.row > 1)))
    ...     [it.row.to_list() for it in stay]
    [[2]]
    """
    stay: list[ir.Table] = []
    before = set(_kept(engine))
    yield stay
    _drop(engine, _kept(engine).keys() - before - _names(stay))


def forget(engine: Backend, *tables: ir.Table) -> None:
    """Drop the tables that an engine keeps for these expressions: nobody asks for them any more.

    Examples
    --------
    >>> with memory_engine() as engine:
    ...     step = keep(engine, ibis.memtable({"row": [1, 2]}))
    ...     last = keep(engine, step.filter(step.row > 1))
    ...     forget(engine, step)
    ...     last.row.to_list(), step.op().name in engine.list_tables(database="main")
    ([2], False)
    """
    _drop(engine, _names(tables) & _kept(engine).keys())


def _kept(engine: Backend) -> dict[str, str]:
    return engine.__dict__.setdefault(KEPT, {})


def _names(tables: Iterable[ir.Table]) -> set[str]:
    return {it.name for table in tables for it in table.op().find(ops.DatabaseTable)}


def _drop(engine: Backend, names: Iterable[str]) -> None:
    for name in sorted(names):
        _execute(engine, f'drop table {_kept(engine).pop(name)}."{name}"')


def _execute(engine: Backend, statement: str) -> None:
    """Run a statement whose answer nobody reads."""
    later(engine, lambda con: con.execute(statement))


def view(engine: Backend, table: ir.Table) -> ir.Table:
    """A table that is computed wherever it is asked for, of the columns asked for, and spelled out once.

    Not of tables in memory: the engine would lose sight of them.
    """
    return _named(engine, "view", table)


def _named(engine: Backend, what: str, table: ir.Table, database: str = TEMP) -> ir.Table:
    engine._run_pre_execute_hooks(table)
    name = ibis.util.gen_name(what)
    temporary = "temp " if database == TEMP else ""
    _execute(engine, f'create {temporary}{what} {database}.main."{name}" as {engine.compile(table)}')
    if what == "table":
        _kept(engine)[name] = database
    place = ops.Namespace(catalog=database, database="main")
    return ops.DatabaseTable(name, schema=table.schema(), source=engine, namespace=place).to_expr()


def few(engine: Backend, texts: Iterable[str]) -> Callable[[str | ir.StringValue], ir.StringValue]:
    """How the engine writes texts of which there are few: each as its place in their list, a byte or two.

    To whoever reads such a text it is one, and it sorts as one; but to keep, sort, join and write it is cheap.

    Parameters
    ----------
    engine : Backend
        Where they will stand.
    texts : iterable of str
        All that there can be.

    Returns
    -------
    callable
        What makes one of these texts, or a column of them, such a text; any other is refused by the engine.

    Examples
    --------
    >>> with memory_engine() as engine:
    ...     dataset = few(engine, ["zaken", "feiten"])
    ...     table = keep(engine, ibis.memtable({"row": [1]}).mutate(dataset=dataset("zaken")))
    ...     table.filter(table.dataset == "zaken").dataset.to_list()
    ['zaken']
    """
    listed = _listed(engine, texts)
    name = f"{listed}_of"
    _define(engine, name, f'create temp macro "{name}"(one) as cast(one as "{listed}")')
    return _macro(name)


def one_of_few(engine: Backend, texts: Iterable[str]) -> Callable[[ir.StringValue], ir.StringValue]:
    """How the engine writes texts of which a few are known: as `few`, and as null where they are none of these.

    Examples
    --------
    >>> with memory_engine() as engine:
    ...     known = one_of_few(engine, ["M", "V"])
    ...     table = ibis.memtable({"geslacht": ["V", "x", None]})
    ...     keep(engine, table.select(geslacht=known(table.geslacht))).geslacht.to_list()
    ['V', None, None]
    """
    listed = _listed(engine, texts)
    name = f"{listed}_or_none"
    _define(engine, name, f'create temp macro "{name}"(one) as try_cast(one as "{listed}")')
    return _macro(name)


def looked_up(
    engine: Backend, codes: Mapping[str, str], meanings: Iterable[str] | None = None
) -> Callable[[ir.StringValue], ir.StringValue]:
    """How the engine looks up a text among few, without a join: out of a join rows come in no order.

    Parameters
    ----------
    engine : Backend
        Where they will stand.
    codes : mapping of str to str
        What each text stands for.
    meanings : iterable of str, optional
        All that texts can stand for, here and elsewhere: what is looked up among the same ones is of one kind.

    Returns
    -------
    callable
        What makes a column of texts what they stand for, as `few`; null where a text is not known.

    Examples
    --------
    >>> with memory_engine() as engine:
    ...     unified = looked_up(engine, {"M": "man", "V": "vrouw"})
    ...     table = ibis.memtable({"geslacht": ["V", "x", None]})
    ...     keep(engine, table.select(geslacht=unified(table.geslacht))).geslacht.to_list()
    ['vrouw', None, None]
    """
    known, unified = _listed(engine, codes), _listed(engine, codes.values() if meanings is None else meanings)
    meant = ", ".join(_literal(engine, codes[text]) for text in sorted(codes))
    place = f'enum_code(try_cast(one as "{known}")) + 1'
    found = f'list_extract([{meant}]::"{unified}"[], {place})'
    name = "meaning_" + _short_hash(found)
    _define(engine, name, f'create temp macro "{name}"(one) as {found}')
    return _macro(name)


def _listed(engine: Backend, texts: Iterable[str]) -> str:
    """The name of the type of some texts: of one type alone they stay few where they come together."""
    listed = ", ".join(_literal(engine, text) for text in sorted(set(texts)))
    name = "few_" + _short_hash(listed)
    _define(engine, name, f'create type "{name}" as enum ({listed})')
    return name


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _define(engine: Backend, name: str, statement: str) -> None:
    """Tell the engine once what a name is."""
    told: set[str] = engine.__dict__.setdefault(TOLD, set())
    if name not in told:
        told.add(name)
        _execute(engine, statement)


def _literal(engine: Backend, text: str) -> str:
    return sqlglot.exp.Literal.string(text).sql(engine.dialect)


@cache
def _macro(name: str) -> Callable:
    def one(text: str) -> str: ...

    return udf.scalar.builtin(one, name=name)


def splink_database(engine: Backend) -> Any:
    """The same engine as Splink wants it, so that no record leaves it to be compared."""
    from splink import DuckDBAPI

    database = DuckDBAPI(connection=waited(engine))
    database._con = engine.con  # it takes no other connection than DuckDB's own, but what runs behind comes first
    return database


def stacked(tables: Sequence[ir.Table], schema: Mapping[str, str]) -> ir.Table:
    """Tables under each other; where there are none, no rows of these columns."""
    return ibis.union(*tables) if tables else ibis.memtable([], schema=schema)


def some(table: ir.Table) -> bool:
    """Whether a table has a row."""
    return bool(table.limit(1).count().to_pyarrow().as_py())


def only_row(table: ir.Table) -> dict[str, Any]:
    """The one row of a table, computed."""
    return table.to_pyarrow().to_pylist()[0]


def in_first_row(value: ir.Value, row: ir.IntegerValue) -> ir.Scalar:
    """Of a group the known value in its first row, by the number of that; Ibis would have all rows sorted for it.

    Examples
    --------
    >>> rows = {"person": [1, 1, 1, 2], "row": [3, 1, 2, 4], "name": ["c", None, "b", None]}
    >>> with memory_engine() as engine:
    ...     rows = keep(engine, ibis.memtable(rows))
    ...     found = rows.group_by("person").agg(name=in_first_row(rows.name, rows["row"])).order_by("person")
    ...     found.name.to_list()
    ['b', None]
    """
    return _arg_min(value.type())(value, row)


@cache
def _arg_min(kind: DataType) -> Callable:
    def one(value: object, row: int) -> object: ...

    return udf.agg.builtin(one, name="arg_min", signature=((kind, "int64"), kind))


@udf.scalar.builtin(name="strip_accents")
def without_accents(text: str) -> str:
    """The letters of a text without what stands above or below them."""


@udf.scalar.builtin(name="hash", signature=(("string", "string", "int8"), "uint64"))
def number_of(text: str, domain: str, attempt: int) -> int:
    """A text of a domain as one of 2^64 numbers, another at each attempt; another engine gives others: store none."""


@udf.scalar.builtin(name="try_strptime")
def _try_strptime(text: str, spelling: str) -> datetime: ...


def one_of(text: ir.StringValue, spellings: Collection[str]) -> ir.BooleanValue:
    """Whether a text is one of these, as a pattern where they are many; null stays null.

    DuckDB would join with a long list, and what comes out of a join stands in no order.

    Examples
    --------
    >>> table = ibis.memtable({"code": ["D1", "D10", None]})
    >>> one_of(table.code, ["D1", *"ABCDE"]).to_list()
    [True, False, None]
    """
    if len(spellings) <= JOINED_ABOVE:
        return text.isin(spellings)
    return text.re_search(f"^(?:{'|'.join(map(re.escape, spellings))})$")


def parse_date(text: ir.StringValue, spelling: str) -> ir.DateValue:
    """The date a text spells in a format of strptime, without its time of day; null when it doesn't fit."""
    return _try_strptime(text, spelling).date()


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
    _load_encryption(engine)
    engine._run_pre_execute_hooks(table)
    options = f"format parquet, {_packing()}, encryption_config {{footer_key: '{_learn(engine, key)}'}}"
    _execute(engine, f"copy ({engine.compile(table)}) to {_quoted(path)} ({options})")
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
            con.execute(f"copy ({rows}) to {_quoted(staging)} (format parquet, {_packing()})")

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
    source = f"read_parquet({_quoted(path)}, encryption_config = {{footer_key: '{_learn(engine, key)}'}})"
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


def _load_encryption(engine: Backend) -> None:
    """Load the part of DuckDB that can encrypt, from its Python package: nothing is fetched."""
    version = f"v{duckdb.__version__}"
    loaded = False
    if package := find_spec("duckdb_extension_httpfs"):
        path = Path(str(package.origin)).parent / "extensions" / version / "httpfs.duckdb_extension"
        loaded = _once(engine, "encryption", f"load {_quoted(path)}")
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


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def tables_read(tree: sqlglot.exp.Expr) -> list[sqlglot.exp.Table]:
    """Where a parsed query reads a table or a function of tables, and no name that the query gives itself."""
    own = {cte.alias for cte in tree.find_all(sqlglot.exp.CTE)}
    return [
        table
        for table in tree.find_all(sqlglot.exp.Table)
        if table.db or table.name not in own or not isinstance(table.this, sqlglot.exp.Identifier)
    ]


def with_columns_replaced(engine: SQLBackend, query: str, replaced: Mapping[str, tuple[str, str]]) -> ir.Table:
    """The table of a query in which one column of some tables is another one of the same table.

    Parameters
    ----------
    engine : SQLBackend
        Any engine; where the tables are.
    query : str
        In the engine's own words.
    replaced : mapping
        Table to the column and the one that stands in its place.

    Raises
    ------
    UsageError
        When the query can't be read, or the engine can't run it so.
    """
    try:
        tree = sqlglot.parse_one(query, read=engine.dialect)
        for table in tables_read(tree):
            if table.name in replaced:
                column, other = replaced[table.name]
                source = sqlglot.exp.Table(this=table.this, db=table.args.get("db"), catalog=table.args.get("catalog"))
                columns = [
                    sqlglot.exp.alias_(
                        sqlglot.column(other if name == column else name, quoted=True), name, quoted=True
                    )
                    for name in engine.table(table.name).columns
                ]
                table.replace(sqlglot.select(*columns).from_(source).subquery(table.alias or table.name))
        return engine.sql(tree.sql(engine.dialect))
    except Exception:  # the words of parser and engine can quote a value
        raise UsageError("The query can't be run by another link of persons.") from None


def days(later: ir.DateValue, earlier: ir.DateValue) -> ir.IntegerValue:
    """Whole days between two dates."""
    return later.delta(earlier, unit="day")


def literal_date(day: date) -> ir.DateScalar:
    """A day as an expression."""
    return ibis.date(day.isoformat())
