"""Rules for the terminology: classifications and terms."""

from collections.abc import Iterator
from datetime import date

from das_research.catalog.models import Classification, Code, Term
from das_research.catalog.names import Fault, Names, circles, inverted, repeated, unknown
from das_research.catalog.tables import codes_of
from das_research.catalog.yaml_lines import Location


def classification_faults(classification: Classification, names: Names) -> Iterator[Fault]:
    """Codes valid once at a time, parents that exist and form no circle, correspondences that lead to codes."""
    codes = [code.code for code in classification.codes]
    for position, code in enumerate(classification.codes):
        yield from inverted(code.valid_from, code.valid_to, ("codes", position, "valid_to"))
        if any(_overlap(code, earlier) for earlier in classification.codes[:position] if earlier.code == code.code):
            yield ("codes", position, "code"), f"code '{code.code}' stands here twice with overlapping validity"
        if code.parent is not None and code.parent not in codes:
            yield ("codes", position, "parent"), unknown("code", code.parent, codes)
    yield from _circles(classification)
    yield from _stranger_faults(classification, names)
    for position, name in repeated(correspondence.id for correspondence in classification.correspondences):
        yield ("correspondences", position, "id"), f"correspondence '{name}' stands here twice"
    for position, correspondence in enumerate(classification.correspondences):
        for source, unified in correspondence.codes.items():
            if unified not in codes:
                yield ("correspondences", position, "codes", source), unknown("code", unified, codes)


def _overlap(one: Code, other: Code) -> bool:
    begin = max(one.valid_from or date.min, other.valid_from or date.min)
    end = min(one.valid_to or date.max, other.valid_to or date.max)
    return begin <= end


def _circles(classification: Classification) -> Iterator[Fault]:
    parents = {code.code: code.parent for code in classification.codes if code.parent is not None}
    positions = {code.code: position for position, code in reversed(list(enumerate(classification.codes)))}
    for circle in circles(parents):
        yield ("codes", positions[circle[0]], "parent"), f"the parents go in a circle: {' > '.join(circle)}"


def _stranger_faults(classification: Classification, names: Names) -> Iterator[Fault]:
    """A correspondence is of a partner (``om``, ``om-2016``), a classification, or as a variable asks for."""
    catalog = names.catalog
    asked = {
        variable.correspondence
        for dataset in catalog.datasets.values()
        for variable in dataset.variables.values()
        if variable.classification == classification.id
    }
    known = {*catalog.partners, *catalog.classifications, *(name for name in asked if name)}
    if any(names.any_unread(kind) for kind in ("partners", "classifications", "datasets")):
        return
    for position, correspondence in enumerate(classification.correspondences):
        at: Location = ("correspondences", position)
        if correspondence.id not in known and correspondence.id.partition("-")[0] not in catalog.partners:
            yield (*at, "id"), unknown("partner or classification", correspondence.id, known)
        codes = codes_of(catalog, correspondence.id)
        if codes is not None and correspondence.id not in catalog.partners:
            for source in correspondence.codes:
                if source not in codes:
                    place = (*at, "codes", source)
                    yield place, f"classification '{correspondence.id}': {unknown('code', source, codes)}"


def term_faults(term: Term, names: Names) -> Iterator[Fault]:
    """An owner who is a partner, where it was read, a unit and competing terms that exist."""
    yield from names.missing("partners", term.owner, ("owner",))
    if not (term.source or "").strip() and not term.unverified:
        yield ("id",), "a term needs the field 'source', or 'unverified: true' where it was read nowhere"
    if term.unit is not None:
        yield from names.missing("units", term.unit, ("unit",))
    for position, difference in enumerate(term.differs):
        at = ("differs", position, "with_term")
        yield from names.missing("terms", difference.with_term, at)
        if difference.with_term == term.id:
            yield at, "a term can't differ from itself"
