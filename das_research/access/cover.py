"""Which datasets a project may hold at all: under an agreement, with the partner's permission, for all its people."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from das_research.catalog.models import Agreement, Catalog, Grant, PartnerPermission
from das_research.catalog.own_files import is_own

Reason = Literal[
    "not granted",
    "direct identifier",
    "dataset not in the agreements",
    "no permission of the partner",
    "not for every organisation of the project",
    "not beside a list of persons",
]


def covered_datasets(catalog: Catalog, grant: Grant) -> frozenset[str]:
    """The datasets that a project may hold: under an agreement, with the partner's permission, for all its people.

    Its own files are among them, in the catalogue of the project.
    """
    under = {dataset for agreement in grant.agreements for dataset in catalog.agreements[agreement].datasets}
    own = {name for name in grant.own_files if name in catalog.datasets}
    return frozenset(dataset for dataset in under | own if uncovered(catalog, grant, dataset) is None)


def uncovered(catalog: Catalog, grant: Grant, dataset: str) -> Reason | None:
    """Why a project may not hold a dataset at all, whatever its grant names of it; None when it may.

    Parameters
    ----------
    catalog : Catalog
        The catalogue.
    grant : Grant
        The grant as it holds on a day, see `Grant.on`.
    dataset : str
        A dataset of the catalogue.
    """
    if is_own(catalog, grant, dataset):
        return None
    agreements = [catalog.agreements[name] for name in grant.agreements if dataset in catalog.agreements[name].datasets]
    if not agreements:
        return "dataset not in the agreements"
    if permission_for(catalog, grant, dataset) is None:
        return "no permission of the partner"
    if not all(is_for_all(catalog, grant, agreement, dataset) for agreement in agreements):
        return "not for every organisation of the project"
    if grant.own_files and not all(dataset in agreement.own_files for agreement in agreements):
        return "not beside a list of persons"
    return None


def permission_for(catalog: Catalog, grant: Grant, dataset: str) -> PartnerPermission | None:
    """The permission for a dataset that lasts longest; None when the partner gave none."""
    partner = catalog.datasets[dataset].partner
    given = [it for it in grant.permissions if it.covers(partner, dataset)]
    return max(given, key=lambda it: it.until or date.max, default=None)


def is_for_all(catalog: Catalog, grant: Grant, agreement: Agreement, dataset: str) -> bool:
    """Whether everybody of the project belongs to an organisation for which the dataset is.

    A project has one database, that all its people read: so one of them for whom it is not keeps the dataset out.
    """
    if dataset not in agreement.only_for:
        return True
    allowed = agreement.only_for[dataset]
    return bool(grant.people) and all(is_of(catalog, person.organisation, allowed) for person in grant.people)


def is_of(catalog: Catalog, organisation: str, partners: Iterable[str]) -> bool:
    """Whether an organisation, as a grant writes it, is one of these partners."""
    return organisation.casefold() in {name for partner in partners for name in _names(catalog, partner)}


def _names(catalog: Catalog, partner: str) -> Iterator[str]:
    """How a grant may write an organisation: the partner's id or one of its titles, in any case."""
    yield partner.casefold()
    if partner in catalog.partners:
        yield from (catalog.partners[partner].title[language].casefold() for language in ("nl", "en"))
