"""Numbers, dates and changes as readers of Dutch and of English write them, and the symbols of official statistics."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import isnan
from typing import Literal

from babel.dates import format_date as babel_date
from babel.numbers import format_decimal

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")
LOCALES = {"nl": "nl_NL", "en": "en_GB"}
MINUS = "\u2212"
HIDDEN = "."
TOTAL = "_T"

Words = tuple[str, str]  # in Dutch and in English, with what varies by name in braces

SYMBOLS: dict[str, dict[str, str]] = {
    HIDDEN: {"nl": "onbekend of geheim", "en": "unknown or confidential"},
    "": {"nl": "kan niet voorkomen", "en": "cannot occur"},
    "*": {"nl": "voorlopig cijfer", "en": "provisional figure"},
    "**": {"nl": "nader voorlopig cijfer", "en": "revised provisional figure"},
}
REVISIONS = {"final": "", "provisional": "*", "revised provisional": "**"}
DECIMALS = {"percent": 1, "ratio": 2, "coefficient": 2, "zaken_per_jaar": 2}
SYNTHETIC = {"nl": "Fictieve gegevens, geen echte cijfers", "en": "Fictitious data, not real figures"}
NOT_RELEASED = {"nl": "niet vrijgegeven: alleen binnen het project", "en": "not released: inside the project only"}


def in_words(words: Words, language: Language, /, **given: object) -> str:
    """Words in a language, with what varies filled in.

    Examples
    --------
    >>> in_words(("{n} personen", "{n} persons"), "nl", n=3)
    '3 personen'
    """
    return words[LANGUAGES.index(language)].format(**given)


def is_missing(value: float | None) -> bool:
    """Whether there is no number.

    Examples
    --------
    >>> is_missing(None), is_missing(float("nan")), is_missing(0)
    (True, True, False)
    """
    return value is None or isnan(value)


def rounded(value: float, decimals: int) -> Decimal:
    """A number rounded half away from zero, as readers expect it.

    Examples
    --------
    >>> rounded(0.25, 1), rounded(2.675, 2), rounded(-0.04, 1)
    (Decimal('0.3'), Decimal('2.68'), Decimal('0.0'))
    """
    number = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(number) if number == 0 else number


def format_number(
    value: float | None, unit: str = "", language: Language = "nl", decimals: int | None = None, sign: bool = False
) -> str:
    """A number as it is printed.

    Parameters
    ----------
    value : float or None
        None and NaN print as ``.``: unknown or hidden.
    unit : str
        ``percent`` adds the sign and shows one decimal, ``ratio``, ``coefficient`` and a rate of cases show two;
        ``year`` is never grouped.
    language : {'nl', 'en'}
        Dot thousands and decimal comma, or the reverse.
    decimals : int, optional
        Default: none for whole numbers, else one.
    sign : bool
        Show ``+`` before a rise.

    Examples
    --------
    >>> format_number(1234567), format_number(1234.56), format_number(1234.5, language="en")
    ('1.234.567', '1.234,6', '1,234.5')
    >>> format_number(12.25, "percent"), format_number(-3.1, "percent", sign=True), format_number(2023, "year")
    ('12,3%', '−3,1%', '2023')
    >>> format_number(None)
    '.'
    """
    if value is None or isnan(value):
        return HIDDEN
    if unit == "year":
        return str(int(value))
    if decimals is None:
        decimals = DECIMALS.get(unit, 0 if float(value).is_integer() else 1)
    number = rounded(value, decimals)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = format_decimal(abs(number), format=pattern, locale=LOCALES[language])
    before = MINUS if number < 0 else "+" if sign and number > 0 else ""
    return before + text + ("%" if unit == "percent" else "")


def format_date(day: date | str, language: Language = "nl") -> str:
    """A day in full.

    Examples
    --------
    >>> format_date("2026-11-03"), format_date(date(2026, 11, 3), "en")
    ('3 november 2026', '3 November 2026')
    """
    return babel_date(date.fromisoformat(str(day)), format="d MMMM y", locale=LOCALES[language])


def format_period(period: str | int, language: Language = "nl") -> str:
    """A year, a quarter or a month of it, or the years from one through another.

    Examples
    --------
    >>> format_period("2019-Q3"), format_period("2019-Q3", "en"), format_period("2019-03", "en")
    ('2019, 3e kwartaal', '2019, quarter 3', 'March 2019')
    >>> format_period("2012/2024"), format_period("2012/2024", "en"), format_period(2019), format_period("_T")
    ('2012–2024', '2012 to 2024', '2019', 'alle jaren')
    """
    text = str(period)
    if text == TOTAL:
        return {"nl": "alle jaren", "en": "all years"}[language]
    if quarter := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        return {"nl": "{}, {}e kwartaal", "en": "{}, quarter {}"}[language].format(*quarter.groups())
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        return babel_date(date.fromisoformat(f"{text}-01"), format="MMMM y", locale=LOCALES[language])
    first, slash, last = text.partition("/")
    if not slash:
        return text
    return f"{first}–{last}" if language == "nl" else f"{first} to {last}"


def change_phrase(old: float | None, new: float | None, language: Language = "nl", unit: str = "") -> str:
    """What happened between two numbers, as the verb of a sentence.

    The change is computed from the unrounded numbers. Shares change in percentage points, everything else in percent.

    Examples
    --------
    >>> change_phrase(1000, 1031), change_phrase(1000, 900, "en"), change_phrase(7, 7)
    ('steeg met 3,1%', 'fell by 10.0%', 'bleef gelijk')
    >>> change_phrase(12.0, 13.25, unit="percent"), change_phrase(12.0, 11.0, "en", unit="percent")
    ('steeg met 1,3 procentpunt', 'fell by 1.0 percentage points')
    >>> change_phrase(0, 12), change_phrase(None, 12)
    ('steeg van 0 naar 12', 'kan niet worden vergeleken')
    """
    if old is None or new is None or isnan(old) or isnan(new):
        return {"nl": "kan niet worden vergeleken", "en": "cannot be compared"}[language]
    if old == new:
        return {"nl": "bleef gelijk", "en": "stayed the same"}[language]
    verb = {"nl": ("steeg", "daalde"), "en": ("rose", "fell")}[language][new < old]
    if old == 0 and unit != "percent":
        joint = {"nl": ("van", "naar"), "en": ("from", "to")}[language]
        return f"{verb} {joint[0]} {format_number(old, unit, language)} {joint[1]} {format_number(new, unit, language)}"
    change = abs(new - old) if unit == "percent" else abs(new - old) / abs(old) * 100
    if rounded(change, 1) == 0:
        return {"nl": "bleef vrijwel gelijk", "en": "hardly changed"}[language]
    by = {"nl": "met", "en": "by"}[language]
    if unit != "percent":
        return f"{verb} {by} {format_number(change, 'percent', language)}"
    points = {"nl": "procentpunt", "en": "percentage points"}[language]
    return f"{verb} {by} {format_number(change, '', language, decimals=1)} {points}"
