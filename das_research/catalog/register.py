"""The register of processing activities as plain data: one activity an agreement, each version with its own address."""

import hashlib
import json
from typing import Any

from das_research.catalog.addresses import address_of
from das_research.catalog.models import Agreement, Catalog, Text
from das_research.catalog.uses import PURPOSE_TITLES

NOT_HELD = Text(nl="Staat niet in de catalogus: met de hand in te vullen.", en="Not in the catalogue: fill in by hand.")


def register(catalog: Catalog) -> dict[str, Any]:
    """The register as plain data; every text in both languages.

    Parameters
    ----------
    catalog : Catalog
        Its agreements are the activities.

    Returns
    -------
    dict
        ``catalog``, ``catalog_hash`` and ``activities``, each with its address, the fields of art. 30(1), the legal
        basis and the assessments.
    """
    activities = [
        {"address": activity_address(catalog, agreement)} | _activity(catalog, agreement)
        for agreement in catalog.agreements.values()
    ]
    return {"catalog": catalog.title.model_dump(), "catalog_hash": catalog.hash, "activities": activities}


def activity_address(catalog: Catalog, agreement: Agreement) -> str:
    """The address of one activity as it is now; a change of the agreement, its parties or its columns gives another."""
    parties = [
        catalog.partners[name] for name in (agreement.partner, *agreement.recipients) if name in catalog.partners
    ]
    entry = [
        agreement.model_dump(mode="json"),
        [catalog.host.model_dump(), catalog.contact, *(party.model_dump(mode="json") for party in parties)],
        [_data(catalog, name) for name in agreement.datasets if name in catalog.datasets],
    ]
    version = hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()[:12]
    return address_of(catalog, "agreements", agreement.id, "versions", version)


def _activity(catalog: Catalog, agreement: Agreement) -> dict[str, Any]:
    partner = catalog.partners[agreement.partner]
    allowed = {purpose: use for purpose, use in agreement.uses.items() if use.allowed != "no"}
    return {
        "id": agreement.id,
        "title": agreement.title.model_dump(),
        "description": agreement.description.model_dump() if agreement.description else None,
        "unverified": agreement.unverified,
        "controller": {"name": catalog.host.model_dump(), "contact": catalog.contact},
        "data_protection_officer": NOT_HELD.model_dump(),
        "supplier": {"name": partner.title.model_dump(), "contact": partner.contact},
        "purposes": [
            {"purpose": PURPOSE_TITLES[purpose].model_dump(), **use.model_dump()} for purpose, use in allowed.items()
        ],
        "legal_basis": agreement.legal_basis.model_dump(),
        "legislation": list(agreement.legislation),
        "assessments": sorted({use.dpia for use in allowed.values() if use.dpia}),
        "subjects": [subject.model_dump() for subject in agreement.subjects],
        "data": [data for name in agreement.datasets for data in _data(catalog, name)],
        "recipients": [catalog.partners[name].title.model_dump() for name in agreement.recipients],
        "third_countries": NOT_HELD.model_dump(),
        "retention_years": agreement.retention_years,
        "quarantine_days": agreement.quarantine_days,
        "withdrawn": agreement.withdrawn.isoformat() if agreement.withdrawn else None,
        "period": {"begin": agreement.begin.isoformat(), "end": agreement.end.isoformat()},
        "safeguards": [safeguard.model_dump() for safeguard in agreement.safeguards],
        "conditions": [condition.model_dump() for condition in agreement.conditions],
    }


def _data(catalog: Catalog, name: str) -> list[dict[str, Any]]:
    """The categories of personal data of one dataset; a column that is not taken is not processed."""
    dataset = catalog.datasets[name]
    return [
        {
            "dataset": dataset.title.model_dump(),
            "title": variable.title.model_dump(),
            "pseudonymised": variable.type == "identifier",
            "identifying": variable.identifying,
        }
        for variable in dataset.variables.values()
        if variable.take
    ]
