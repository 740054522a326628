"""The catalogue in the formats that others read: one module a format, each giving file names and texts.

json      the whole catalogue, for programs
skos      classifications, terms and units as SKOS
dcat      the catalogue and its datasets as DCAT-AP-NL 3.0
dpv       agreements and grants in the Data Privacy Vocabulary: for which purposes, on which basis, for whom
register  the register of processing activities (GDPR art. 30), for programs and for readers
"""

from collections.abc import Callable
from typing import Literal

from das_research.catalog.export import dcat, dpv, register, skos, whole
from das_research.catalog.models import Catalog

Format = Literal["json", "skos", "dcat", "dpv", "register"]
FORMATS: dict[Format, Callable[[Catalog], dict[str, str]]] = {
    "json": whole.export,
    "skos": skos.export,
    "dcat": dcat.export,
    "dpv": dpv.export,
    "register": register.export,
}


def export_catalog(catalog: Catalog, form: Format) -> dict[str, str]:
    """The catalogue in one format.

    Parameters
    ----------
    catalog : Catalog
        What to write.
    form : {'json', 'skos', 'dcat', 'dpv', 'register'}
        The format.

    Returns
    -------
    dict
        File name to text, the one for programs first. The same catalogue gives the same bytes.
    """
    return FORMATS[form](catalog)
