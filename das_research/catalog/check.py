"""What must hold between the entries of the catalogue."""

from collections.abc import Iterator

from das_research.catalog.models import Catalog
from das_research.catalog.yaml_lines import Location

Found = tuple[str, str, Location, str]


def problems_between(catalog: Catalog) -> Iterator[Found]:
    """Every reference that leads nowhere and every rule between entries that is broken.

    Yields
    ------
    tuple
        Kind of entry, its id, the location of the fault in its file, and what is wrong.
    """
    yield from ()
