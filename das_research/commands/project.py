"""`das project`: gate 2."""

from typing import Annotated

import typer

from das_research.commands.context import JsonOption, print_list, print_text, state_of, yes_or_no

Project = Annotated[str, typer.Argument(metavar="PROJECT", help="Id of the grant.")]


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="The database of a project: only what its grant names.")
    noun.command("extract")(extract)
    noun.command("close")(close)
    noun.command("list")(list_)
    app.add_typer(noun, name="project")


def extract(
    context: typer.Context,
    project: Project,
    snapshot: Annotated[
        str | None, typer.Option(metavar="ID", help="Build from this snapshot; default the current one.")
    ] = None,
) -> None:
    """Make the project's database from a snapshot."""
    from das_research.access.extract import extract as make
    from das_research.access.grants import current_account

    state = state_of(context)
    manifest = make(state.catalog(), state.home, project, current_account(), snapshot_id=snapshot)
    tables = ", ".join(f"{table.rows} {name}" for name, table in manifest.tables.items())
    print_text(f"{manifest.id} of {manifest.snapshot}: {tables}")
    print_text(f'Open it in Python with: das.open_project("{project}")')


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
    from das_research.access.grants import state_of as state_of_grant
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
