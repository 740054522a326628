"""Own tables of a few cases, as gate 3 releases them, and what a reader who subtracts can make of what is shown."""

from itertools import combinations, product

import chain_story
import disclosure_world as world
import numpy as np

from das_research.catalog.models import Disclosure
from das_research.disclosure.gate import check_release
from das_research.disclosure.side_by_side import OwnTables
from das_research.handover import Handover, write_handover
from das_research.monitors.computing import near, standing
from das_research.monitors.queries import kept_recipes
from das_research.tabulation import run_tabulate

SNAPSHOT = "snap-000000000000"


def project(cases, minimum=10):
    """A project over cases of persons: each a person and a code."""
    stories = [(f"z{number:04}", person, code) for number, (person, code) in enumerate(cases)]
    made = chain_story.project(cases=stories, events=[("z0000", "aangifte", None, "2020-01-01")])
    made.catalog, made.id = world.catalog(disclosure=Disclosure(minimum=minimum, dominance=50)), "verhaal"
    return made


def of_sizes(sizes):
    """Cases of one person each: so many of every code."""
    codes = [code for code, many in sizes.items() for _ in range(many)]
    return [(f"p{number:04}", code) for number, code in enumerate(codes)]


def release(home, project, number=0, again=True, snapshot=SNAPSHOT, **results):
    """What gate 3 makes of these own tables of one run."""

    def here(result):
        return result.__class__(**{**result.__dict__, "snapshot": snapshot})

    results = {name: here(result) for name, result in results.items()}
    handover = Handover(
        "", {}, "verhaal", "ext-000000000000", snapshot, bool(project.synthetic), "auteur", results=results
    )
    run = home.project("verhaal") / "runs" / f"verhaal-{number:012d}"
    write_handover(run, handover)

    def rerun(_, recipe):
        return here(run_tabulate(project, **recipe.parameters))

    def computed(releases):
        kept = {f"{one.id}/{name}": it for one in releases for name, it in kept_recipes(home, one).items()}
        return {name: rerun("", recipe) for name, recipe in kept.items()}

    own_tables = OwnTables(
        lambda one: kept_recipes(home, one),
        lambda _, pairs: near(project, pairs),
        computed if again else None,
        standing=lambda _, recipes: standing(project, recipes),
    )
    return check_release(project.catalog, home, run, rerun, "brenger", own_tables)


def shown_of(released):
    """Of every shown cell of a table of one dimension and one measure, by its code, the number."""
    table = released.table[released.table.disclosure == "shown"]
    [dimension] = released.dimensions
    return dict(zip(table[dimension], table.value.astype(int), strict=True))


def told_of_few(shown, persons, minimum, most=4):
    """Every sum of shown numbers, each added or taken off once, that is of fewer persons than the minimum.

    Parameters
    ----------
    shown : sequence of mapping
        Of every shown cell who stands in it: person to number of units.
    persons : sequence
        Everybody.
    minimum, most : int
        And of so many numbers at most.
    """
    laid = np.array([[cell.get(person, 0) for person in persons] for cell in shown]).reshape(len(shown), len(persons))
    found = []
    for size in range(1, most + 1):
        for chosen in combinations(range(len(shown)), size):
            for signs in product((1, -1), repeat=size - 1):
                left = np.array((1, *signs)) @ laid[list(chosen)]
                if 0 < np.count_nonzero(left) < minimum:
                    found.append(tuple(zip((1, *signs), chosen, strict=True)))
    return found
