"""The synthetic chain: fictitious suspects, cases and sanctions, in the partners' own file layouts."""

from pathlib import Path

import numpy as np

from das_research.catalog.models import Catalog
from das_research.errors import UsageError
from das_research.home import write_file
from das_research.synthetic import faults, layout, ratios
from das_research.synthetic.careers import registrations
from das_research.synthetic.deliveries import DATES, Columns, delivered
from das_research.synthetic.population import persons

__all__ = ["generate", "simulate"]

WARM_UP = 2  # years simulated before the first, of which only what still runs is delivered
COMPRESSED = {"uitspraken"}


def simulate(years: range | tuple[int, int], scale: float, seed: int) -> dict[str, Columns]:
    """The chain without faults, as columns of typed values for each dataset.

    Parameters
    ----------
    years : range or pair of int
        First and last calendar year, both included.
    scale : float
        Share of the real number of registrations of suspects; 0.01 gives about 2,500 a year.
    seed : int
        The same years, scale and seed give the same chain.

    Returns
    -------
    dict
        Dataset to its columns: unified codes, normalised identifiers, dates. Every registration of these years, the
        cases of the two years before that were still open, and nothing after the last 31 December.
    """
    first, last = years[0], years[-1]
    known = list(ratios.REGISTRATIONS)
    simulated = range(first - WARM_UP, last + 1)
    expected = scale * np.interp(simulated, known, list(ratios.REGISTRATIONS.values()))
    suspects = persons(simulated[0], last, float(expected.mean()), seed)
    cases = registrations(suspects, dict(zip(simulated, expected.tolist(), strict=True)), seed)
    return delivered(suspects, cases, np.datetime64(f"{first}-01-01"), np.datetime64(f"{last}-12-31"), seed)


def generate(
    catalog: Catalog, folder: str | Path, years: range | tuple[int, int], scale: float, seed: int
) -> dict[str, Path]:
    """Write the synthetic deliveries, one file a dataset, as the partners would send them.

    Parameters
    ----------
    catalog : Catalog
        The Dutch catalogue; it tells how each file is laid out.
    folder : str or Path
        Where the files go: ``<dataset>.csv``, or ``<dataset>.csv.gz``.
    years : range or pair of int
        First and last calendar year, both included.
    scale : float
        Share of the real number of registrations of suspects; 0.01 gives about 2,500 a year.
    seed : int
        The same catalogue, years, scale and seed give the same bytes.

    Returns
    -------
    dict
        Dataset id to the file written.

    Raises
    ------
    UsageError
        When the years, the scale or the catalogue can't be used.

    Examples
    --------
    >>> generate(load_catalog("data_catalog"), "files", (2012, 2024), 0.01, 1)["strafzaken"].name  # doctest: +SKIP
    'strafzaken.csv'
    """
    _check(catalog, years, scale, seed)
    paths = {}
    for name, columns in simulate(years, scale, seed).items():
        dataset = catalog.datasets[name]
        spelled = layout.spell(catalog, dataset, columns, seed)
        compress = name in COMPRESSED
        paths[name] = Path(folder) / f"{name}.csv{'.gz' if compress else ''}"
        write_file(paths[name], layout.write(dataset, faults.plant(dataset, columns, spelled, seed), compress))
    return paths


def _check(catalog: Catalog, years: range | tuple[int, int], scale: float, seed: int) -> None:
    possible = range(2008, 2031)  # what the dates of the catalogue's datasets allow, with room for late registrations
    if len(years) == 0 or years[0] > years[-1] or years[0] not in possible or years[-1] not in possible:
        raise UsageError(
            "The synthetic chain can't be made for these years.",
            why="It needs a first and a last year between 2008 and 2030, in that order.",
            fix="das synthetic DIR --years 2012-2024",
        )
    if not 0 < scale <= 1 or seed < 0:
        raise UsageError(
            "The synthetic chain can't be made at this scale or seed.",
            why="The scale is a share of the real chain, above 0 and at most 1; the seed is not negative.",
            fix="das synthetic DIR --scale 0.01 --seed 1",
        )
    missing = sorted(set(DATES) - set(catalog.datasets))
    if missing:
        raise UsageError(
            f"The catalogue {catalog.id} has no dataset {', '.join(missing)}.",
            why="The synthetic chain is the Dutch one.",
            fix="Use --catalog data_catalog, or deliver files of your own.",
        )
