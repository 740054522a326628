"""Why a release comes back: a closed list, so that reasons can be counted and the next attempt begins with them."""

from das_research.catalog.models import Text
from das_research.errors import ReleaseRefused

OTHER = "other"
REASONS = {
    "small-cells": Text(nl="te kleine aantallen", en="numbers too small"),
    "difference": Text(nl="herleidbaar naast een eerdere uitgave", en="can be worked back beside an earlier release"),
    "purpose": Text(nl="past niet bij het doel van de toestemming", en="does not fit the purpose of the grant"),
    "more-than-needed": Text(nl="meer dan nodig is voor het doel", en="more than the purpose needs"),
    "context": Text(nl="de toelichting ontbreekt of volstaat niet", en="the explanation is missing or not enough"),
    "definition": Text(nl="de definitie is onduidelijk of onjuist", en="the definition is unclear or wrong"),
    "not-checked": Text(nl="een onderdeel kon niet worden gecontroleerd", en="a part could not be checked"),
    OTHER: Text(nl="anders", en="other"),
}


def check_reason(kind: str, why: str) -> None:
    """Refuse a reason that tells the author nothing.

    Raises
    ------
    ReleaseRefused
        When no reason is given, or one of a kind that is not on the list.
    """
    if not why.strip():
        raise ReleaseRefused("A reason is missing.", why="The author must know what to do.", fix='Add --why "..."')
    if kind not in REASONS:
        raise ReleaseRefused(f"There is no kind of reason '{kind}'.", fix=f"Add --kind, one of: {', '.join(REASONS)}.")
