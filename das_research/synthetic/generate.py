"""Writing a synthetic chain: every partner's file, the truth under them, and what they were made with."""

import errno
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from das_research.catalog.models import Catalog
from das_research.errors import UsageError
from das_research.home import files_hash, new_folder
from das_research.synthetic import making, parts, truth
from das_research.synthetic.aims import Aims
from das_research.synthetic.making import CORRECTIONS, PARTS, Maker

POSSIBLE = range(2008, 2031)  # what the dates of the catalogue's datasets allow, with room for late registrations
ABOUT = "keten.json"
WORTHWHILE = 2  # blocks from which several processes are faster than one

Step = Callable[[int, int], None]  # told how many parts are done, of how many


def in_silence(_done: int, _of: int) -> None:
    """Say nothing of progress."""


def generate(
    catalog: Catalog,
    folder: str | Path,
    years: range | tuple[int, int],
    scale: float,
    seed: int,
    workers: int = 2,
    progress: Step = in_silence,
) -> dict[str, Path]:
    """Write the synthetic deliveries, one file a dataset, as the partners would send them.

    Parameters
    ----------
    catalog : Catalog
        The Dutch catalogue; it tells how each file is laid out and what the chain must look like.
    folder : str or Path
        A new folder. It gets ``<dataset>.csv`` or ``<dataset>.csv.gz``; ``correcties/``, later deliveries that mend
        faulty rows; ``waarheid/``, the true values and links of every row; and ``keten.json``, what it was made with.
    years : range or pair of int
        First and last calendar year, both included.
    scale : float
        Share of the real chain's size, above 0 and at most 1.
    seed : int
        The same catalogue, years, scale and seed give the same bytes.
    workers : int
        Processes at work; the bytes do not depend on it.
    progress : callable
        Called after each part with the parts done and all there are.

    Returns
    -------
    dict
        Dataset id to the file written.

    Raises
    ------
    UsageError
        When the years, the scale or the catalogue can't be used, the folder exists already, or the disk is full.

    Examples
    --------
    >>> generate(load_catalog("data_catalog"), "files", (2012, 2024), 0.01, 1)["strafzaken"].name  # doctest: +SKIP
    'strafzaken.csv'
    """
    aims, target = aims_of(catalog, years, scale, seed), Path(folder)
    if target.exists():
        raise UsageError(
            f"{target} exists already.",
            why="A synthetic chain is written to a new folder, so that nothing of another is left in it.",
            fix="Name another folder, or remove this one first.",
        )
    try:
        with new_folder(target) as staging:
            _write(catalog, aims, staging, workers, progress)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise UsageError(
            "The disk is full, and nothing of the synthetic chain was kept.",
            why=f"At scale {scale:g} the files, their truth and what is needed to make them take more than is free.",
            fix="Free some space, choose a smaller --scale, or name a folder on another disk.",
        ) from None
    return files_in(catalog, target)


def generate_again(catalog: Catalog, folder: Path, years: tuple[int, int], scale: float, seed: int) -> dict[str, Path]:
    """The same, in the place of whatever chain the folder held; one that was made with the same is left as it is."""
    about = folder / ABOUT
    if about.is_file() and json.loads(about.read_text(encoding="utf-8")) == made_with(catalog, years, scale, seed):
        return files_in(catalog, folder)
    aims_of(catalog, years, scale, seed)
    shutil.rmtree(folder, ignore_errors=True)
    return generate(catalog, folder, years, scale, seed)


def aims_of(catalog: Catalog, years: range | tuple[int, int], scale: float, seed: int) -> Aims:
    """What a chain of these years must look like.

    Raises
    ------
    UsageError
        When the years, the scale, the seed or the catalogue can't be used.
    """
    if len(years) == 0 or years[0] > years[-1] or years[0] not in POSSIBLE or years[-1] not in POSSIBLE:
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
    if not catalog.synthetic:
        raise UsageError(
            f"The catalogue {catalog.id} has no synthetic chain.",
            why="What it must look like stands in the catalogue's folder 'synthetic', and this one has none.",
            fix="Use --catalog data_catalog, or deliver files of your own.",
        )
    return Aims(next(iter(catalog.synthetic.values())), years[0], years[-1], scale, seed)


def files_in(catalog: Catalog, folder: Path) -> dict[str, Path]:
    """Dataset to its file, in the order of the catalogue, in a folder that `generate` wrote."""
    found = {path.name.partition(".")[0]: path for path in folder.glob("*.csv*")}
    return {dataset: found[dataset] for dataset in catalog.datasets if dataset in found}


def made_with(catalog: Catalog, years: tuple[int, int], scale: float, seed: int) -> dict[str, object]:
    """What `keten.json` says of a chain: two that say the same hold the same bytes."""
    code = files_hash(Path(__file__).parent, Path(__file__).parent.rglob("*.py"))
    return {"years": [years[0], years[-1]], "scale": scale, "seed": seed, "catalog": catalog.hash, "code": code}


def _write(catalog: Catalog, aims: Aims, folder: Path, workers: int, progress: Step) -> None:
    blocks = range(parts.blocks_of(aims))
    maker = Maker(catalog, aims, folder)
    counts: dict[str, dict[str, object]] = {}
    with running(workers if len(blocks) >= WORTHWHILE else 1) as run:
        counted = list(run(partial(parts.census, aims), blocks))
        every = parts.parts(aims, counted)
        for number, (part, made) in enumerate(zip(every, run(maker.make, every), strict=True), 1):
            for dataset, found in made.items():
                _add(counts.setdefault(dataset, {}), part.order, found)
            progress(number, len(every))
    making.put_together(catalog, folder, PARTS, folder)
    making.put_together(catalog, folder, f"{PARTS}-{CORRECTIONS}", folder / CORRECTIONS)
    truth.write_counts(folder, counts)
    about = made_with(catalog, (aims.first, aims.last), aims.scale, aims.seed)
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _add(total: dict, order: int, found: dict[str, int]) -> None:
    total.setdefault("before", {})[str(order)] = total.get("rows", 0)
    for name, count in found.items():
        total[name] = total.get(name, 0) + count


@contextmanager
def running(workers: int) -> Iterator[Callable[[Callable, Iterable], Iterator]]:
    """Runs a function over many things, in order: in processes of their own, or here."""
    if workers == 1:
        yield map
        return
    executor = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        yield executor.map
    finally:
        executor.shutdown(cancel_futures=True)
