"""What the texts and names beside the numbers may hold: words, and addresses of cells.

Never a number typed by hand, and never a sign that a reviewer does not see as it is.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from das_research.catalog.models import PUBLIC_FUNCTIONS, Catalog
from das_research.disclosure.hide import known_codes
from das_research.disclosure.own_tables import has_query
from das_research.disclosure.signs import is_read_as_written
from das_research.errors import ReleaseRefused, UsageError
from das_research.handover import Handover
from das_research.result import Result

CELL = r"\s*[a-z][a-z0-9_-]*\s*\[[^\[\]{}]*\]\s*(?:\.\s*[a-z]+)?\s*"
ADDRESS = re.compile(rf"\{{(?:{CELL}|\s*change:{CELL}->{CELL})\}}")
ONE = re.compile(r"([a-z][a-z0-9_-]*)\s*\[([^\[\]]*)\]")
DIGITS = re.compile(r"\d+")


def check_texts(handover: Handover, catalog: Catalog, results: Mapping[str, Result]) -> None:
    """Refuse a hand-over in which a number stands outside an address, or a sign that is not read as it is written.

    Years that are parameters of the run may be named; everything else that is a number must be addressed, so that it
    is judged like any cell. A title of the grant, or of a Result of the chain that was computed again, is no text typed
    by hand. Signs are asked of codes and of the words of a recipe too, but of the catalogue's own.

    Parameters
    ----------
    handover : Handover
        Its texts and names.
    catalog : Catalog
        Titles, columns and codes that it gives itself.
    results : mapping
        Name to the Result as gate 3 computed it.

    Raises
    ------
    ReleaseRefused
        Says where it stands; never the number or the sign.
    """
    years = set(_years(handover.parameters))
    chain = {
        name
        for name, result in results.items()
        if result.recipe.function.startswith(PUBLIC_FUNCTIONS) and not has_query(result)
    }
    given = set(_given(handover, catalog, chain))
    for place, text in (*_names(handover, catalog, chain), *_texts(handover, chain)):
        if text not in given and holds_number(text, years):
            raise ReleaseRefused(
                f"{place} holds a number.",
                why="Only numbers that passed gate 3 are published, and a number that was typed was never judged.",
                fix="In a text, write the address of a cell, as {flow[stage=..., measure=in, period=...]}; in a name, "
                "leave it out. Then run the notebook again.",
            )
        if text not in given and not is_read_as_written(text):
            raise _unread(place)
        if any(not _is_there(it, handover, results) for it in ADDRESS.findall(text)):
            raise ReleaseRefused(
                f"{place} addresses a cell that is not there.",
                why="Words in the place of a column or a code are no address, and a cell of too few can be gone.",
                fix="Write columns and codes as they stand in the Result, and totals rather than codes of few.",
            )
    published = known_codes(catalog)
    for place, word in _words(handover, results, chain):
        if word not in published and not is_read_as_written(word):
            raise _unread(place)


def _unread(place: str) -> ReleaseRefused:
    return ReleaseRefused(
        f"{place} holds signs that are not read as they are written.",
        why="Signs without a shape, letters of another script and runs of spaces can hold what no reviewer sees.",
        fix="Use Latin letters, digits, usual punctuation and single spaces; "
        'a code is mended with table.mutate(code=table.code.strip()), a text with " ".join(text.split()).',
    )


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


def _is_there(address: str, handover: Handover, results: Mapping[str, Result]) -> bool:
    """Whether all cells of an address are there; of a Result that was not computed again, as it was handed over."""
    for name, inside in ONE.findall(address):
        if name not in results:
            return False
        result = handover.results[name] if results[name].table.empty else results[name]
        pairs = [[side.strip() for side in pair.partition("=")[::2]] for pair in inside.split(",")]
        codes = dict(pairs)
        try:
            result.cell(**codes)
        except (UsageError, TypeError):  # such as a column of the name of a parameter
            return False
        if len(codes) < len(pairs):  # a column that stands twice: of the first code nothing was asked
            return False
    return True


def _texts(handover: Handover, chain: set[str]) -> Iterator[tuple[str, str]]:
    for section in handover.sections:
        for part in ("kicker", "headline", "text"):
            for language, text in getattr(section, part).model_dump().items():
                yield f"The {part} ({language}) of the section '{section.id}'", text
    for name, result in handover.results.items():
        if name not in chain:
            yield from ((f"The title of the result '{name}'", text) for text in result.title.model_dump().values())


def _names(handover: Handover, catalog: Catalog, chain: set[str]) -> Iterator[tuple[str, str]]:
    """Names that an author chose: they become columns, codes and names of files."""
    yield from (("The name of a section", section.id) for section in handover.sections)
    columns = set(_columns(catalog))
    for name, result in handover.results.items():
        yield "The name of a result", name
        if name not in chain:
            yield from ((f"A measure of the result '{name}'", measure) for measure in result.table.measure.unique())
            terms = result.table.term.unique() if result.shape == "model" else ()
            own = [it for it in (*result.dimensions, *terms) if it not in columns]
            yield from ((f"A dimension of the result '{name}'", dimension) for dimension in own)


def _words(handover: Handover, results: Mapping[str, Result], chain: set[str]) -> Iterator[tuple[str, str]]:
    """What is no text, and an author can choose: parameters, the codes of an own table, the words of a recipe."""
    yield from (("A parameter of the hand-over", str(value)) for value in handover.parameters.values())
    for name, result in results.items():
        if name in chain:
            yield from ((f"The recipe of the result '{name}'", it) for it in _strings(result.recipe.parameters))
        elif has_query(result):
            for column in (*result.dimensions, "period"):
                yield from ((f"A code of the result '{name}'", code) for code in result.table[column].unique())


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (it for pair in value.items() for part in pair for it in _strings(part))
    elif isinstance(value, list | tuple):
        yield from (it for part in value for it in _strings(part))


def _given(handover: Handover, catalog: Catalog, chain: set[str]) -> Iterator[str]:
    grant = catalog.grants.get(handover.project)
    titles = [grant.title] if grant else []
    titles += [handover.results[name].title for name in chain]
    for title in titles:
        yield from title.model_dump().values()


def _columns(catalog: Catalog) -> Iterable[str]:
    yield from (*catalog.chain.case_attributes, *catalog.chain.person_attributes)
    for dataset in catalog.datasets.values():
        yield from dataset.variables


def _years(parameters: Mapping[str, Any]) -> Iterator[str]:
    for value in parameters.values():
        if re.fullmatch(r"(19|20)\d\d", str(value)):
            yield str(value)
