"""The site as a browser sees it: light and dark, wide and narrow, with and without scripts, and on its own."""

from pathlib import Path

import pytest

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# One page of each kind is judged by axe; every page is held to the rest.
JUDGED = {
    "index.html",
    "editie/ketenmonitor-2025-03-03/index.html",
    "over/methode.html",
    "over/gebruik.html",
    "en/ketenmonitor/index.html",
    "vervolging/index.html",
    "en/slachtofferschap/index.html",
    "editie/kerncijfers-2025-06-02/index.html",
}
# A picture that is not decoration has a name, and in its figure a table with row heads and a download.
UNNAMED = """() => [...document.querySelectorAll('svg:not([aria-hidden=true])')].filter(picture => {
  const figure = picture.closest('figure');
  const ids = (picture.getAttribute('aria-labelledby') || '').split(' ');
  const name = ids.map(id => document.getElementById(id)?.textContent || '').join('').trim();
  const needed = ['table caption', 'tbody th[scope=row]', 'a[download]'];
  return picture.getAttribute('role') !== 'img' || !name || !figure || !needed.every(one => figure.querySelector(one));
}).length"""

# what spans a whole table is read without scrolling it
CUT_OFF = """[...document.querySelectorAll('.scroll :is(caption, tfoot span, tr.g span)')].filter(line =>
  line.getBoundingClientRect().right > line.closest('.scroll').getBoundingClientRect().right + 1).length"""

# a word a line: what a row is about breaks although it has not the width that it may take
BROKEN = """[...document.querySelectorAll('.scroll tbody th[scope=row]')].filter(head => {
  const text = document.createRange();
  text.selectNodeContents(head);
  const lines = new Set([...text.getClientRects()].map(line => line.top)).size;
  return lines > 1 && head.getBoundingClientRect().width < 136;
}).length"""
# scrolled to the end, it still stands where the table begins
AWAY = """[...document.querySelectorAll('.scroll:not(.uses)')].filter(box => {
  box.scrollLeft = box.scrollWidth;
  const heads = [...box.querySelectorAll('tr > th[scope=row]:first-child')];
  return heads.some(head => Math.abs(head.getBoundingClientRect().left - box.getBoundingClientRect().left) > 1);
}).length"""


def pages(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_every_page_is_accessible_and_stands_alone(browser, site, scheme, width):
    address, folder = site
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(address) else outside.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    for name in pages(folder):
        page.goto(address + name)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        found = axe.run(page, options=RULES).response["violations"] if name in JUDGED else []
        assert not found, (name, [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
        assert page.evaluate(UNNAMED) == 0, name
        assert page.evaluate(CUT_OFF) == 0, f"{name}: a line under or within a table goes out of sight"
        assert page.evaluate(BROKEN) == 0, f"{name}: heads of rows are broken word by word"
        if width < 704:
            assert page.evaluate(AWAY) == 0, f"{name}: heads of rows are scrolled away"
        assert page.evaluate("document.querySelectorAll('h1').length") == 1, name
        assert page.evaluate("document.querySelectorAll('svg[role=img]').length") > 0 or "over/" in name
    assert not outside
    assert not errors
    context.close()


def test_without_scripts_everything_is_there(browser, site):
    address, _ = site
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "ketenmonitor/index.html")
    assert page.locator("table").count() >= 6
    page.locator("summary").first.click()
    assert page.locator("table").first.is_visible()
    context.close()


def test_no_page_carries_a_script(site):
    _, folder = site
    assert not [name for name in pages(folder) if "<script" in (folder / name).read_text(encoding="utf-8")]
    assert not list(folder.rglob("*.js"))


def test_the_first_stop_of_the_keyboard_leads_to_the_content(browser, site):
    address, _ = site
    page = browser.new_page()
    page.goto(address + "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    page.close()


def test_the_mark_of_fictitious_data_stays_in_sight(browser, site):
    address, folder = site
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address + "ketenmonitor/index.html")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    bands = page.locator(".band")
    if bands.count():
        assert bands.bounding_box()["y"] == 0
    else:
        assert "noindex" not in (folder / "index.html").read_text(encoding="utf-8")
    page.close()


@pytest.mark.parametrize(("width", "shown", "other"), [(1280, ".wide", ".narrow"), (320, ".narrow", ".wide")])
def test_a_telephone_gets_its_own_pictures(browser, site, width, shown, other):
    address, _ = site
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(address + "index.html")
    assert page.locator(f"#flow {shown} svg").is_visible()
    assert not page.locator(f"#flow {other} svg").is_visible()
    page.close()
