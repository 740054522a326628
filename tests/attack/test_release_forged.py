"""A hand-over written by hand: what it says of itself, and whatever is not computed again, does not reach a release."""

import json
from dataclasses import replace

import disclosure_world as world
import pandas as pd
import pytest
from disclosure_world import count

from das_research.audit import AuditLog
from das_research.catalog.models import Text
from das_research.disclosure.gate import check_release
from das_research.disclosure.releases import list_releases
from das_research.errors import ReleaseRefused
from das_research.handover import Handover, Section, write_handover
from das_research.home import Home
from das_research.result import Recipe, Step

SECRET = "jansen uit urk"
DIGITS = "19850312"


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def a_result(**changes):
    return replace(world.result([count("in", 60, stage="om")], first_year=2020), **changes)


def brought(home, results, rerun=lambda handed_over: handed_over, run="keten-000000000000", **changes):
    """Hand over, and have gate 3 check it; `rerun` says what it computes for a Result that was handed over."""
    fields = {
        "monitor": "keten", "parameters": {}, "project": "verhaal", "extract": "ext-000000000000",
        "snapshot": "snap-000000000000", "synthetic": True, "author": "auteur",
    }  # fmt: skip
    folder = home.root / "projects" / "verhaal" / "runs" / run
    write_handover(folder, Handover(**fields | changes, results=results))
    again = {json.dumps([it.recipe.function, it.recipe.parameters]): rerun(it) for it in results.values()}
    return check_release(
        world.catalog(),
        home,
        folder,
        lambda _, recipe: again[json.dumps([recipe.function, recipe.parameters])],
        "poort",
    )


def every_text(home):
    """Everything outside the project zone."""
    outside = [path for path in home.root.rglob("*") if path.is_file() and "projects" not in path.parts]
    return "\n".join([*map(str, outside), *(path.read_text(errors="replace") for path in outside)])


def test_a_true_hand_over_passes(home):
    release = brought(home, {"flow": a_result()}, parameters={"first_year": 2020, "label": "alle", "language": "en"})
    assert (release.state, release.run) == ("checked", "keten-000000000000")


FORGED = {
    "another project": {"project": SECRET},
    "an author the grant does not know": {"author": SECRET},
    "a monitor the catalogue does not know": {"monitor": SECRET},
    "a monitor's parameter that does not exist": {"parameters": {SECRET: "x"}},
    "a parameter of another type": {"parameters": {"first_year": SECRET}},
    "a true parameter of another type": {"parameters": {"first_year": True}},
    "a parameter outside its choices": {"parameters": {"language": SECRET}},
    "a number in a free parameter": {"parameters": {"label": DIGITS}},
    "a mapping as a parameter": {"parameters": {"label": {SECRET: 1}}},
    "parameters without a monitor": {"monitor": "", "run": "verhaal-000000000000", "parameters": {"label": "x"}},
    "a path as the extract": {"extract": "../runs/vervalst"},
    "words as the snapshot": {"snapshot": SECRET},
    "words in the place of yes or no": {"synthetic": SECRET},
    "a run of another name": {"run": f"jansen-{DIGITS}0000"},
}


@pytest.mark.parametrize("changes", FORGED.values(), ids=FORGED)
def test_what_the_catalogue_does_not_know_is_refused_and_written_nowhere(home, changes):
    origin = {name: changes[name] for name in ("project", "snapshot", "synthetic") if name in changes}
    with pytest.raises(ReleaseRefused, match="hand-over can't be released") as refusal:
        brought(home, {"flow": a_result(**origin)}, **changes)
    assert list_releases(home) == []
    assert AuditLog(home.audit_log).lines()[-1]["act"] == "refused"
    for leak in (SECRET, DIGITS):
        assert leak not in every_text(home) + str(refusal.value)


def test_a_hand_over_of_texts_alone_is_refused(home):
    section = Section("deel", "table", (), headline=Text(nl=SECRET, en=SECRET))
    with pytest.raises(ReleaseRefused, match="it holds no result"):
        brought(home, {}, sections=(section,), synthetic=False)


def test_nothing_is_copied_of_a_result_that_cannot_be_computed_again(home):
    """Its numbers are hidden, but every word of it is the author's: titles, labels, codes, names, parameters."""
    words = Text(nl=SECRET, en=SECRET)
    table = pd.DataFrame(
        [["f", SECRET, SECRET, "_T", 5.0, SECRET, 1.0, 2.0, None, None, None, 3.0, "final", "number", "not checked"]],
        columns=["figure", "measure", "stage", *a_result().table.columns[3:]],
    )
    forged = a_result(
        title=words,
        definition=SECRET,
        definition_version=SECRET,
        labels={"stage": {SECRET: words}, "unit": {SECRET: words}, "dimension": {"stage": words}},
        recipe=Recipe(f"das_research.chain.{SECRET}", {SECRET: DIGITS}),
        linkage={SECRET: 0.85},
        attrition=(Step(100, 50, words),),
    ).with_table(table)
    release = brought(home, {"flow": forged}, rerun=lambda _: None)
    assert release.decisions["flow"]["status"] == "not checked"
    for leak in (SECRET, DIGITS):
        assert leak not in every_text(home)


def test_two_results_that_cannot_be_computed_again_are_two_releases(home):
    one, other = (a_result(recipe=Recipe("os.system", {"command": word})) for word in ("a", "b"))
    assert brought(home, {"flow": one}, lambda _: None).id != brought(home, {"flow": other}, lambda _: None).id


def own_table(**changes):
    return replace(world.result([count("zaken", 60)], (), world.TABULATE), **changes)


NAMED = {
    "a measure": (own_table().with_table(own_table().table.assign(measure=f"geboren-{DIGITS}")), "flow", "deel"),
    "a dimension": (world.result([count("zaken", 60)], (f"geboren {DIGITS}",), world.TABULATE), "flow", "deel"),
    "a result": (own_table(), f"geboren-{DIGITS}", "deel"),
    "a section": (own_table(), "flow", f"geboren-{DIGITS}"),
}


@pytest.mark.parametrize(("result", "name", "section"), NAMED.values(), ids=NAMED)
def test_a_number_in_a_name_is_refused(home, result, name, section):
    measures = dict.fromkeys(result.table.measure, "count")
    result = replace(result, recipe=Recipe(world.TABULATE, {"measures": measures}))
    sections = (Section(section, "table", (name,)),)
    with pytest.raises(ReleaseRefused, match="holds a number") as refusal:
        brought(home, {name: result}, sections=sections)
    assert DIGITS not in str(refusal.value).replace(f"result '{name}'", "")
    assert DIGITS not in every_text(home)


def test_a_title_of_the_grant_or_of_the_chain_may_hold_its_years(home):
    title = Text(nl="Stroom, 2020–2021, tot en met 31 december 2022", en="Flow, 2020–2021, through 31 December 2022")
    grant = world.catalog().grants["verhaal"].title
    sections = (Section("deel", "table", ("flow",), kicker=grant, headline=title),)
    assert brought(home, {"flow": a_result(title=title)}, sections=sections).state == "checked"
    forged = a_result(title=title, recipe=Recipe("das_research.chain.forged", {}))
    with pytest.raises(ReleaseRefused, match="headline"):
        brought(home, {"flow": forged}, rerun=lambda _: None, sections=sections)
