"""The page for those who approve a grant in a browser: accessible, narrow and wide, light and dark, on its own."""

from pathlib import Path

import pytest
from access_world import TODAY, a_catalog, write_snapshot

from das_research.access.preview import preview
from das_research.access.preview_page import page_of
from das_research.home import Home

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("permitted", [True, False])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_the_page_is_accessible_and_stands_alone(browser, tmp_path: Path, permitted: bool, scheme: str, width: int):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    home = Home(tmp_path / "das")
    write_snapshot(home)
    made = preview(a_catalog(**({} if permitted else {"permissions": []})), home, "proef", TODAY)
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: outside.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    paths = []
    for language in ("nl", "en"):
        path = tmp_path / f"{language}.html"
        path.write_text(page_of(made, language), encoding="utf-8")
        paths.append(path)
        page.goto(path.as_uri())
        assert not errors, "the page's own policy refused something of it"
        found = axe.run(page, options=RULES).response["violations"]
        assert not found, [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
        assert page.evaluate("document.querySelectorAll('h1').length") == 1
        assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "its style is applied"
    assert outside == [path.as_uri() for path in paths]
    context.close()
