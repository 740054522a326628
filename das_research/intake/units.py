"""What a row tells of: the key of its case, its person, or whatever else one row is."""

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Dataset
from das_research.intake.dependencies import for_linkage

ROW = "row"  # what a row's own number stands in the place of, where linkage is to find the rest of its key


def unit(table: ir.Table, dataset: Dataset) -> ir.StringValue:
    """The key of what each row tells of: the first set of variables that is complete; null when none is.

    A row that lacks only the number of its person, and knows all that is for linkage, counts as one of its own:
    linkage may find the person, and with that the case.
    """
    if not dataset.row_keys:
        return table["row"].cast("string")
    sets = [
        (_known(table, names), _spelled(str(place), [table[name] for name in names]))
        for place, names in enumerate(dataset.row_keys)
    ]
    sets += [
        (_known(table, (*names, *for_linkage(dataset))), _spelled(ROW, [table["row"]])) for names in findable(dataset)
    ]
    return ibis.cases(*sets, else_=ibis.null("string"))


def findable(dataset: Dataset) -> list[tuple[str, ...]]:
    """Of each set of keys that names a person too, what is left without the person, where linkage may find that one."""
    if not for_linkage(dataset):
        return []
    persons = {name for names in dataset.person_keys for name in names}
    rest = [tuple(name for name in names if name not in persons) for names in dataset.case_keys]
    return [names for names, whole in zip(rest, dataset.case_keys, strict=True) if names and names != whole]


def _known(table: ir.Table, names: tuple[str, ...]) -> ir.BooleanValue:
    return ibis.and_(*(table[name].notnull() for name in names))


def _spelled(place: str, parts: list[ir.Column]) -> ir.StringValue:
    return ibis.literal(place).concat(*(ibis.literal("/").concat(part.cast("string")) for part in parts))
