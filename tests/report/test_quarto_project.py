"""`reports/` is a Quarto project: what it names is there, and Quarto and Pandoc both read its pages."""

import shutil
import subprocess
from pathlib import Path

import pypandoc
import pytest
import yaml
from edition_world import PUBLISHED, catalog, release

from das_research.publish.editions import compose
from das_research.publish.frame import Site
from das_research.publish.render import pages, render_site
from das_research.publish.sites import write_sources

REPORTS = Path("reports")
PROJECT = yaml.safe_load((REPORTS / "_quarto.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project") / "reports"
    write_sources(Site(catalog(), (compose(catalog(), release(), PUBLISHED),)), folder)
    return folder


def test_it_is_a_website_of_plain_features():
    assert set(PROJECT) == {"project", "website", "lang", "from", "format"}
    assert PROJECT["project"]["type"] == "website"
    assert set(PROJECT["format"]) == {"html", "typst"}
    assert PROJECT["format"]["typst"]["pdf-standard"] == "ua-1"


def test_every_file_it_names_is_there():
    bar = PROJECT["website"]["navbar"]
    named = [entry["href"] for side in ("left", "right") for entry in bar[side]]
    named += [PROJECT["format"]["html"]["css"], *PROJECT["format"]["typst"]["template-partials"]]
    for file in named:
        assert (REPORTS / file).is_file(), file
    for pattern in PROJECT["project"]["render"]:
        assert pattern.startswith("!") or list(REPORTS.glob(pattern)), pattern


def test_the_committed_pages_make_sense_without_a_build():
    for page in pages(REPORTS):
        header = yaml.safe_load(page.read_text("utf-8").split("---\n", 2)[1])
        assert header["lang"] == ("en" if "en" in page.relative_to(REPORTS).parts else "nl")
        assert header["title"]
        assert header["description"]
    for name in ("index.md", "over/methode.md", "over/toegankelijkheid.md"):
        assert (REPORTS / name).is_file()
        assert (REPORTS / "en" / name).is_file()


def test_pandoc_reads_every_page_and_nothing_in_it_is_executed(project: Path):
    found = pages(project)
    assert len(found) == 12  # index, monitor, edition, uses, method, accessibility, in two languages
    for page in found:
        text = page.read_text("utf-8")
        assert pypandoc.convert_text(text, "json", format="markdown")
        assert "```{python" not in text
        assert "```{r" not in text
        assert "{{<" not in text


def test_a_page_for_the_web_holds_nothing_of_paper_and_the_reverse(project: Path):
    text = (project / f"editie/ketenmonitor-{PUBLISHED}/index.md").read_text("utf-8")
    lua = ["--lua-filter", str(project / "style/print.lua")]
    web = pypandoc.convert_text(text, "html5", format="markdown", extra_args=lua)
    paper = pypandoc.convert_text(text, "typst", format="markdown", extra_args=lua)
    assert "content-visible" not in web
    assert ".svg" not in web
    assert "<table" not in paper
    assert paper.count("#figure(image(") == 5
    assert paper.count("alt: ") == 5


def test_quarto_renders_it(project: Path, tmp_path: Path):
    if shutil.which("quarto") is None:
        reason = "quarto is not on the PATH: the project is rendered with Pandoc and Typst only"
        print(f"skipped: {reason}")
        pytest.skip(reason)
    for folder in (REPORTS, project):
        copy = shutil.copytree(folder, tmp_path / f"{folder.name}-{len(folder.parts)}")
        done = subprocess.run(["quarto", "render", str(copy)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        assert (copy / "_site/index.html").is_file()
    (tmp_path / "site").mkdir()
    render_site(project, tmp_path / "site", PUBLISHED)
    assert (tmp_path / f"site/editie/ketenmonitor-{PUBLISHED}/ketenmonitor-{PUBLISHED}.pdf").is_file()
