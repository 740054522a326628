"""The page for the data protection officer in a browser: accessible, narrow and wide, light and dark, on its own."""

from pathlib import Path

import pytest
from oversight_world import told
from pages_alone import SCREENS, stand_alone

import das_research
from das_research.catalog import load_catalog
from das_research.oversight.page import write_page
from das_research.oversight.verify import verify

CATALOG = load_catalog(Path(das_research.__file__).parents[1] / "data_catalog")


@pytest.mark.parametrize("state", ["whole", "broken", "empty"])
@SCREENS
def test_the_page_is_accessible_and_stands_alone(browser, tmp_path, monkeypatch, state, scheme, width):
    home = told(tmp_path / "das", monkeypatch)
    if state == "broken":
        lines = home.audit_log.read_text().splitlines()
        home.audit_log.write_text("\n".join(lines[:9] + lines[12:]) + "\n")
    pages = write_page(tmp_path, CATALOG, verify(home), "2027-01" if state == "empty" else "")
    stand_alone(browser, pages, scheme, width)
