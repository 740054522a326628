"""`das project submit` and its kin: remote work, by one's own hand or through the host's drop folder."""

import os
import pwd
from pathlib import Path
from typing import Annotated

import typer

from das_research.commands.context import JsonOption, print_list, print_text, state_of

Drop = Annotated[Path, typer.Argument(metavar="DIR", help="The drop folder.")]
HEADINGS = ("request", "state", "ended", "release", "why")


def register(noun: typer.Typer) -> None:
    """Add the commands to `das project`."""
    noun.command("submit")(submit)
    noun.command("submitted")(submitted)
    noun.command("open-drop")(open_drop)
    noun.command("run-submitted")(run_submitted)


def submit(
    context: typer.Context,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="Id of the grant.")],
    notebook: Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="Written on the twin.")],
    drop: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Hand it in here, for the host's next round.")
    ] = None,
) -> None:
    """Run a notebook over the extract that its author may not see, and have gate 3 check what it hands over."""
    from das_research.access.grants import current_account
    from das_research.commands.monitor import check
    from das_research.monitors.drop_folder import hand_in
    from das_research.monitors.remote import submit as run
    from das_research.monitors.remote import without_outputs
    from das_research.monitors.told_back import told_back

    if drop:
        hand_in(drop, _own_account(), project, without_outputs(notebook))
        print_text(f"Handed in. What becomes of it tells: das project submitted {drop}")
        return
    state = state_of(context)
    account = current_account()
    done = run(state.catalog(), state.catalog_dir, state.home, project, notebook, account)
    with told_back():
        release, word = check(state, done.folder, account)
    print_text(f"{release}: {word}. Its reviewers now type: das release approve {release}")


def submitted(drop: Drop, as_json: JsonOption = False) -> None:
    """List what became of the notebooks that you handed in."""
    from das_research.monitors.drop_folder import answers

    found = answers(drop, _own_account())
    rows = [
        (name, it["state"], it.get("ended", ""), it.get("release", ""), it.get("what", ""))
        for name, it in found.items()
    ]
    print_list(HEADINGS, rows, as_json, empty="The host has answered nothing yet.")


def open_drop(
    drop: Drop,
    accounts: Annotated[list[str], typer.Argument(metavar="ACCOUNT...", help="Who may hand in notebooks.")],
) -> None:
    """Make a folder through which these accounts hand in notebooks; the host's own account types it."""
    from das_research.monitors.drop_folder import open_drop as make

    make(drop, accounts)
    print_text(f"Each types: das project submit PROJECT NOTEBOOK --drop {drop}")


def run_submitted(context: typer.Context, drop: Drop) -> None:
    """Run what was handed in, each in the name of its owner, and have gate 3 check it; for a timer of the host."""
    from das_research.commands.monitor import check
    from das_research.monitors.submitted import run_submitted as work

    state = state_of(context)

    def checked(folder: Path, account: str) -> tuple[str, str]:
        return check(state, folder, account)

    for request, outcome in work(state.catalog(), state.catalog_dir, state.home, drop, checked):
        print_text(f"{request.account} {request.name}: {outcome}")


def _own_account() -> str:
    """The account of the operating system: the host sees who owns a file, whatever DAS_ACCOUNT says."""
    return pwd.getpwuid(os.geteuid()).pw_name
