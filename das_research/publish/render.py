"""From the pages to the site: Quarto where it is installed, else Pandoc and Typst, Quarto's own foundations.

Both render the same folder: a copy of `reports/` with the generated pages, pictures and downloads in it.
"""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import pypandoc
import typst
import yaml

from das_research.errors import PublicationFailed

MARKDOWN = "markdown-smart"
STANDARDS: list[Literal["ua-1", "a-2a"]] = ["ua-1", "a-2a"]
SOURCES = {".md", ".typ", ".lua", ".yml"}


def render_site(source: Path, target: Path, day: date) -> None:
    """Render a folder of pages.

    Parameters
    ----------
    source : Path
        The Quarto project.
    target : Path
        An empty folder for the site.
    day : date
        The date that documents carry inside.

    Raises
    ------
    PublicationFailed
        When a page can't be rendered.
    """
    if shutil.which("quarto"):
        _render_with_quarto(source, target, day)
        return
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        list(workers.map(lambda page: _render_page(source, target, page, day), pages(source)))
    for path in sorted(source.rglob("*")):
        here = path.relative_to(source)
        if path.is_file() and path.suffix not in SOURCES and here.name != "page.html":
            (target / here.parent).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / here)


def pages(source: Path) -> list[Path]:
    """The pages of a Quarto project: every Markdown file whose name and folders don't begin with ``_`` or ``.``."""
    found = (path for path in source.rglob("*.md") if path.name != "README.md")
    return sorted(path for path in found if not any(part[0] in "_." for part in path.relative_to(source).parts))


def render_html(source: Path, page: Path) -> str:
    """One page as HTML."""
    return _pandoc(source, page, "html5", ["--template", str(source / "style" / "page.html"), "--section-divs"])


def render_pdf(source: Path, page: Path, day: date) -> bytes:
    """One page as a tagged PDF: PDF/UA-1 and PDF/A-2a."""
    text = _pandoc(source, page, "typst", ["--template", str(source / "style" / "page.typ")])
    main = page.with_suffix(".typ")
    main.write_text(text, encoding="utf-8")
    try:
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return typst.compile(
            str(main), root=str(source), format="pdf", pdf_standards=[*STANDARDS], timestamp=int(moment.timestamp())
        )
    except typst.TypstError as error:
        raise PublicationFailed(
            f"The document of {page.relative_to(source)} can't be made.", why=_without(str(error), source)
        ) from None
    finally:
        main.unlink()


def _render_page(source: Path, target: Path, page: Path, day: date) -> None:
    here = target / page.relative_to(source)
    here.parent.mkdir(parents=True, exist_ok=True)
    here.with_suffix(".html").write_text(render_html(source, page), encoding="utf-8")
    document = _header(page)["format"].get("typst")
    if document:
        (here.parent / document["output-file"]).write_bytes(render_pdf(source, page, day))


def _pandoc(source: Path, page: Path, format: str, arguments: list[str]) -> str:
    try:
        return str(
            pypandoc.convert_file(
                str(page),
                format,
                format=MARKDOWN,
                extra_args=[
                    *arguments,
                    "--wrap=preserve",
                    "--columns=999",
                    "--lua-filter",
                    str(source / "style" / "print.lua"),
                ],
            )
        )
    except RuntimeError as error:
        raise PublicationFailed(
            f"The page {page.relative_to(source)} can't be rendered.", why=_without(str(error), source)
        ) from None


def _render_with_quarto(source: Path, target: Path, day: date) -> None:
    """Its Python package runs the program and says nothing of a failure: what should be there is looked for."""
    import quarto

    os.environ["SOURCE_DATE_EPOCH"] = str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()))
    quarto.render(str(source), execute=False, quiet=True)
    shutil.copytree(source / "_site", target, dirs_exist_ok=True)
    expected = {target / page.relative_to(source).with_suffix(".html") for page in pages(source)}
    missing = sorted(path.relative_to(target).as_posix() for path in expected if not path.is_file())
    if missing:
        raise PublicationFailed(
            f"Quarto did not render {', '.join(missing)}.", fix="Type quarto render reports to see what it says."
        )


def _header(page: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(page.read_text(encoding="utf-8").split("---\n", 2)[1]))


def _without(message: str, source: Path) -> str:
    return message.replace(str(source), "").strip().splitlines()[0] if message.strip() else ""
