"""Rules for the use of data: monitors and the demonstration."""

import re
from collections.abc import Iterator

from das_research.catalog.check_conditions import has_type
from das_research.catalog.models import PUBLIC_FUNCTIONS, THEMES, Monitor
from das_research.catalog.names import Fault, Names
from das_research.catalog.strictest import as_strict_as_asked, least_base
from das_research.catalog.yaml_lines import Location

CRON_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
CRON_PART = re.compile(r"(\*|\d{1,2}(-\d{1,2})?)(/[1-9]\d?)?")


def monitor_faults(monitor: Monitor, names: Names) -> Iterator[Fault]:
    """A project that exists, a notebook by its file name, a schedule that cron can read, defaults that fit."""
    yield from names.missing("grants", monitor.project, ("project",))
    if monitor.id in THEMES:
        yield ("id",), f"'{monitor.id}' is a theme, whose page on the site has that name"
    if "/" in monitor.notebook or not monitor.notebook.endswith(".ipynb"):
        yield ("notebook",), "must be the name of a file of the notebooks folder, ending in .ipynb"
    yield from _schedule_faults(monitor.schedule)
    yield from _agreed_faults(monitor)
    yield from _protection_faults(monitor, names)
    for name, parameter in monitor.parameters.items():
        at: Location = ("parameters", name)
        if not has_type(parameter.default, parameter.type):
            yield (*at, "default"), f"'{parameter.default}' is not of type {parameter.type}"
        elif parameter.choices and parameter.default not in parameter.choices:
            yield (*at, "default"), f"'{parameter.default}' is not one of the choices"
        for position, choice in enumerate(parameter.choices):
            if not has_type(choice, parameter.type):
                yield (*at, "choices", position), f"'{choice}' is not of type {parameter.type}"


def _protection_faults(monitor: Monitor, names: Names) -> Iterator[Fault]:
    asked = monitor.protection
    if asked.method == "suppression":
        if asked.base is not None:
            yield ("protection", "base"), "belongs to rounding, and small numbers are hidden here"
        return
    if asked.base is None:
        yield ("protection",), f"is {asked.method}, and needs the field 'base': of what every count becomes a multiple"
        return
    rules = as_strict_as_asked(names.catalog, monitor.project).disclosure
    if asked.method == "controlled rounding" and asked.base < least_base(rules):
        yield (
            ("protection", "base"),
            f"{asked.base} is less than {least_base(rules)}, which a minimum of {rules.minimum} asks for",
        )


def _agreed_faults(monitor: Monitor) -> Iterator[Fault]:
    agreed = monitor.agreed
    if agreed is None:
        return
    if len(set(agreed.by)) < 2:
        yield ("agreed", "by"), "must name two accounts"
    if agreed.end is not None and agreed.end < agreed.begin:
        yield ("agreed", "end"), "lies before the first day"
    for name, table in agreed.tables.items():
        if not table.function.startswith(PUBLIC_FUNCTIONS):
            yield ("agreed", "tables", name, "function"), f"must begin with one of: {', '.join(PUBLIC_FUNCTIONS)}"
        for parameter in sorted(set(table.parameters) & set(agreed.vary)):
            yield ("agreed", "tables", name, "parameters", parameter), "is fixed here, and may vary by the agreement"


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
    """Located from the field ``demo`` of ``catalog.yaml``: what it names exists, and its accounts differ.

    Its editions are dated within the grants they rest on.
    """
    demo = names.catalog.demo
    if demo is None:
        return
    for position, name in enumerate(demo.monitors):
        yield from names.missing("monitors", name, ("monitors", position))
        monitor = names.catalog.monitors.get(name)
        grant = names.catalog.grants.get(monitor.project) if monitor else None
        if grant and demo.researcher not in [person.account for person in grant.people]:
            yield ("researcher",), f"grant '{grant.id}' does not name this account"
        if grant and (demo.publication_date < grant.begin or grant.begin <= grant.end < demo.publication_date):
            yield ("publication_date",), f"grant '{grant.id}' lasts from {grant.begin} to {grant.end}"
    if len({demo.researcher, *demo.reviewers}) < 3:
        yield ("reviewers",), "the researcher and the two reviewers must be three accounts"
    source = demo.source
    for name in source.files:
        yield from names.missing("datasets", name, ("source", "files", name))
    if source.synthetic and None in (source.years, source.scale, source.seed):
        yield ("source",), "the synthetic chain needs years, scale and seed"
    if source.synthetic == bool(source.files):
        yield ("source",), "give either 'synthetic: true' or 'files'"
