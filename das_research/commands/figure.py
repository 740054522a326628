"""`das figure`: the key figures of the catalogue."""

from typing import Annotated, Literal

import typer

from das_research.catalog.key_figures import key_figures
from das_research.commands.context import JsonOption, print_list, print_text, state_of
from das_research.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="The key figures: what each counts, and how.")
    noun.command("list")(list_)
    noun.command("show")(show)
    app.add_typer(noun, name="figure")


def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List every key figure by theme; those on the first page of the site come first."""
    catalog = state_of(context).catalog()
    language = catalog.language
    headings = ("theme", "figure", "title", "unit", "version")
    rows = [(it.theme, it.id, it.title[language], it.unit[language], it.version) for it in key_figures(catalog)]
    print_list(headings, rows, as_json, empty="The catalogue has no key figures.")


def show(
    context: typer.Context,
    figure: Annotated[str, typer.Argument(metavar="ID", help="Id of a key figure: das figure list.")],
    language: Annotated[Literal["nl", "en"] | None, typer.Option(help="Default: the catalogue's own.")] = None,
) -> None:
    """Show what a key figure counts: definition, lines, sources, breaks, and where it is computed."""
    from das_research.catalog.show import show_one

    catalog = state_of(context).catalog()
    known = {it.id: it for it in key_figures(catalog)}
    if figure not in known:
        raise UsageError(f"There is no key figure '{figure}'.", fix="Type das figure list.")
    print_text(show_one(catalog, "figure", known[figure], language or catalog.language))
