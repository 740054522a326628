"""From delivered text to typed values: each way to read a value, and the name of the fault when it can't be read."""

import ibis
import ibis.expr.types as ir

from das_research import engines
from das_research.catalog.models import FileLayout, IdentifierDomain, Variable

ISO = ("%Y-%m-%d",)
TRUE = ("true", "t", "1", "yes", "y", "ja", "j")
FALSE = ("false", "f", "0", "no", "n", "nee")
UNREADABLE = {"date": "not-a-date", "integer": "not-a-number", "decimal": "not-a-number", "boolean": "not-a-boolean"}


def known_text(text: ir.StringValue, layout: FileLayout) -> ir.StringValue:
    """The text, or null where it is one of the layout's spellings of a missing value."""
    return ibis.ifelse(text.isin(layout.missing), ibis.null("string"), text)


def normalised(text: ir.StringValue, domain: IdentifierDomain) -> ir.StringValue:
    """An identifier as it is hashed: upper case, only the characters that count; null when none is left."""
    return text.upper().re_replace(f"[^{domain.keep}]", "").nullif("")


def value_of(text: ir.StringValue, variable: Variable, layout: FileLayout) -> ir.Value:
    """The typed value of a text; null where it can't be read."""
    if variable.type == "date":
        return engines.parse_date(text.strip(), variable.formats or ISO)
    if variable.type == "integer":
        return _plain(text, layout).re_extract(r"^([+-]?[0-9]+)([.]0*)?$", 1).nullif("").try_cast("int64")
    if variable.type == "decimal":
        number = _plain(text, layout).re_extract(r"^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$", 0)
        return _finite(number.nullif("").try_cast("float64"))
    if variable.type == "boolean":
        lowered = text.strip().lower()
        return ibis.cases((lowered.isin(TRUE), True), (lowered.isin(FALSE), False), else_=ibis.null("boolean"))
    return text


def _plain(text: ir.StringValue, layout: FileLayout) -> ir.StringValue:
    """The number with a point for its decimal sign; with the wrong sign it stays unreadable."""
    if layout.format == "parquet" or layout.decimal == ".":
        return text.strip()
    return text.strip().translate(".,", "!.")


def _finite(number: ir.FloatingValue) -> ir.FloatingValue:
    return ibis.ifelse(number.isinf(), ibis.null("float64"), number)
