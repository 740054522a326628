"""The keys that rows show: what names a case or a person, alone or together."""

from collections.abc import Iterable
from typing import NamedTuple

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Catalog, Dataset
from das_research.intake.units import beside_person

KeySets = tuple[tuple[str, ...], ...]
KEY_ROWS = {"delivery": "string", "row": "int64", "domain": "string", "pseudonym": "string"}
ROW = "row"  # the domain of a row that shows no key: it is itself alone


class Spelled(NamedTuple):
    """A key that rows may show: as one text, and in which of them it is complete."""

    domain: str
    text: ir.StringValue
    known: ir.BooleanValue


def spelled_keys(rows: ir.Table, dataset: Dataset, key_sets: KeySets) -> list[Spelled]:
    """The keys that the rows of one dataset may show.

    Parameters
    ----------
    rows : Table
        Accepted rows: the identifiers as pseudonyms.
    dataset : Dataset
        Their layout.
    key_sets : tuple of tuple of str
        Identifier variables that together name one entity.

    Returns
    -------
    list of Spelled
        One for each key set: of several identifiers domains and pseudonyms are joined with '+'.
    """
    found = []
    for key_set in key_sets:
        parts = _parts(dataset, key_set)
        text = rows[parts[0][1]]
        for _, name in parts[1:]:
            text = text + "+" + rows[name]
        known = ibis.and_(*(rows[name].notnull() for name in key_set))
        found.append(Spelled("+".join(domain for domain, _ in parts), text, known))
    return found


def any_known(keys: Iterable[Spelled]) -> ir.BooleanValue:
    """Whether one of these keys is complete."""
    return ibis.or_(ibis.literal(False), *(it.known for it in keys))


def row_place(rows: ir.Table) -> ir.StringValue:
    """Where a row stands, as one text."""
    return rows.delivery + "|" + rows["row"].cast("string")


def row_pseudonym(rows: ir.Table) -> ir.StringValue:
    """What a row that shows no key is called in the register: the hash of where it stands."""
    return row_place(rows).hexdigest("sha256")


def pseudonym(domain: str | ir.StringValue, text: ir.StringValue) -> ir.StringValue:
    """What a key is called in the register: itself where it is one identifier, else the hash of what it spells."""
    if isinstance(domain, str):
        return text.hexdigest("sha256") if "+" in domain else text
    return ibis.ifelse(domain.contains("+"), text.hexdigest("sha256"), text)


def complete_keys(rows: ir.Table, dataset: Dataset, key_sets: KeySets) -> list[ir.Table]:
    """Every complete key that the rows of one dataset show.

    Parameters
    ----------
    rows, dataset, key_sets
        As for `spelled_keys`; the rows have ``delivery`` and ``row``.

    Returns
    -------
    list of Table
        For each key set ``delivery, row, domain, pseudonym`` of the rows in which it is complete.
    """
    found = []
    for it in spelled_keys(rows, dataset, key_sets):
        called = {"domain": ibis.literal(it.domain), "pseudonym": pseudonym(it.domain, it.text)}
        found.append(rows.filter(it.known).select("delivery", "row", **called))
    return found


def key_domains(catalog: Catalog) -> set[str]:
    """The domains of all keys that rows of some dataset can show, and that of a row itself."""
    sets = [
        (it, key_set)
        for it in catalog.datasets.values()
        for key_set in (*it.case_keys, *it.person_keys, *beside_person(it))
    ]
    return {ROW, *("+".join(domain for domain, _ in _parts(dataset, key_set)) for dataset, key_set in sets)}


def _parts(dataset: Dataset, key_set: tuple[str, ...]) -> list[tuple[str, str]]:
    """Domain and name of the identifiers of a key, in the order in which they are one."""
    return sorted((str(dataset.variables[name].identifier), name) for name in key_set)


def row_keys(rows: ir.Table) -> ir.Table:
    """Rows as keys of their own: ``delivery, row, domain, pseudonym``."""
    return rows.select("delivery", "row", domain=ibis.literal(ROW), pseudonym=row_pseudonym(rows))


def findable(rows: ir.Table, dataset: Dataset) -> ir.BooleanValue:
    """Where a row names no case, but all of one but the number of its person, whom a linkage can find."""
    complete, beside = (spelled_keys(rows, dataset, it) for it in (dataset.case_keys, beside_person(dataset)))
    return ~any_known(complete) & any_known(beside)
