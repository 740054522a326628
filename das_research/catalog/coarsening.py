"""What a coarsening of a grant means: the words for it, the types it fits, and the codes it turns codes into."""

from das_research.catalog.models import Bands, Catalog, Coarsening, Coarser, Grant, Text, Width
from das_research.catalog.tables import ColumnType, attributes_of, variable_of

PERIODS = {
    "year": Text(nl="alleen het jaar", en="the year only"),
    "quarter": Text(nl="alleen het kwartaal, als eerste dag ervan", en="the quarter only, as its first day"),
    "month": Text(nl="alleen de maand, als eerste dag ervan", en="the month only, as its first day"),
}
PARENT = Text(nl="alleen de bovenliggende code", en="the code above it only")


def coarsening_in_words(catalog: Catalog, how: Coarsening) -> Text:
    """How coarse a column is given, for readers.

    Examples
    --------
    >>> from das_research.catalog import load_catalog
    >>> coarsening_in_words(load_catalog("data_catalog"), Bands(bands=(0, 12, 18))).en
    'the lower bound of its band only: 0, 12, 18'
    """
    if isinstance(how, Bands):
        bounds = ", ".join(f"{bound:g}" for bound in how.bands)
        nl, en = "alleen de ondergrens van de klasse", "the lower bound of its band only"
        return Text(nl=f"{nl}: {bounds}", en=f"{en}: {bounds}")
    if isinstance(how, Width):
        return Text(
            nl=f"alleen de ondergrens van de klasse, klassen van {how.width:g} breed",
            en=f"the lower bound of its band only, bands {how.width:g} wide",
        )
    if isinstance(how, Coarser):
        title = catalog.classifications[how.classification].title
        return Text(nl=f"alleen volgens: {title.nl}", en=f"by this only: {title.en}")
    return PARENT if how == "parent" else PERIODS[how]


def fitting_types(how: Coarsening) -> tuple[ColumnType, ...]:
    """The types of columns that can be given so."""
    if isinstance(how, Bands | Width):
        return ("integer", "decimal")
    return ("code",) if isinstance(how, Coarser) or how == "parent" else ("date",)


def classification_of(catalog: Catalog, table: str, column: str) -> str | None:
    """The classification of a column of a table, before any coarsening; None where it has none."""
    found = attributes_of(catalog, table).get(column) or variable_of(catalog, f"{table}.{column}")
    return found.classification if found else None


def coarser_codes(catalog: Catalog, classification: str, how: Coarsening) -> dict[str, str]:
    """Every code of a classification that has a coarser one, and that one.

    Without one above it a code is its own parent. By a correspondence a code goes along with its parent where it is not
    named itself.
    """
    codes = {code.code: code.parent for code in catalog.classifications[classification].codes}
    if not isinstance(how, Coarser):
        return {code: parent or code for code, parent in codes.items()}
    named = correspondence_to(catalog, classification, how) or {}
    found = {}
    for code in codes:
        above: str | None = code
        for _ in codes:  # a faulty catalogue may have a circle
            if above is None or above in named:
                break
            above = codes.get(above)
        if above in named:
            found[code] = named[above]
    return found


def correspondence_to(catalog: Catalog, classification: str, how: Coarser) -> dict[str, str] | None:
    """How codes of one classification become those of another; None where the catalogue does not know it."""
    target = catalog.classifications.get(how.classification)
    return next((it.codes for it in target.correspondences if it.id == classification), None) if target else None


def coarsenings(grant: Grant, table: str) -> dict[str, Coarsening]:
    """How the columns of a table are given coarser; empty where all are as delivered."""
    return grant.tables[table].coarsen if table in grant.tables else {}


def coarse_codes(catalog: Catalog, grant: Grant) -> dict[str, dict[str, str]]:
    """For each column of codes that is given coarser, what its codes become: part of what a grant comes down to."""
    found = {}
    for table in grant.tables:
        for name, how in coarsenings(grant, table).items():
            if codes := becomes(catalog, table, name, how):
                found[f"{table}.{name}"] = codes
    return found


def becomes(catalog: Catalog, table: str, name: str, how: Coarsening) -> dict[str, str]:
    """What the codes of a column become; nothing for a column of dates or numbers."""
    classification = classification_of(catalog, table, name)
    if how in PERIODS or isinstance(how, Bands | Width) or classification not in catalog.classifications:
        return {}
    return coarser_codes(catalog, classification, how)
