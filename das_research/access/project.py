"""What a researcher opens: the project, with its granted tables and the desk where results are handed over."""

import os
import warnings as python_warnings
from datetime import date
from html import escape
from pathlib import Path
from types import TracebackType

from das_research.access.extract import DATABASE, Extract, check_mode, current_extract, extract_folder, read_extract
from das_research.access.grants import check_grant, current_account, find_grant, warnings
from das_research.access.handover import HandoverDesk
from das_research.access.scope import grant_hash
from das_research.access.tables import Tables
from das_research.catalog import load_catalog
from das_research.catalog.models import Catalog, Grant, Text
from das_research.engines import open_extract
from das_research.errors import AccessRefused, UsageError
from das_research.handover import NOTHING, Section
from das_research.home import Home
from das_research.result import Result
from das_research.tabulation import belongs_to

FICTITIOUS = Text(nl="Fictieve gegevens, geen echte cijfers", en="Fictitious data, no real figures")
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
        view : {'flow', 'conversion', 'duration', 'deliveries', 'table'}
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
        mark = f"<p><strong>{FICTITIOUS[language]}</strong></p>" if self.synthetic else ""
        return f"<h3>{escape(self.grant.title[language])}</h3>{mark}<table>{lines}</table>"


def open_project(
    project: str,
    *,
    home: Home | Path | str | None = None,
    catalog: Catalog | Path | str | None = None,
    account: str | None = None,
    today: date | None = None,
) -> Project:
    """Open a project: the grant is checked, then its own database is opened read-only.

    Parameters
    ----------
    project : str
        The project, which is the id of its grant.
    home : Home, Path or str, optional
        The home folder; default ``DAS_HOME``, else ``.das``.
    catalog : Catalog, Path or str, optional
        The catalogue or its folder; default ``DAS_CATALOG``, else ``data_catalog``.
    account : str, optional
        Who opens it; default ``DAS_ACCOUNT``, else the account of the operating system.
    today : date, optional
        The day of the decision; default the current day.

    Returns
    -------
    Project
        The open project. Near the end of the grant, of the account's time in it, or of an agreement under it, a
        warning is given.

    Raises
    ------
    UsageError
        No such project.
    AccessRefused
        The grant does not allow it, or there is no extract of the grant as it is now.
    """
    catalog = (
        catalog
        if isinstance(catalog, Catalog)
        else load_catalog(catalog or os.environ.get("DAS_CATALOG", "data_catalog"))
    )
    home = home if isinstance(home, Home) else Home(Path(home or os.environ.get("DAS_HOME", ".das")))
    account = account or current_account()
    grant = check_grant(catalog, project, account, today)
    check_mode(grant)
    manifest = current_extract(home, project)
    _check_scope(catalog, grant, manifest)
    for sentence in warnings(catalog, project, account, today):
        python_warnings.warn(sentence, stacklevel=2)
    return Project(home, catalog, grant, manifest, account)


def open_for_release(home: Home, catalog: Catalog, project: str, extract_id: str, account: str) -> Project:
    """Open the extract under a hand-over, as gate 3 does to compute its Results again.

    The account is the gate's and none of the project's people, so the grant's people and dates are not asked.

    Raises
    ------
    UsageError
        No such project.
    AccessRefused
        The extract is not there, or holds what the grant as it is now does not give: what was taken from a project does
        not leave it afterwards.
    """
    grant, manifest = find_grant(catalog, project), read_extract(home, project, extract_id)
    _check_scope(catalog, grant, manifest)
    return Project(home, catalog, grant, manifest, account)


def _check_scope(catalog: Catalog, grant: Grant, manifest: Extract) -> None:
    if manifest.grant_hash != grant_hash(catalog, grant):
        raise AccessRefused(
            f"The extract of the project '{grant.id}' is not that of its grant as it is now.",
            why="The grant, or an agreement or dataset under it, changed since the extract was made.",
            fix=f"Type: das project extract {grant.id}",
        )


def _both(words: str | Text) -> Text:
    return Text(nl=words, en=words) if isinstance(words, str) else words
