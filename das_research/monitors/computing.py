"""What gate 3 has computed on an extract, in a process of its own: Results from their recipes, and who is under them.

The process reads on its standard input which extract it opens and then a line a question, and writes a line an answer
to its standard output, until nothing more is asked. It runs only the functions of a closed list.
"""

import contextlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from das_research.access.opening import open_for_release
from das_research.access.project import Project
from das_research.catalog import load_catalog
from das_research.disclosure.near import Near
from das_research.disclosure.near_sums import NearSums, has_sums
from das_research.engines.keeping import all_kept
from das_research.errors import DasError
from das_research.home import Home
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
        if (key := recipe_key(recipe)) not in known:
            known[key] = _members(project, recipe)
    minimum = project.catalog.disclosure.minimum
    found = _all_near(pairs, known, minimum)
    if found is None:
        runs = {
            key: it is not None and _found(nearly_the_same, [(it, it)], minimum) is not None
            for key, it in known.items()
        }
        found = _all_near(pairs, {key: it if runs[key] else None for key, it in known.items()}, minimum) or {}
    return [found.get((recipe_key(new), recipe_key(old))) for new, old in pairs]


def near_sums(project: Project, pairs: Sequence[tuple[Recipe, Recipe]]) -> list[NearSums | None]:
    """Of pairs of Results the sums of cells that nearly the same persons are under; None where that can't be run."""
    asked = {at: pair for at, pair in enumerate(pairs) if has_sums(*pair)}
    recipes = {recipe_key(recipe): recipe for pair in asked.values() for recipe in pair}
    known = {key: _members(project, recipe) for key, recipe in recipes.items()}
    found: list[NearSums | None] = [[] for _ in pairs]
    for at, (new, old) in asked.items():
        mine, other = known[recipe_key(new)], known[recipe_key(old)]
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
        mine, other = known[recipe_key(new)], known[recipe_key(old)]
        if mine is not None and other is not None:
            asked[recipe_key(new), recipe_key(old)] = mine, other
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


def _answer(project: Project, asked: Mapping[str, Any]) -> list[Any]:
    if "pairs" in asked:
        pairs = [(Recipe(*new), Recipe(*old)) for new, old in asked["pairs"]]
        return [near(project, pairs), near_sums(project, pairs)]
    if "standing" in asked:
        return [standing(project, [Recipe(*recipe) for recipe in asked["standing"]])]
    results = [run_recipe(project, Recipe(*recipe)) for recipe in asked["recipes"]]
    return [None if result is None else result.to_json() for result in results]


def recipe_key(recipe: Recipe) -> str:
    """What tells recipes apart."""
    return json.dumps([recipe.function, recipe.parameters], sort_keys=True)


def main() -> int:
    """Open an extract and answer what is asked; on failure the reason, without any value, is the last answer."""
    answers, place = sys.stdout, json.loads(sys.stdin.readline())
    try:
        with contextlib.redirect_stdout(sys.stderr):
            home, catalog = Home(Path(place["home"])), load_catalog(place["catalog"])
            with (
                open_for_release(home, catalog, place["project"], place["extract"], place["account"]) as project,
                all_kept(project.engine),  # what one question has computed the next may ask for
            ):
                for line in sys.stdin:
                    print(json.dumps({"done": _answer(project, json.loads(line))}), file=answers, flush=True)
    except DasError as error:
        print(json.dumps({"refused": error.what}), file=answers, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
