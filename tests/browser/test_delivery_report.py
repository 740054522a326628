"""The delivery report in a browser: accessible, narrow and wide, light and dark, on its own."""

import pytest
import report_world as world

from das_research.errors import DeliveryRefused
from das_research.intake.report import write_report

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
EARLIER = [world.delivery(number) for number in range(1, 6)]
OUTCOMES = {
    "moved": world.delivery(8, missing=1_500, thefts=8_000, years={"2021": 4_000, "2022": 2_000, "2023": 6_302}),
    "superseding": world.superseding(),
    "refused": DeliveryRefused("The file was not taken in.", why="It is empty.", fix="Send the file again.", ask="om"),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_a_report_is_accessible_and_stands_alone(browser, tmp_path, outcome, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: outside.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    paths = write_report(tmp_path, world.CATALOG, "zaken", OUTCOMES[outcome], "zaken.csv", EARLIER)
    for path in paths:
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert not errors, "the page's own policy refused something of it"
        found = axe.run(page, options=RULES).response["violations"]
        assert not found, [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
        assert page.evaluate("document.querySelectorAll('h1').length") == 1
        assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "its style is applied"
    assert outside == [path.as_uri() for path in paths]
    context.close()
