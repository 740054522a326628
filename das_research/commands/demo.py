"""`das demo`: the main job from nothing, from deliveries to the website, with one progress display."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from das_research.commands.context import State, print_text, progress_bar, state_of
from das_research.errors import UsageError

if TYPE_CHECKING:
    from das_research.catalog.models import Demo

Step = tuple[str, Callable[[], str]]  # what is being done; doing it gives what came of it
ONCE, A_MONITOR = 3, 3  # steps after the deliveries: warehouse, edition, website; and of each monitor


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    app.command("demo")(demo)


def demo(
    context: typer.Context,
    data: Annotated[str, typer.Option(metavar="DIR", help="The partners' files, where they are not synthetic.")] = "",
) -> None:
    """Deliver, build, extract, run the monitors, release and publish, by fictitious accounts; nobody reviews it."""
    state = state_of(context)
    chosen = state.catalog().demo
    if chosen is None:
        raise UsageError("This catalogue has no demonstration.", fix="Name another with --catalog DIR.")
    walk = Walk(state, chosen, {} if chosen.source.synthetic else delivered_files(chosen, data))
    with progress_bar() as progress:
        files = len(walk.files or state.catalog().datasets)
        task = progress.add_task("", total=chosen.source.synthetic + files + ONCE + A_MONITOR * len(chosen.monitors))
        for doing, act in walk.steps():
            progress.update(task, description=doing)
            progress.console.print(f"  {doing:<32} {act()}")
            progress.advance(task)
    print_text("\nNobody reviewed these editions: accounts of the demonstration approved them.")
    print_text(f"Open {state.home.site / 'index.html'}")


def delivered_files(demo: "Demo", data: str) -> dict[str, Path]:
    """Dataset to the file of the folder that the user names.

    Raises
    ------
    UsageError
        When no folder is named, or it lacks a file: with where the files come from.
    """
    command = f"make real DATA={data or 'DIR'}"
    if not data:
        raise UsageError(
            "This demonstration needs the partners' files.",
            why=f"They are not part of the project. {demo.source.origin}",
            fix=f"Type: {command}, where DIR holds {', '.join(demo.source.files.values())}.",
        )
    files = {dataset: Path(data) / name for dataset, name in demo.source.files.items()}
    missing = ", ".join(path.name for path in files.values() if not path.is_file())
    if missing:
        raise UsageError(f"{data} lacks {missing}.", why=demo.source.origin, fix=f"Put it there and type: {command}")
    return files


@dataclass
class Walk:
    """The main job, step by step; a step that was done before changes nothing."""

    state: State
    demo: "Demo"
    files: dict[str, Path]
    releases: dict[str, str] = field(default_factory=dict)

    def steps(self) -> Iterator[Step]:
        """Every step in order."""
        if self.demo.source.synthetic:
            yield "A fictitious chain", self.write
        for dataset, path in self.files.items():
            yield f"Gate 1: {dataset}", partial(self.deliver, dataset, path)
        yield "Warehouse", self.build
        for monitor in self.demo.monitors:
            yield f"Gate 2: {monitor}", partial(self.extract, monitor)
            yield f"Gate 3: {monitor}", partial(self.run, monitor)
            yield f"Review: {monitor}", partial(self.approve, monitor)
        yield "Editions", self.make_editions
        yield "Website and PDF", self.publish

    def write(self) -> str:
        from das_research.commands.synthetic import years_of
        from das_research.synthetic.generate import generate_again

        source, folder = self.demo.source, self.state.home.root / "synthetic"
        years = years_of(source.years or "")
        self.files = generate_again(self.state.catalog(), folder, years, source.scale or 0.01, source.seed or 1)
        return f"{len(self.files)} files of {source.years} in {folder}"

    def deliver(self, dataset: str, path: Path) -> str:
        from das_research.intake.gate import deliver

        delivery = deliver(self.state.catalog(), self.state.home, dataset, path, self.demo.researcher)
        return f"{delivery.accepted} of {delivery.delivered} rows accepted"

    def build(self) -> str:
        from das_research.warehouse.build import build

        snapshot = build(self.state.catalog(), self.state.home)
        return f"{snapshot.id}: {snapshot.tables['cases']} cases, {snapshot.tables['events']} events"

    def extract(self, monitor: str) -> str:
        from das_research.access.extract import extract

        project = self.state.catalog().monitors[monitor].project
        made = extract(self.state.catalog(), self.state.home, project, self.demo.researcher)
        return f"{made.id} for project {made.project}: {len(made.tables)} tables"

    def run(self, monitor: str) -> str:
        from das_research.commands.monitor import run_and_check

        self.releases[monitor], _ = run_and_check(self.state, monitor, {}, self.demo.researcher)
        return f"{self.releases[monitor]}: computed again and checked"

    def approve(self, monitor: str) -> str:
        from das_research.disclosure.releases import read_release
        from das_research.disclosure.review import approve

        for reviewer in self.demo.reviewers:
            release = read_release(self.state.home, self.releases[monitor])
            spoke = reviewer in {review.account for review in release.reviews}
            if release.state in ("checked", "first review") and not spoke:
                approve(self.state.catalog(), self.state.home, release.id, reviewer, fictitious=True)
        return "approved by fictitious accounts"

    def make_editions(self) -> str:
        from das_research.publish.editions import make_edition

        day = self.demo.publication_date
        made = [make_edition(self.state.catalog(), self.state.home, id, day) for id in self.releases.values()]
        return ", ".join(edition.id for edition in made)

    def publish(self) -> str:
        from das_research.publish.sites import publish

        publish(self.state.catalog(), self.state.home)
        return "Dutch and English"
