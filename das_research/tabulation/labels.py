"""What the catalogue says about the columns and codes of a researcher's own table."""

from collections.abc import Iterable, Sequence

from das_research.catalog.models import Attribute, Catalog, Text, Variable
from das_research.result import TOTAL
from das_research.tabulation.cube import UNKNOWN
from das_research.tabulation.measures import UNITS, Measure

ALL = Text(nl="totaal", en="total")
OF_ITS_OWN = Text(nl="eigen indeling", en="codes of its own")
NO_CODE = Text(nl="geen code van de catalogus", en="no code of the catalogue")
NOT_KNOWN = Text(nl="onbekend", en="unknown")
BOOLEANS = {"true": Text(nl="ja", en="yes"), "false": Text(nl="nee", en="no")}
UNIT_NAMES = {
    "rows": Text(nl="rijen", en="rows"),
    "persons": Text(nl="personen", en="persons"),
    "number": Text(nl="aantal", en="number"),
    "percent": Text(nl="procent", en="percent"),
}


def column_title(catalog: Catalog, column: str, *, kept: bool = True) -> Text:
    """The title of a column in the catalogue; its name where it has none.

    Not `kept` is one that a query made and named as a column of the catalogue: it says so.
    """
    titles = {found.title for found in _entries(catalog, column)}
    if titles and not kept:
        return _marked(column, OF_ITS_OWN)
    return titles.pop() if len(titles) == 1 else Text(nl=column, en=column)


def code_labels(catalog: Catalog, column: str, codes: Iterable[str], *, kept: bool = True) -> dict[str, Text]:
    """The labels of these codes, in the order of the catalogue, then of the alphabet; unknown and total last.

    What a query made has codes of its own, whatever it is called: these are not the catalogue's. Of a column that is
    `kept` a code that the catalogue does not know says so.
    """
    known = codes_of(catalog, column) if kept else {}
    last = {UNKNOWN: NOT_KNOWN, TOTAL: ALL}
    found = set(codes)
    ordered = [code for code in known if code in found and code not in last]
    ordered += sorted(found - set(known) - set(last))
    labels = known | {code: BOOLEANS[code] for code in ordered if code in BOOLEANS and code not in known} | last
    others = {code: _marked(code, NO_CODE) if known else Text(nl=code, en=code) for code in ordered}
    return {code: labels.get(code) or others[code] for code in [*ordered, *(c for c in last if c in found)]}


def _marked(word: str, mark: Text) -> Text:
    return Text(nl=f"{word} ({mark.nl})", en=f"{word} ({mark.en})")


def unit_labels(catalog: Catalog, measures: Sequence[Measure]) -> dict[str, Text]:
    """The names of the units of these measures."""
    names = {**UNIT_NAMES, "cases": catalog.chain.unit}
    return {UNITS[measure.kind]: names[UNITS[measure.kind]] for measure in measures}


def default_title(titles: Sequence[Text], measures: Iterable[str]) -> Text:
    """What the table shows, from the names of its measures and columns; a stored recipe does not keep their order."""
    names = ", ".join(sorted(measures))
    if not titles:
        return Text(nl=names, en=names)
    dutch, english = (
        _enumerated([title[language] for title in titles], word) for language, word in (("nl", "en"), ("en", "and"))
    )
    return Text(nl=f"{names} naar {dutch}", en=f"{names} by {english}")


def _enumerated(words: Sequence[str], last: str) -> str:
    small = [word[:1].lower() + word[1:] for word in words]
    return small[0] if len(small) == 1 else f"{', '.join(small[:-1])} {last} {small[-1]}"


def _entries(catalog: Catalog, column: str) -> list[Attribute | Variable]:
    attributes = (catalog.chain.case_attributes, catalog.chain.person_attributes)
    of_chain = [known[column] for known in attributes if column in known]
    of_files = [dataset.variables[column] for dataset in catalog.datasets.values() if column in dataset.variables]
    return [*of_chain] or [*of_files]


def codes_of(catalog: Catalog, column: str) -> dict[str, Text]:
    """The codes that the catalogue knows of a column, with their labels."""
    if column == "stage":
        return {stage.id: stage.title for stage in catalog.chain.stages}
    if column == "event":
        return {event.id: event.title for event in catalog.chain.events}
    if column == "dataset":
        return {dataset.id: dataset.title for dataset in catalog.datasets.values()}
    bound = {entry.classification for entry in _entries(catalog, column)}
    if column == "outcome":
        rules = [(dataset, rule) for dataset in catalog.datasets.values() for rule in dataset.events if rule.outcome]
        bound = {dataset.variables[rule.outcome].classification for dataset, rule in rules if rule.outcome}
    codes: dict[str, Text] = {}
    for name in sorted(name for name in bound if name in catalog.classifications):
        for code in catalog.classifications[name].codes:
            codes.setdefault(code.code, code.label)
    return codes
