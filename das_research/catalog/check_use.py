"""Rules for the use of data: grants, monitors and the demonstration."""

import re
from collections.abc import Iterator

from das_research.catalog.check_coarsening import coarsening_faults
from das_research.catalog.check_conditions import condition_faults, has_type
from das_research.catalog.models import THEMES, Grant, GrantedTable, Monitor
from das_research.catalog.names import Fault, Names, inverted, repeated, unknown
from das_research.catalog.tables import CHAIN_TABLES, DELIVERY_TABLES, origins_of, table_columns, table_names
from das_research.catalog.yaml_lines import Location

CRON_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
CRON_PART = re.compile(r"(\*|\d{1,2}(-\d{1,2})?)(/[1-9]\d?)?")


def grant_faults(grant: Grant, names: Names) -> Iterator[Fault]:
    """Agreements that exist and allow the purpose and the period, tables and columns that may be given."""
    yield from inverted(grant.begin, grant.end, ("end",))
    for position, name in enumerate(grant.agreements):
        yield from names.missing("agreements", name, ("agreements", position))
        agreement = names.catalog.agreements.get(name)
        if agreement is None:
            continue
        partner = names.catalog.partners.get(agreement.partner)
        ask = f"; ask {partner.contact}" if partner else ""
        use = agreement.uses.get(grant.purpose)
        if use is not None and use.allowed == "no":
            yield ("purpose",), f"agreement '{name}' does not allow the purpose '{grant.purpose}'{ask}"
        if use is not None and use.allowed == "if" and name not in grant.meets:
            yield (
                ("purpose",),
                f"agreement '{name}' allows the purpose '{grant.purpose}' on a condition; "
                f"say in the field 'meets' how it is met{ask}",
            )
        if grant.begin < agreement.begin:
            yield ("begin",), f"begins before agreement '{name}' does, on {agreement.begin}{ask}"
        if grant.end > agreement.end:
            yield ("end",), f"ends after agreement '{name}' does, on {agreement.end}{ask}"
    for name in grant.meets:
        if name not in grant.agreements:
            yield ("meets", name), f"'{name}' is no agreement of this grant"
    for position, person in enumerate(grant.people):
        at = ("people", position)
        yield from inverted(person.begin, person.end, (*at, "end"))
        if person.begin and person.begin < grant.begin:
            yield (*at, "begin"), f"begins before the grant does, on {grant.begin}"
        if person.end and person.end > grant.end:
            yield (*at, "end"), f"ends after the grant does, on {grant.end}"
    for table, granted in grant.tables.items():
        yield from _table_faults(table, granted, grant, names)
    yield from coarsening_faults(grant, names)


def _table_faults(table: str, granted: GrantedTable, grant: Grant, names: Names) -> Iterator[Fault]:
    catalog, at = names.catalog, ("tables", table)
    agreements = [catalog.agreements[name] for name in grant.agreements if name in catalog.agreements]
    covered = {dataset for agreement in agreements for dataset in agreement.datasets}
    all_read = len(agreements) == len(grant.agreements)
    if table in DELIVERY_TABLES:
        yield at, f"'{table}' comes with every extract and isn't granted"
        return
    if table not in table_names(catalog):
        if ("datasets", table) not in names.unread:
            yield at, unknown("table", table, table_names(catalog))
        return
    if table not in CHAIN_TABLES and table not in covered and all_read:
        yield at, f"no agreement of this grant covers dataset '{table}'"
    columns = table_columns(catalog, table)
    variables = catalog.datasets[table].variables if table in catalog.datasets else {}
    for position, name in repeated(granted.columns):
        yield (*at, "columns", position), f"column '{name}' stands here twice"
    for position, name in enumerate(granted.columns):
        place = (*at, "columns", position)
        if name in columns and columns[name].identifying == "direct":
            yield place, f"'{name}' identifies a person directly and is never granted"
        elif name not in columns and name in variables and not variables[name].take:
            yield place, f"variable '{name}' is not taken (take: false), so nothing can use it"
        elif name not in columns and name in variables:
            yield place, f"'{name}' is an identifier, which never reaches a project; use case_id or person_id"
        elif name not in columns:
            yield place, f"table '{table}': {unknown('column', name, columns)}"
        elif table in CHAIN_TABLES and all_read:
            for origin in sorted(origins_of(catalog, table, name) & set(catalog.datasets) - covered):
                yield place, f"'{name}' draws on dataset '{origin}', which no agreement of this grant covers"
    selectable = {name: column for name, column in columns.items() if column.identifying != "direct"}
    for position, condition in enumerate(granted.rows):
        yield from condition_faults(condition, selectable, (*at, "rows", position))


def monitor_faults(monitor: Monitor, names: Names) -> Iterator[Fault]:
    """A project that exists, a notebook by its file name, a schedule that cron can read, defaults that fit."""
    yield from names.missing("grants", monitor.project, ("project",))
    if monitor.id in THEMES:
        yield ("id",), f"'{monitor.id}' is a theme, whose page on the site has that name"
    if "/" in monitor.notebook or not monitor.notebook.endswith(".ipynb"):
        yield ("notebook",), "must be the name of a file of the notebooks folder, ending in .ipynb"
    yield from _schedule_faults(monitor.schedule)
    for name, parameter in monitor.parameters.items():
        at: Location = ("parameters", name)
        if not has_type(parameter.default, parameter.type):
            yield (*at, "default"), f"'{parameter.default}' is not of type {parameter.type}"
        elif parameter.choices and parameter.default not in parameter.choices:
            yield (*at, "default"), f"'{parameter.default}' is not one of the choices"
        for position, choice in enumerate(parameter.choices):
            if not has_type(choice, parameter.type):
                yield (*at, "choices", position), f"'{choice}' is not of type {parameter.type}"


def _schedule_faults(schedule: str) -> Iterator[Fault]:
    fields = schedule.split()
    if len(fields) != len(CRON_FIELDS):
        yield ("schedule",), f"must be five fields: {' '.join(name for name, _, _ in CRON_FIELDS)}"
        return
    for field, (name, low, high) in zip(fields, CRON_FIELDS, strict=True):
        parts = field.split(",")
        numbers = [int(number) for part in parts for number in re.findall(r"\d+", part.partition("/")[0])]
        if not all(CRON_PART.fullmatch(part) for part in parts) or any(not low <= number <= high for number in numbers):
            yield ("schedule",), f"'{field}' is no {name}: use *, or {low} to {high}"


def demo_faults(names: Names) -> Iterator[Fault]:
    """Located from the field ``demo`` of ``catalog.yaml``: what it names exists, and its accounts differ."""
    demo = names.catalog.demo
    if demo is None:
        return
    for position, name in enumerate(demo.monitors):
        yield from names.missing("monitors", name, ("monitors", position))
        monitor = names.catalog.monitors.get(name)
        grant = names.catalog.grants.get(monitor.project) if monitor else None
        if grant and demo.researcher not in [person.account for person in grant.people]:
            yield ("researcher",), f"grant '{grant.id}' does not name this account"
    if len({demo.researcher, *demo.reviewers}) < 3:
        yield ("reviewers",), "the researcher and the two reviewers must be three accounts"
    source = demo.source
    for name in source.files:
        yield from names.missing("datasets", name, ("source", "files", name))
    if source.synthetic and None in (source.years, source.scale, source.seed):
        yield ("source",), "the synthetic chain needs years, scale and seed"
    if source.synthetic == bool(source.files):
        yield ("source",), "give either 'synthetic: true' or 'files'"
