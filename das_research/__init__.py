"""Governed access to linked criminal justice data, as a researcher uses it: ``import das_research as das``."""

from importlib import import_module
from typing import Any

_PLACES = {
    "Result": "das_research.result",
    "Text": "das_research.catalog.models",
    "chain": "das_research.chain",
    "figures": "das_research.figures",
    "open_project": "das_research.access.opening",
    "preview": "das_research.access.opening",
    "tabulate": "das_research.tabulation",
}

__all__ = ["Result", "Text", "chain", "figures", "open_project", "preview", "tabulate"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that importing the package costs nothing."""
    if name not in _PLACES:
        raise AttributeError(f"das_research has no public name '{name}'; it has: {', '.join(__all__)}")
    module = import_module(_PLACES[name])
    return module if module.__name__ == f"{__name__}.{name}" else getattr(module, name)


def __dir__() -> list[str]:
    return __all__
