"""Texts that address cells of released Results: a closed grammar, and nothing else in it.

    text    = (letters | "{" inner "}")*
    inner   = address | "change:" address "->" address
    address = result "[" column "=" code ("," column "=" code)* "]" ("." number)?
    number  = value | numerator | denominator | se | lower | upper | n

What an address leaves out means its total where the Result has one (`Result.cell`). Of a hidden cell
stands there that it is unknown or confidential, and a change from or to it says that the two can't be compared.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from das_research.catalog.models import Text
from das_research.errors import UsageError
from das_research.result import NUMBERS, Result
from das_research.style.numbers import HIDDEN, SYMBOLS, Language, change_phrase, format_number

NAME = r"[a-z][a-z0-9_-]*"
ADDRESS = re.compile(rf"\s*({NAME})\s*\[([^\[\]]*)\]\s*(?:\.\s*([a-z]+))?\s*")
COUNTS = ("numerator", "denominator", "n")


@dataclass(frozen=True)
class Address:
    """One cell of one Result, and which of its numbers.

    Parameters
    ----------
    result : str
        Name of the Result.
    codes : tuple of (str, str)
        Column and code, in the order written.
    number : str
        One of ``value, numerator, denominator, se, lower, upper, n``.
    """

    result: str
    codes: tuple[tuple[str, str], ...]
    number: str = "value"

    def __str__(self) -> str:
        inside = ", ".join(f"{column}={code}" for column, code in self.codes)
        return f"{self.result}[{inside}]" + ("" if self.number == "value" else f".{self.number}")


@dataclass(frozen=True)
class Change:
    """The change from one cell to another, said in words."""

    before: Address
    after: Address

    def __str__(self) -> str:
        return f"change: {self.before} -> {self.after}"


Part = str | Address | Change


def parse(text: str) -> tuple[Part, ...]:
    """Take a text apart.

    Parameters
    ----------
    text : str
        A template.

    Returns
    -------
    tuple
        Plain texts, addresses and changes, in order.

    Raises
    ------
    UsageError
        When a brace or what is between braces does not fit the grammar.

    Examples
    --------
    >>> parse("In 2024: {flow[stage=opsporing, period=2024]}")[1].codes
    (('stage', 'opsporing'), ('period', '2024'))
    """
    parts: list[Part] = []
    for place, piece in enumerate(re.split(r"(\{[^{}]*\})", text)):
        if place % 2:  # what the pattern matched stands between what it did not
            parts.append(_inner(piece[1:-1], text))
        elif "{" in piece or "}" in piece:
            raise _wrong(text, "a brace stands alone")
        elif piece:
            parts.append(piece)
    return tuple(parts)


def render(text: Text, results: Mapping[str, Result], language: Language, where: str) -> str:
    """The text in one language, with its cells filled in.

    Parameters
    ----------
    text : Text
        A template in both languages.
    results : mapping
        Name to released Result; nothing else can be addressed.
    language : {'nl', 'en'}
        The reader's language.
    where : str
        The section, for the message.

    Returns
    -------
    str
        Plain text.

    Raises
    ------
    UsageError
        When the text does not fit the grammar, or addresses a cell that is not there.
    """
    return "".join(
        part if isinstance(part, str) else _say(part, results, language, where) for part in parse(text[language])
    )


def cell(address: Address, results: Mapping[str, Result], where: str) -> dict[str, Any]:
    """The one row that an address names.

    Raises
    ------
    UsageError
        When no released Result has that name, or not exactly one of its cells answers to the address.
    """
    if address.result not in results:
        known = ", ".join(sorted(results)) or "none"
        raise _unknown(address, where, f"There is no released result '{address.result}'; there are: {known}.")
    try:
        return results[address.result].cell(**dict(address.codes))
    except UsageError as refusal:
        raise _unknown(address, where, f"{refusal.what} {refusal.why}".strip()) from None


def _inner(text: str, whole: str) -> Part:
    if text.lstrip().startswith("change:"):
        before, arrow, after = text.split(":", 1)[1].partition("->")
        if not arrow:
            raise _wrong(whole, "a change needs two cells with -> between them")
        return Change(_address(before, whole), _address(after, whole))
    return _address(text, whole)


def _address(text: str, whole: str) -> Address:
    found = ADDRESS.fullmatch(text)
    if not found:
        raise _wrong(whole, "an address is written as result[column=code, column=code]")
    result, inside, number = found.groups()
    codes: list[tuple[str, str]] = []
    for pair in inside.split(","):
        column, equals, code = (side.strip() for side in pair.partition("="))
        if not (column and equals and code):
            raise _wrong(whole, "between [ and ] stand pairs column=code")
        if column in dict(codes):
            raise _wrong(whole, f"the column '{column}' stands twice in one address")
        codes.append((column, code))
    if number is not None and number not in NUMBERS:
        raise _wrong(whole, f"a cell has no number '{number}', only {', '.join(NUMBERS)}")
    return Address(result, tuple(codes), number or "value")


def _say(part: Address | Change, results: Mapping[str, Result], language: Language, where: str) -> str:
    if isinstance(part, Address):
        row = cell(part, results, where)
        return _number(row, part.number, language)
    before, after = (cell(address, results, where) for address in (part.before, part.after))
    if before["unit"] != after["unit"]:
        raise _unknown(part, where, "The two cells have different units.")
    return change_phrase(_visible(before, "value"), _visible(after, "value"), language, before["unit"])


def _number(row: Mapping[str, Any], number: str, language: Language) -> str:
    printed = format_number(_visible(row, number), "" if number in COUNTS else row["unit"], language)
    return f"({SYMBOLS[HIDDEN][language]})" if printed == HIDDEN else printed  # a point is no word of a sentence


def _visible(row: Mapping[str, Any], number: str) -> float | None:
    return None if row["disclosure"] == "hidden" else row[number]


def _wrong(text: str, why: str) -> UsageError:
    return UsageError(
        f"This text of a section can't be read: {text}",
        why=why[0].upper() + why[1:] + ".",
        fix="Write for example {flow[stage=opsporing, measure=in, period=2024]}.",
    )


def _unknown(part: Address | Change, where: str, why: str) -> UsageError:
    return UsageError(
        f"A text of section '{where}' addresses a cell that is not there: {{{part}}}",
        why=why,
        fix="Correct the address in the monitor's notebook and run it again.",
    )
