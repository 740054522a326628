"""A monitor that rounds, and hand-overs of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import disclosure_world as world

from das_research.catalog.models import Catalog, Protection
from das_research.disclosure.gate import check_release
from das_research.disclosure.near import Near
from das_research.disclosure.releases import Release
from das_research.disclosure.side_by_side import OwnTables
from das_research.disclosure.together.earlier import name_of
from das_research.handover import Handover, write_handover
from das_research.home import Home
from das_research.result import Recipe, Result

SNAPSHOT = "snap-000000000000"


def rounding(
    base: int = 5, made: Catalog | None = None, monitor: str = "keten", method: Any = "controlled rounding"
) -> Catalog:
    """The catalogue of the tests, in which a monitor rounds."""
    made = made or world.catalog()
    asked = made.monitors[monitor].model_copy(update={"protection": Protection(method=method, base=base)})
    return made.model_copy(update={"monitors": made.monitors | {monitor: asked}})


def check(
    home: Home,
    catalog: Catalog,
    results: Mapping[str, Result],
    number: int = 0,
    monitor: str = "keten",
    snapshot: str = SNAPSHOT,
    again: Mapping[str, Result] | None = None,
    near: Near = (),
    queries: Mapping[str, Recipe] | None = None,
) -> Release:
    """Hand Results over and check them."""
    handover = Handover(monitor, {}, "verhaal", "ext-000000000000", snapshot, True, "auteur", results=dict(results))
    folder: Path = home.project("verhaal") / "runs" / f"{monitor}-{number:012d}"
    write_handover(folder, handover)
    by_recipe = {str(result.recipe): result for result in results.values()}

    def computed(releases):
        return {name_of(it.id, name): result for it in releases for name, result in (again or {}).items()}

    own_tables = OwnTables(lambda release: queries or {}, lambda project, pairs: [near for _ in pairs], computed)
    return check_release(catalog, home, folder, lambda _, recipe: by_recipe[str(recipe)], "brenger", own_tables)


def kinds(numbers: Mapping[str, int], period: str = "2024", measure: str = "in", **more: object) -> Result:
    """Cases by stage in a period, with their total."""
    rows = [world.count(measure, number, stage=code, period=period) for code, number in numbers.items()]
    rows.append(world.count(measure, sum(numbers.values()), period=period))
    return world.result(rows, **more)
