"""The page for the data protection officer in a browser: accessible, narrow and wide, light and dark, on its own."""

from pathlib import Path

import pytest
from oversight_world import told

import das_research
from das_research.catalog import load_catalog
from das_research.oversight.page import write_page
from das_research.oversight.verify import verify

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CATALOG = load_catalog(Path(das_research.__file__).parents[1] / "data_catalog")


@pytest.mark.parametrize("state", ["whole", "broken", "empty"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_the_page_is_accessible_and_stands_alone(browser, tmp_path, monkeypatch, state, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    home = told(tmp_path / "das", monkeypatch)
    if state == "broken":
        lines = home.audit_log.read_text().splitlines()
        home.audit_log.write_text("\n".join(lines[:9] + lines[12:]) + "\n")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: outside.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    paths = write_page(tmp_path, CATALOG, verify(home), "2027-01" if state == "empty" else "")
    for path in paths:
        page.goto(path.as_uri())
        assert not errors, "the page's own policy refused something of it"
        found = axe.run(page, options=RULES).response["violations"]
        assert not found, [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
        assert page.evaluate("document.querySelectorAll('h1').length") == 1
        assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "its style is applied"
    assert outside == [path.as_uri() for path in paths]
    context.close()
