"""Twins: a project's tables and columns with a fictitious chain in them, to write notebooks on.

A twin is an ordinary extract, in a home of its own: partners' files are invented, delivered, built and extracted by the
same steps as the real ones, so that what runs on a twin runs on the extract. Only the catalogue is needed for it, and
nothing of a person is in it, so a twin needs no wall.
"""

from collections.abc import Callable
from datetime import date

from das_research.access.extract import extract
from das_research.access.grants import check_grant
from das_research.access.manifest import Extract
from das_research.catalog.models import Catalog
from das_research.home import Home
from das_research.intake.gate import deliver
from das_research.synthetic.generate import generate_again
from das_research.warehouse.build import build

YEARS, SCALE, SEED = (2012, 2024), 0.01, 1
FILES = "files"

Step = Callable[[str], None]


def make_twin(
    catalog: Catalog,
    home: Home,
    project: str,
    account: str,
    *,
    years: tuple[int, int] = YEARS,
    scale: float = SCALE,
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
        The home whose project it is; nothing of its zones is read.
    project : str
        The project.
    account : str
        Who asks: one of the grant's people.
    years : pair of int
        First and last calendar year of the fictitious chain.
    scale : float
        Its size, as a share of the real chain's.
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
    twins = home.twins
    progress("a fictitious chain")
    files = generate_again(catalog, twins.root / FILES, years, scale, seed)
    for dataset, path in files.items():
        progress(f"gate 1: {dataset}")
        deliver(catalog, twins, dataset, path, account)
    progress("warehouse")
    build(catalog, twins)
    progress("gate 2")
    return extract(catalog, twins, project, account, today, apart=True)
