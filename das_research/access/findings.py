"""What `grants.check` finds: of all that a grant rests on or asks for, whether it holds, and if not, what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from das_research.access import refusals
from das_research.access.cover import permission_for, uncovered
from das_research.access.scope import table_scope
from das_research.catalog.agreed import contact, lines_for
from das_research.catalog.models import Catalog, Grant
from das_research.catalog.tables import CHAIN_TABLES, PERSON_LINKS, origins_of, table_columns, table_names
from das_research.errors import AccessRefused

About = Literal[
    "person",
    "dates",
    "purpose",
    "condition",
    "agreement",
    "recipients",
    "own file",
    "permission",
    "organisations",
    "list of persons",
    "table",
    "column",
]


@dataclass(frozen=True)
class Finding:
    """One thing that a grant rests on or asks for.

    Parameters
    ----------
    about : str
        What kind of thing.
    name : str
        Which: an account, an agreement, a dataset, a table, or ``table.column``.
    holds : bool
        Whether it holds.
    note : str
        Where it holds: on what ground.
    why, fix, ask : str
        Where it does not: the reason, the lines to add, whom to ask.
    """

    about: About
    name: str
    holds: bool
    note: str = ""
    why: str = ""
    fix: str = ""
    ask: str = ""

    @classmethod
    def of(cls, about: About, name: str, refusal: AccessRefused | None, note: str = "") -> "Finding":
        """The finding that goes with a refusal; without one it holds."""
        if refusal is None:
            return cls(about, name, True, note)
        return cls(about, name, False, why=refusal.why, fix=refusal.fix, ask=refusal.ask)


def asked_datasets(catalog: Catalog, grant: Grant) -> tuple[str, ...]:
    """The datasets that a grant draws on, in the order of the catalogue.

    Those that it names, those that attributes it names come from, and where it gives cases, persons or events, all
    under its agreements that tell events.
    """
    asked = {name for name in grant.tables if name in catalog.datasets}
    for table in set(grant.tables) & set(CHAIN_TABLES):
        for column in set(grant.tables[table].columns) & set(table_columns(catalog, table)):
            asked |= origins_of(catalog, table, column)
        under = {name for agreement in grant.agreements for name in catalog.agreements[agreement].datasets}
        asked |= {name for name in under if name in catalog.datasets and catalog.datasets[name].events}
    return tuple(name for name in catalog.datasets if name in asked)


def dataset_findings(catalog: Catalog, grant: Grant, today: date) -> Iterator[Finding]:
    """The partner's permission for every dataset that the grant draws on, and whether it is for all its people."""
    now = grant.on(today)
    for dataset in asked_datasets(catalog, grant):
        reason = uncovered(catalog, now, dataset)
        given = permission_for(catalog, now, dataset)
        if given is not None:
            until = f", until {given.until}" if given.until else ""
            yield Finding("permission", dataset, True, f"{given.reference}, {given.date}, {given.role}{until}")
        elif reason == "no permission of the partner":
            yield Finding("permission", dataset, False, **_no_permission(catalog, grant, dataset, today))
        limited = [it for it in grant.agreements if dataset in catalog.agreements[it].only_for]
        if limited and reason == "not for every organisation of the project":
            yield Finding("organisations", dataset, False, **_not_for_all(catalog, grant, dataset, today))
        elif limited and given is not None:
            yield Finding("organisations", dataset, True, "only for: " + ", ".join(_only_for(catalog, grant, dataset)))
        if reason == "not beside a list of persons":
            yield Finding("list of persons", dataset, False, **_not_beside(catalog, grant, dataset))


def table_findings(catalog: Catalog, grant: Grant, today: date) -> Iterator[Finding]:
    """Every table that the grant asks for, and every column of it that the project does not get."""
    now = grant.on(today)
    for table, granted in grant.tables.items():
        if table not in table_names(catalog):
            yield Finding("table", table, False, **_take_out(grant, "The catalogue has no such table."))
            continue
        reasons = {it.column: it.reason for it in table_scope(catalog, now, table).left_out}
        lacking = {column: reasons[column] for column in granted.columns if column in reasons}
        given = [it for it in granted.columns if it not in lacking and it in table_columns(catalog, table)]
        if given:
            yield Finding("table", table, True, f"{len(given)} of {len(granted.columns)} columns")
        elif lacking:
            yield Finding("table", table, False, **_lacking(catalog, grant, table, granted.columns[0], today))
            continue
        for column in granted.columns:
            if column not in given and column not in PERSON_LINKS.values():
                yield Finding("column", f"{table}.{column}", False, **_lacking(catalog, grant, table, column, today))


def _lacking(catalog: Catalog, grant: Grant, table: str, column: str, today: date) -> dict[str, str]:
    columns = table_columns(catalog, table)
    if column not in columns:
        return _take_out(grant, "The catalogue has no such column, or it is an identifier, which no project gets.")
    for dataset in sorted(origins_of(catalog, table, column)):
        reason = uncovered(catalog, grant.on(today), dataset)
        if reason == "dataset not in the agreements":
            return _no_agreement(catalog, grant, dataset)
        if reason == "no permission of the partner":
            return _no_permission(catalog, grant, dataset, today)
        if reason == "not beside a list of persons":
            return _not_beside(catalog, grant, dataset)
        if reason is not None:
            return _not_for_all(catalog, grant, dataset, today)
    return _take_out(grant, "It identifies a person directly, and is never given.")


def _take_out(grant: Grant, why: str) -> dict[str, str]:
    fix = f"take its name out of 'tables' in grants/{grant.id}.yaml"
    return {"why": why, "fix": fix, "ask": refusals.roles(grant)}


def _no_agreement(catalog: Catalog, grant: Grant, dataset: str) -> dict[str, str]:
    over = [it for it in catalog.agreements.values() if dataset in it.datasets and it.id not in grant.agreements]
    name = over[-1].id if over else f"<an agreement over {dataset}>"
    refusal = refusals.refused(
        grant, "", f"No agreement of the grant covers '{dataset}'.", {"agreements": [*grant.agreements, name]}
    )
    partner = catalog.datasets[dataset].partner
    return {"why": refusal.why, "fix": refusal.fix, "ask": f"{refusal.ask}; {contact(catalog, partner)}"}


def _no_permission(catalog: Catalog, grant: Grant, dataset: str, today: date) -> dict[str, str]:
    partner = catalog.datasets[dataset].partner
    others = [it for it in grant.permissions if it.covers(partner, dataset)]
    why = f"The grant tells of no permission of '{partner}' for '{dataset}' in this project, so it is not extracted."
    if others:
        late = max(others, key=lambda it: it.until or date.max)
        moment = f"holds from {late.date}" if late.date > today else f"ended on {late.until}"
        why = f"The permission '{late.reference}' of '{partner}' {moment}; it is {today} now, so it is not extracted."
    entry: dict[str, Any] = {
        "partner": partner,
        "datasets": [dataset],
        "reference": "<number of the letter>",
        "date": today,
        "role": "<role of who signed>",
    }
    fix = "once the partner has given it in writing, "
    fix += lines_for(f"grants/{grant.id}.yaml", {"permissions": [entry]})
    return {"why": why, "fix": fix, "ask": contact(catalog, partner)}


def _not_for_all(catalog: Catalog, grant: Grant, dataset: str, today: date) -> dict[str, str]:
    """Names lines of the grant's file and no person or organisation in it."""
    now = set(grant.on(today).people)
    alone = [grant.model_copy(update={"people": (person,)}) for person in grant.people]
    lines = [
        str(number)
        for number, (person, one) in enumerate(zip(grant.people, alone, strict=True), start=1)
        if person in now and uncovered(catalog, one.on(today), dataset) is not None
    ]
    allowed = _only_for(catalog, grant, dataset)
    [limiting] = [it for it in grant.agreements if dataset in catalog.agreements[it].only_for][:1]
    change = {"only_for": {dataset: [*allowed, "<organisation of these lines>"]}}
    whose = f"line {', '.join(lines)} of 'people' is of another organisation" if lines else "nobody is in it today"
    return {
        "why": f"'{dataset}' is only for {', '.join(allowed)}, and a project has one database for all: {whose}.",
        "fix": f"give these lines of 'people' in grants/{grant.id}.yaml an end, or a project of their own;\n"
        "    or, once the partner agrees, " + lines_for(f"agreements/{limiting}.yaml", change),
        "ask": f"{contact(catalog, catalog.datasets[dataset].partner)}; {refusals.roles(grant)}",
    }


def _not_beside(catalog: Catalog, grant: Grant, dataset: str) -> dict[str, str]:
    covering = [catalog.agreements[name] for name in grant.agreements if dataset in catalog.agreements[name].datasets]
    silent = next(it for it in covering if dataset not in it.own_files)
    change = {"own_files": [*silent.own_files, dataset]}
    return {
        "why": f"The project brings a list of persons; agreement '{silent.id}' does not give '{dataset}' beside one.",
        "fix": "once the partner agrees, " + lines_for(f"agreements/{silent.id}.yaml", change),
        "ask": contact(catalog, silent.partner),
    }


def _only_for(catalog: Catalog, grant: Grant, dataset: str) -> list[str]:
    limits = [set(catalog.agreements[it].only_for[dataset]) for it in grant.agreements
              if dataset in catalog.agreements[it].only_for]  # fmt: skip
    return sorted(set.intersection(*limits)) if limits else []
