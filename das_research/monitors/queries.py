"""The recipes that a release was made from, as its run keeps them, or the seal of a project that was closed since."""

from collections.abc import Mapping

from das_research.access.sealed import sealed_folder
from das_research.disclosure.releases import Release
from das_research.errors import UsageError
from das_research.handover import read_handover
from das_research.home import Home
from das_research.result import Recipe


def kept_recipes(home: Home, release: Release) -> Mapping[str, Recipe]:
    """Name of a Result to its recipe; empty where neither run nor seal can be read.

    The files lie in the project zone, where they may have been changed: who uses a recipe compares its hash with the
    one that was released.
    """
    seals = sealed_folder(home, release.project).glob(f"{release.extract}*/runs/{release.run}")
    for folder in (home.project(release.project) / "runs" / release.run, *sorted(seals)):
        try:
            return {name: result.recipe for name, result in read_handover(folder).results.items()}
        except UsageError:
            continue
    return {}
