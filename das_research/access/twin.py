"""Twins: a project's tables and columns with a fictitious chain in them, to write notebooks on.

A twin is an ordinary extract, in a home of its own: partners' files are invented, delivered, built and extracted by the
same steps as the real ones, so that what runs on a twin runs on the extract. Only the catalogue is needed for it, and
nothing of a person is in it, so a twin needs no wall.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from das_research.access.extract import extract
from das_research.access.grants import check_grant
from das_research.access.manifest import Extract, current_extract
from das_research.access.twin_homes import chain_home, name_twin, twin_home
from das_research.access.twin_size import STEPS, scale_like
from das_research.catalog.models import Catalog
from das_research.catalog.own_files import seen_by
from das_research.errors import AccessRefused
from das_research.home import Home, locked
from das_research.intake.gate import deliver
from das_research.synthetic.generate import ABOUT, generate_again, made_with
from das_research.synthetic.own_file import write_own_file
from das_research.warehouse.build import build

YEARS, SCALE, SEED = (2012, 2024), 0.01, 1
FILES, LOCK = "files", ".lock"

Step = Callable[[str], None]


def make_twin(
    catalog: Catalog,
    home: Home,
    project: str,
    account: str,
    *,
    years: tuple[int, int] = YEARS,
    scale: float | None = None,
    seed: int = SEED,
    today: date | None = None,
    progress: Step = lambda _: None,
) -> Extract:
    """Make the twin of a project's extract; a step that was done before for another project is not done again.

    Parameters
    ----------
    catalog : Catalog
        A catalogue that describes a synthetic chain.
    home : Home
        The home whose project it is; nothing of its zones is read but how many rows the project's extract has.
    project : str
        The project.
    account : str
        Who asks: one of the grant's people.
    years : pair of int
        First and last calendar year of the fictitious chain.
    scale : float, optional
        Its size, as a share of the real chain's. Default: that which gives the twin about the size of the project's
        extract, see `scale_like`; without an extract that this account can read, or of a project with a list of its
        own, 0.01.
    seed : int
        Another seed, another chain.
    today : date, optional
        The day of the decision; default the current day.
    progress : callable
        Told what is being done.

    Returns
    -------
    Extract
        Its manifest: of the same tables and columns as the project's extract, and synthetic.

    Raises
    ------
    UsageError
        No such project, or the catalogue describes no synthetic chain.
    AccessRefused
        The grant does not allow it.
    """
    check_grant(catalog, project, account, today)

    def made(scale: float) -> tuple[str, Extract]:
        name = _chain_name(catalog, years, scale, seed)
        there = chain_home(home, name)
        progress(f"a fictitious chain, at scale {scale:g}")
        for dataset, path in generate_again(catalog, there.root / FILES, years, scale, seed).items():
            progress(f"gate 1: {dataset}")
            deliver(catalog, there, dataset, path, account)
        for file in catalog.grants[project].own_files:
            progress(f"gate 1: {file}")
            path = write_own_file(catalog, there.root / FILES, file, seed)
            deliver(seen_by(catalog, project), there.own_files(project), file, path, account)
        progress("warehouse")
        build(catalog, there)
        progress("gate 2")
        return name, extract(catalog, there, project, account, today, apart=True)

    with locked(home.twins / LOCK):
        if scale is None:
            scale = _like_extract(home, project, years, lambda: made(STEPS[0])[1]) or SCALE
        name, manifest = made(scale)
        name_twin(home, project, name)
    return manifest


def _like_extract(home: Home, project: str, years: tuple[int, int], smallest: Callable[[], Extract]) -> float | None:
    """The scale for a twin of about the size of the project's extract, by the twin that it has or else a small one."""
    standing = _standing(home, project)
    if standing is None or standing.own_files:  # whose rows go with its list, and not with the chain
        return None
    there = twin_home(home, project)
    twin, about = _standing(there, project), there.root / FILES / ABOUT
    if twin and about.is_file() and (made := json.loads(about.read_text(encoding="utf-8")))["years"] == list(years):
        found = scale_like(standing.tables, twin.tables, made["scale"])
        if found:
            return found
    return scale_like(standing.tables, smallest().tables, STEPS[0])


def _standing(home: Home, project: str) -> Extract | None:
    """The manifest of the project's extract, where there is one that this account can read."""
    with suppress(AccessRefused, OSError):
        return current_extract(home, project)
    return None


def _chain_name(catalog: Catalog, years: tuple[int, int], scale: float, seed: int) -> str:
    """The folder of a chain: of another catalogue, size or seed the rows are others, and never mix."""
    made = json.dumps(made_with(catalog, years, scale, seed), sort_keys=True)
    return f"chain-{hashlib.sha256(made.encode()).hexdigest()[:12]}"
