"""What the texts beside the numbers may hold: words, and addresses of cells. Never a number typed by hand."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from das_research.errors import ReleaseRefused
from das_research.handover import Handover

CELL = r"\s*[a-z][a-z0-9_-]*\s*\[[^\[\]{}]*\]\s*(?:\.\s*[a-z]+)?\s*"
ADDRESS = re.compile(rf"\{{(?:{CELL}|\s*change:{CELL}->{CELL})\}}")
DIGITS = re.compile(r"\d+")


def check_texts(handover: Handover) -> None:
    """Refuse a hand-over in which a number stands outside an address.

    Years that are parameters of the run may be named; everything else that is a number must be addressed, so that it
    is judged like any cell.

    Raises
    ------
    ReleaseRefused
        Names the section, or the Result whose title holds a number; never the number.
    """
    years = set(_years(handover.parameters))
    for section in handover.sections:
        for part in ("kicker", "headline", "text"):
            for language, text in getattr(section, part).model_dump().items():
                if holds_number(text, years):
                    _refuse(f"The {part} ({language}) of the section '{section.id}' holds a number.")
    for name, result in handover.results.items():
        computed = result.recipe.function.startswith("das_research.chain.")
        if not computed and any(holds_number(text, years) for text in result.title.model_dump().values()):
            _refuse(f"The title of the result '{name}' holds a number.")


def holds_number(text: str, years: set[str]) -> bool:
    """Whether a text holds a number that is neither in an address nor one of these years.

    Examples
    --------
    >>> holds_number("In {flow[stage=om, period=2024]} zaken van 2012–2024", {"2012", "2024"})
    False
    >>> holds_number("Er waren 7 zaken", {"2012"}), holds_number("een ½", set()), holds_number("{7 zaken}", set())
    (True, True, True)
    """
    rest = ADDRESS.sub(" ", text)
    if any(found not in years for found in DIGITS.findall(rest)):
        return True
    return any(unicodedata.category(sign) in ("No", "Nl") for sign in rest)


def _years(parameters: Mapping[str, Any]) -> Iterator[str]:
    for value in parameters.values():
        if re.fullmatch(r"(19|20)\d\d", str(value)):
            yield str(value)


def _refuse(what: str) -> None:
    raise ReleaseRefused(
        what,
        why="Only numbers that passed gate 3 are published, and a number that was typed was never judged.",
        fix="Write the address of a cell, as {flow[stage=..., measure=in, period=...]}, and run the notebook again.",
    )
