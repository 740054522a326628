"""`das project`: gate 2."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from das_research.commands.context import JsonOption, State, print_list, print_text, progress_bar, state_of, yes_or_no
from das_research.errors import UsageError

if TYPE_CHECKING:
    from das_research.access.manifest import Extract


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="The database of a project: only what its grant names.")
    noun.command("extract")(extract)
    noun.command("submit")(submit)
    noun.command("list")(list_)
    app.add_typer(noun, name="project")


def extract(
    context: typer.Context,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="Id of the grant.")],
    twin: Annotated[bool, typer.Option("--twin", help="The same tables and columns, of a fictitious chain.")] = False,
    scale: Annotated[
        float | None, typer.Option(help="Size of the fictitious chain, as a share of the real one.")
    ] = None,
) -> None:
    """Make the project's database from the current snapshot, or a twin of it."""
    from das_research.access.extract import extract as make
    from das_research.access.grants import current_account

    state = state_of(context)
    if scale is not None and not twin:
        raise UsageError("Only a twin has a scale.", fix=f"das project extract {project} --twin --scale {scale:g}")
    if twin:
        manifest = _twin(state, project, current_account(), scale)
    else:
        manifest = make(state.catalog(), state.home, project, current_account())
    tables = ", ".join(f"{table.rows} {name}" for name, table in manifest.tables.items())
    print_text(f"{manifest.id} of {manifest.snapshot}: {tables}")
    how = ", twin=True" if twin else ""
    print_text(f'Open it in Python with: das.open_project("{project}"{how})')


def _twin(state: State, project: str, account: str, scale: float | None) -> "Extract":
    from das_research.access.twin import SCALE, make_twin

    with progress_bar() as progress:
        task = progress.add_task("", total=None)
        return make_twin(
            state.catalog(),
            state.home,
            project,
            account,
            scale=SCALE if scale is None else scale,
            progress=lambda doing: progress.update(task, description=doing),
        )


def submit(
    context: typer.Context,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="Id of the grant, of the mode remote.")],
    notebook: Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="Written on the twin.")],
) -> None:
    """Run a notebook over the extract that its author may not see, and have gate 3 check what it hands over."""
    from das_research.access.grants import current_account
    from das_research.commands.monitor import check
    from das_research.monitors.remote import submit as run

    state = state_of(context)
    account = current_account()
    done = run(state.catalog(), state.catalog_dir, state.home, project, notebook, account)
    release, word = check(state, done.folder, account)
    print_text(f"{release}: {word}. Two reviewers now type: das release approve {release}")


def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List every extract."""
    from das_research.access.manifest import list_extracts

    headings = ("extract", "project", "snapshot", "mode", "synthetic")
    rows = [
        (it.id, it.project, it.snapshot, it.mode, yes_or_no(it.synthetic))
        for it in list_extracts(state_of(context).home)
    ]
    print_list(headings, rows, as_json, empty="No extracts yet. Type: das project extract PROJECT")
