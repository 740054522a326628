"""What must hold between the entries of the catalogue: every rule in one pass, each fault with its place."""

from collections.abc import Callable, Iterator
from typing import Any

from das_research.catalog import (
    check_agreements,
    check_chain,
    check_datasets,
    check_figures,
    check_grants,
    check_linkage,
    check_published,
    check_recidivism,
    check_spans,
    check_synthetic,
    check_terms,
    check_use,
)
from das_research.catalog.models import Catalog
from das_research.catalog.names import Fault, Names
from das_research.catalog.yaml_lines import Location

Found = tuple[str, str, Location, str]

RULES: dict[str, Callable[[Any, Names], Iterator[Fault]]] = {
    "agreements": check_agreements.agreement_faults,
    "datasets": check_datasets.dataset_faults,
    "classifications": check_terms.classification_faults,
    "terms": check_terms.term_faults,
    "units": check_figures.unit_faults,
    "figures": check_figures.figure_faults,
    "breaks": check_figures.break_faults,
    "published": check_published.published_faults,
    "recidivism": check_recidivism.recidivism_faults,
    "synthetic": check_synthetic.synthetic_faults,
    "grants": check_grants.grant_faults,
    "monitors": check_use.monitor_faults,
}


def problems_between(catalog: Catalog, unread: frozenset[tuple[str, str]] = frozenset()) -> Iterator[Found]:
    """Every reference that leads nowhere and every rule between entries that is broken.

    Parameters
    ----------
    catalog : Catalog
        Every entry that could be read.
    unread : frozenset of (kind, id)
        Entries whose file is faulty in itself; references to them are no fault.

    Yields
    ------
    tuple
        Kind of entry, its id, the location of the fault in its file, and what is wrong. What stands in
        ``catalog.yaml`` has the kind ``catalog`` and an empty id.
    """
    names = Names(catalog, unread)
    for at, message in check_chain.chain_faults(names):
        yield "catalog", "", ("chain", *at), message
    for at, message in check_spans.span_faults(names):
        yield "catalog", "", ("chain", *at), message
    for at, message in check_linkage.linkage_faults(names):
        yield "catalog", "", ("chain", *at), message
    for at, message in check_use.demo_faults(names):
        yield "catalog", "", ("demo", *at), message
    for at, message in check_published.calibration_faults(names):
        yield "catalog", "", ("calibration", *at), message
    for kind, faults in RULES.items():
        for name, entry in getattr(catalog, kind).items():
            for at, message in faults(entry, names):
                yield kind, name, at, message
