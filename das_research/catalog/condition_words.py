"""Conditions as people read them: the closed grammar in words, Dutch and English."""

from datetime import date

from das_research.catalog.models import Condition, Operator, Text

OPERATORS: dict[Operator, Text] = {
    "is": Text(nl="is", en="is"),
    "is_not": Text(nl="is niet", en="is not"),
    "in": Text(nl="is een van", en="is one of"),
    "not_in": Text(nl="is geen van", en="is none of"),
    "at_least": Text(nl="is ten minste", en="is at least"),
    "at_most": Text(nl="is ten hoogste", en="is at most"),
    "known": Text(nl="is bekend", en="is known"),
    "unknown": Text(nl="is onbekend", en="is unknown"),
}
YES_NO = {True: Text(nl="ja", en="yes"), False: Text(nl="nee", en="no")}


def condition_in_words(condition: Condition) -> Text:
    """A condition as a sentence of a few words.

    Examples
    --------
    >>> condition_in_words(Condition(column="jaar", operator="at_least", values=(2015,))).en
    'jaar is at least 2015'
    """
    return Text(nl=_sentence(condition, "nl"), en=_sentence(condition, "en"))


def _sentence(condition: Condition, language: str) -> str:
    values = ", ".join(_value(value, language) for value in condition.values)
    return f"{condition.column} {OPERATORS[condition.operator][language]} {values}".strip()


def _value(value: str | float | bool | date, language: str) -> str:
    return YES_NO[value][language] if isinstance(value, bool) else str(value)
