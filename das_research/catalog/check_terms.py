"""Rules for the terminology: classifications and terms."""

from collections.abc import Iterator
from datetime import date

from das_research.catalog.models import Classification, Code, Term
from das_research.catalog.names import Fault, Names, inverted, repeated, unknown


def classification_faults(classification: Classification, _: Names) -> Iterator[Fault]:
    """Codes valid once at a time, parents that exist and form no circle, correspondences that lead to codes."""
    codes = [code.code for code in classification.codes]
    for position, code in enumerate(classification.codes):
        yield from inverted(code.valid_from, code.valid_to, ("codes", position, "valid_to"))
        if any(_overlap(code, earlier) for earlier in classification.codes[:position] if earlier.code == code.code):
            yield ("codes", position, "code"), f"code '{code.code}' stands here twice with overlapping validity"
        if code.parent is not None and code.parent not in codes:
            yield ("codes", position, "parent"), unknown("code", code.parent, codes)
    yield from _circles(classification)
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
    settled: set[str] = set()
    for start in parents:
        path: list[str] = []
        code: str | None = start
        while code is not None and code not in settled and code not in path:
            path.append(code)
            code = parents.get(code)
        if code in path:
            circle = path[path.index(code) :]
            yield (
                ("codes", positions[circle[0]], "parent"),
                f"the parents go in a circle: {' > '.join([*circle, code])}",
            )
        settled.update(path)


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
