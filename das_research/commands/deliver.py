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
    noun.command("withdraw")(withdraw)
    app.add_typer(noun, name="delivery")


def deliver(
    context: typer.Context,
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="Id of the dataset in the catalogue.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="As sent: CSV (.gz, .zip), Parquet or .xlsx.")],
    period: Annotated[
        str, typer.Option(metavar="YEARS", help="The file covers it whole: 2023, 2012-2024 or FIRST_DAY/LAST_DAY.")
    ] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Only judge, by the catalogue alone: nothing is stored but the report.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the report goes; default: the home, with --check here.")
    ] = None,
) -> None:
    """Take in files: every row is accepted, or put in quarantine with its reason; a report tells the partner."""
    from das_research.access.grants import current_account
    from das_research.errors import DeliveryRefused
    from das_research.intake.changes import period_of
    from das_research.intake.delivery import read_deliveries
    from das_research.intake.gate import check_file
    from das_research.intake.gate import deliver as take_in
    from das_research.intake.report import write_report

    state, covered = state_of(context), period_of(period)
    folder = report or (Path() if check else state.home.reports)
    earlier = [] if check else read_deliveries(state.home)
    for file in files:
        outcome: Delivery | DeliveryRefused
        try:
            outcome = (
                check_file(state.catalog(), dataset, file)
                if check
                else take_in(state.catalog(), state.home, dataset, file, current_account(), covered)
            )
        except DeliveryRefused as refusal:
            outcome = refusal
        pages = write_report(folder, state.catalog(), dataset, outcome, file.name, earlier, check_only=check)
        if isinstance(outcome, DeliveryRefused):
            print_text(f"Report: {pages[0]}")
            raise outcome
        print_text(f"{_in_words(outcome, check)}\nReport: {pages[0]}")
        earlier += [] if check or outcome.already_delivered else [outcome]


def _in_words(delivery: "Delivery", check: bool) -> str:
    if delivery.already_delivered:
        return f"{delivery.id}: this file was delivered before; nothing changed."
    rows = f"{delivery.delivered} rows delivered, {delivery.accepted} accepted, {delivery.quarantined} in quarantine."
    return f"{rows} Nothing was stored." if check else f"{delivery.id}: {rows}"


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


def withdraw(
    context: typer.Context,
    delivery_id: Annotated[str, typer.Argument(metavar="ID", help="A delivery, from das delivery list.")],
) -> None:
    """Destroy a delivery that its partner takes back, with every snapshot and extract that holds its rows."""
    from das_research.access.grants import current_account
    from das_research.custody.withdraw import withdraw as destroy

    delivery = destroy(state_of(context).catalog(), state_of(context).home, delivery_id, current_account())
    print_text(f"{delivery.id}: destroyed, with all that was made of it. Now: das build")


def _print_delivery(delivery: "Delivery") -> None:
    counts: list[tuple[str, int, int | None]] = [
        ("delivered", delivery.delivered, delivery.units.delivered),
        ("accepted", delivery.accepted, delivery.units.accepted),
        ("not accepted", delivery.quarantined, delivery.units.lost),
    ]
    counts += [("erased since", delivery.erased, None)] if delivery.erased else []
    print_table(("", "rows", "cases"), counts)
    rules = [(rule.rule, rule.effect, rule.rows, rule.units) for rule in delivery.rules]
    print_table(("rule", "effect", "rows", "cases"), rows=rules, empty="No rule found anything.")
    if delivery.supersedes:
        print_text(f"Takes the place of {', '.join(delivery.supersedes)}.")
    if delivery.changes:
        kinds = ("added", "removed", "changed", "unchanged")
        print_table(("against what stood there", "rows"), [(kind, getattr(delivery.changes, kind)) for kind in kinds])
        print_table(("changed in", "rows"), delivery.changes.columns.items(), empty="No value changed.")
