"""Rules for numbers: units of counting, figures that count in them, and breaks in their series."""

from collections.abc import Iterator
from datetime import date

from das_research.catalog.check_counting import key_figure_faults
from das_research.catalog.models import Break, Figure, Unit
from das_research.catalog.names import Fault, Names, unknown


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
    if figure.numerator is None:
        ratio = figure.denominator is not None
        message = (
            "a ratio needs the field 'numerator' too" if ratio else "needs the field 'numerator': the unit counted"
        )
        yield ("denominator",) if ratio else ("id",), message
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
    yield from _outside_faults(entry, names)
    yield from _dimension_faults(entry, names)
    if not (entry.themes or entry.datasets or entry.figures):
        yield ("id",), "breaks nothing; name its themes, datasets or figures"


def _outside_faults(entry: Break, names: Names) -> Iterator[Fault]:
    """A break in a dataset falls after the first and before the last day that its rows can have."""
    for position, name in enumerate(entry.datasets):
        dataset = names.catalog.datasets.get(name)
        if dataset is None:
            continue
        moments = [dataset.variables[moment] for moment in dataset.moment if moment in dataset.variables]
        ranges = [variable.range for variable in moments if variable.range is not None]
        first = min((it.min for it in ranges if isinstance(it.min, date)), default=None)
        last = max((it.max for it in ranges if isinstance(it.max, date)), default=None)
        if len(ranges) < len(moments):
            continue
        if (first and entry.date <= first) or (last and entry.date > last):
            yield (
                ("datasets", position),
                f"dataset '{name}' has rows from {first} to {last}, none on the other side of it",
            )


def _dimension_faults(entry: Break, names: Names) -> Iterator[Fault]:
    """A break of one breakdown only is of an attribute of the chain, or of a column of the datasets it breaks."""
    if entry.dimension is None or names.any_unread("datasets"):
        return
    catalog = names.catalog
    datasets = [catalog.datasets[name] for name in entry.datasets if name in catalog.datasets]
    columns = [name for dataset in datasets for name in dataset.variables]
    known = dict.fromkeys([*catalog.chain.case_attributes, *catalog.chain.person_attributes, *columns])
    if entry.dimension not in known:
        yield ("dimension",), unknown("attribute or column", entry.dimension, known)
