"""The page for those who approve a grant in a browser: accessible, narrow and wide, light and dark, on its own."""

from pathlib import Path

import pytest
from access_world import TODAY, a_catalog, write_snapshot
from pages_alone import SCREENS, stand_alone

from das_research.access.preview import preview
from das_research.access.preview_page import page_of
from das_research.home import Home


@pytest.mark.parametrize("permitted", [True, False])
@SCREENS
def test_the_page_is_accessible_and_stands_alone(browser, tmp_path: Path, permitted: bool, scheme: str, width: int):
    home = Home(tmp_path / "das")
    write_snapshot(home)
    made = preview(a_catalog(**({} if permitted else {"permissions": []})), home, "proef", TODAY)
    paths = [tmp_path / f"{language}.html" for language in ("nl", "en")]
    for path in paths:
        path.write_text(page_of(made, path.stem), encoding="utf-8")
    stand_alone(browser, paths, scheme, width)
