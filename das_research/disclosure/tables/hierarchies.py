"""What is a part of what among the codes of a dimension, as the catalogue publishes it."""

from collections.abc import Iterable

from das_research.catalog.models import Catalog


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
