"""`das monitor`: parameterised notebooks, run and handed to gate 3."""

from pathlib import Path
from typing import Annotated

import typer

from das_research.commands.context import JsonOption, State, print_list, print_text, state_of
from das_research.errors import AccessRefused, UsageError


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="Parameterised notebooks with a schedule.")
    noun.command("list")(list_)
    noun.command("run")(run)
    app.add_typer(noun, name="monitor")


def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List every monitor with its parameters."""
    state = state_of(context)
    catalog = state.catalog()
    headings = ("monitor", "title", "project", "schedule", "parameters")
    rows = [
        (it.id, it.title[catalog.language], it.project, it.schedule, _parameters(it.parameters))
        for it in catalog.monitors.values()
    ]
    print_list(headings, rows, as_json, empty="The catalogue has no monitors.")


def run(
    context: typer.Context,
    monitor: Annotated[str, typer.Argument(metavar="NAME", help="Id of the monitor.")],
    parameter: Annotated[list[str], typer.Option("-p", metavar="KEY=VALUE", help="May be given several times.")] = [],  # noqa: B006
) -> None:
    """Run a monitor over its project and have gate 3 check what it hands over; people then approve it."""
    from das_research.access.grants import current_account

    state = state_of(context)
    release_id, state_name = run_and_check(state, monitor, given(parameter), current_account())
    print_text(f"{release_id}: {state_name}. Its reviewers now type: das release approve {release_id}")
    print_decided(state, release_id)


def given(parameters: list[str]) -> dict[str, str]:
    """Key and value of every ``-p``.

    Examples
    --------
    >>> given(["year=2024", "text=a=b"])
    {'year': '2024', 'text': 'a=b'}
    """
    pairs = [parameter.partition("=") for parameter in parameters]
    if not all(key and sign for key, sign, _ in pairs):
        raise UsageError("A parameter needs a name and a value.", fix="Type -p year=2024.")
    return {key: value for key, _, value in pairs}


def run_and_check(state: State, monitor: str, parameters: dict[str, str], account: str) -> tuple[str, str]:
    """Run a monitor and have gate 3 check it; gives the release's id and state."""
    from das_research.monitors.parameters import find_monitor, resolve_parameters
    from das_research.monitors.run import run_monitor

    catalog = state.catalog()
    resolved = resolve_parameters(find_monitor(catalog, monitor), parameters)
    done = run_monitor(catalog, state.catalog_dir, state.home, monitor, resolved, account)
    return check(state, done.folder, account)


def check(state: State, run_folder: Path, account: str) -> tuple[str, str]:
    """Have gate 3 check the hand-over of a run; gives the release's id and state."""
    from das_research.access.zones import can_enter_warehouse
    from das_research.disclosure.gate import check_release
    from das_research.monitors.rerun import own_tables_of, rerun_of

    if state.home.warehouse.exists() and not can_enter_warehouse(state.home):
        raise AccessRefused(
            f"The run {run_folder.name} is not brought to gate 3 by this account.",
            why="The host keeps the zones apart. What was handed over waits in the folder of the run.",
            fix=f"The host types: das release check {run_folder.name}",
            ask="the host",
        )
    given = run_folder, state.catalog_dir, state.home, account
    rerun, own_tables = rerun_of(*given), own_tables_of(*given)
    release = check_release(state.catalog(), state.home, run_folder, rerun, account, own_tables)
    return release.id, release.state


def print_decided(state: State, release_id: str) -> None:
    """Print what gate 3 says of a Result, where it says something: what was collapsed, or is not checked, or empty."""
    from das_research.disclosure.releases import read_release
    from das_research.disclosure.why import say_decided

    for name, decision in read_release(state.home, release_id).decisions.items():
        if said := say_decided(decision, "en"):
            print_text(f"{name}: {said}")


def _parameters(parameters: dict) -> str:
    return " ".join(f"{name}={parameter.default}" for name, parameter in parameters.items())
