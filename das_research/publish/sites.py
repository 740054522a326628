"""The site: every edition rendered in a folder beside the old site, and shown only when it is complete."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from das_research.catalog.models import Catalog
from das_research.disclosure.releases import read_release
from das_research.errors import PublicationFailed
from das_research.home import STAGING, Home, files_hash, private_folder, settle, sweep
from das_research.publish import downloads, pages, places
from das_research.publish.editions import Edition, list_editions
from das_research.publish.frame import Site
from das_research.publish.places import Place
from das_research.publish.render import render_site
from das_research.publish.themes import theme_page
from das_research.publish.uses import uses_page
from das_research.publish.words import WORDS
from das_research.style.numbers import LANGUAGES, Language

REPORTS = Path(__file__).resolve().parents[2] / "reports"
STATIC = (places.METHOD, places.ACCESSIBILITY)
WORTHWHILE = 12  # results from which a process a language is faster than one for both
NOT_COPIED = shutil.ignore_patterns("_site", ".quarto", "README.md")


def publish(catalog: Catalog, home: Home) -> Path:
    """Render every edition and make the result the site.

    The old site stays until the new one is complete; then one link is moved. The same editions make the same site to
    the byte. An edition whose release was withdrawn is left out.

    Parameters
    ----------
    catalog : Catalog
        Title, publisher, definitions.
    home : Home
        Where editions are read and sites kept.

    Returns
    -------
    Path
        The first page of the site.

    Raises
    ------
    PublicationFailed
        When there is no edition yet, or a page can't be rendered.
    """
    made = list_editions(home)
    if not made:
        raise PublicationFailed(
            "There is nothing to publish.",
            why="There is no edition yet.",
            fix="Approve a release: type das release list.",
        )
    editions = tuple(edition for edition in made if read_release(home, edition.release).state == "approved")
    with _workshop(home) as workshop:
        source, rendered = workshop / "reports", workshop / "site"
        write_sources(Site(catalog, editions), source)
        rendered.mkdir()
        render_site(source, rendered, max(edition.date for edition in made))
        target = home.sites / content_hash(rendered)
        if not target.exists():
            settle(workshop)
            rendered.rename(target)
    show(home, target)
    return home.site / "index.html"


def write_sources(site: Site, folder: Path) -> None:
    """A copy of the Quarto project with the generated pages, pictures and downloads in it.

    Parameters
    ----------
    site : Site
        What to show.
    folder : Path
        The folder to make.
    """
    shutil.copytree(REPORTS, folder, ignore=NOT_COPIED)
    if sum(len(edition.results) for edition in site.editions) < WORTHWHILE:
        for language in LANGUAGES:
            write_language(site, folder, language)
    else:
        with ProcessPoolExecutor(len(LANGUAGES), mp_context=get_context("spawn")) as pool:
            list(pool.map(partial(write_language, site, folder), LANGUAGES))
    for edition in site.editions:
        for name, content in downloads.files(site.catalog, edition).items():
            _write_bytes(folder / places.data_file(edition.id, name), content)
    _write_bytes(folder / "edities.json", _register(site))


def write_language(site: Site, folder: Path, language: Language) -> None:
    """Every page and picture in one language."""
    _write(folder, Place(places.INDEX, language), pages.index_page(site, language))
    for path in STATIC:
        place = Place(path, language)
        source = (REPORTS / f"{place.file}.md").read_text(encoding="utf-8")
        _write(folder, place, pages.static_page(site, source, place))
    if site.catalog.agreements:
        place = Place(places.USES, language)
        _write(folder, place, uses_page(site, place))
    for edition in site.editions:
        place = places.edition_page(edition.id, language)
        _write(folder, place, pages.edition_page(site, edition, place))
        _write_pictures(site, edition, folder, place)
    for monitor, edition in site.latest().items():
        place = places.monitor_page(monitor, language)
        _write(folder, place, pages.edition_page(site, edition, place, permanent=False))
    for theme in site.themes():
        place = places.theme_page(theme, language)
        _write(folder, place, theme_page(site, theme, place))


def content_hash(folder: Path) -> str:
    """The name of a site: a hash of every path and byte in it."""
    return files_hash(folder, (path for path in folder.rglob("*") if path.is_file()))[:12]


@contextmanager
def _workshop(home: Home) -> Iterator[Path]:
    """A folder beside the sites that nobody sees; one that a killed process left is swept."""
    private_folder(home.sites)
    sweep(home.sites)
    folder = home.sites / f"{STAGING}site-{os.getpid()}-{secrets.token_hex(4)}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def show(home: Home, target: Path) -> None:
    """Move the link of the site to a complete one, in one step."""
    for leftover in home.root.glob(f"{STAGING}site-*"):
        leftover.unlink()
    link = home.root / f"{STAGING}site-{os.getpid()}-{secrets.token_hex(4)}"
    link.symlink_to(os.path.relpath(target, home.root))
    link.replace(home.site)


def _register(site: Site) -> bytes:
    """Every edition for machines, newest first."""
    entries = [
        {
            "id": edition.id,
            "monitor": edition.monitor,
            "date": edition.date.isoformat(),
            "release": edition.release,
            "snapshot": edition.snapshot,
            "pages": {language: f"{places.edition_page(edition.id, language).file}.html" for language in LANGUAGES},
            "data": [places.data_file(edition.id, f"{name}.csv") for name in edition.results],
            "remarks": [WORDS[mark] for mark in downloads.marks(edition)],
        }
        for edition in reversed(site.editions)
    ]
    return (json.dumps(entries, ensure_ascii=False, indent=1) + "\n").encode()


def _write_pictures(site: Site, edition: Edition, folder: Path, place: Place) -> None:
    for section in edition.sections:
        for one in site.exhibits(edition, section, place.language):
            if one.picture:
                file = places.picture_file(edition.id, one.id, place.language)
                _write_bytes(folder / file, one.picture.printed.svg.encode())


def _write(folder: Path, place: Place, text: str) -> None:
    _write_bytes(folder / f"{place.file}.md", text.encode())


def _write_bytes(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
