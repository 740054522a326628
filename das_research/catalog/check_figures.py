"""Rules for numbers: units of counting, figures that count in them, and breaks in their series."""

from collections.abc import Iterator

from das_research.catalog.check_counting import key_figure_faults
from das_research.catalog.models import Break, Figure, Unit
from das_research.catalog.names import Fault, Names


def unit_faults(unit: Unit, names: Names) -> Iterator[Fault]:
    """Units it is taken for that exist and are others."""
    for position, name in enumerate(unit.not_to_confuse):
        at = ("not_to_confuse", position)
        yield from names.missing("units", name, at)
        if name == unit.id:
            yield at, "a unit can't be confused with itself"


def figure_faults(figure: Figure, names: Names) -> Iterator[Fault]:
    """A definition, a term and units that exist; a ratio across units says what it then says."""
    if not (figure.definition.nl.strip() and figure.definition.en.strip()):
        yield ("definition",), "a number without a definition does not exist"
    if figure.term is not None:
        yield from names.missing("terms", figure.term, ("term",))
    for field in ("numerator", "denominator"):
        unit = getattr(figure, field)
        if unit is not None:
            yield from names.missing("units", unit, (field,))
    if figure.denominator is not None and figure.numerator is None:
        yield ("denominator",), "a ratio needs the field 'numerator' too"
    elif figure.denominator not in (None, figure.numerator) and figure.across_units is None:
        yield (
            ("denominator",),
            f"counts '{figure.numerator}' for each '{figure.denominator}', and needs the field 'across_units': "
            "what the ratio then says",
        )
    yield from key_figure_faults(figure, names)


def break_faults(entry: Break, names: Names) -> Iterator[Fault]:
    """Datasets and figures that exist, and something that it breaks."""
    for field in ("datasets", "figures"):
        for position, name in enumerate(getattr(entry, field)):
            yield from names.missing(field, name, (field, position))
    if not (entry.themes or entry.datasets or entry.figures):
        yield ("id",), "breaks nothing; name its themes, datasets or figures"
