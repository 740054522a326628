"""Statements that nobody waits for: an engine runs them in turn, while the program spells out the next ones."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from typing import Any

import duckdb
from ibis.backends.duckdb import Backend

SWITCH = 0.0005  # seconds after which the program lets the engine's thread ask whether it is to go on: it does so often


class Behind:
    """The connection of an engine of which whoever asks anything waits for all that is due.

    Parameters
    ----------
    con : DuckDBPyConnection
        One thing is done with it at a time.
    """

    def __init__(self, con: Any) -> None:
        self.con = con
        self._due: list[Future] = []
        self._failed = False
        self._worker = ThreadPoolExecutor(1)

    def __getattr__(self, name: str) -> Any:
        """Anything of the connection, when nothing is due any more."""
        self.wait()
        return getattr(self.con, name)

    def register(self, name: str, rows: object) -> None:
        """A table in memory, in its turn."""
        self.later(lambda con: con.register(name, rows))

    def remove_function(self, name: str) -> None:
        """Forget a function, in its turn: Ibis asks that of all that a statement calls, even of the engine's own."""
        self.later(lambda con: _forget(con, name))

    def later(self, act: Callable[[Any], object]) -> None:
        """Do something with the connection, in its turn."""
        self._due.append(self._worker.submit(self._do, act))

    def _do(self, act: Callable[[Any], object]) -> None:
        if self._failed:
            return
        try:
            act(self.con)
        except BaseException:
            self._failed = True  # what came after it may rest on it
            raise

    def wait(self) -> None:
        """Wait for all that is due; raises what failed."""
        wait(self._due)
        due, self._due, self._failed = self._due, [], False
        for each in due:
            each.result()

    def close(self) -> None:
        """Break off what is being done, and leave what is due."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        left = [it for it in self._due if not it.cancelled()]
        while wait(left, timeout=0.1).not_done:
            self.con.interrupt()  # again where a statement began after it


def _forget(con: Any, name: str) -> None:
    with suppress(duckdb.InvalidInputException):  # it never knew it
        con.remove_function(name)


@contextmanager
def behind(engine: Backend) -> Iterator[None]:
    """A block in which an engine keeps tables behind the program; whoever asks anything of the engine waits for them.

    What fails is raised there, or where the block ends; what came after it was not done.

    Examples
    --------
    >>> import ibis
    >>> from das_research.engines import keep, memory_engine
    >>> with memory_engine() as engine, behind(engine):
    ...     rows = keep(engine, ibis.memtable({"row": [1, 2, 3]}))
    ...     keep(engine, rows.filter(rows.row > 1)).row.sum().to_pyarrow().as_py()
    5
    """
    plain, standing = engine.con, sys.getswitchinterval()
    engine.con = shown = Behind(plain)
    sys.setswitchinterval(SWITCH)
    try:
        yield
        shown.wait()
    finally:
        sys.setswitchinterval(standing)
        shown.close()
        engine.con = plain


def later(engine: Backend, act: Callable[[Any], object]) -> None:
    """Do something with the connection of an engine: in its turn where it works `behind`, else at once."""
    if isinstance(engine.con, Behind):
        engine.con.later(act)
    else:
        act(engine.con)


def run_later(engine: Backend, statement: str) -> None:
    """Run a statement whose answer nobody reads."""
    later(engine, lambda con: con.execute(statement))


def waited(engine: Backend) -> Any:
    """The connection of an engine, when nothing is due: so no failure of before is taken for that of a statement."""
    if isinstance(engine.con, Behind):
        engine.con.wait()
        return engine.con.con
    return engine.con
