"""The addresses of the catalogue's entries, as every export and log writes them."""

from urllib.parse import quote

from das_research.catalog.models import Catalog


def address_of(catalog: Catalog, *parts: str) -> str:
    """The address of an entry. A catalogue without an address of its own gets one that can't be taken for real.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> address_of(SimpleNamespace(id="keten", address=None), "terms", "delict")
    'urn:example:keten/terms/delict'
    """
    return below_place((catalog.address or f"urn:example:{catalog.id}").rstrip("/"), *parts)


def below_place(place: str, *parts: str) -> str:
    """An address under another one."""
    return "/".join([place, *(quote(part, safe="") for part in parts)])
