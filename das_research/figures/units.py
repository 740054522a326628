"""How many persons stand under a number, so that disclosure control can judge it."""

import ibis
import ibis.expr.types as ir

KEYS = ("person_id", "case_id")


def units(rows: ir.Table, where: ir.BooleanValue | None = None) -> ir.Value:
    """Distinct persons; of a case whose person is not known the case; rows where the table knows neither.

    Examples
    --------
    >>> zaken = ibis.memtable({"case_id": ["a", "b", "c", "d"], "person_id": ["p", "p", None, "q"]})
    >>> int(units(zaken).to_pyarrow().as_py())
    3
    >>> respondents = ibis.memtable({"gewicht": [1.5, 2.5]})
    >>> int(units(respondents, respondents.gewicht > 2).to_pyarrow().as_py())
    1
    """
    keys = [rows[key] for key in KEYS if key in rows.columns]
    if not keys:
        return rows.count(where=where)
    key = ibis.coalesce(*keys)
    nameless = key.isnull() if where is None else key.isnull() & where
    return key.nunique(where=where) + rows.count(where=nameless)
