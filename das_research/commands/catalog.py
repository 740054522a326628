"""`das catalog`: check, show, search and export the catalogue."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from das_research.catalog.load import FOLDERS
from das_research.catalog.names import SINGULAR
from das_research.commands.context import JsonOption, print_json, print_table, print_text, state_of
from das_research.home import write_file

FORMATS = "json: all of it; skos: codes and terms; dcat: DCAT-AP-NL; dpv: uses, as JSON-LD; register: GDPR art. 30."


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="The catalogue: datasets, terms, agreements, grants.")
    noun.command("check")(check)
    noun.command("show")(show)
    noun.command("search")(search)
    noun.command("export")(export)
    app.add_typer(noun, name="catalog")


def check(context: typer.Context) -> None:
    """Check the whole catalogue and list every problem with file and line."""
    catalog = state_of(context).catalog()
    numbers = {kind: len(getattr(catalog, kind)) for kind in FOLDERS}
    counts = ", ".join(f"{number} {SINGULAR[kind]}{'' if number == 1 else 's'}" for kind, number in numbers.items())
    print_text(f"{state_of(context).catalog_dir}: in order ({counts})")


def show(
    context: typer.Context,
    entry: Annotated[
        str, typer.Argument(metavar="ID", help="Id of any entry: dataset, term, grant, stage, ...; or uses.")
    ],
    language: Annotated[Literal["nl", "en"] | None, typer.Option(help="Default: the catalogue's own.")] = None,
) -> None:
    """Show one entry in full; `uses`: what may be done with whose data."""
    from das_research.catalog.show import show_entry

    catalog = state_of(context).catalog()
    print_text(show_entry(catalog, entry, language or catalog.language))


def search(
    context: typer.Context,
    text: Annotated[list[str], typer.Argument(help="Words; every one must occur.")],
    as_json: JsonOption = False,
) -> None:
    """Search ids, titles, definitions, labels and variables."""
    from das_research.catalog.search import search as hits_of

    catalog = state_of(context).catalog()
    hits = hits_of(catalog, " ".join(text))
    if as_json:
        print_json([{"kind": hit.kind, "id": hit.id, "title": hit.title, "where": hit.where} for hit in hits])
        return
    rows = [(hit.id, hit.kind, hit.title, hit.where) for hit in hits]
    print_table(("id", "kind", "title", "found in"), rows, empty="Nothing found.")


def export(
    context: typer.Context,
    form: Annotated[Literal["json", "skos", "dcat", "dpv", "register"], typer.Argument(metavar="FORMAT", help=FORMATS)],
    to: Annotated[Path | None, typer.Option(help="Folder to write the files in; default: print the first.")] = None,
) -> None:
    """Write the catalogue in a format that others read."""
    from das_research.catalog.export import export_catalog

    files = export_catalog(state_of(context).catalog(), form)
    if to is None:
        sys.stdout.write(next(iter(files.values())))
        return
    for name, text in files.items():
        write_file(to / name, text)
        print_text(str(to / name))
