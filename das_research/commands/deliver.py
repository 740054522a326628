"""`das deliver` and `das delivery`: gate 1."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from das_research.commands.context import JsonOption, print_list, print_table, print_text, state_of
from das_research.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from das_research.catalog.models import Catalog
    from das_research.commands.context import State
    from das_research.home import Home
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
    dataset: Annotated[
        str, typer.Argument(metavar="DATASET", help="Id of the dataset in the catalogue, or of a project's own file.")
    ],
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
    from das_research.errors import DeliveryRefused
    from das_research.intake.delivery import read_deliveries
    from das_research.intake.file import shown
    from das_research.intake.gate import check_file
    from das_research.intake.report import write_report

    state = state_of(context)
    catalog, home, take_in = _gate(state, dataset, period, files)
    folder = report or (Path() if check else home.reports)
    earlier = [] if check else read_deliveries(home)
    for place, file in enumerate(files, 1):
        outcome: Delivery | DeliveryRefused
        try:
            outcome = check_file(catalog, dataset, file) if check else take_in(file)
        except DeliveryRefused as refusal:
            outcome = refusal
        pages = write_report(folder, catalog, dataset, outcome, shown(file.name), earlier, check_only=check)
        if isinstance(outcome, DeliveryRefused):
            print_text(f"Report: {pages[0]}")
            if left := ", ".join(shown(it.name) for it in files[place:]):
                print_text(f"Not looked at, since the file before it was refused: {left}.")
            raise outcome
        print_text(f"{_in_words(outcome, check)}\nReport: {pages[0]}")
        if outcome.fewer > catalog.datasets[dataset].fewer and not outcome.already_delivered:
            print_text(
                f"Beware: {outcome.fewer:.0%} of the rows that stood there is gone. If that wasn't meant: das delivery "
                f"withdraw {outcome.id}, and ask the partner for the whole file."
            )
        earlier += [] if check or outcome.already_delivered else [outcome]


def _gate(
    state: "State", dataset: str, period: str, files: list[Path]
) -> "tuple[Catalog, Home, Callable[[Path], Delivery]]":
    """Through which gate a file goes: the catalogue it is judged by, the home it comes to stand in, and the act."""
    from das_research.access.grants import current_account
    from das_research.catalog.own_files import project_of, seen_by
    from das_research.custody.own_files import deliver_own_file
    from das_research.intake.changes import period_of
    from das_research.intake.gate import deliver as take_in

    catalog, home, account, covered = state.catalog(), state.home, current_account(), period_of(period)
    project = project_of(catalog, dataset)
    if project is None:
        return catalog, home, lambda file: take_in(catalog, home, dataset, file, account, covered)
    if period or len(files) > 1:
        raise UsageError(
            f"'{dataset}' is a project's own file: one list, that takes the place of the one before it.",
            fix=f"das deliver {dataset} {files[0]}",
        )
    own = seen_by(catalog, project)
    return own, home.own_files(project), lambda file: deliver_own_file(catalog, home, dataset, file, account)


def _in_words(delivery: "Delivery", check: bool) -> str:
    if delivery.already_delivered:
        return f"{delivery.id}: this file was delivered before; nothing changed."
    rows = f"{delivery.delivered} rows delivered, {delivery.accepted} accepted, {delivery.quarantined} in quarantine."
    return f"{rows} Nothing was stored." if check else f"{delivery.id}: {rows}"


def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List every delivery."""
    from das_research.intake.delivery import read_deliveries

    deliveries = [it for sender in state_of(context).home.senders() for it in read_deliveries(sender)]
    rows = [(it.id, it.dataset, it.delivered, it.accepted, it.quarantined, it.received) for it in deliveries]
    print_list(HEADINGS, rows, as_json, empty="No deliveries yet. Type: das deliver DATASET FILE")


def show(
    context: typer.Context,
    delivery_id: Annotated[str, typer.Argument(metavar="ID", help="A delivery, from das delivery list.")],
) -> None:
    """Show one delivery: its counts, and what each rule did."""
    _print_delivery(_known(context, delivery_id)[1])


def report(
    context: typer.Context,
    delivery_id: Annotated[str, typer.Argument(metavar="ID", help="A delivery, from das delivery list.")],
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write it; default: warehouse/reports in the home.")
    ] = None,
) -> None:
    """Write the report of one delivery for its partner, in Dutch and in English."""
    from das_research.catalog.own_files import seen_by
    from das_research.intake.delivery import read_deliveries
    from das_research.intake.report import write_report

    state, (home, delivery) = state_of(context), _known(context, delivery_id)
    catalog = seen_by(state.catalog(), home.own_files_of)
    if delivery.dataset not in catalog.datasets:
        raise UsageError(
            f"The catalogue has no dataset '{delivery.dataset}', of which {delivery.id} is a delivery.",
            fix="Use the catalogue that it was delivered with: das --catalog DIR delivery report ID",
        )
    everything = read_deliveries(home)
    for path in write_report(to or home.reports, catalog, delivery.dataset, delivery, "", everything):
        print_text(str(path))


def _known(context: typer.Context, delivery_id: str) -> "tuple[Home, Delivery]":
    """A delivery, and the home as its sender's deliveries stand in it."""
    from das_research.intake.delivery import read_deliveries

    senders = state_of(context).home.senders()
    deliveries = {it.id: (sender, it) for sender in senders for it in read_deliveries(sender)}
    if delivery_id not in deliveries:
        raise UsageError(f"There is no delivery {delivery_id}.", fix="Choose one from: das delivery list.")
    return deliveries[delivery_id]


def withdraw(
    context: typer.Context,
    delivery_id: Annotated[str, typer.Argument(metavar="ID", help="A delivery, from das delivery list.")],
) -> None:
    """Destroy a delivery that its sender takes back, with every snapshot and extract that holds its rows."""
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
