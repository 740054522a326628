"""`das audit`: what passed the gates."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from das_research.audit import AuditLog
from das_research.commands.context import JsonOption, print_json, print_table, print_text, state_of
from das_research.errors import DasError
from das_research.home import Home
from das_research.processing_log import ProcessingLog

HEADINGS = ("moment", "gate", "act", "account", "facts")


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="The log that the gates write.")
    noun.command("show")(show)
    noun.command("verify")(verify)
    app.add_typer(noun, name="audit")


def show(
    context: typer.Context,
    as_json: JsonOption = False,
    processing: Annotated[
        bool, typer.Option("--processing", help="The processing log: whose data, for which activity of the register.")
    ] = False,
) -> None:
    """List every passage through a gate, oldest first."""
    if processing:
        _show_processing(state_of(context).home, as_json)
        return
    lines = AuditLog(state_of(context).home.audit_log).lines()
    if as_json:
        print_json(lines)
        return
    rows = [(*(line[name] for name in HEADINGS[:-1]), _spelled(line["facts"])) for line in lines]
    print_table(HEADINGS, rows, empty="Nothing passed a gate yet.")


def _show_processing(home: Home, as_json: bool) -> None:
    lines = ProcessingLog(home.processing_log).lines()
    if as_json:
        print_json(lines)
        return
    rows = [
        (
            datetime.fromtimestamp(line["start_time"] / 1000, UTC).isoformat(timespec="seconds"),
            line["name"],
            line["resource"]["attributes"]["das.made"],
            line["attributes"]["dpl.core.data_subject_id"][:12],
            line["attributes"]["dpl.core.processing_activity_id"],
        )
        for line in lines
    ]
    print_table(("started", "act", "made", "persons of", "activity"), rows, empty="Nothing was processed yet.")


def verify(context: typer.Context) -> None:
    """Check that no line was changed or taken out."""
    log = AuditLog(state_of(context).home.audit_log)
    broken = log.first_broken_line()
    if broken is not None:
        raise DasError(
            f"The audit log is broken at line {broken}.", why="A line was changed or taken out.", ask="the host"
        )
    print_text(f"{len(log.lines())} lines, unbroken; head {log.head()}")


def _spelled(facts: dict[str, str | int | bool]) -> str:
    return " ".join(f"{name}={value}" for name, value in facts.items())
