"""An open project: its granted tables, and the desk where results are handed over."""

from copy import copy
from datetime import date
from html import escape
from types import TracebackType

import ibis.expr.types as ir
from ibis.backends.sql import SQLBackend

from das_research.access.database import open_database
from das_research.access.handover import HandoverDesk
from das_research.access.manifest import Extract, PersonLinks
from das_research.access.returned import Returned, read_returned
from das_research.access.tables import Tables
from das_research.access.told import tell_handed_over
from das_research.catalog.models import Catalog, Grant, Text
from das_research.catalog.tables import LINKS, PERSON, PERSON_LINKS, STANDARD, PersonLink
from das_research.disclosure.releases import OUT, list_releases
from das_research.engines import with_columns_replaced
from das_research.errors import UsageError
from das_research.handover import NOTHING, Section
from das_research.home import Home
from das_research.result import Result
from das_research.style.numbers import SYNTHETIC
from das_research.style.plain import plain_text
from das_research.style.tables import facts_html
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
    engine : SQLBackend
        The extract's database, read-only: a file, or the views of the project on a server.
    tables : Tables
        The granted tables, as Ibis tables.
    link : str
        The link of persons whose key ``person_id`` is; see `at`.
    person_links : str
        Whether the strict, the standard and the loose link give the same persons in this extract; ``none`` of a project
        that is already that of another link.
    """

    def __init__(
        self,
        home: Home,
        catalog: Catalog,
        grant: Grant,
        manifest: Extract,
        account: str,
        engine: SQLBackend | None = None,
    ):
        self.id = grant.id
        self.grant, self.catalog, self.manifest, self.account = grant, catalog, manifest, account
        self.engine: SQLBackend = engine or open_database(home, manifest)
        belongs_to(self.engine, self)
        self.link: PersonLink = STANDARD
        # no property: where one is annotated with a Literal, jedi completes nothing of the whole object
        self.person_links: PersonLinks = manifest.person_links
        self.tables = Tables(catalog, grant, self.engine, tuple(manifest.tables))
        self._desk, self._home = HandoverDesk(home, manifest, account), home

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

    def at(self, link: PersonLink) -> "Project":
        """The same project with the persons of another link: its tables have that key in the place of ``person_id``.

        For looking at how a number depends on the links. A Result gets its band by itself, and only what was computed
        by the standard link is released.

        Parameters
        ----------
        link : {'strict', 'standard', 'loose'}
            Fewer records are one person by the strict link than by the standard one, more by the loose one.

        Returns
        -------
        Project
            Over the same open database: closing one closes all.

        Raises
        ------
        UsageError
            When there is no such link, or the grant gives no persons.

        Examples
        --------
        >>> project.at("strict").tables.cases.person_id.nunique()  # doctest: +SKIP
        """
        if link not in LINKS:
            raise UsageError(f"There is no link '{link}'.", fix=f"Choose one of: {', '.join(LINKS)}.")
        if link != STANDARD and self.manifest.person_links == "none":
            raise UsageError(
                f"The project '{self.id}' knows no persons by the {link} link.",
                why="Its extract has no person_id, or its chain knows no persons.",
                ask="the steward of the data, who can widen the grant",
            )
        other = copy(self)
        other.link = link
        other.person_links = self.manifest.person_links if link == STANDARD else "none"
        other.tables = Tables(self.catalog, self.grant, self.engine, tuple(self.manifest.tables), link)
        return other

    def linked(self, table: ir.Table, query: str) -> ir.Table:
        """A table of the project by the standard link, with the persons of this link in the tables it is made from.

        Parameters
        ----------
        table : Table
            Made from the tables of the project.
        query : str
            The same in the engine's words.

        Raises
        ------
        UsageError
            When the query can't be run so.
        """
        if self.link == STANDARD:
            return table
        other = PERSON_LINKS[self.link]
        known = [name for name, table in self.manifest.tables.items() if other in table.columns]
        return with_columns_replaced(self.engine, query, dict.fromkeys(known, (PERSON, other)))

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
            The name does not fit, the Result belongs to another project or snapshot, or the project is that of another
            link than the standard one.
        """
        if self.link != STANDARD:
            raise UsageError(
                f"What was computed by the {self.link} link can't be released.",
                why="A released number is that of the standard link, and has the other two as its band.",
                fix="Compute it on the project itself, and release that.",
            )
        if not isinstance(result, Result):
            raise UsageError(
                f"'{name}' is no Result, and only a Result can be released.",
                why="A Result carries its definition, its recipe, and what disclosure control needs.",
                fix="Make one with das.chain, or of your own table with das.tabulate(table, by=[...], measures={...}).",
            )
        words = map(plain_text, (self.grant.title, result.title, context))
        folder = self._desk.add(result, name, Section(name, "table", (name,), *words) if context else None)
        tell_handed_over(self.catalog, self._home, self.account, self.grant, folder.name, result)
        return folder.name

    @property
    def returned(self) -> list[Returned]:
        """The hand-overs of this project that reviewers sent back, with their reasons: where a next attempt begins."""
        return read_returned(self._home.project(self.id) / "runs")

    @property
    def released(self) -> list[Result]:
        """The Results of this project that are out, as they left: the editions of a series, for one."""
        mine = (it for it in list_releases(self._home) if it.project == self.id and it.state in OUT)
        return [result for release in mine for result in release.results.values()]

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
        view : {'flow', 'conversion', 'shares', 'duration', 'within', 'deliveries', 'cohorts', 'figures', 'table'}
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
        section = Section(id, view, tuple(results), plain_text(kicker), plain_text(headline), plain_text(text))
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
        mark = f"<p><strong>{SYNTHETIC[language]}</strong></p>" if self.synthetic else ""
        return f"<h3>{escape(self.grant.title[language])}</h3>{mark}{facts_html(facts)}"
