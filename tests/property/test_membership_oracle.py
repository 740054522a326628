"""Property: who stands in which cells of two own tables, and how many in one alone, as plain sets of persons tell."""

import chain_story
from hypothesis import given, settings
from hypothesis import strategies as st

import das_research as das
from das_research.tabulation.membership import members_of_table
from das_research.tabulation.near_cells import nearly_the_same

CODES = ["a", "a|b", "b", "%1", "%", "a\nb", "|", ""]  # what could be taken for the signs between columns and rows
MINIMUM = 3
rows = st.lists(st.tuples(st.sampled_from("pqrstuv"), st.sampled_from(CODES)), min_size=1, max_size=25)


def asked(cases, drop):
    """A table of the cases with a share that is not always known, without some persons."""
    kept = cases.filter(cases.person_id.notin(drop)) if drop else cases
    known = kept.case_id.length() == 2  # c0 to c9
    return kept.mutate(vroeg=known.ifelse(kept.case_id < "c5", None))


def cells(cases, drop):
    """Every cell, with the persons that each of its numbers is of."""
    found = {}
    for number, (person, code) in enumerate(cases):
        if person in drop:
            continue
        for group in ("_T", code or "onbekend"):
            found.setdefault((("zaken", group, "_T"), "known"), set()).add(person)
            if number < 10:
                part = "holds" if number < 5 else "lacks"
                for one in ("known", part):
                    found.setdefault((("deel", group, "_T"), one), set()).add(person)
    return found


@settings(max_examples=15, deadline=None)
@given(rows, st.sets(st.sampled_from("pqrstuv"), max_size=2), st.sets(st.sampled_from("pqrstuv"), max_size=2))
def test_near_cells_are_those_of_sets_of_persons(cases, one, other):
    stories = [(f"c{number}", person, code) for number, (person, code) in enumerate(cases)]
    project = chain_story.project(cases=stories, events=[])
    measures = {"zaken": "count", "deel": ("share", "vroeg")}
    recipes = []
    for drop in (one, other):
        table = asked(project.tables.cases, sorted(drop))
        recipes.append(das.tabulate(table, by=["soort"], measures=measures, project=project).recipe.parameters)
    new, old = (members_of_table(project, recipe) for recipe in recipes)
    [found] = nearly_the_same([(new, old)], MINIMUM)
    expected = {}
    for (here, _), mine in cells(cases, one).items():
        for (there, _), theirs in cells(cases, other).items():
            if mine & theirs and len(mine ^ theirs) < (MINIMUM if len(mine) >= MINIMUM else 1):
                expected.setdefault((here, there), []).append(len(mine ^ theirs))
    least = {pair: min(filter(None, apart), default=0) for pair, apart in expected.items()}
    assert found == sorted((*pair, apart) for pair, apart in least.items())
