"""`das synthetic`: fictitious deliveries in the partners' own file layouts."""

from pathlib import Path
from typing import Annotated

import typer

from das_research.catalog.models import Catalog
from das_research.commands.context import print_text, progress_bar, state_of
from das_research.errors import UsageError
from das_research.home import write_file


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    app.command("synthetic")(synthetic)


def synthetic(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go.")],
    years: Annotated[str, typer.Option(help="First and last year, as 2012-2024.")] = "2012-2024",
    scale: Annotated[float, typer.Option(help="Share of the real chain's size.")] = 0.01,
    seed: Annotated[int, typer.Option(help="Another seed gives another chain.")] = 1,
    calibration: Annotated[
        Path | None, typer.Option(metavar="FILE.md", help="Also write the chain beside every published total.")
    ] = None,
    only_calibration: Annotated[
        bool, typer.Option("--only-calibration", help="Of the chain that DIR holds already; nothing else is written.")
    ] = False,
    own_file: Annotated[
        str | None,
        typer.Option("--own-file", metavar="NAME", help="A project's own file of people in the chain that DIR holds."),
    ] = None,
) -> None:
    """Write a fictitious chain as files that partners could have sent."""
    if own_file is not None:
        from das_research.synthetic.own_file import write_own_file

        path = write_own_file(state_of(context).catalog(), folder, own_file, seed)
        print_text(f"{path}\nDeliver it with: das deliver {own_file} {path}")
        return
    if only_calibration:
        if calibration is None:
            raise UsageError(
                "There is no file to write.", fix=f"das synthetic {folder} --only-calibration --calibration FILE.md"
            )
        _write_calibration(state_of(context).catalog(), folder, calibration)
        return
    from das_research.style.numbers import SYNTHETIC
    from das_research.synthetic.generate import generate

    state = state_of(context)
    with progress_bar() as progress:
        task = progress.add_task("A fictitious chain", total=None)
        files = generate(
            state.catalog(),
            folder,
            years_of(years),
            scale,
            seed,
            progress=lambda done, of: progress.update(task, completed=done, total=of),
        )
    for dataset, path in files.items():
        print_text(f"{dataset}: {path}")
    print_text(f"{SYNTHETIC[state.catalog().language]}. Deliver a file with: das deliver DATASET FILE")
    if calibration is not None:
        _write_calibration(state.catalog(), folder, calibration)


def _write_calibration(catalog: Catalog, folder: Path, file: Path) -> None:
    from das_research.synthetic.calibration import calibrate
    from das_research.synthetic.calibration_table import calibration_table

    comparison = calibrate(catalog, folder)
    write_file(file, calibration_table(comparison))
    headline = [it.verdict for it in comparison.compared if it.total.series.headline]
    print_text(
        f"{file}: of the headline series {headline.count('met')} totals are met, {headline.count('missed')} missed and "
        f"{headline.count('not scored')} not scored; {len(comparison.compared)} totals in all"
    )


def years_of(text: str) -> tuple[int, int]:
    """First and last year of a range such as 2012-2024.

    Examples
    --------
    >>> years_of("2012-2024"), years_of("2019")
    ((2012, 2024), (2019, 2019))
    """
    first, _, last = text.partition("-")
    if not (first.isdigit() and (last or first).isdigit()):
        raise UsageError("The years can't be read.", fix="Type --years 2012-2024.")
    return int(first), int(last or first)
