"""The whole catalogue as one JSON document, in one spelling: keys sorted, dates as texts."""

import json

from das_research.catalog.models import Catalog


def export(catalog: Catalog) -> dict[str, str]:
    """``catalog.json``: every entry under its kind and id, with the fields of the models."""
    document = catalog.model_dump(mode="json")
    return {"catalog.json": json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"}
