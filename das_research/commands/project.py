"""`das project`: gate 2."""

from typing import TYPE_CHECKING, Annotated

import typer

from das_research.commands import submit
from das_research.commands.context import JsonOption, State, print_list, print_text, progress_bar, state_of, yes_or_no
from das_research.errors import UsageError

if TYPE_CHECKING:
    from das_research.access.manifest import Extract

Project = Annotated[str, typer.Argument(metavar="PROJECT", help="Id of the grant.")]


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="The database of a project: only what its grant names.")
    noun.command("extract")(extract)
    submit.register(noun)
    noun.command("close")(close)
    noun.command("list")(list_)
    app.add_typer(noun, name="project")


def extract(
    context: typer.Context,
    project: Project,
    snapshot: Annotated[
        str | None, typer.Option(metavar="ID", help="Build from this snapshot; default the current one.")
    ] = None,
    twin: Annotated[bool, typer.Option("--twin", help="The same tables and columns, of a fictitious chain.")] = False,
    scale: Annotated[
        float | None,
        typer.Option(
            help="Size of the fictitious chain, as a share of the real one; default about that of the extract."
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(metavar="URL", help="On a PostgreSQL server: postgresql://steward@host/database, no password."),
    ] = None,
) -> None:
    """Make the project's database from a snapshot, or a twin of it."""
    from das_research.access.extract import extract as make
    from das_research.access.grants import current_account
    from das_research.custody.own_files import destroy_replaced

    state = state_of(context)
    if scale is not None and not twin:
        raise UsageError("Only a twin has a scale.", fix=f"das project extract {project} --twin --scale {scale:g}")
    if to and twin:
        raise UsageError("A twin lies in a file.", fix=f"das project extract {project} --twin")
    if not twin:  # a list that was killed half-way, so that nothing of the one before it stands beside the extract
        destroy_replaced(state.catalog(), state.home, project, current_account())
    if twin:
        manifest = _twin(state, project, current_account(), scale)
    elif to:
        from das_research.access.extract_to_server import extract_to_server

        manifest = extract_to_server(state.catalog(), state.home, project, current_account(), to, snapshot_id=snapshot)
        print_text(f"On {manifest.server}")
    else:
        manifest = make(state.catalog(), state.home, project, current_account(), snapshot_id=snapshot)
    tables = ", ".join(f"{table.rows} {name}" for name, table in manifest.tables.items())
    print_text(f"{manifest.id} of {manifest.snapshot}: {tables}")
    how = ", twin=True" if twin else ""
    print_text(f'Open it in Python with: das.open_project("{project}"{how})')


def _twin(state: State, project: str, account: str, scale: float | None) -> "Extract":
    from das_research.access.twin import make_twin

    with progress_bar() as progress:
        task = progress.add_task("", total=None)
        return make_twin(
            state.catalog(),
            state.home,
            project,
            account,
            scale=scale,
            progress=lambda doing: progress.update(task, description=doing),
        )


def close(context: typer.Context, project: Project) -> None:
    """Destroy the project's database with its key, and seal its manifest, hand-overs and Results."""
    from das_research.access.grants import current_account
    from das_research.access.sealed import sealed_folder
    from das_research.custody.close import close as end

    state = state_of(context)
    seals = end(state.catalog(), state.home, project, current_account())
    print_text(f"Closed: {project}. Its database, keys and runs are destroyed; {len(seals)} sealed in")
    print_text(str(sealed_folder(state.home, project)))


def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List every extract, and what remains of those that were closed."""
    from das_research.access import clock
    from das_research.access.deadlines import state_of as state_of_grant
    from das_research.access.manifest import list_extracts
    from das_research.access.sealed import list_seals

    state = state_of(context)
    grants = state.catalog().grants
    rows: list[tuple[str, ...]] = []
    for it in list_extracts(state.home):
        grant = grants.get(it.project)
        stands = state_of_grant(grant, clock.today()) if grant else "no grant"
        rows.append((it.id, it.project, it.snapshot, it.mode, yes_or_no(it.synthetic), stands))
    for seal, whole in list_seals(state.home):
        stands = f"closed on {seal.closed}" if whole else f"closed on {seal.closed}, seal broken"
        rows.append((seal.extract, seal.project, seal.snapshot, seal.mode, yes_or_no(seal.synthetic), stands))
    headings = ("extract", "project", "snapshot", "mode", "synthetic", "state")
    print_list(headings, rows, as_json, empty="No extracts yet. Type: das project extract PROJECT")
