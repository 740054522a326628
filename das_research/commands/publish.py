"""`das publish` and `das edition`: the publication zone."""

from datetime import date, datetime
from typing import Annotated

import typer

from das_research.commands.context import JsonOption, print_list, print_text, state_of, yes_or_no


def register(app: typer.Typer) -> None:
    """Add the sub-commands to `das`."""
    app.command("publish")(publish)
    noun = typer.Typer(no_args_is_help=True, help="Dated runs of the monitors, as published.")
    noun.command("list")(list_)
    app.add_typer(noun, name="edition")


def publish(
    context: typer.Context,
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Publication date; default: today.")
    ] = None,
) -> None:
    """Make an edition of every approved release that has none, and render the website."""
    from das_research.disclosure.releases import list_releases
    from das_research.publish.editions import list_editions, make_edition
    from das_research.publish.sites import publish as render

    state = state_of(context)
    published = {edition.release for edition in list_editions(state.home)}
    for release in list_releases(state.home):
        if release.state == "approved" and release.monitor and release.id not in published:
            edition = make_edition(state.catalog(), state.home, release.id, day.date() if day else date.today())
            print_text(f"{edition.id} of {release.id}")
    index = render(state.catalog(), state.home)
    print_text(f"Open {index}")


def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List every edition."""
    from das_research.publish.editions import list_editions

    headings = ("edition", "monitor", "date", "release", "synthetic", "reviewed")
    rows = [
        (it.id, it.monitor, it.date, it.release, yes_or_no(it.synthetic), yes_or_no(it.reviewed))
        for it in list_editions(state_of(context).home)
    ]
    print_list(headings, rows, as_json, empty="No editions yet. Type: das publish")
