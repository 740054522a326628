"""The first known value of each group of rows."""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

ORDER = ("moment", "delivery", "row")
SEVERAL = "several:"  # before the name of a column; none can be named so


def first_known(rows: ir.Table, key: str, names: Iterable[str]) -> ir.Table:
    """Of every group the first known value of some columns, by moment, then delivery and row.

    Nearly all groups hold one value, of which nothing is first: only the others are sorted.

    Parameters
    ----------
    rows : Table
        The columns of `ORDER` and those asked for.
    key : str
        Which rows are a group: those with the same value here.
    names : iterable of str
        Columns of values that can be compared.

    Returns
    -------
    Table
        The key, each column, and ``several:<column>``, true where the group holds more than one value of it.

    Examples
    --------
    >>> rows = {"zaak": [1, 1, 2], "moment": [2, 1, 1], "delivery": list("aaa"), "row": [1, 2, 3], "wie": [7, 8, 9]}
    >>> first_known(ibis.memtable(rows), "zaak", ["wie"]).order_by("zaak").to_pyarrow().to_pylist()
    [{'zaak': 1, 'wie': 8, 'several:wie': True}, {'zaak': 2, 'wie': 9, 'several:wie': False}]
    """
    names = list(names)
    ends = {f"{end}:{name}": getattr(rows[name], end)() for name in names for end in ("min", "max")}
    groups = rows.group_by(key).agg(**ends)
    several = {SEVERAL + name: (groups[f"min:{name}"] != groups[f"max:{name}"]).fill_null(False) for name in names}
    groups = groups.mutate(**several)
    unlike = groups.filter(ibis.or_(*(groups[name] for name in several)))
    first = {name: rows[name].first(order_by=list(ORDER)) for name in names}
    sorted_out = rows.semi_join(unlike, key).group_by(key).agg(**first)
    joined = groups.left_join(sorted_out, key)
    known = {name: ibis.coalesce(sorted_out[name], groups[f"min:{name}"]) for name in names}
    return joined.select(groups[key], **known, **{name: groups[name] for name in several})
