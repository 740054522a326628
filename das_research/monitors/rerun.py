"""Running recipes again, in a process of its own: how gate 3 gets numbers that no notebook had its hands on.

The process gets the recipes on its standard input and writes Results to its standard output; it runs only the functions
of a closed list.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from das_research.access.manifest import current_extract
from das_research.access.opening import open_for_release
from das_research.access.project import Project
from das_research.catalog import load_catalog
from das_research.disclosure.near import Near
from das_research.disclosure.near_sums import NearSums, has_sums
from das_research.disclosure.own_tables import recipe_of
from das_research.disclosure.releases import Release
from das_research.disclosure.side_by_side import OwnTables
from das_research.disclosure.together.earlier import name_of
from das_research.engines.keeping import all_kept
from das_research.errors import DasError, ReleaseRefused
from das_research.handover import read_handover
from das_research.home import Home
from das_research.monitors.queries import kept_recipes
from das_research.presentation.bands import Place
from das_research.result import Recipe, Result
from das_research.tabulation.membership import Members
from das_research.tabulation.near_cells import nearly_the_same
from das_research.tabulation.near_sums import nearly_the_same_sums
from das_research.tabulation.standing import Document, standing_of

Told = TypeVar("Told")
FUNCTIONS = {
    "das_research.chain.flow": ("das_research.chain", "flow"),
    "das_research.chain.conversion": ("das_research.chain", "conversion"),
    "das_research.chain.conversion_by_year": ("das_research.chain", "conversion_by_year"),
    "das_research.chain.durations": ("das_research.chain", "durations"),
    "das_research.chain.durations_between": ("das_research.chain", "durations_between"),
    "das_research.chain.leakage": ("das_research.chain", "leakage"),
    "das_research.chain.share_within": ("das_research.chain", "share_within"),
    "das_research.chain.share_within_norm": ("das_research.chain", "share_within_norm"),
    "das_research.chain.deliveries": ("das_research.chain", "deliveries"),
    "das_research.chain.cox": ("das_research.chain.models", "run_cox"),
    "das_research.chain.logistic": ("das_research.chain.models", "run_logistic"),
    "das_research.chain.cohort_size": ("das_research.chain.reoffending.sizes", "run_cohort_size"),
    "das_research.chain.recidivism": ("das_research.chain.reoffending.recidivism", "run_recidivism"),
    "das_research.chain.corrected_recidivism": ("das_research.chain.reoffending.corrected", "run_corrected"),
    "das_research.chain.estimate": ("das_research.chain.survey", "run_estimate"),
    "das_research.chain.interrupted": ("das_research.chain.series", "interrupted"),
    "das_research.chain.nowcast": ("das_research.chain.series", "nowcast"),
    "das_research.chain.nowcast_revisions": ("das_research.chain.series", "run_revisions"),
    "das_research.chain.seasonality": ("das_research.chain.series", "seasonality"),
    "das_research.figures.compute": ("das_research.figures", "compute"),
    "das_research.tabulate": ("das_research.tabulation", "run_tabulate"),
}
MEMBERS = {  # who is in which cells
    "das_research.chain.flow": ("das_research.chain.membership", "members_of_flow"),
    "das_research.chain.conversion": ("das_research.chain.membership", "members_of_conversion"),
    "das_research.chain.conversion_by_year": ("das_research.chain.membership", "members_of_conversion_by_year"),
    "das_research.chain.leakage": ("das_research.chain.membership", "members_of_leakage"),
    "das_research.chain.share_within": ("das_research.chain.membership", "members_of_share_within"),
    "das_research.chain.share_within_norm": ("das_research.chain.membership", "members_of_norm"),
    "das_research.chain.durations": ("das_research.chain.membership_of_curves", "members_of_durations"),
    "das_research.chain.durations_between": ("das_research.chain.membership_of_curves", "members_of_durations_between"),
    "das_research.chain.cohort_size": ("das_research.chain.reoffending.membership", "members_of_size"),
    "das_research.chain.recidivism": ("das_research.chain.reoffending.membership", "members_of_recidivism"),
    "das_research.chain.corrected_recidivism": ("das_research.chain.reoffending.membership", "members_of_corrected"),
    "das_research.figures.compute": ("das_research.figures.membership", "members_of_figure"),
    "das_research.tabulate": ("das_research.tabulation.membership", "members_of_table"),
}


def rerun_of(
    run_folder: Path, catalog_folder: Path, home: Home, account: str
) -> Callable[[str, Recipe], Result | None]:
    """What `das_research.disclosure.gate.check_release` needs to compute the Results of a hand-over again.

    All recipes of the hand-over run in one process, at the first call; any other in one of its own.

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
    recipes = list({_key(result.recipe): result.recipe for result in handover.results.values()}.values())
    found: dict[str, Result | None] = {}

    def rerun(project: str, recipe: Recipe) -> Result | None:
        if not found:
            results = rerun_all(catalog_folder, home, project, recipes, account, handover.extract)
            found.update(zip(map(_key, recipes), results, strict=True))
        if _key(recipe) not in found:
            [found[_key(recipe)]] = rerun_all(catalog_folder, home, project, [recipe], account, handover.extract)
        return found[_key(recipe)]

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
    asked = {"recipes": [{"function": recipe.function, "parameters": recipe.parameters} for recipe in recipes]}
    done = _in_its_own_process(catalog_folder, home, project, account, extract, asked)
    return [Result.from_json(text) if text else None for text in done]


def own_tables_of(run_folder: Path, catalog_folder: Path, home: Home, account: str) -> OwnTables:
    """What gate 3 needs to compare the own tables of a hand-over with those that left before; as `rerun_of`."""
    handover = read_handover(run_folder)
    known: dict[tuple[str, str], NearSums | None] = {}

    def nearness(project: str, pairs: Sequence[tuple[Recipe, Recipe]]) -> list[Near | None]:
        asked = {"pairs": [[[it.function, it.parameters] for it in pair] for pair in pairs]}
        done, added = _in_its_own_process(catalog_folder, home, project, account, handover.extract, asked)
        for (new, old), sums in zip(pairs, added, strict=True):
            told = None if sums is None else [(_places(mine), _places(other), apart) for mine, other, apart in sums]
            known[_key(new), _key(old)] = told
        return [None if it is None else [(tuple(new), tuple(old), apart) for new, old, apart in it] for it in done]

    def sums(_: str, pairs: Sequence[tuple[Recipe, Recipe]]) -> list[NearSums | None]:
        return [known.get((_key(new), _key(old))) for new, old in pairs]

    def again(releases: Sequence[Release]) -> dict[str, Result | None]:
        recipes: dict[str, Recipe] = {}
        for release in releases:
            kept = kept_recipes(home, release)
            for name, result in release.results.items():
                asked = result.shape == "counts" or (result.shape == "curve" and release.project != handover.project)
                if asked and (recipe := recipe_of(result, kept.get(name))) is not None:
                    recipes[name_of(release.id, name)] = recipe
        once = {_key(recipe): recipe for recipe in recipes.values()}
        try:
            found = rerun_all(catalog_folder, home, handover.project, list(once.values()), account, handover.extract)
        except ReleaseRefused:
            return {}
        computed = dict(zip(once, found, strict=True))
        return {name: computed[_key(recipe)] for name, recipe in recipes.items()}

    def stands(project: str, recipes: Sequence[Recipe]) -> Document | None:
        asked = {"standing": [[it.function, it.parameters] for it in recipes]}
        [found] = _in_its_own_process(catalog_folder, home, project, account, handover.extract, asked)
        return found

    return OwnTables(lambda release: kept_recipes(home, release), nearness, again, sums, stands)


def _places(told: Sequence[Sequence[str]]) -> tuple[Place, ...]:
    return tuple(tuple(place) for place in told)


def _in_its_own_process(
    catalog_folder: Path, home: Home, project: str, account: str, extract: str | None, asked: Mapping[str, Any]
) -> list[Any]:
    order = {
        "catalog": str(catalog_folder),
        "home": str(home.root),
        "project": project,
        "extract": extract or current_extract(home, project).id,
        "account": account,
        **asked,
    }
    # -P: no module is imported from the working folder, where a notebook could have left one
    command = [sys.executable, "-P", "-m", "das_research.monitors.rerun"]
    done = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseRefused(
            f"The results of the project '{project}' could not be computed again.",
            why=done.stdout.strip() or f"The process ended with {done.returncode}.",
            fix="Make the extract again and run the notebook again.",
        )
    return list(json.loads(done.stdout))


def run_recipe(project: Project, recipe: Recipe) -> Result | None:
    """Call the function of a recipe; None when it isn't one of the list or refuses its parameters.

    A recipe that is of another Result (``of``) gets that one first, computed likewise.
    """
    if recipe.function not in FUNCTIONS:
        return None
    module, name = FUNCTIONS[recipe.function]
    parameters = dict(recipe.parameters)
    try:
        if "of" in parameters:
            parameters["result"] = run_recipe(project, Recipe(**parameters.pop("of")))
        return getattr(import_module(module), name)(project, **parameters)
    except (DasError, TypeError, ValueError, KeyError, AttributeError):
        return None


def near(project: Project, pairs: Sequence[tuple[Recipe, Recipe]]) -> list[Near | None]:
    """Of pairs of Results the cells that nearly the same persons are under; None where a recipe can't be run.

    Nor where its query stops in the engine: it alone is left out, and the others are compared.
    """
    known: dict[str, Members | None] = {}
    for recipe in (recipe for pair in pairs for recipe in pair):
        if (key := _key(recipe)) not in known:
            known[key] = _members(project, recipe)
    minimum = project.catalog.disclosure.minimum
    found = _all_near(pairs, known, minimum)
    if found is None:
        runs = {
            key: it is not None and _found(nearly_the_same, [(it, it)], minimum) is not None
            for key, it in known.items()
        }
        found = _all_near(pairs, {key: it if runs[key] else None for key, it in known.items()}, minimum) or {}
    return [found.get((_key(new), _key(old))) for new, old in pairs]


def near_sums(project: Project, pairs: Sequence[tuple[Recipe, Recipe]]) -> list[NearSums | None]:
    """Of pairs of Results the sums of cells that nearly the same persons are under; None where that can't be run."""
    asked = {at: pair for at, pair in enumerate(pairs) if has_sums(*pair)}
    recipes = {_key(recipe): recipe for pair in asked.values() for recipe in pair}
    known = {key: _members(project, recipe) for key, recipe in recipes.items()}
    found: list[NearSums | None] = [[] for _ in pairs]
    for at, (new, old) in asked.items():
        mine, other = known[_key(new)], known[_key(old)]
        both = mine is not None and other is not None
        found[at] = _found(nearly_the_same_sums, mine, other, project.catalog.disclosure.minimum) if both else None
    return found


def standing(project: Project, recipes: Sequence[Recipe]) -> Document | None:
    """Who stands in the cells of Results together; None where that is too much, or a query stops in the engine."""
    minimum = project.catalog.disclosure.minimum
    return _found(lambda: standing_of([_members(project, recipe) for recipe in recipes], minimum))


def _all_near(
    pairs: Sequence[tuple[Recipe, Recipe]], known: Mapping[str, Members | None], minimum: int
) -> dict[tuple[str, str], Near] | None:
    asked: dict[tuple[str, str], tuple[Members, Members]] = {}
    for new, old in pairs:
        mine, other = known[_key(new)], known[_key(old)]
        if mine is not None and other is not None:
            asked[_key(new), _key(old)] = mine, other
    found = _found(nearly_the_same, list(asked.values()), minimum)
    return None if found is None else dict(zip(asked, found, strict=True))


def _found(find: Callable[..., Told], *given: Any) -> Told | None:
    """None where a query stops in the engine, each of which has errors of its own, with values in their text."""
    try:
        return find(*given)
    except Exception:
        return None


def _members(project: Project, recipe: Recipe) -> Members | None:
    try:
        module, name = MEMBERS[recipe.function]
        return getattr(import_module(module), name)(project, recipe.parameters)
    except (DasError, TypeError, ValueError, KeyError, AttributeError):
        return None


def _run_order(order: dict[str, Any]) -> list[Any]:
    home, catalog = Home(Path(order["home"])), load_catalog(order["catalog"])
    with open_for_release(home, catalog, order["project"], order["extract"], order["account"]) as project:
        with all_kept(project.engine):  # who is under all cells is known before any two are laid beside each other
            if "pairs" in order:
                pairs = [(Recipe(*new), Recipe(*old)) for new, old in order["pairs"]]
                return [near(project, pairs), near_sums(project, pairs)]
            if "standing" in order:
                return [standing(project, [Recipe(*recipe) for recipe in order["standing"]])]
        results = [run_recipe(project, Recipe(**recipe)) for recipe in order["recipes"]]
    return [None if result is None else result.to_json() for result in results]


def _key(recipe: Recipe) -> str:
    return json.dumps([recipe.function, recipe.parameters], sort_keys=True)


def main() -> int:
    """Run the order on standard input. On failure the reason, without any value, stands on standard output."""
    order = json.load(sys.stdin)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            results = _run_order(order)
    except DasError as error:
        print(error.what)
        return 1
    json.dump(results, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
