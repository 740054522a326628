"""Rules for how recidivism is measured: tables and columns that are there, and every disposal said."""

from collections.abc import Iterator

from das_research.catalog.check_conditions import condition_faults
from das_research.catalog.models import Bounds, Catalog, CohortRule, RecidivismMethod
from das_research.catalog.names import Fault, Names, unknown
from das_research.catalog.tables import Column, table_columns
from das_research.catalog.yaml_lines import Location

AGE = "leeftijd"


def recidivism_faults(method: RecidivismMethod, names: Names) -> Iterator[Fault]:
    """Datasets, columns and codes that exist; a cohort that can be shown or says why not."""
    told = method.documentation
    wanted = (told.disposal, told.registered, told.offence, told.maximum, told.sex, told.birth_year)
    columns = dict(zip(DOCUMENTED, wanted, strict=True))
    columns |= {f"dates.{way}": name for way, name in told.dates.items()}
    yield from _column_faults(told.table, columns, names, ("documentation",))
    yield from _disposal_faults(method, names)
    for position, stays in enumerate(method.detention):
        dates = (stays.begin, stays.end)
        yield from _column_faults(stays.table, dict(zip(dates, dates, strict=True)), names, ("detention", position))
    if left := method.departures:
        yield from _column_faults(left.table, dict(zip(left.dates, left.dates, strict=True)), names, ("departures",))
    for field in ("ages", "earlier_cases"):
        yield from _bound_faults(getattr(method, field), names, (field,))
    groups = method.offence_groups
    yield from names.missing("classifications", groups.classification, ("offence_groups", "classification"))
    found = names.catalog.classifications.get(groups.classification)
    known = [it.id for it in found.correspondences] if found else []
    if found and groups.correspondence not in known:
        at = ("offence_groups", "correspondence")
        yield at, unknown("correspondence", groups.correspondence, known)
    for name, rule in method.cohorts.items():
        yield from _cohort_faults(rule, names, ("cohorts", name))


DOCUMENTED = ("disposal", "registered", "offence", "maximum", "sex", "birth_year")


def codes_of_disposals(catalog: Catalog, method: RecidivismMethod) -> tuple[str, ...]:
    """Every code that the register's disposal can have; none where the catalogue does not say."""
    dataset = catalog.datasets.get(method.documentation.table)
    variable = dataset.variables.get(method.documentation.disposal) if dataset else None
    found = catalog.classifications.get((variable and variable.classification) or "")
    return tuple(code.code for code in found.codes) if found else ()


def _disposal_faults(method: RecidivismMethod, names: Names) -> Iterator[Fault]:
    codes = codes_of_disposals(names.catalog, method)
    for field in ("index_disposals", "new_disposals"):
        disposals = getattr(method, field)
        said = [*disposals.count, *disposals.leave_out]
        for code in said:
            if codes and code not in codes:
                yield (field,), unknown("disposal", code, codes)
        if twice := sorted(set(disposals.count) & set(disposals.leave_out)):
            yield (field, "leave_out"), f"counts and is left out: {', '.join(twice)}"
        if missing := [code for code in codes if code not in said]:
            yield (field,), f"says nothing of {', '.join(missing)}: count it, or leave it out with the reason"


def _cohort_faults(rule: CohortRule, names: Names, at: Location) -> Iterator[Fault]:
    if (rule.table is None) == (rule.cannot is None):
        yield at, "give either 'table' and 'start', or 'cannot' with the reason"
    if rule.table is None:
        return
    if not rule.start:
        yield (*at, "start"), "a cohort needs a day on which the clock starts"
    yield from _column_faults(rule.table, rule.start, names, at)
    if rule.table in names.catalog.datasets:
        known = {AGE: Column(AGE, "integer"), **table_columns(names.catalog, rule.table)}
        for position, condition in enumerate(rule.where):
            yield from condition_faults(condition, known, (*at, "where", position))


def _column_faults(table: str, columns: dict[str, str], names: Names, at: Location) -> Iterator[Fault]:
    yield from names.missing("datasets", table, (*at, "table"))
    dataset = names.catalog.datasets.get(table)
    if dataset is None:
        return
    for field, name in columns.items():
        variable = dataset.variables.get(name)
        if variable is None:
            yield (*at, field), f"dataset '{table}': {unknown('variable', name, dataset.variables)}"
        elif not variable.take or variable.type == "identifier":
            yield (*at, field), f"variable '{table}.{name}' is not taken, so nothing can use it"


def _bound_faults(bounds: Bounds, names: Names, at: Location) -> Iterator[Fault]:
    yield from names.missing("classifications", bounds.classification, (*at, "classification"))
    found = names.catalog.classifications.get(bounds.classification)
    known = [code.code for code in found.codes] if found else []
    for code in bounds.from_:
        if found and code not in known:
            yield (*at, "from", code), unknown("code", code, known)
    numbers = list(bounds.from_.values())
    if numbers != sorted(set(numbers)):
        yield (*at, "from"), "lower bounds must rise"
