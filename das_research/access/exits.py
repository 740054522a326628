"""The ways in which rows leave an open project for the researcher's own hands: counted, said, and written down.

Guard rails and no walls: whoever owns the process can take these off. They make that taking rows out is never done
unawares, and that it shows afterwards.
"""

import hashlib
import warnings
from collections.abc import Callable
from functools import partial, wraps
from threading import local
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.backends.sql import SQLBackend

FILES = ("to_csv", "to_parquet", "to_parquet_dir", "to_json", "to_xlsx", "to_delta")
FRAMES = ("execute", "to_pandas", "to_pyarrow", "to_polars", "to_torch", "to_pandas_batches", "to_pyarrow_batches")
FEW = 20  # rows that one looks at

Record = Callable[..., object]


class RowsTakenOut(UserWarning):
    """Rows of single cases or persons left the project's database."""


def watch_exits(engine: SQLBackend, project: str, record: Record) -> None:
    """Notice from now on what is taken out of an engine.

    A file is always noticed, and rows in memory when they are more than `FEW` and no aggregate made them: then they
    are those of single cases or persons. Each query is noticed once for each way.

    Parameters
    ----------
    engine : Backend
        Of an open project; an engine of its own, for its methods are wrapped.
    project : str
        For the words of the notice.
    record : callable
        Takes ``how`` (the method), ``fingerprint`` (of the query) and ``rows`` (-1 where nobody counted), for the log.
    """
    seen: set[tuple[str, str]] = set()

    def notice(how: str, expression: ir.Expr, rows: int) -> None:
        fingerprint = query_fingerprint(engine, expression)
        if (how, fingerprint) in seen:
            return
        seen.add((how, fingerprint))
        record(how=how, fingerprint=fingerprint, rows=rows)
        many = f"{rows} rows of" if rows >= 0 else "Rows of"
        warnings.warn(
            f"{many} the project '{project}' were taken out with {how}; the audit log says so. They may not leave the "
            "secured environment: what is to leave goes with project.release(...).",
            RowsTakenOut,
            stacklevel=4,
        )

    within = local()
    for name in FILES:
        if hasattr(engine, name):
            setattr(engine, name, _noticed(getattr(engine, name), lambda how, it, _: notice(how, it, -1), within))
    for name in FRAMES:
        if hasattr(engine, name):
            told = partial(_frame, notice=notice)
            setattr(engine, name, _noticed(getattr(engine, name), told, within))


def is_microdata(expression: ir.Expr) -> bool:
    """Whether an expression gives rows as they stand, and no aggregate of them.

    Examples
    --------
    >>> import ibis
    >>> zaken = ibis.table({"case_id": "string", "jaar": "int64"}, name="zaken")
    >>> is_microdata(zaken.filter(zaken.jaar > 2020)), is_microdata(zaken.group_by("jaar").agg(zaken=zaken.count()))
    (True, False)
    """
    return isinstance(expression, ir.Table | ir.Column) and not expression.op().find((ops.Aggregate, ops.Reduction))


def query_fingerprint(engine: SQLBackend, expression: ir.Expr) -> str:
    """What was asked, as a hash: equal queries can be recognised and nothing in them can be read."""
    return hashlib.sha256(str(engine.compile(expression)).encode()).hexdigest()[:16]


def _frame(how: str, expression: ir.Expr, got: Any, notice: Callable[[str, ir.Expr, int], None]) -> None:
    rows = len(got) if hasattr(got, "__len__") and not isinstance(got, str | bytes) else -1
    if is_microdata(expression) and not 0 <= rows <= FEW:
        notice(how, expression, rows)


def _noticed(
    method: Callable[..., Any], notice: Callable[[str, ir.Expr, Any], None], within: local
) -> Callable[..., Any]:
    """The method, noticed once it gave something; not what it calls of the same engine, in its own thread."""

    @wraps(method)
    def taken(expression: ir.Expr, /, *arguments: Any, **named: Any) -> Any:
        if getattr(within, "another", False):
            return method(expression, *arguments, **named)
        within.another = True
        try:
            got = method(expression, *arguments, **named)
        finally:
            within.another = False
        notice(method.__name__, expression, got)
        return got

    return taken
