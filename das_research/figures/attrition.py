"""What a key figure leaves out: each line of its counting is one step, with how many rows went in and stayed."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from das_research.catalog.condition_words import condition_in_words
from das_research.catalog.models import Text
from das_research.conditions import condition_to_expression
from das_research.figures.cells import Counted
from das_research.result import Step

OTHER_YEARS = Text(nl="viel niet in deze jaren", en="fell in other years")


def attrition(counted: Sequence[Counted], years: Sequence[int]) -> list[Step]:
    """The steps of these countings, in order.

    Parameters
    ----------
    counted : sequence of Counted
        Of a ratio what is below its line; else what is counted.
    years : sequence of int
        Calendar years; of a stock, which a row can be in for years, no step.
    """
    return [step for one in counted for step in _steps(one, years)]


def _steps(one: Counted, years: Sequence[int]) -> list[Step]:
    table, counting = one.table, one.counting
    kept: list[ir.BooleanValue] = [ibis.literal(True)]
    reasons = []
    if counting.moment:
        kept.append(table[counting.moment].year().isin(list(years)).fill_null(False))
        reasons.append(OTHER_YEARS)
    for condition in counting.where:
        kept.append(kept[-1] & condition_to_expression(table, [condition]))
        words = condition_in_words(condition)
        reasons.append(Text(nl=f"voldeed niet aan: {words.nl}", en=f"did not meet: {words.en}"))
    row = table.agg(**{f"step_{place}": table.count(where=held) for place, held in enumerate(kept)})
    counts = list(row.to_pyarrow().to_pylist()[0].values())
    return [Step(before, after, reason) for before, after, reason in zip(counts, counts[1:], reasons, strict=False)]
