"""The keys that rows show: what names a case or a person, alone or together."""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Catalog, Dataset
from das_research.intake.units import beside_person

KeySets = tuple[tuple[str, ...], ...]
KEY_ROWS = {"delivery": "string", "row": "int64", "domain": "string", "pseudonym": "string"}
ROW = "row"  # the domain of a row that shows no key: it is itself alone


def complete_keys(
    rows: ir.Table, dataset: Dataset, key_sets: KeySets, written: Callable[[str], ir.StringValue] = ibis.literal
) -> list[ir.Table]:
    """Every complete key that the rows of one dataset show.

    Parameters
    ----------
    rows : Table
        Accepted rows: ``delivery``, ``row`` and the identifiers as pseudonyms.
    dataset : Dataset
        Their layout.
    key_sets : tuple of tuple of str
        Identifier variables that together name one entity.
    written : callable
        How the engine writes a domain.

    Returns
    -------
    list of Table
        For each key set ``delivery, row, domain, pseudonym`` of the rows in which it is complete. A key of several
        identifiers has their domains joined with '+', and the hash of their pseudonyms.
    """
    found = []
    for key_set in key_sets:
        parts = _parts(dataset, key_set)
        domain = written("+".join(domain for domain, _ in parts))
        pseudonyms = [rows[name] for _, name in parts]
        together = pseudonyms[0] if len(parts) == 1 else ibis.literal("+").join(pseudonyms).hexdigest("sha256")
        known = rows.filter(ibis.and_(*(pseudonym.notnull() for pseudonym in pseudonyms)))
        found.append(known.select("delivery", "row", domain=domain, pseudonym=together))
    return found


def key_domains(catalog: Catalog) -> set[str]:
    """The domains of all keys that rows of some dataset can show, and that of a row itself."""
    sets = [(it, key_set) for it in catalog.datasets.values() for key_set in (*it.case_keys, *it.person_keys)]
    return {ROW, *("+".join(domain for domain, _ in _parts(dataset, key_set)) for dataset, key_set in sets)}


def _parts(dataset: Dataset, key_set: tuple[str, ...]) -> list[tuple[str, str]]:
    """Domain and name of the identifiers of a key, in the order in which they are one."""
    return sorted((str(dataset.variables[name].identifier), name) for name in key_set)


def without_key(rows: ir.Table, key_sets: KeySets) -> ir.Table:
    """The rows in which no key set is complete."""
    complete = (ibis.and_(*(rows[name].notnull() for name in key_set)) for key_set in key_sets)
    return rows.filter(~ibis.or_(ibis.literal(False), *complete))


def row_keys(rows: ir.Table, written: Callable[[str], ir.StringValue] = ibis.literal) -> ir.Table:
    """Rows as keys of their own, ``delivery, row, domain, pseudonym``: the hash of where the row stands."""
    place = rows.delivery + "|" + rows["row"].cast("string")
    return rows.select("delivery", "row", domain=written(ROW), pseudonym=place.hexdigest("sha256"))


def findable(rows: ir.Table, dataset: Dataset) -> ir.BooleanValue:
    """Where a row names no case, but all of one but the number of its person, whom a linkage can find."""
    complete = (ibis.and_(*(rows[name].notnull() for name in key_set)) for key_set in dataset.case_keys)
    beside = (ibis.and_(*(rows[name].notnull() for name in part)) for part in beside_person(dataset))
    return ~ibis.or_(ibis.literal(False), *complete) & ibis.or_(ibis.literal(False), *beside)
