"""The catalogue: agreements, datasets, terms, figures, grants and monitors, as people review them."""

from das_research.catalog.load import load_catalog
from das_research.catalog.models import Catalog

__all__ = ["Catalog", "load_catalog"]
