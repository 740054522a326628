"""What a row tells of: the key of its case, its person, or whatever else one row is."""

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Dataset
from das_research.intake.dependencies import for_linkage
from das_research.intake.rules import severities_of

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
    for_who = for_linkage(dataset)
    beside = beside_person(dataset) if for_who else ()
    if len(sets) == len(dataset.row_keys[0]) == 1 and not beside:
        return table[dataset.row_keys[0][0]].cast("string")  # no other spelling to be told from, and a shorter one
    for names in beside:
        sets.append((_known(table, (*names, *for_who)), _spelled(ROW, [table["row"]])))
    return ibis.cases(*sets, else_=ibis.null("string"))


def one_row_each(dataset: Dataset) -> bool:
    """Whether no two rows of a file that isn't refused tell of the same."""
    once = bool(dataset.unique) and not severities_of(dataset, "not-unique", dataset.unique[0])
    return not dataset.row_keys or (once and [set(names) for names in dataset.row_keys] == [set(dataset.unique)])


def beside_person(dataset: Dataset) -> tuple[tuple[str, ...], ...]:
    """What stands beside a person key in the keys of a case: with the person, it names the case."""
    found = []
    for key_set in dataset.case_keys:
        for person in dataset.person_keys:
            rest = tuple(name for name in key_set if name not in person)
            if rest and set(person) <= set(key_set):
                found.append(rest)
    return tuple(dict.fromkeys(found))


def _known(table: ir.Table, names: tuple[str, ...]) -> ir.BooleanValue:
    return ibis.and_(*(table[name].notnull() for name in names))


def _spelled(place: str, parts: list[ir.Column]) -> ir.StringValue:
    return ibis.literal(place).concat(*(ibis.literal("/").concat(part.cast("string")) for part in parts))
