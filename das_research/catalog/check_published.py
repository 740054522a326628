"""Rules for published totals, and for the tolerances a synthetic chain is measured by."""

from collections.abc import Iterator

from das_research.catalog.check_truth import counting_faults, truth_columns
from das_research.catalog.models import Published, PublishedSeries
from das_research.catalog.names import Fault, Names, unknown
from das_research.catalog.published import ARGUMENTS, total_of
from das_research.catalog.yaml_lines import Location


def published_faults(entry: Published, names: Names) -> Iterator[Fault]:
    """Years in order, numbers with status and source, and one way of counting, on tables and columns that exist."""
    for name, series in entry.series.items():
        at: Location = ("series", name)
        yield from _value_faults(entry, name, series, at)
        yield from _way_faults(entry, series, at)
        for field in ("count", "per"):
            for position, counting in enumerate(getattr(series, field)):
                yield from counting_faults(counting, names, (*at, field, position))
        yield from _function_faults(series, names, at)


def _value_faults(entry: Published, name: str, series: PublishedSeries, at: Location) -> Iterator[Fault]:
    before = None
    for position, value in enumerate(series.values):
        place = (*at, "values", position)
        total = total_of(entry, name, series, value)
        if before is not None and value.year <= before:
            yield (*place, "year"), f"{value.year} comes after {before}; the years go up, and each stands here once"
        before = value.year
        if not (total.source or "").strip() and not entry.unverified:
            yield place, "needs the field 'source': where the number was read"
        if not total.status:
            yield place, "needs the field 'status': how its publisher marks it"
        if "rounded" in total.status and total.rounding is None:
            yield place, "is rounded, and needs the field 'rounding': to which step"
        if total.rounding and abs(value.value / total.rounding - round(value.value / total.rounding)) > 1e-6:
            yield (*place, "value"), f"{value.value} is no multiple of its rounding {total.rounding}"


def _way_faults(entry: Published, series: PublishedSeries, at: Location) -> Iterator[Fault]:
    kind = series.kind or entry.kind
    own = [field for field in ("count", "function", "not_counted") if getattr(series, field)]
    if len(own) > 1:
        yield (*at, own[1]), f"says '{own[0]}' already: a series is counted in one way, or not"
    if not own and entry.not_counted is None:
        yield at, "needs one of 'count', 'function' and 'not_counted'"
    if series.per and not series.count:
        yield (*at, "per"), "'per' divides what 'count' counts, and there is none"
    if series.count and kind in ("share", "rate", "mean") and not series.per:
        yield (*at, "count"), f"is a {kind}, and needs the field 'per': what is counted below the line"
    if kind == "count" and series.per:
        yield (*at, "per"), "a count is not divided; give the 'kind' of the number"
    means = [counting for counting in (*series.count, *series.per) if counting.what == "mean_days"]
    if means and (kind != "duration" or len(series.count) > 1):
        yield (*at, "count"), "the mean days are a 'duration' of their own, and are not added up"
    if kind == "duration" and series.count and not means:
        yield (*at, "count"), "is a duration, and must count 'mean_days'"


def _function_faults(series: PublishedSeries, names: Names, at: Location) -> Iterator[Fault]:
    if series.function is None:
        if series.arguments:
            yield (*at, "arguments"), "are for a 'function', and there is none"
        return
    wanted = ARGUMENTS[series.function]
    for name in series.arguments:
        if name not in wanted:
            yield (*at, "arguments", name), f"'{series.function}': {unknown('argument', name, wanted)}"
    for name in wanted:
        if name not in series.arguments:
            yield (*at, "function"), f"'{series.function}' needs the argument '{name}'"
    table = series.arguments.get("table")
    if table is None:
        return
    yield from names.missing("datasets", str(table), (*at, "arguments", "table"))
    columns = truth_columns(names.catalog, str(table))
    for name in ("begin", "end"):
        if columns and series.arguments.get(name) is not None and series.arguments[name] not in columns:
            place = (*at, "arguments", name)
            yield place, f"table '{table}': {unknown('column', str(series.arguments[name]), columns)}"


def calibration_faults(names: Names) -> Iterator[Fault]:
    """Located from the field ``calibration`` of ``catalog.yaml``: every tolerance says how far, and can be reached."""
    for position, tolerance in enumerate(names.catalog.calibration.tolerances):
        at = ("tolerances", position)
        if tolerance.percent is None and tolerance.points is None and tolerance.steps is None:
            yield at, "says not how far: give 'percent', 'points' or 'steps'"
        earlier = names.catalog.calibration.tolerances[:position]
        if any(not (before.kinds or before.status) for before in earlier):
            yield at, "is never reached: a tolerance before it is about every number"
