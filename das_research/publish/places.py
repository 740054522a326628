"""Where every page of the site lies. Dutch pages lie at the root, English ones under ``en/``, otherwise alike."""

import posixpath
from dataclasses import dataclass

from das_research.style.numbers import Language

INDEX, METHOD, ACCESSIBILITY, USES = "index", "over/methode", "over/toegankelijkheid", "over/gebruik"


@dataclass(frozen=True)
class Place:
    """One page.

    Parameters
    ----------
    path : str
        Its path below its language's root, without suffix.
    language : {'nl', 'en'}
        Its language.

    Examples
    --------
    >>> Place("editie/ketenmonitor-2025-03-03/index", "en").file
    'en/editie/ketenmonitor-2025-03-03/index'
    >>> Place("index", "en").to(Place("over/methode", "nl"))
    '../over/methode.html'
    """

    path: str
    language: Language

    @property
    def file(self) -> str:
        """The path below the site, without suffix."""
        return self.path if self.language == "nl" else f"en/{self.path}"

    @property
    def root(self) -> str:
        """The way back to the root of the site: empty or ending in a slash."""
        return "../" * self.file.count("/")

    @property
    def translation(self) -> "Place":
        """The same page in the other language."""
        return Place(self.path, "en" if self.language == "nl" else "nl")

    def to(self, other: "Place") -> str:
        """A link from here to another page."""
        return self.to_file(f"{other.file}.html")

    def to_file(self, file: str) -> str:
        """A link from here to a file of the site."""
        return posixpath.relpath(file, posixpath.dirname(self.file) or ".")


def edition_folder(edition_id: str) -> str:
    """Where an edition lies for ever."""
    return f"editie/{edition_id}"


def edition_page(edition_id: str, language: Language) -> Place:
    """The permanent page of an edition."""
    return Place(f"{edition_folder(edition_id)}/index", language)


def monitor_page(monitor: str, language: Language) -> Place:
    """The page of a monitor's latest edition."""
    return Place(f"{monitor}/index", language)


def theme_page(theme: str, language: Language) -> Place:
    """The page of a theme, with the latest key figures of it."""
    return Place(f"{theme}/index", language)


def picture_file(edition_id: str, exhibit: str, language: Language) -> str:
    """A picture for paper."""
    return f"{edition_folder(edition_id)}/figuren/{exhibit}.{language}.svg"


def data_file(edition_id: str, name: str) -> str:
    """A download of an edition."""
    return f"{edition_folder(edition_id)}/data/{name}"


def pdf_file(edition_id: str, language: Language) -> str:
    """The edition as a document."""
    return f"{edition_page(edition_id, language).file.removesuffix('index')}{edition_id}.pdf"
