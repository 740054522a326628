"""Publishing: equal to the byte, visible only when complete, and documents that everyone can read."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from edition_world import (
    EARLIER,
    PUBLISHED,
    catalog,
    flow_result,
    one_year_release,
    publish_editions,
    release,
    sections,
    store,
    texts,
)
from killing import was_killed

from das_research.disclosure.releases import list_releases
from das_research.disclosure.review import withdraw_release
from das_research.errors import PublicationFailed
from das_research.home import Home
from das_research.publish.editions import make_edition
from das_research.publish.sites import content_hash, publish

KILLED = """
import os, signal, sys
from pathlib import Path
from edition_world import catalog
from das_research.home import Home
from das_research.publish import sites
sites.show = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "rendering":
    sites.render_site = sites.show
sites.publish(catalog(), Home(Path(sys.argv[1])))
"""


def test_the_site_is_a_link_to_what_its_content_is_called(synthetic_home: Home):
    assert synthetic_home.site.is_symlink()
    assert not synthetic_home.site.readlink().is_absolute()
    assert synthetic_home.site.resolve().name == content_hash(synthetic_home.site)
    assert [path.name for path in synthetic_home.sites.iterdir()] == [content_hash(synthetic_home.site)]


def test_a_second_build_is_equal_to_the_byte(real_home: Home, tmp_path: Path):
    again = publish_editions(tmp_path, one_year_release(), PUBLISHED)
    names = {path.relative_to(again.site) for path in again.site.rglob("*") if path.is_file()}
    assert names == {path.relative_to(real_home.site) for path in real_home.site.rglob("*") if path.is_file()}
    different = [name for name in names if (again.site / name).read_bytes() != (real_home.site / name).read_bytes()]
    assert not different


@pytest.mark.parametrize("moment", ["rendering", "showing"])
def test_a_killed_build_leaves_the_old_site_and_the_next_completes(tmp_path: Path, moment: str):
    small = {"results": {"flow": flow_result(range(2023, 2025))}, "sections": sections()[:1]}
    home = publish_editions(tmp_path, release(**small), EARLIER)
    before = content_hash(home.site)
    later = store(home, release(**small, parameters={"first_year": 2023, "last_year": 2024}))
    make_edition(catalog(), home, later.id, PUBLISHED)
    assert was_killed(KILLED, str(home.root), moment)
    assert content_hash(home.site) == before
    assert not (home.site / f"editie/ketenmonitor-{PUBLISHED}").exists()
    publish(catalog(), home)
    assert (home.site / f"editie/ketenmonitor-{PUBLISHED}/index.html").is_file()
    assert not [path.name for path in (*home.sites.iterdir(), *home.root.iterdir()) if path.name.startswith(".staging")]


def test_without_an_edition_there_is_nothing_to_publish(tmp_path: Path):
    with pytest.raises(PublicationFailed, match="nothing to publish"):
        publish(catalog(), Home(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_no_file_of_the_site_names_the_machine_it_was_made_on(synthetic_home: Home):
    for name, text in texts(synthetic_home.site).items():
        assert str(synthetic_home.root) not in text, name


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_document_is_tagged_and_has_a_language_and_a_title(synthetic_home: Home, language: str):
    document = pdf(synthetic_home, language)
    content = document.read_bytes()
    assert b"pdfuaid:part" in content
    assert re.search(rb"/Lang ?\(%s\b" % language.encode(), content)
    found = dict(line.split(":", 1) for line in run("pdfinfo", str(document)).splitlines() if ":" in line)
    assert found["Tagged"].strip() == "yes"
    assert "1,9%" in found["Title"] if language == "nl" else "1.9%" in found["Title"]
    assert found["CreationDate"].strip().startswith("Mon Jun  2 00:00:00 2025")


def test_every_page_of_the_document_is_marked(synthetic_home: Home):
    sheets = run("pdftotext", "-layout", str(pdf(synthetic_home, "nl")), "-").split("\f")[:-1]
    assert len(sheets) > 4
    for number, sheet in enumerate(sheets, start=1):
        assert "Fictieve gegevens, geen echte cijfers · niemand heeft deze uitgave beoordeeld" in sheet
        assert f"pagina {number}" in sheet
    assert "Inhoud" in sheets[0]
    assert "das monitor run ketenmonitor" in " ".join("".join(sheets).split())


def test_the_document_has_the_numbers_and_a_text_for_every_figure(synthetic_home: Home):
    document = str(pdf(synthetic_home, "nl"))
    words = " ".join(run("pdftotext", document, "-").split())
    for said in ("2.580", "66,0%", "36.190", "Figuur 4.", "Tabel 7."):
        assert said in words
    structure = run("pdfinfo", "-struct", document)
    # the cover and four figures
    assert structure.count("Figure") >= 5
    assert structure.count("TH ") > 20


def test_a_document_of_real_reviewed_data_has_no_mark(real_home: Home):
    words = run("pdftotext", str(pdf(real_home, "nl")), "-")
    assert "Fictieve" not in words
    assert "niemand heeft" not in words


def pdf(home: Home, language: str) -> Path:
    folder = home.site / ("" if language == "nl" else "en") / f"editie/ketenmonitor-{PUBLISHED}"
    return folder / f"ketenmonitor-{PUBLISHED}.pdf"


def run(program: str, *arguments: str) -> str:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed: the documents are not read")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def test_an_edition_whose_release_was_withdrawn_leaves_the_site(tmp_path: Path):
    home = publish_editions(tmp_path, one_year_release(), PUBLISHED)
    assert (home.site / f"editie/ketenmonitor-{PUBLISHED}").is_dir()
    (made,) = list_releases(home)
    withdraw_release(catalog(), home, made.id, "reviewer-c", "a number was wrong")
    publish(catalog(), home)
    assert not (home.site / "editie").exists()
    assert not list(home.site.rglob("*.csv"))
    assert (home.site / "index.html").is_file()
