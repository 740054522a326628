"""How an expression is written for PostgreSQL, to give what it gives on DuckDB and make nothing on the server."""

from typing import Any, ClassVar

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import sqlglot as sg
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.postgres import PostgresCompiler
from ibis.expr.schema import Schema

ONLY_DIGITS = "^-?[0-9]+$"


class ReadingCompiler(PostgresCompiler):
    """What Ibis writes for PostgreSQL, but for what follows. Names and parameters of methods are those of Ibis."""

    __slots__ = ()
    SIMPLE_OPS: ClassVar[dict[Any, str]] = {}  # else Ibis would write those of its own over the methods below

    def visit_InMemoryTable(self, op: ops.InMemoryTable, *, name: str, schema: Schema, data: Any) -> sge.Select:  # noqa: N802, ARG002
        """Its rows stand in the query: who may only read can't lay them in a table first."""
        columns = dict(schema.items())
        rows = data.to_pyarrow(schema).to_pylist()
        some = rows or [dict.fromkeys(columns)]
        spelled = [sge.Tuple(expressions=[self._literal(row[it], columns[it]) for it in columns]) for row in some]
        names = [sg.to_identifier(it, quoted=self.quoted) for it in columns]
        alias = sge.TableAlias(this=sg.to_identifier(name, quoted=self.quoted), columns=names)
        typed = [
            sge.alias_(self.cast(sg.column(it, quoted=self.quoted), kind), it, quoted=self.quoted)
            for it, kind in columns.items()
        ]
        query = sg.select(*typed).from_(sge.Values(expressions=spelled, alias=alias))
        return query if rows else query.where(sge.false())

    def visit_Cast(self, op: ops.Cast, *, arg: sge.Expression, to: dt.DataType) -> sge.Expression:  # noqa: N802
        """A yes is the number 1 of every size, and 2.0 is written as such."""
        given = op.arg.dtype
        if given.is_boolean() and to.is_numeric():
            return self.cast(self.cast(arg, dt.int32), to)
        if given.is_floating() and to.is_string():
            text = self.cast(arg, to)
            return self.if_(self.f.regexp_like(text, ONLY_DIGITS), self.f.concat(text, ".0"), text)
        return super().visit_Cast(op, arg=arg, to=to)

    def visit_Mean(self, op: ops.Mean, *, arg: sge.Expression, where: Any) -> sge.Expression:  # noqa: N802
        """The mean of whole numbers is one division of two whole numbers, to the last digit as on DuckDB."""
        if not op.arg.dtype.is_integer():
            return super().visit_Mean(op, arg=arg, where=where)
        total = self.cast(self.agg.sum(arg, where=where), dt.float64)
        return total / self.f.nullif(self.agg.count(arg, where=where), 0)

    def visit_Arbitrary(self, op: ops.Arbitrary, *, arg: sge.Expression, where: Any) -> sge.Expression:  # noqa: N802, ARG002
        """PostgreSQL has no aggregate ``first``, and ``any_value`` only since 16."""
        return self._first(arg, where, ())

    def visit_First(  # noqa: N802
        self, _: ops.First, *, arg: sge.Expression, where: Any, order_by: Any, include_null: bool
    ) -> sge.Expression:
        """The first of the values in an array."""
        return self._first(arg, where, order_by, known=not include_null)

    def visit_Last(  # noqa: N802
        self, op: ops.Last, *, arg: sge.Expression, where: Any, order_by: Any, include_null: bool
    ) -> sge.Expression:
        """The first in the other order; without an order, Ibis' own words, which the server refuses."""
        if not order_by:
            return super().visit_Last(op, arg=arg, where=where, order_by=order_by, include_null=include_null)
        turned = [sge.Ordered(this=it.this, desc=not it.args.get("desc"), nulls_first=True) for it in order_by]
        return self._first(arg, where, turned, known=not include_null)

    def _first(self, arg: sge.Expression, where: Any, order_by: Any, *, known: bool = True) -> sge.Expression:
        if known:
            present = arg.is_(sg.not_(sge.null()))
            where = present if where is None else sge.And(this=present, expression=where)
        values = self.agg.array_agg(arg, where=where, order_by=order_by)
        return sge.Bracket(this=sge.paren(values), expressions=[sge.convert(1)], offset=1)

    def _literal(self, value: Any, kind: dt.DataType) -> sge.Expression:
        return self.visit_Literal(ops.Literal(value, dtype=kind), value=value, dtype=kind)
