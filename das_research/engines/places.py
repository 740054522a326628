"""Texts as numbers: the place of each among some, so that many things can be asked of one number."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
from ibis import udf


def place_in(text: ir.StringValue, texts: Sequence[str]) -> ir.IntegerValue:
    """The place of a text among these, from 1 on; 0: it is none of them, or null.

    One function of the text, as which every engine has it: where DuckDB keeps each different text of a column once, it
    looks up those, and not every row.

    Examples
    --------
    >>> rows = ibis.memtable({"event": ["zitting", "aangifte", "einde", None]})
    >>> place_in(rows.event, ["aangifte", "zitting"]).to_list()
    [2, 1, 0, 0]
    """
    return _array_position(ibis.literal(list(texts), "array<string>"), text).fill_null(0) if texts else ibis.literal(0)


@udf.scalar.builtin(name="array_position")
def _array_position(texts: list[str], text: str) -> int: ...  # type: ignore[empty-body]
