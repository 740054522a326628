"""`das grant`: what a project may see, and why not more."""

from typing import Annotated, Literal

import typer

from das_research.commands.context import print_table, print_text, state_of

ProjectArgument = Annotated[str, typer.Argument(metavar="PROJECT", help="Id of the grant.")]


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="Approved use: who may see what, for what, until when.")
    noun.command("check")(check)
    noun.command("preview")(preview)
    app.add_typer(noun, name="grant")


def check(
    context: typer.Context,
    project: ProjectArgument,
    account: Annotated[str | None, typer.Option(help="Whose access to check; default: your own account.")] = None,
) -> None:
    """Check that the grant is in force today for an account; a refusal says which lines to add."""
    from das_research.access.grants import check_grant, current_account, warnings
    from das_research.access.told import refusals_told

    catalog, home = state_of(context).catalog(), state_of(context).home
    account = account or current_account()
    with refusals_told(catalog, home, project, account):
        grant = check_grant(catalog, project, account)
    print_text(f"{project}: in force for {account} until {grant.end.isoformat()}.")
    for warning in warnings(catalog, project, account):
        print_text(warning)


def preview(
    context: typer.Context,
    project: ProjectArgument,
    language: Annotated[Literal["nl", "en"] | None, typer.Option(help="Default: the catalogue's own.")] = None,
) -> None:
    """Show which tables, columns and rows the project gets, what is left out, and why."""
    from das_research.access.grants import current_account
    from das_research.access.preview import preview as make
    from das_research.access.told import tell

    state = state_of(context)
    language = language or state.catalog().language
    made = make(state.catalog(), state.home, project)
    if made.snapshot:  # without one nothing of the data was looked at
        tell(state.catalog(), state.home, "previewed", current_account(), project, snapshot=made.snapshot)
    for block in made.lines(language):
        print_text(f"\n{block.title}")
        print_table(block.heads, block.rows)
