"""Pages that people forward as one file: looked at in a browser, accessible and on their own."""

from collections.abc import Iterable
from pathlib import Path

import pytest

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SCREENS = pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])


def stand_alone(browser, paths: Iterable[Path], scheme: str, width: int) -> None:
    """Open every page and check it; nothing else may be asked for, and its own policy refuses nothing of it."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: outside.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    asked = [path.as_uri() for path in paths]
    for address in asked:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert not errors, "the page's own policy refused something of it"
        found = axe.run(page, options=RULES).response["violations"]
        assert not found, [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
        assert page.evaluate("document.querySelectorAll('h1').length") == 1
        assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "its style is applied"
    assert outside == asked
    context.close()
