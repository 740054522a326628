"""How many rows are under a sum: sums add up as these do, so what they tell of few persons together, sums tell of them.

No reader is told this number; it stands for the sum among the numbers of units, and where it is hidden so is the sum.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from das_research.disclosure.together.amounts import amount_rows
from das_research.disclosure.together.numbers import PERIOD, Number, Told, kind_of, place_of, status_of
from das_research.disclosure.together.unions import Standing
from das_research.presentation.bands import place_of as address_of


def under_sums(standing: Standing, told: Mapping[str, Told], minimum: int) -> Iterator[Number]:
    """The rows under the sums of own tables, of which it is known who stands in their cells.

    Parameters
    ----------
    standing : Standing
        Who is under the cells.
    told : mapping of str to Told
        The Results, by name.
    minimum : int
        Fewer units are unsafe.

    Yields
    ------
    Number
        Of the role ``rows``. A mean tells how many are under it, and so has none.
    """
    document = standing.document
    for result, names in enumerate(standing.names):
        columns = {tuple(place): column for at, place, part, column in document["cells"] if at == result}
        for name in names:
            if name not in told:
                continue
            it = told[name]
            unsafe = it.unsafe & ~it.is_concentrated(minimum)  # of those it is the sum, and not how many are under it
            table = it.result.table.loc[amount_rows(it)]
            table = table[table.denominator.isna()]
            rows: list[dict[str, Any]] = table.to_dict("records")  # type: ignore[assignment]
            for label, row in zip(table.index.tolist(), rows, strict=True):
                column = columns.get(address_of(row, it.result.dimensions))
                if column is not None:
                    yield Number(
                        result=name,
                        row=label,
                        role="rows",
                        measure=row["measure"],
                        period=str(row[PERIOD]),
                        kind=kind_of(it.result, row["measure"], "rows"),
                        place=place_of(row, it.result.dimensions),
                        value=document["units"][column],
                        units=min(document["units"][column], document["persons"][column]),
                        status=status_of(bool(unsafe[label]), None if it.hidden is None else bool(it.hidden[label])),
                        zero_is_told=False,
                        chance=document["units"][column],
                        cost=max(document["units"][column], 1),
                    )
