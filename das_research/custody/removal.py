"""A partner's removal list: read, hashed to pseudonyms in memory, and kept nowhere."""

import csv
from contextlib import suppress
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Catalog
from das_research.engines import keep
from das_research.errors import UsageError
from das_research.intake.dependencies import domains, taken
from das_research.intake.header import DELIMITERS
from das_research.intake.parse import normalised
from das_research.intake.pseudonymise import hashed
from das_research.keys.store import KeyStore


def read_removals(engine: Backend, catalog: Catalog, keys: KeyStore, domain: str, path: Path) -> ir.Table:
    """The pseudonyms of everybody on a list.

    Parameters
    ----------
    engine : Backend
        Where they are kept until it closes.
    catalog : Catalog
        Says how an identifier of the domain is written.
    keys : KeyStore
        The identifier keys.
    domain : str
        The identifier domain.
    path : Path
        One identifier a line, or a CSV of which a column is named after the domain or one of its variables.

    Returns
    -------
    Table
        ``pseudonym``, each once. A heading that is none of these names counts as an identifier of nobody.

    Raises
    ------
    UsageError
        When there is no such file, it can't be read or holds nothing, or it is not clear which column is meant.
    """
    of = next(it for it in catalog.chain.identifiers if it.id == domain)
    found = ibis.memtable({"text": _column(path, _names(catalog, domain))}, schema={"text": "string"})
    texts = keep(engine, found.select(pseudonym=normalised(found.text, of)).distinct())
    numbers = texts.filter(texts.pseudonym.notnull())
    if not int(numbers.count().execute()):
        raise UsageError(
            f"The list {path.name} holds no identifier of {domain}.",
            fix="Ask the partner for the list: one identifier a line, or a CSV.",
        )
    return keep(engine, hashed(numbers, engine, {"pseudonym": keys.identifier_keys(domain)}))


def _names(catalog: Catalog, domain: str) -> set[str]:
    """How the column may be called."""
    names = {domain}
    for dataset in catalog.datasets.values():
        for name, variable in dataset.variables.items():
            if variable.identifier == domain:
                names |= {name, variable.column or name}
    return {name.casefold() for name in names}


def _column(path: Path, names: set[str]) -> list[str]:
    if not path.is_file():
        raise UsageError(f"There is no file {path}.", fix="Name the partner's list: das person erase DATASET FILE")
    text = None
    with suppress(UnicodeDecodeError):  # which holds bytes of the file
        text = path.read_text(encoding="utf-8-sig")
    if text is None:
        raise UsageError(f"The list {path.name} is not written in UTF-8.", fix="Save it as UTF-8.")
    lines = text.splitlines()
    head = lines[0] if lines else ""
    delimiter = next((it for it in DELIMITERS if it in head), None)
    rows = list(csv.reader(lines, delimiter=delimiter)) if delimiter else [[line] for line in lines]
    if delimiter is None:
        return [row[0] for row in rows[head.strip().casefold() in names :]]
    place = [place for place, name in enumerate(rows[0]) if name.strip().casefold() in names]
    if len(place) != 1:
        raise UsageError(
            f"The list {path.name} has several columns, and {len(place)} that could be meant.",
            fix=f"Give one column one of these names: {', '.join(sorted(names))}.",
        )
    return [row[place[0]] for row in rows[1:] if len(row) > place[0]]


def whose(catalog: Catalog, what: str, partner: str | None) -> tuple[str, str]:
    """The partner and the identifier domain that a list is about.

    Parameters
    ----------
    catalog : Catalog
        The catalogue.
    what : str
        A dataset, whose partner it is then and the one domain of its persons; or an identifier domain.
    partner : str, optional
        Needed for a domain that several partners use.

    Raises
    ------
    UsageError
        When neither is known, or it is not clear who or what is meant.
    """
    if what in catalog.datasets:
        dataset = catalog.datasets[what]
        found = {dataset.variables[names[0]].identifier for names in dataset.person_keys if len(names) == 1}
        if len(found) == 1 and (domain := found.pop()) and partner in (None, dataset.partner):
            return dataset.partner, domain
        known = sorted({it.identifier for it in taken(dataset, "identifier").values() if it.identifier})
        raise UsageError(
            f"It is not clear which identifiers of '{what}' the list holds.",
            why=f"Its rows have identifiers of {', '.join(known) or 'no domain'}.",
            fix=f"das person erase DOMAIN FILE --partner {dataset.partner}",
        )
    users = {
        it.partner for it in catalog.datasets.values() if what in {one.id for one in domains(catalog, it).values()}
    }
    if not users:
        raise UsageError(
            f"There is no dataset and no identifier domain '{what}' with stored identifiers.",
            fix=f"Use a dataset of the partner, or one of: {', '.join(it.id for it in catalog.chain.identifiers)}.",
        )
    if partner is None and len(users) == 1:
        return users.pop(), what
    if partner not in users:
        raise UsageError(
            f"It is not clear whose identifiers of '{what}' are meant: each partner erases its own.",
            fix=f"das person erase {what} FILE --partner {' | '.join(sorted(users))}",
        )
    return partner, what
