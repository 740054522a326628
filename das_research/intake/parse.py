"""From delivered text to typed values: each way to read a value, and the name of the fault when it can't be read."""

import re

import ibis
import ibis.expr.types as ir

from das_research import engines
from das_research.catalog.models import Check, FileLayout, IdentifierDomain, Variable

ISO = ("%Y-%m-%d",)
MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f")  # how a moment of a Parquet file is spelt as text
DIGITS = {"Y": "{4}", "y": "{2}", "j": "{1,3}", "f": "{1,9}"} | dict.fromkeys("dmHIMS", "{1,2}")
FOREIGN = r"[^\x00-\x7F\p{Z}\p{C}\p{P}\p{S}\p{M}]"  # letters and digits beyond ASCII, not signs and blanks
ELEVEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)
BLANKS = "[ \\t\\n\\r\\v\\f]*"
TRUE = ("true", "t", "1", "yes", "y", "ja", "j")
FALSE = ("false", "f", "0", "no", "n", "nee")
UNREADABLE: dict[str, Check] = {
    "date": "not-a-date",
    "integer": "not-a-number",
    "decimal": "not-a-number",
    "boolean": "not-a-boolean",
}


def known_text(text: ir.StringValue, layout: FileLayout) -> ir.StringValue:
    """The text, or null where it is one of the layout's spellings of a missing value."""
    return ibis.ifelse(engines.one_of(text, layout.missing), ibis.null("string"), text)


def normalised(text: ir.StringValue, domain: IdentifierDomain) -> ir.StringValue:
    """An identifier as it is hashed: upper case, only the characters that count; null when none is left."""
    as_it_is = text.re_search(f"^[{domain.keep}]+$")  # nearly all are, and a replacement takes three times as long
    return ibis.ifelse(as_it_is, text, text.upper().re_replace(f"[^{domain.keep}]", "").nullif(""))


def number_of(text: ir.StringValue, domain: IdentifierDomain) -> ir.StringValue:
    """An identifier as it is hashed; null where the text spells none: signs, zeros or a word, letters of other scripts.

    Nearly all texts are as they are hashed, and long: of those no more than that is asked.
    """
    as_it_is = text.re_search(f"^[{domain.keep}]+$")
    few = max(map(len, domain.placeholders), default=0)
    short = (text.length() <= few) | text.startswith("0")
    number = normalised(text, domain)
    none, missing = ibis.null("string"), number.isnull() | text.re_search(FOREIGN)
    return ibis.ifelse(
        as_it_is,
        ibis.ifelse(short, ibis.ifelse(_stands_for_none(text, domain), none, text), text),
        ibis.ifelse(missing | _stands_for_none(number, domain), none, number),
    )


def _stands_for_none(number: ir.StringValue, domain: IdentifierDomain) -> ir.BooleanValue:
    return engines.one_of(number, domain.placeholders) | (number.replace("0", "") == "")


def of_another_form(number: ir.StringValue, domain: IdentifierDomain) -> ir.BooleanValue | None:
    """Whether a normalised identifier has not the form of its domain; None where that says of none."""
    if domain.form is None:
        return None
    fictitious = f"|(?:{domain.synthetic})" if domain.synthetic else ""
    wrong = ~number.re_search(f"^(?:{domain.form})$" + fictitious)
    if not domain.eleven_proof:
        return wrong
    digits = [number.substr(place, 1).try_cast("int64") for place in range(9)]
    summed = sum((digit * weight for digit, weight in zip(digits, ELEVEN, strict=True)), ibis.literal(0))
    invented = number.re_search(domain.synthetic) if domain.synthetic else ibis.literal(False)
    return wrong | (~invented & (summed % 11 != 0).fill_null(True))


def value_of(text: ir.StringValue, variable: Variable, layout: FileLayout) -> ir.Value:
    """The typed value of a text; null where it can't be read. Blanks around it don't matter."""
    if variable.type == "date":
        typed: tuple[str, ...] = {"csv": (), "parquet": (*ISO, *MOMENTS), "xlsx": ISO}[layout.format]
        return date_of(text, tuple(dict.fromkeys((*typed, *(variable.formats or ISO)))))
    if variable.type == "integer":
        return _number(text, "[0-9]+({sign}0*)?", layout, "int64")
    if variable.type == "decimal":
        return _finite(_number(text, "([0-9]+{sign}?[0-9]*|{sign}[0-9]+)([eE][+-]?[0-9]+)?", layout, "float64"))
    if variable.type == "boolean":
        lowered = text.strip().lower()
        return ibis.cases(
            (engines.one_of(lowered, TRUE), True), (engines.one_of(lowered, FALSE), False), else_=ibis.null("boolean")
        )
    return text


def form_of(spelling: str) -> str:
    """The form of a text that spells a date, since the engine reads any digits as a year, and words as other days.

    A year has all its four digits, and so have days and months their two where no sign stands between.

    Examples
    --------
    >>> form_of("%d/%m/%Y"), form_of("%Y%m%d")
    ('[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}', '[0-9]{4}[0-9]{2}[0-9]{2}')
    """
    close = re.search("%[A-Za-z]%[A-Za-z]", spelling)
    digits = DIGITS | (dict.fromkeys("dmHIMS", "{2}") if close else {})
    form = ""
    for directive, blank, sign in re.findall(r"%-?([A-Za-z%])|(\s+)|(.)", spelling):
        if directive in digits:
            form += f"[0-9]{digits[directive]}"
        else:
            form += BLANKS if blank else re.escape(sign) if sign else ".+"
    return form


def date_of(text: ir.StringValue, formats: tuple[str, ...]) -> ir.DateValue:
    """The date a text spells in the first of these formats that fits, without its time of day; null when none does."""
    return ibis.coalesce(
        *(
            engines.parse_date(
                ibis.ifelse(text.re_search(f"^{BLANKS}{form_of(it)}{BLANKS}$"), text, ibis.null("string")), it
            )
            for it in formats
        )
    )


def _number(text: ir.StringValue, form: str, layout: FileLayout, kind: str) -> ir.NumericValue:
    """The number that a text of this form spells: in a workbook cells have a point, and texts the agreed sign."""
    sign = {"csv": layout.decimal, "parquet": ".", "xlsx": f".{layout.decimal}"}[layout.format]
    spelled = text.re_search(f"^{BLANKS}[+-]?{form.format(sign=f'[{sign}]')}{BLANKS}$")
    return ibis.ifelse(spelled, text.replace(",", ".") if "," in sign else text, ibis.null("string")).try_cast(kind)


def _finite(number: ir.FloatingValue) -> ir.FloatingValue:
    return ibis.ifelse(number.isinf(), ibis.null("float64"), number)
