"""`das audit`: what passed the gates, whether the log of it holds, and a page of it."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from das_research.audit import AuditLog
from das_research.audit_facts import Fact
from das_research.commands.context import JsonOption, print_json, print_table, print_text, state_of
from das_research.errors import DasError, UsageError
from das_research.home import Home
from das_research.processing_log import ProcessingLog

MonthOption = Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="Only this month.")]
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
MOST = 20  # findings that are printed
HEADINGS = ("moment", "gate", "act", "account", "facts")


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="The log that the gates write.")
    noun.command("show")(show)
    noun.command("verify")(verify)
    noun.command("page")(page)
    app.add_typer(noun, name="audit")


def show(
    context: typer.Context,
    as_json: JsonOption = False,
    project: Annotated[str, typer.Option(metavar="PROJECT", help="Only what was done in this project.")] = "",
    partner: Annotated[str, typer.Option(metavar="PARTNER", help="Only what touched data of this partner.")] = "",
    month: MonthOption = "",
    processing: Annotated[
        bool, typer.Option("--processing", help="The processing log: whose data, for which activity of the register.")
    ] = False,
) -> None:
    """List every passage through a gate, oldest first."""
    state = state_of(context)
    if processing:
        _show_processing(state.home, as_json)
        return
    lines = AuditLog(state.home.audit_log).lines()
    if project or partner or month:
        from das_research.oversight.acts import acts_of, chosen

        _check_month(month)
        lines = [dict(it.line) for it in chosen(acts_of(lines, state.catalog()), project, partner, month)]
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


def verify(
    context: typer.Context,
    key: Annotated[
        str, typer.Option(metavar="FINGERPRINT", help="Of the sealing key, as it was written down elsewhere.")
    ] = "",
) -> None:
    """Check that every line is as a gate wrote it, at its place, and that none is gone."""
    from das_research.oversight.verify import verify as check

    verdict = check(state_of(context).home, key)
    if not verdict.holds:
        said = [str(finding) for finding in verdict.findings]
        more = [f"And {len(said) - MOST} more."] if len(said) > MOST else []
        raise DasError(
            f"The audit log does not hold: {len(said)} finding{'s' if len(said) > 1 else ''}.",
            why="\n       ".join(said[:MOST] + more),
            fix="Leave the file as it is, and compare it with a backup. A page of it: das audit page",
            ask="; ".join(dict.fromkeys(finding.ask for finding in verdict.findings)),
        )
    sealed = verdict.lines - verdict.old
    print_text(f"{verdict.lines} lines, unbroken; head {verdict.head.hash}")
    if verdict.old:
        print_text(f"The first {verdict.old} are from before lines were sealed: chained by their hashes only.")
    if sealed:
        print_text(f"{sealed} are sealed by the key {verdict.head.key}, since {verdict.sealed_since}.")
    print_text(f"{verdict.copies} dossiers, manifests and editions know a head of it, and each stands in it.")


def page(
    context: typer.Context,
    month: MonthOption = "",
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write it; default: oversight in the home.")
    ] = None,
) -> None:
    """Write a page for the data protection officer, in Dutch and in English: who did what with whose data."""
    from das_research.oversight.page import write_page
    from das_research.oversight.verify import verify as check

    _check_month(month)
    state = state_of(context)
    for path in write_page(to or state.home.oversight, state.catalog(), check(state.home), month):
        print_text(str(path))


def _check_month(month: str) -> None:
    if month and not MONTH.fullmatch(month):
        raise UsageError("That is no month.", fix="Type a year and a month, as --month 2026-11.")


def _spelled(facts: dict[str, Fact]) -> str:
    return " ".join(f"{name}={','.join(it) if isinstance(it, list) else it}" for name, it in facts.items())
