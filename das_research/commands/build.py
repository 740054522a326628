"""`das build` and `das snapshot`: the warehouse."""

from typing import Annotated

import typer

from das_research.commands.context import JsonOption, print_list, print_table, print_text, state_of, yes_or_no


def register(app: typer.Typer) -> None:
    """Add the sub-commands to `das`."""
    app.command("build")(build)
    noun = typer.Typer(no_args_is_help=True, help="The warehouse as each build left it.")
    noun.command("list")(list_)
    noun.command("show")(show)
    app.add_typer(noun, name="snapshot")


def build(context: typer.Context) -> None:
    """Link and harmonise what was delivered into one snapshot."""
    from das_research.warehouse.build import build as make

    state = state_of(context)
    snapshot = make(state.catalog(), state.home)
    print_text(f"{snapshot.id}: " + ", ".join(f"{rows} {name}" for name, rows in snapshot.tables.items()))


def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List every snapshot."""
    from das_research.warehouse.snapshot import list_snapshots

    snapshots = list_snapshots(state_of(context).home)
    headings = ("snapshot", "deliveries", "cases", "observed until", "synthetic")
    rows = [
        (it.id, len(it.deliveries), it.tables["cases"], it.observed_until, yes_or_no(it.synthetic)) for it in snapshots
    ]
    print_list(headings, rows, as_json, empty="No snapshots yet. Type: das build")


def show(
    context: typer.Context,
    snapshot_id: Annotated[str, typer.Argument(metavar="ID", help="A snapshot, from das snapshot list.")],
) -> None:
    """Show one snapshot: what it was built from, its tables, and how well they were linked."""
    from das_research.warehouse.snapshot import read_snapshot

    snapshot = read_snapshot(state_of(context).home, snapshot_id)
    print_table(("delivery",), [(delivery,) for delivery in snapshot.deliveries])
    print_table(("table", "rows"), snapshot.tables.items())
    linkage = [(dataset, f"{100 * share:.1f}%") for dataset, share in snapshot.linkage.items()]
    print_table(("dataset", "cases an earlier stage knows"), linkage)
    references = [
        (rule, it["rows"], f"{100 * it['known'] / it['rows']:.1f}%") for rule, it in snapshot.references.items()
    ]
    print_table(("refers to", "rows", "held there"), references)
