"""`das retention`: how long what was delivered is kept, and until when a project is open."""

from datetime import UTC, datetime

import typer

from das_research.commands.context import JsonOption, print_list, print_text, state_of, yes_or_no

HEADINGS = ("expires", "what", "id", "due", "why")


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="How long deliveries and projects are kept, and their end.")
    noun.command("due")(due)
    noun.command("run")(run)
    app.add_typer(noun, name="retention")


def due(context: typer.Context, as_json: JsonOption = False) -> None:
    """List what expires when, and what is due."""
    from das_research.custody.retention import terms

    state, today = state_of(context), datetime.now(UTC).date()
    rows = [
        (it.expires and it.expires.isoformat(), it.what, it.id, yes_or_no(it.due(today)), it.why)
        for it in terms(state.catalog(), state.home)
    ]
    print_list(HEADINGS, rows, as_json, empty="Nothing is kept: there are no deliveries and no extracts.")


def run(context: typer.Context) -> None:
    """Destroy what is due, with every snapshot and extract that holds it; close projects whose grant has ended."""
    from das_research.access.grants import current_account
    from das_research.custody.retention import destroy_due

    state = state_of(context)
    destroyed = destroy_due(state.catalog(), state.home, current_account())
    for term in destroyed:
        print_text(f"Destroyed: {term.what} {term.id} ({term.why}).")
    if not destroyed:
        print_text("Nothing is due.")
