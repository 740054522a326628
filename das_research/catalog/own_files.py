"""The catalogue as one project sees it: as strict as is asked of it, and with its own files among the datasets.

No other project has those. The catalogue itself never holds an own file as a dataset, so that neither an export, a
figure nor another grant can come to it. Who opens, extracts or checks a project asks for the project's catalogue here.
"""

from das_research.catalog.models import Catalog, Classification, Correspondence, Dataset, Grant, OwnFile, Partner, Text
from das_research.catalog.strictest import as_strict_as_asked

SUBMITTER = "project-"  # what stands before a project's id where a delivery tells who sent it
AS_IT_IS = "1"  # version of the correspondence of codes that are delivered as they are
ROLE = Text(nl="Brengt een eigen lijst van personen in", en="Brings a list of persons of its own")


def seen_by(catalog: Catalog, project: str) -> Catalog:
    """The catalogue as one project sees it: with its own files as datasets, and as strict as is asked of it.

    Parameters
    ----------
    catalog : Catalog
        The catalogue, or what this function made of it before.
    project : str
        Whose own files; one that has none, or isn't known, leaves the catalogue as it is.

    Returns
    -------
    Catalog
        Equal in all else, and with the same hash: what it adds follows from the grant and its agreements.

    Examples
    --------
    >>> from das_research.catalog import load_catalog
    >>> catalog = load_catalog("data_catalog")
    >>> seen_by(catalog, "ketenmonitor") is catalog
    True
    """
    catalog, grant = as_strict_as_asked(catalog, project), catalog.grants.get(project)
    if grant is None or not grant.own_files or all(is_own(catalog, grant, name) for name in grant.own_files):
        return catalog
    first = next(iter(grant.own_files.values()))
    sender = submitter(project)
    partner = Partner(id=sender, title=first.controller, role=ROLE, contact=first.contact)
    datasets = {name: _dataset(name, own, sender) for name, own in grant.own_files.items()}
    return catalog.model_copy(
        update={
            "partners": catalog.partners | {sender: partner},
            "datasets": catalog.datasets | datasets,
            "classifications": catalog.classifications | _classifications(catalog, grant, sender),
        }
    )


def submitter(project: str) -> str:
    """Who sends the own files of a project, as deliveries and the audit log tell it."""
    return f"{SUBMITTER}{project}"


def sent_for(catalog: Catalog, sender: str | None) -> str | None:
    """The project that a sender of own files stands for; None where it is a partner, or nobody."""
    return next((name for name in catalog.grants if sender == submitter(name)), None)


def is_own(catalog: Catalog, grant: Grant, dataset: str) -> bool:
    """Whether a dataset is an own file of this grant, in the catalogue of its project."""
    found = catalog.datasets.get(dataset)
    return dataset in grant.own_files and found is not None and found.partner == submitter(grant.id)


def project_of(catalog: Catalog, name: str) -> str | None:
    """The project whose own file has this name; None when it is none."""
    return next((grant.id for grant in catalog.grants.values() if name in grant.own_files), None)


def _dataset(name: str, own: OwnFile, sender: str) -> Dataset:
    layout = ("title", "description", "row", "file", "person_keys", "unique", "severities", "moment", "variables")
    shared = {field: getattr(own, field) for field in layout}
    return Dataset(id=name, partner=sender, subject="person", events=(), **shared)


def _classifications(catalog: Catalog, grant: Grant, sender: str) -> dict[str, Classification]:
    """The classifications that own files name, each with the correspondence of codes that are delivered as they are."""
    own = {
        name: Classification(id=name, title=it.title, version=AS_IT_IS, codes=it.codes)
        for file in grant.own_files.values()
        for name, it in file.classifications.items()
    }
    named = {
        str(variable.classification)
        for file in grant.own_files.values()
        for variable in file.variables.values()
        if variable.classification
    }
    found = {}
    for name in sorted(named):
        if it := own.get(name) or catalog.classifications.get(name):
            codes = {code.code: code.code for code in it.codes}
            plain = Correspondence(id=sender, version=AS_IT_IS, codes=codes)
            found[name] = it.model_copy(update={"correspondences": (*it.correspondences, plain)})
    return found
