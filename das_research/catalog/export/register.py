"""The register of processing activities (GDPR art. 30), made from the agreements: one activity each.

It is for the host, as controller of what happens with the data after delivery. What the catalogue does not hold (a
data protection officer, transfers to third countries) the register says it does not hold.
"""

import json

from das_research.catalog.export.register_pages import page
from das_research.catalog.models import Catalog
from das_research.catalog.register import register


def export(catalog: Catalog) -> dict[str, str]:
    """``register.json``, and the same to read as ``register.nl.md`` and ``register.en.md``."""
    document = register(catalog)
    return {
        "register.json": json.dumps(document, ensure_ascii=False, indent=1) + "\n",
        "register.nl.md": page(document, "nl"),
        "register.en.md": page(document, "en"),
    }
