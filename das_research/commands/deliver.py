"""`das deliver` and `das delivery`: gate 1."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from das_research.commands.context import JsonOption, print_list, print_table, print_text, state_of
from das_research.errors import UsageError

if TYPE_CHECKING:
    from das_research.intake.delivery import Delivery

HEADINGS = ("delivery", "dataset", "delivered", "accepted", "quarantined", "received")


def register(app: typer.Typer) -> None:
    """Add the sub-commands to `das`."""
    app.command("deliver")(deliver)
    noun = typer.Typer(no_args_is_help=True, help="What partners delivered.")
    noun.command("list")(list_)
    noun.command("show")(show)
    noun.command("report")(report)
    app.add_typer(noun, name="delivery")


def deliver(
    context: typer.Context,
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="Id of the dataset in the catalogue.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV (also .gz) or Parquet, as sent.")],
) -> None:
    """Take in files: every row is accepted, or put in quarantine with its reason."""
    from das_research.access.grants import current_account
    from das_research.intake.gate import deliver as take_in

    state = state_of(context)
    for file in files:
        delivery = take_in(state.catalog(), state.home, dataset, file, current_account())
        print_text(
            f"{delivery.id}: this file was delivered before; nothing changed."
            if delivery.already_delivered
            else f"{delivery.id}: {delivery.delivered} rows delivered, {delivery.accepted} accepted, "
            f"{delivery.quarantined} in quarantine."
        )


def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List every delivery."""
    from das_research.intake.delivery import read_deliveries

    deliveries = read_deliveries(state_of(context).home)
    rows = [(it.id, it.dataset, it.delivered, it.accepted, it.quarantined, it.received) for it in deliveries]
    print_list(HEADINGS, rows, as_json, empty="No deliveries yet. Type: das deliver DATASET FILE")


def show(
    context: typer.Context,
    delivery_id: Annotated[str, typer.Argument(metavar="ID", help="A delivery, from das delivery list.")],
) -> None:
    """Show one delivery: its counts, and what each rule did."""
    _print_delivery(_known(context, delivery_id))


def report(
    context: typer.Context,
    delivery_id: Annotated[str, typer.Argument(metavar="ID", help="A delivery, from das delivery list.")],
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write it; default: warehouse/reports in the home.")
    ] = None,
) -> None:
    """Write the report of one delivery for its partner, in Dutch and in English."""
    from das_research.intake.delivery import read_deliveries
    from das_research.intake.report import write_report

    state, delivery = state_of(context), _known(context, delivery_id)
    if delivery.dataset not in state.catalog().datasets:
        raise UsageError(
            f"The catalogue has no dataset '{delivery.dataset}', of which {delivery.id} is a delivery.",
            fix="Use the catalogue that it was delivered with: das --catalog DIR delivery report ID",
        )
    everything = read_deliveries(state.home)
    for path in write_report(to or state.home.reports, state.catalog(), delivery.dataset, delivery, "", everything):
        print_text(str(path))


def _known(context: typer.Context, delivery_id: str) -> "Delivery":
    from das_research.intake.delivery import read_deliveries

    deliveries = {it.id: it for it in read_deliveries(state_of(context).home)}
    if delivery_id not in deliveries:
        raise UsageError(f"There is no delivery {delivery_id}.", fix="Choose one from: das delivery list.")
    return deliveries[delivery_id]


def _print_delivery(delivery: "Delivery") -> None:
    print_table(
        ("", "rows", "cases"),
        [
            ("delivered", delivery.delivered, delivery.units.delivered),
            ("accepted", delivery.accepted, delivery.units.accepted),
            ("not accepted", delivery.quarantined, delivery.units.lost),
        ],
    )
    rules = [(rule.rule, rule.effect, rule.rows, rule.units) for rule in delivery.rules]
    print_table(("rule", "effect", "rows", "cases"), rows=rules, empty="No rule found anything.")
