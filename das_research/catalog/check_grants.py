"""Rules for grants: agreements, permissions, people, and tables and columns that may be given."""

from collections.abc import Iterator

from das_research.catalog.check_coarsening import coarsening_faults
from das_research.catalog.check_conditions import condition_faults
from das_research.catalog.check_own_files import own_file_faults
from das_research.catalog.models import Grant, GrantedTable
from das_research.catalog.names import Fault, Names, inverted, repeated, unknown
from das_research.catalog.own_files import project_of, seen_by
from das_research.catalog.tables import CHAIN_TABLES, DELIVERY_TABLES, origins_of, table_columns, table_names


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
    yield from _permission_faults(grant, names)
    for position, person in enumerate(grant.people):
        at = ("people", position)
        yield from inverted(person.begin, person.end, (*at, "end"))
        if person.begin and person.begin < grant.begin:
            yield (*at, "begin"), f"begins before the grant does, on {grant.begin}"
        if person.end and person.end > grant.end:
            yield (*at, "end"), f"ends after the grant does, on {grant.end}"
    own = Names(seen_by(names.catalog, grant.id), names.unread)
    yield from own_file_faults(grant, names, own)
    for table, granted in grant.tables.items():
        yield from _table_faults(table, granted, grant, own)
    yield from coarsening_faults(grant, own)


def _permission_faults(grant: Grant, names: Names) -> Iterator[Fault]:
    """That a partner gave none is no fault: then its dataset is not in the project, and the rest is."""
    catalog = names.catalog
    under = {name for it in grant.agreements if it in catalog.agreements for name in catalog.agreements[it].datasets}
    all_read = all(it in catalog.agreements for it in grant.agreements)
    for position, permission in enumerate(grant.permissions):
        at = ("permissions", position)
        yield from names.missing("partners", permission.partner, (*at, "partner"))
        yield from inverted(permission.date, permission.until, (*at, "until"))
        for place, name in enumerate(permission.datasets):
            here = (*at, "datasets", place)
            yield from names.missing("datasets", name, here)
            dataset = catalog.datasets.get(name)
            if dataset and permission.partner in catalog.partners and dataset.partner != permission.partner:
                yield here, f"dataset '{name}' is of partner '{dataset.partner}', not '{permission.partner}'"
            elif dataset and all_read and name not in under:
                yield here, f"no agreement of this grant covers dataset '{name}'"


def _table_faults(table: str, granted: GrantedTable, grant: Grant, names: Names) -> Iterator[Fault]:
    catalog, at = names.catalog, ("tables", table)
    agreements = [catalog.agreements[name] for name in grant.agreements if name in catalog.agreements]
    covered = {dataset for agreement in agreements for dataset in agreement.datasets} | set(grant.own_files)
    all_read = len(agreements) == len(grant.agreements)
    if table in DELIVERY_TABLES:
        yield at, f"'{table}' comes with every extract and isn't granted"
        return
    if table not in table_names(catalog):
        if other := project_of(catalog, table):
            yield at, f"'{table}' is an own file of grant '{other}', which no other project gets"
        elif ("datasets", table) not in names.unread:
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
