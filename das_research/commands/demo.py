"""`das demo`: the main job from nothing, from deliveries to the website, with one progress display."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from das_research.commands.context import State, console, print_text, state_of
from das_research.errors import UsageError

if TYPE_CHECKING:
    from das_research.catalog.models import Catalog, Demo

Deed = tuple[str, str]  # what was done, and what came of it


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    app.command("demo")(demo)


def demo(
    context: typer.Context,
    data: Annotated[
        str, typer.Option(metavar="DIR", help="The folder of the partners' files, where the catalogue has no synthetic ones.")
    ] = "",
) -> None:
    """Deliver, build, extract, run the monitor, release and publish, by fictitious accounts; nobody reviews it."""
    state = state_of(context)
    catalog = state.catalog()
    if catalog.demo is None:
        raise UsageError("This catalogue has no demonstration.", fix="Name another with --catalog DIR.")
    files = source_files(state, catalog.demo, data)
    out = console()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as progress:
        task = progress.add_task("Starting", total=len(files or catalog.datasets) + 7)
        for done, what in deeds(state, catalog, catalog.demo, files):
            progress.console.print(f"  {done:<10} {what}")
            progress.update(task, advance=1, description=done)
    print_text(f"\nNobody reviewed this edition: accounts of the demonstration approved it.\nOpen {state.home.site / 'index.html'}")


def source_files(state: State, demo: "Demo", data: str) -> dict[str, Path]:
    """Dataset to the file to deliver; empty where the synthetic chain has yet to write them."""
    if demo.source.synthetic:
        return {}
    example = f"make real DATA={data or 'DIR'}"
    if not data:
        raise UsageError(
            "This demonstration needs the partners' files.",
            why=f"They are not part of the project. {demo.source.origin}",
            fix=f"Type: {example}, where DIR holds {', '.join(demo.source.files.values())}.",
        )
    files = {dataset: Path(data) / name for dataset, name in demo.source.files.items()}
    missing = [path.name for path in files.values() if not path.is_file()]
    if missing:
        raise UsageError(f"{data} lacks {', '.join(missing)}.", why=demo.source.origin, fix=f"Put them there and type: {example}")
    return files


def deeds(state: State, catalog: "Catalog", demo: "Demo", files: dict[str, Path]) -> Iterator[Deed]:
    """Everything from the deliveries to the site, one deed after the other. Each is a no-op where it was done before."""
    from das_research.access.extract import extract
    from das_research.commands.monitor import run_and_check
    from das_research.commands.synthetic import years_of
    from das_research.disclosure.releases import read_release
    from das_research.disclosure.review import approve
    from das_research.intake import deliver
    from das_research.publish.editions import make_edition
    from das_research.publish.sites import publish
    from das_research.warehouse import build

    source = demo.source
    if source.synthetic:
        from das_research.synthetic import generate

        folder = state.home.root / "synthetic"
        files = generate(catalog, folder, years_of(source.years or ""), source.scale or 0.01, source.seed or 1)
        yield "synthetic", f"{len(files)} files of a fictitious chain, {source.years}, in {folder}"
    for dataset, path in files.items():
        delivery = deliver(catalog, state.home, dataset, path, demo.researcher)
        yield "delivered", f"{delivery.id}: {delivery.accepted} of {delivery.delivered} rows accepted"
    snapshot = build(catalog, state.home)
    yield "built", f"{snapshot.id}: {snapshot.tables['cases']} cases, {snapshot.tables['events']} events"
    manifest = extract(catalog, state.home, demo.project, demo.researcher)
    yield "extracted", f"{manifest.id} for project {demo.project}: {', '.join(manifest.tables)}"
    release_id, _ = run_and_check(state, demo.monitor, {}, demo.researcher)
    yield "checked", f"{release_id}: computed again and checked by gate 3"
    for reviewer in demo.reviewers:
        release = read_release(state.home, release_id)
        if release.state == "checked" and reviewer not in {review.account for review in release.reviews}:
            approve(state.home, release_id, reviewer, fictitious=True)
    yield "approved", f"{release_id} by two fictitious accounts"
    edition = make_edition(catalog, state.home, release_id, demo.publication_date)
    yield "edition", edition.id
    publish(catalog, state.home)
    yield "published", str(state.home.site)
