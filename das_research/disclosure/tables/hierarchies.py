"""What is a part of what among the codes of a dimension, as the catalogue publishes it."""

from collections.abc import Collection, Iterable, Mapping

from das_research.catalog.models import Catalog
from das_research.disclosure.tables.cells import TOTAL


def hierarchies_of(catalog: Catalog, dimensions: Iterable[str]) -> dict[str, dict[str, str]]:
    """The code above each code, by dimension.

    Parameters
    ----------
    catalog : Catalog
        Its attributes and variables say which classification a dimension has.
    dimensions : iterable of str
        Names of columns.

    Returns
    -------
    dict of str to dict of str to str
        Dimension to code to the code above it. A dimension whose name means codes of several classifications has
        none, and every code of it is a part of the total.
    """
    found = {}
    for name in dimensions:
        attributes = (catalog.chain.case_attributes, catalog.chain.person_attributes)
        bound = {known[name].classification for known in attributes if name in known}
        bound |= {it.variables[name].classification for it in catalog.datasets.values() if name in it.variables}
        bound &= catalog.classifications.keys()
        if len(bound) == 1:
            codes = catalog.classifications[str(bound.pop())].codes
            found[name] = {code.code: code.parent for code in codes if code.parent}
    return found


def nearest_above(codes: Collection[str], above: Mapping[str, str]) -> dict[str, str]:
    """Each code to the nearest code above it that is among them too, or to the total.

    Parameters
    ----------
    codes : collection of str
        Those of a table.
    above : mapping of str to str
        Code to the code above it, as the classification has it.

    Examples
    --------
    >>> nearest_above(["gv", "jd_kort"], {"jd_kort": "jd", "jd": "gv"})
    {'gv': '_T', 'jd_kort': 'gv'}
    """
    found = {}
    for code in codes:
        parent, seen = above.get(code, TOTAL), {code}
        while parent not in codes and parent not in seen:
            seen.add(parent)
            parent = above.get(parent, TOTAL)
        found[code] = parent if parent in codes and parent != code else TOTAL
    return found
