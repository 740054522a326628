"""What the intake of a dataset depends on, and the hash of that: a change of titles or texts is no other definition."""

import hashlib
import json

from das_research.catalog.models import Catalog, Dataset, IdentifierDomain, Variable
from das_research.catalog.tables import correspondence_of

TEXTS = {"title", "description", "source", "unverified", "row", "events", "sample", "fewer"}
VARIABLE_TEXTS = {"title", "term", "identifying", "temporality"}


def taken(dataset: Dataset, *types: str) -> dict[str, Variable]:
    """The variables that are stored, of these types or of all."""
    return {name: it for name, it in dataset.variables.items() if it.take and (not types or it.type in types)}


def for_linkage(dataset: Dataset) -> dict[str, Variable]:
    """The variables that are kept apart until a build has linked with them."""
    return {name: it for name, it in dataset.variables.items() if it.for_linkage}


def domains(catalog: Catalog, dataset: Dataset) -> dict[str, IdentifierDomain]:
    """The domain of every identifier variable that is stored."""
    known = {domain.id: domain for domain in catalog.chain.identifiers}
    return {name: known[it.identifier] for name, it in taken(dataset, "identifier").items() if it.identifier}


def source_codes(catalog: Catalog, dataset: Dataset, variable: Variable) -> tuple[str, ...] | None:
    """The delivered spellings that lead to a unified code.

    Returns
    -------
    tuple of str or None
        None when the variable isn't bound to a classification: then every value is known. A partner without a
        correspondence delivers the unified codes themselves.
    """
    if variable.classification is None:
        return None
    correspondence = correspondence_of(catalog, dataset, variable)
    if correspondence:
        return tuple(sorted(correspondence.codes))
    return tuple(sorted({code.code for code in catalog.classifications[variable.classification].codes}))


def definition_hash(catalog: Catalog, dataset_id: str) -> str:
    """Hash of everything in the catalogue that decides what intake makes of a file of this dataset, but for its codes.

    Codes are stored as delivered and judged anew at every build, so that a new version of a classification asks no
    partner to deliver again. Nor does another severity of a rule across tables, which only a build asks.

    Parameters
    ----------
    catalog : Catalog
        The catalogue.
    dataset_id : str
        A dataset of it.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    dataset = catalog.datasets[dataset_id]
    definition = dataset.model_dump(mode="json", exclude=TEXTS | {"variables"})
    within = [it for it in dataset.severities if not it.across]
    definition["severities"] = [it.model_dump(mode="json", exclude={"event"}) for it in within]
    definition["variables"] = [
        [name, it.model_dump(mode="json", exclude=VARIABLE_TEXTS)] for name, it in dataset.variables.items()
    ]
    definition["identifiers"] = {
        name: domain.model_dump(mode="json", exclude={"title", "unverified"})
        for name, domain in domains(catalog, dataset).items()
    }
    return hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()
