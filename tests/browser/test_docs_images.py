"""The pictures in the documentation: taken from the demonstration, and every one that a page names is there."""

import os
import re
import shutil
from pathlib import Path

import pytest
from matplotlib.image import imread
from whole_way import ROOT, Walked

IMAGES = ROOT / "docs" / "images"
NAMED = re.compile(r"!\[[^\]]*\]\(([^)\s]+)[^)]*\)|<img[^>]*\bsrc=\"([^\"]+)\"")
MARGIN, HEAVIEST = 24, 250_000
# picture: page, the element it begins with, the element it ends with
TAKEN = {
    "site.png": ("en/index.html", "body", ".theme"),
    "monitor.png": ("en/ketenmonitor/index.html", ".view-conversion", ".view-duration figure"),
}


def is_blank(image: Path) -> bool:
    """Whether a picture has one colour only, or nearly."""
    return imread(image)[..., :3].std() < 0.01


def named_images() -> list[Path]:
    """Every image that the documentation names, but those of other sites."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    found = [(page, one or other) for page in pages for one, other in NAMED.findall(page.read_text("utf-8"))]
    return [page.parent / name for page, name in found if "://" not in name]


@pytest.mark.parametrize("name", TAKEN)
def test_the_pictures_of_the_site_can_be_taken_again(browser, demo: Walked, tmp_path: Path, name: str):
    address, first, last = TAKEN[name]
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page.goto((demo.home.site.resolve() / address).as_uri())
    page.evaluate("document.fonts.ready")
    top = max(page.locator(first).first.bounding_box()["y"] - MARGIN, 0)
    end = page.locator(last).first.bounding_box()
    clip = {"x": 0, "y": top, "width": 1280, "height": end["y"] + end["height"] + MARGIN - top}
    taken = tmp_path / name
    page.screenshot(path=taken, full_page=True, clip=clip)
    page.close()
    assert not is_blank(taken)
    assert taken.stat().st_size < HEAVIEST
    if os.environ.get("DAS_UPDATE_IMAGES"):
        IMAGES.mkdir(exist_ok=True)
        shutil.copyfile(taken, IMAGES / name)


def test_every_image_that_a_page_names_is_there_and_shows_something():
    assert named_images()
    for image in named_images():
        assert image.is_file(), image.relative_to(ROOT)
        assert not is_blank(image), image.relative_to(ROOT)
