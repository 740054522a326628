"""`das project`: gate 2."""

from typing import Annotated

import typer

from das_research.commands.context import JsonOption, print_list, print_text, state_of, yes_or_no


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="The database of a project: only what its grant names.")
    noun.command("extract")(extract)
    noun.command("list")(list_)
    app.add_typer(noun, name="project")


def extract(
    context: typer.Context,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="Id of the grant.")],
    to: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="A PostgreSQL server: postgresql://steward@host/database, without a password."
        ),
    ] = None,
) -> None:
    """Make the project's database from the current snapshot."""
    from das_research.access.extract import extract as make
    from das_research.access.grants import current_account

    state = state_of(context)
    manifest = make(state.catalog(), state.home, project, current_account(), to=to)
    tables = ", ".join(f"{table.rows} {name}" for name, table in manifest.tables.items())
    if manifest.server:
        print_text(f"On {manifest.server}")
    print_text(f"{manifest.id} of {manifest.snapshot}: {tables}")
    print_text(f'Open it in Python with: das.open_project("{project}")')


def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List every extract."""
    from das_research.access.manifest import list_extracts

    headings = ("extract", "project", "snapshot", "mode", "synthetic")
    rows = [
        (it.id, it.project, it.snapshot, it.mode, yes_or_no(it.synthetic))
        for it in list_extracts(state_of(context).home)
    ]
    print_list(headings, rows, as_json, empty="No extracts yet. Type: das project extract PROJECT")
