"""Running recipes again, in a process of its own: how gate 3 gets numbers that no notebook had its hands on.

The process is asked on its standard input and answers on its standard output, see `das_research.monitors.computing`;
it opens the extract once for all that is asked of one hand-over, and ends when nobody asks any more.
"""

import contextlib
import json
import subprocess
import sys
import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from das_research.access.manifest import current_extract
from das_research.disclosure.near import Near
from das_research.disclosure.near_sums import NearSums
from das_research.disclosure.own_tables import recipe_of
from das_research.disclosure.releases import Release
from das_research.disclosure.side_by_side import OwnTables
from das_research.disclosure.together.earlier import name_of
from das_research.errors import ReleaseRefused
from das_research.handover import read_handover
from das_research.home import Home
from das_research.monitors.computing import recipe_key
from das_research.monitors.queries import kept_recipes
from das_research.presentation.bands import Place
from das_research.result import Recipe, Result
from das_research.tabulation.standing import Document

# -P: no module is imported from the working folder, where a notebook could have left one
COMMAND = (sys.executable, "-P", "-m", "das_research.monitors.computing")


def rerun_of(
    run_folder: Path, catalog_folder: Path, home: Home, account: str
) -> Callable[[str, Recipe], Result | None]:
    """What `das_research.disclosure.gate.check_release` needs to compute the Results of a hand-over again.

    All recipes of the hand-over run at the first call; any other when it is asked for.

    Parameters
    ----------
    run_folder : Path
        The run with the hand-over.
    catalog_folder : Path
        Where the process finds the catalogue.
    home : Home
        The home folder.
    account : str
        The account of the gate.
    """
    handover = read_handover(run_folder)
    recipes = list({recipe_key(result.recipe): result.recipe for result in handover.results.values()}.values())
    computing = _computing(catalog_folder, home, handover.project, account, handover.extract)
    found: dict[str, Result | None] = {}

    def rerun(_: str, recipe: Recipe) -> Result | None:
        if not found:
            found.update(zip(map(recipe_key, recipes), computing.results(recipes), strict=True))
        if recipe_key(recipe) not in found:
            [found[recipe_key(recipe)]] = computing.results([recipe])
        return found[recipe_key(recipe)]

    return rerun


def rerun_all(
    catalog_folder: Path,
    home: Home,
    project: str,
    recipes: Sequence[Recipe],
    account: str,
    extract: str | None = None,
) -> list[Result | None]:
    """Run recipes again on an extract, in one process of its own.

    Parameters
    ----------
    catalog_folder : Path
        Where the process finds the catalogue.
    home : Home
        The home folder.
    project : str
        The project.
    recipes : sequence of Recipe
        Function and parameters.
    account : str
        The account of the gate.
    extract : str, optional
        The extract; default the project's current one.

    Returns
    -------
    list
        A Result for each recipe, or None: its function is not in the list, or did not accept its parameters.

    Raises
    ------
    ReleaseRefused
        When the process failed as a whole, for one because the extract is not there.
    """
    return _computing(catalog_folder, home, project, account, extract).results(recipes)


def own_tables_of(run_folder: Path, catalog_folder: Path, home: Home, account: str) -> OwnTables:
    """What gate 3 needs to compare the own tables of a hand-over with those that left before; as `rerun_of`."""
    handover = read_handover(run_folder)
    computing = _computing(catalog_folder, home, handover.project, account, handover.extract)
    known: dict[tuple[str, str], NearSums | None] = {}

    def nearness(_: str, pairs: Sequence[tuple[Recipe, Recipe]]) -> list[Near | None]:
        done, added = computing.ask(pairs=[[_written(it) for it in pair] for pair in pairs])
        for (new, old), sums in zip(pairs, added, strict=True):
            told = None if sums is None else [(_places(mine), _places(other), apart) for mine, other, apart in sums]
            known[recipe_key(new), recipe_key(old)] = told
        return [None if it is None else [(tuple(new), tuple(old), apart) for new, old, apart in it] for it in done]

    def sums(_: str, pairs: Sequence[tuple[Recipe, Recipe]]) -> list[NearSums | None]:
        return [known.get((recipe_key(new), recipe_key(old))) for new, old in pairs]

    def again(releases: Sequence[Release]) -> dict[str, Result | None]:
        recipes: dict[str, Recipe] = {}
        for release in releases:
            kept = kept_recipes(home, release)
            for name, result in release.results.items():
                asked = result.shape == "counts" or (result.shape == "curve" and release.project != handover.project)
                if asked and (recipe := recipe_of(result, kept.get(name))) is not None:
                    recipes[name_of(release.id, name)] = recipe
        once = {recipe_key(recipe): recipe for recipe in recipes.values()}
        try:
            found = computing.results(list(once.values()))
        except ReleaseRefused:
            return {}
        computed = dict(zip(once, found, strict=True))
        return {name: computed[recipe_key(recipe)] for name, recipe in recipes.items()}

    def stands(_: str, recipes: Sequence[Recipe]) -> Document | None:
        [found] = computing.ask(standing=[_written(it) for it in recipes])
        return found

    return OwnTables(lambda release: kept_recipes(home, release), nearness, again, sums, stands)


def _places(told: Sequence[Sequence[str]]) -> tuple[Place, ...]:
    return tuple(tuple(place) for place in told)


def _written(recipe: Recipe) -> list[Any]:
    return [recipe.function, recipe.parameters]


class _Computing:
    """A process of its own on an extract, from the first question on."""

    def __init__(self, place: Mapping[str, str]):
        self._place = place
        self._process: subprocess.Popen[str] | None = None

    def results(self, recipes: Sequence[Recipe]) -> list[Result | None]:
        """The Results of recipes."""
        return [Result.from_json(it) if it else None for it in self.ask(recipes=[_written(it) for it in recipes])]

    def ask(self, **asked: Any) -> list[Any]:
        """What it answers; one that refused or broke off is asked no more, and the next question goes to a new one."""
        if self._process is None:
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
            self._end = weakref.finalize(self, _ended, self._process)
            _say(self._process, self._place)
        _say(self._process, asked)
        assert self._process.stdout is not None
        answer = json.loads(self._process.stdout.readline() or "{}")
        if "done" in answer:
            return list(answer["done"])
        self._process = None
        raise ReleaseRefused(
            f"The results of the project '{self._place['project']}' could not be computed again.",
            why=answer.get("refused") or f"The process ended with {self._end()}.",
            fix="Make the extract again and run the notebook again.",
        )


def _say(process: "subprocess.Popen[str]", what: Mapping[str, Any]) -> None:
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # why it is gone, its last answer says
        print(json.dumps(what), file=process.stdin, flush=True)


def _ended(process: "subprocess.Popen[str]") -> int:
    with contextlib.suppress(BrokenPipeError):
        process.communicate()
    return process.wait()


_RUNNING: weakref.WeakValueDictionary[str, _Computing] = weakref.WeakValueDictionary()


def _computing(catalog_folder: Path, home: Home, project: str, account: str, extract: str | None = None) -> _Computing:
    """What computes on an extract: one process for all who ask at the same time."""
    place = {
        "catalog": str(catalog_folder),
        "home": str(home.root),
        "project": project,
        "extract": extract or current_extract(home, project).id,
        "account": account,
    }
    return _RUNNING.setdefault(json.dumps(place), _Computing(place))
