"""`das grant`: what a project may see, and why not more."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from das_research.commands.context import JsonOption, print_json, print_table, print_text, state_of, yes_or_no

ProjectArgument = Annotated[str, typer.Argument(metavar="PROJECT", help="Id of the grant.")]


SAFE_VERSIONS = 2  # of the conditions of a project: the numbers of four can tell few from none
MANY_VERSIONS = (
    "Numbers for {versions} different conditions on the rows of '{project}' were shown by now. Four that were chosen "
    "for it can tell few from none: lay them beside each other before you hand this on. See docs/grants.md."
)


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="Approved use: who may see what, for what, until when.")
    noun.command("check")(check)
    noun.command("preview")(preview)
    app.add_typer(noun, name="grant")


def check(
    context: typer.Context,
    project: ProjectArgument,
    account: Annotated[str | None, typer.Option(help="Whose access to check; default: your own account.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check everything the grant rests on, for an account and today; each refusal says which lines to add."""
    from das_research.access import clock, deadlines, grants
    from das_research.access.told import kind_of_refusal, refusals_told, tell

    catalog, home = state_of(context).catalog(), state_of(context).home
    account = account or grants.current_account()
    with refusals_told(catalog, home, project, account):
        found = grants.check(catalog, project, account)
    refused = [finding for finding in found if not finding.holds]
    ends = deadlines.warnings(catalog, project, account)
    if as_json:
        findings = [asdict(finding) for finding in found]
        facts = {"project": project, "account": account, "holds": not refused}
        print_json({**facts, "findings": findings, "warnings": ends})
    else:
        rows = [(it.about, it.name, yes_or_no(it.holds), it.note if it.holds else it.why) for it in found]
        print_table(("about", "which", "holds", "on what ground, or why not"), rows)
        for finding in refused:
            print_text(f"\n{finding.about} {finding.name}\n  fix: {finding.fix}\n  ask: {finding.ask}")
        for warning in ends:
            print_text(f"\n{warning}")
        if not refused:
            end = catalog.grants[project].end.isoformat()
            print_text(f"\n{project}: in force for {account} until {end}, with everything it asks for.")
    if refused:
        reason = kind_of_refusal(catalog, home, project, account, clock.today())
        tell(catalog, home, "refused", account, project, reason=reason)
        raise typer.Exit(1)


def preview(
    context: typer.Context,
    project: ProjectArgument,
    page: Annotated[bool, typer.Option("--page", help="Write a page for who approves the grant.")] = False,
    language: Annotated[Literal["nl", "en"] | None, typer.Option(help="Default: the catalogue's own.")] = None,
    to: Annotated[Path, typer.Option(help="Folder of the page.")] = Path(),
) -> None:
    """Show which tables, columns and rows the project gets, what is left out, and why."""
    from das_research.access.grants import current_account
    from das_research.access.preview import preview as make
    from das_research.access.preview_page import page_of
    from das_research.access.told import tell_previewed
    from das_research.home import write_file

    state = state_of(context)
    language = language or state.catalog().language
    made = make(state.catalog(), state.home, project)
    if made.snapshot:  # without one nothing of the data was looked at
        versions = tell_previewed(state.catalog(), state.home, current_account(), project, made.snapshot)
        if versions > SAFE_VERSIONS:
            print_text(MANY_VERSIONS.format(project=project, versions=versions))
    if page:
        path = to / f"{project}-preview.{language}.html"
        write_file(path, page_of(made, language))
        print_text(str(path))
        return
    for block in made.lines(language):
        print_text(f"\n{block.title}")
        print_table(block.heads, block.rows)
