"""The page of a release in a browser: accessible, narrow and wide, light and dark, on its own."""

from pathlib import Path

import disclosure_world as world
import pytest
from disclosure_world import TABULATE, count
from pages_alone import SCREENS, stand_alone

from das_research.disclosure.gate import check_release
from das_research.disclosure.review import approve, return_release
from das_research.handover import Handover, Section, write_handover
from das_research.home import Home

REASON = "<b>de uitsplitsing</b> past niet bij de vraag"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A release that one reviewer approved and the other sent back."""
    home, catalog = Home(tmp_path_factory.mktemp("home")), world.catalog()
    rows = [count("in", cases, stage=stage) for stage, cases in {"om": 60, "zm": 340, "_T": 400}.items()]
    results = {"flow": world.result(rows), "own": world.result(rows, function=TABULATE, query="select")}
    section = Section("deel", "table", ("flow",), text=world.Text(nl="Geteld op de dag van ontvangst.", en="Counted."))
    handover = Handover(
        "keten", {}, "verhaal", "ext-000000000000", "snap-000000000000", True, "auteur", (section,), results
    )
    run = home.project("verhaal") / "runs" / "keten-000000000000"
    write_handover(run, handover)
    again = {result.recipe.function: result for result in results.values()}
    release = check_release(catalog, home, run, lambda project, recipe: again[recipe.function], "brenger")
    approve(catalog, home, release.id, "rol-a", fictitious=True)
    return_release(catalog, home, release.id, "bert", REASON, "more-than-needed")
    return home.releases / release.id


@SCREENS
def test_the_page_is_accessible_and_stands_alone(browser, folder: Path, scheme: str, width: int):
    stand_alone(browser, [folder / f"dossier.{language}.html" for language in ("nl", "en")], scheme, width)


def test_what_a_reviewer_typed_is_text_and_no_page_of_its_own(folder: Path):
    page = (folder / "dossier.nl.html").read_text(encoding="utf-8")
    assert REASON not in page
    assert "&lt;b&gt;de uitsplitsing&lt;/b&gt; past niet bij de vraag" in page
