"""An open project: its granted tables, and the desk where results are handed over."""

from datetime import date
from html import escape
from types import TracebackType

from das_research.access.handover import HandoverDesk
from das_research.access.manifest import DATABASE, Extract, extract_folder
from das_research.access.tables import Tables
from das_research.catalog.models import Catalog, Grant, Text
from das_research.engines import open_extract
from das_research.errors import UsageError
from das_research.handover import NOTHING, Section
from das_research.home import Home
from das_research.result import Result
from das_research.style.numbers import SYNTHETIC
from das_research.tabulation import belongs_to

LABELS = {
    "nl": {"purpose": "Doel", "end": "Tot en met", "tables": "Tabellen", "extract": "Extract"},
    "en": {"purpose": "Purpose", "end": "Until", "tables": "Tables", "extract": "Extract"},
}


class Project:
    """An open project: its tables, and the way out for what is computed on them.

    Made by `open_project`. Use it as a context manager, or close it when done.

    Attributes
    ----------
    id : str
        The project, which is the id of its grant.
    grant : Grant
        The approved use.
    catalog : Catalog
        The catalogue.
    manifest : Extract
        The extract under it.
    account : str
        Who opened it.
    engine : Backend
        The extract's database, read-only.
    tables : Tables
        The granted tables, as Ibis tables.
    """

    def __init__(self, home: Home, catalog: Catalog, grant: Grant, manifest: Extract, account: str):
        self.id = grant.id
        self.grant, self.catalog, self.manifest, self.account = grant, catalog, manifest, account
        self.engine = open_extract(extract_folder(home, manifest) / DATABASE)
        belongs_to(self.engine, self)
        self.tables = Tables(catalog, grant, self.engine, tuple(manifest.tables))
        self._desk = HandoverDesk(home, manifest, account)

    @property
    def synthetic(self) -> bool:
        """True when the data are fictitious."""
        return self.manifest.synthetic

    @property
    def snapshot(self) -> str:
        """The id of the snapshot under the extract."""
        return self.manifest.snapshot

    @property
    def observed_until(self) -> date:
        """The last day the sources cover."""
        return self.manifest.observed_until

    @property
    def linkage(self) -> dict[str, float]:
        """Dataset to the share of its cases that an earlier stage knows."""
        return self.manifest.linkage

    def release(self, result: Result, name: str, *, context: str | Text = "") -> str:
        """Hand a Result over to gate 3, which computes it again, checks it, and puts it before reviewers.

        Nothing leaves the project by this: it lays the Result in the folder of the run.

        Parameters
        ----------
        result : Result
            Computed in this project on this extract's snapshot.
        name : str
            Its name: a small letter, then small letters, digits, - and _.
        context : str or Text
            What a reader must know with it; given, the Result gets a section of its own.

        Returns
        -------
        str
            The id of the run whose folder holds the hand-over.

        Raises
        ------
        UsageError
            The name does not fit, or the Result belongs to another project or snapshot.
        """
        if not isinstance(result, Result):
            raise UsageError(
                f"'{name}' is no Result, and only a Result can be released.",
                why="A Result carries its definition, its recipe, and what disclosure control needs.",
                fix="Make one with das.chain, or of your own table with das.tabulate(table, by=[...], measures={...}).",
            )
        folder = self._desk.add(result, name)
        if context:
            folder = self._desk.add_section(
                Section(name, "table", (name,), _both(self.grant.title), _both(result.title), _both(context))
            )
        return folder.name

    def section(
        self,
        id: str,
        *,
        view: str = "table",
        results: list[str] | tuple[str, ...],
        kicker: str | Text = NOTHING,
        headline: str | Text = NOTHING,
        text: str | Text = NOTHING,
    ) -> str:
        """Say how handed-over Results are shown on the page of the monitor.

        Parameters
        ----------
        id : str
            Name of the section; a later one of the same name takes its place.
        view : {'flow', 'conversion', 'duration', 'deliveries', 'figures', 'table'}
            How it is drawn.
        results : list of str
            Names given to `release`: the first is drawn, the cells of all can be addressed by the texts.
        kicker, headline, text : str or Text
            Templates; a bare string stands for both languages.

        Returns
        -------
        str
            The id of the run whose folder holds the hand-over.

        Raises
        ------
        UsageError
            An unknown view, a name that does not fit, or a Result that was not handed over.
        """
        section = Section(id, view, tuple(results), _both(kicker), _both(headline), _both(text))
        return self._desk.add_section(section).name

    def close(self) -> None:
        """Close the database."""
        self.engine.disconnect()

    def __enter__(self) -> "Project":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Project({self.id!r}, extract={self.manifest.id!r}, tables={list(self.tables)})"

    def _repr_html_(self) -> str:
        language = self.catalog.language
        labels = LABELS[language]
        facts = {
            labels["purpose"]: self.grant.purpose,
            labels["end"]: self.grant.end.isoformat(),
            labels["tables"]: ", ".join(self.tables),
            labels["extract"]: self.manifest.id,
        }
        lines = "".join(f"<tr><th>{escape(name)}</th><td>{escape(fact)}</td></tr>" for name, fact in facts.items())
        mark = f"<p><strong>{SYNTHETIC[language]}</strong></p>" if self.synthetic else ""
        return f"<h3>{escape(self.grant.title[language])}</h3>{mark}<table>{lines}</table>"


def _both(words: str | Text) -> Text:
    return Text(nl=words, en=words) if isinstance(words, str) else words
