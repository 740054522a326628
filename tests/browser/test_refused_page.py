"""The page of a refused hand-over in a browser: accessible, narrow and wide, light and dark, on its own."""

from pathlib import Path

import disclosure_world as world
import pytest
from pages_alone import SCREENS, stand_alone

from das_research.disclosure import beside
from das_research.disclosure.gate import check_release
from das_research.disclosure.refused.desk import show_refused
from das_research.disclosure.together.protect import Together
from das_research.errors import ReleaseRefused
from das_research.handover import Handover, write_handover
from das_research.home import Home


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A flow by quarter and shares, of which hidden numbers can be told."""
    root, catalog = tmp_path_factory.mktemp("refused"), world.catalog()
    home, to = Home(root / "home"), root / "desk"
    quarters = {"2020-Q1": 4, "2020-Q2": 1231, "2020-Q3": 1342, "2020-Q4": 1453, "2020": 4030}
    rows = [world.count("in", n, stage="om", period=period) for period, n in quarters.items()]
    shares = [
        world.share(name, n, 200, stage="om") for name, n in {"reached_later": 120, "left": 3, "open": 77}.items()
    ]
    results = {
        "kwartalen": world.result(rows, every="quarter"),
        "doorstroom": world.result(shares, function=world.CONVERSION),
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            beside, "protect_together",
            lambda them, minimum, **_: Together({name: told.unsafe.copy() for name, told in them.items()}),
        )  # fmt: skip
        again = {it.recipe.function: it for it in results.values()}
        handover = Handover(
            "keten", {}, "verhaal", "ext-000000000000", "snap-000000000000", True, "auteur", results=results
        )
        run = home.project("verhaal") / "runs" / "keten-000000000001"
        write_handover(run, handover)
        rerun = lambda project, recipe: again[recipe.function]  # noqa: E731
        with pytest.raises(ReleaseRefused, match="worked back"):
            check_release(catalog, home, run, rerun, "brenger")
        show_refused(catalog, home, run, lambda it: (rerun, None), "anna", to)
    return to


@SCREENS
def test_the_page_is_accessible_and_stands_alone(browser, folder: Path, scheme: str, width: int):
    stand_alone(browser, [folder / f"refused.{language}.html" for language in ("nl", "en")], scheme, width)
