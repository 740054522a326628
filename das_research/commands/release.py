"""`das release`: gate 3 and its reviewers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from das_research.commands.context import JsonOption, State, print_list, print_table, print_text, state_of, yes_or_no

if TYPE_CHECKING:
    from das_research.disclosure.argus.desk import Rerun
    from das_research.disclosure.releases import Release
    from das_research.disclosure.side_by_side import OwnTables
    from das_research.home import Home

ReleaseArgument = Annotated[str, typer.Argument(metavar="ID", help="A release, from das release list.")]
WhyOption = Annotated[str, typer.Option(help="The reason, for the author.")]
KindOption = Annotated[str, typer.Option(help="What kind of reason; an unknown one lists them all.")]
PROGRAMS = {"argus": "tau-ARGUS"}


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="What may leave: checked by rule, approved by two people.")
    noun.command("list")(list_)
    noun.command("check")(check)
    noun.command("notebook")(notebook)
    noun.command("show")(show)
    noun.command("approve")(approve)
    noun.command("return")(return_)
    noun.command("withdraw")(withdraw)
    noun.command("export")(export)
    noun.command("refused")(refused)
    noun.command("register")(register_)
    app.add_typer(noun, name="release")


def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List every release, and every hand-over that waits for gate 3."""
    from das_research.disclosure.releases import list_releases

    state = state_of(context)
    headings = ("release", "state", "monitor", "project", "synthetic", "verdicts")
    releases = list_releases(state.home)
    rows = [
        (it.id, _state(state, it), it.monitor, it.project, yes_or_no(it.synthetic), _verdicts(it)) for it in releases
    ]
    known = {(it.project, it.run) for it in releases}
    asked = [it for it in handed_over(state.home) if it not in known]
    rows += [(run, "requested", "", project, "", "") for project, run in asked]
    print_list(headings, rows, as_json, empty="Nothing came to gate 3 yet. Type: das monitor run NAME")


def check(
    context: typer.Context, run: Annotated[str, typer.Argument(metavar="RUN", help="A run that was handed over.")]
) -> None:
    """Bring what a researcher handed over to gate 3: computed again, judged, and put before reviewers."""
    from das_research.access.grants import current_account
    from das_research.commands.monitor import check as bring
    from das_research.commands.monitor import print_decided

    state = state_of(context)
    release, became = bring(state, _run_folder(state, run), current_account())
    print_text(f"{release}: {became}.")
    print_decided(state, release)


def register_(
    context: typer.Context,
    project: Annotated[str, typer.Option(help="Only what left this project.")] = "",
) -> None:
    """Print the register: every cell that left, with what it counts, of whom and when, as JSON."""
    import json

    from das_research.disclosure.register import register_of
    from das_research.disclosure.releases import all_that_left

    releases = [it for it in all_that_left(state_of(context).home) if project in ("", it.project)]
    print_text(json.dumps(register_of(releases), ensure_ascii=False, indent=1))


def notebook(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A notebook that is to leave.", exists=True)],
    to: Annotated[
        Path | None, typer.Option(metavar="COPY", help="Write the copy that leaves: a file that isn't there yet.")
    ] = None,
) -> None:
    """Look at every output of a notebook: only what a released Result prints may leave with it, in a copy."""
    from das_research.disclosure.notebook_copy import copy_of
    from das_research.disclosure.notebooks import judge_notebook
    from das_research.disclosure.releases import list_releases
    from das_research.errors import ReleaseRefused, UsageError
    from das_research.home import PRIVATE_FILE, write_new

    if to is not None and (to.exists() or to.is_symlink() or not to.parent.is_dir()):
        raise UsageError(f"{to} can't be written.", fix="Name a file that isn't there yet, in a folder that is.")
    found = judge_notebook(path, list_releases(state_of(context).home))
    if found:
        print_table(("cell", "what", "verdict", "why"), [(it.cell, it.what, it.status, it.reason) for it in found])
    if any(it.status != "passed" and it.what != "typed" for it in found):
        raise ReleaseRefused(
            f"{path.name} can't leave as it is.",
            why="An output leaves only where it is what a released Result prints.",
            fix=f"Type jupyter nbconvert --clear-output --inplace {path.name}, or clear the outputs in JupyterLab; "
            "take the rest out of its texts and code by hand.",
        )
    print_text(f"{path.name}: nothing in its outputs that was not released. Its code and texts are for people to read.")
    if to is None:
        print_text("What leaves is a copy without ids, counts and fields of its author: type --to COPY.")
    else:
        write_new(to, copy_of(path).encode(), PRIVATE_FILE)
        print_text(f"{to}: what may leave, once its code and texts were read.")


def show(context: typer.Context, release_id: ReleaseArgument) -> None:
    """Show a release as its reviewers need it: every decision, and every table as it would leave."""
    from das_research.access.grants import current_account
    from das_research.disclosure.check_words import say_checks
    from das_research.disclosure.own_tables import has_query
    from das_research.disclosure.releases import read_release
    from das_research.style.tables import to_text

    state = state_of(context)
    release = read_release(state.home, release_id)
    print_text(f"{release.id}: {_state(state, release)}, of project {release.project}, snapshot {release.snapshot}")
    print_text(f"Handed over by {release.author} in {state.home.project(release.project) / 'runs' / release.run}")
    print_text(f"The page for its reviewers: {state.home.releases / release.id / 'dossier.nl.html'}")
    decisions = [
        (name, decision["status"], say_checks(decision["checks"], "en"), decision["shown"], decision["hidden"])
        for name, decision in release.decisions.items()
    ]
    print_table(("result", "decision", "rule", "shown", "hidden"), decisions)
    if release.earlier:
        print_text(f"Earlier attempts came back: {', '.join(release.earlier)}")
    for review in release.reviews_told(current_account()):
        print_text(f"{review.act} by {review.account} {'(fictitious) ' if review.fictitious else ''}{review.why}")
    if release.state == "first review":
        print_text("One verdict was given; which, is told when the last is there.")
    for name, result in release.results.items():
        print_text(f"\n{name}: {to_text(result.view(state.catalog().language))}")
        if has_query(result):
            print_text(f"Its query is the author's own; read it in results/{name}.json of the run before you approve.")


def approve(
    context: typer.Context,
    release_id: ReleaseArgument,
    judged: Annotated[bool, typer.Option("--judged", help="You judged what no rule did.")] = False,
) -> None:
    """Approve a release, after all that is open of it; the last verdict it needs lets it out, or sends it back."""
    from das_research.access.grants import current_account
    from das_research.disclosure.check_words import say_check
    from das_research.disclosure.dossier import open_criteria
    from das_research.disclosure.dossier_words import say
    from das_research.disclosure.releases import read_release
    from das_research.disclosure.review import approve as say_yes
    from das_research.errors import ReleaseRefused

    state = state_of(context)
    is_open = open_criteria(read_release(state.home, release_id))
    for it in is_open:
        of = f" ({it['results']})" if it["results"] else ""
        print_text(f"{say('verdict_' + it['verdict'], 'en')}: {say(it['criterion'], 'en')}{of}")
        for check in it.get("checks", ()):
            print_text(f"  {check['result']}: {say_check(check, 'en')}")
    if is_open and not judged:
        raise ReleaseRefused(
            f"The release {release_id} is not approved yet: {len(is_open)} criteria are open.",
            why="No rule says of them that they are right: that is for its reviewers.",
            fix=f"Judge them, and type das release approve {release_id} --judged",
        )
    told = tuple(it["criterion"] for it in is_open)
    release = say_yes(state.catalog(), state.home, release_id, current_account(), told=told)
    print_text(f"{release.id}: {release.state}.")


def return_(
    context: typer.Context, release_id: ReleaseArgument, why: WhyOption = "", kind: KindOption = "other"
) -> None:
    """Send a release back to its author, once the last reviewer has spoken."""
    from das_research.access.grants import current_account
    from das_research.disclosure.review import return_release

    state = state_of(context)
    release = return_release(state.catalog(), state.home, release_id, current_account(), why, kind)
    print_text(f"{release.id}: {release.state}.")


def withdraw(
    context: typer.Context, release_id: ReleaseArgument, why: WhyOption = "", kind: KindOption = "other"
) -> None:
    """Take a release back: no edition can be made of it any more, and the site leaves it out."""
    from das_research.access.grants import current_account
    from das_research.disclosure.review import withdraw_release

    state = state_of(context)
    release = withdraw_release(state.catalog(), state.home, release_id, current_account(), why, kind)
    print_text(f"{release.id}: {release.state}.")


def export(
    context: typer.Context,
    form: Annotated[Literal["argus"], typer.Argument(metavar="FORMAT", help="argus: for tau-ARGUS.")],
    release_id: ReleaseArgument,
    to: Annotated[Path, typer.Option(help="A folder outside the home that isn't there yet; made for you alone.")],
) -> None:
    """Write the tables of a release, before anything is hidden, for a reviewer to check with another program."""
    from das_research.access.grants import current_account
    from das_research.disclosure.argus.desk import export_for_argus
    from das_research.monitors.rerun import rerun_of

    state, account = state_of(context), current_account()

    def rerun(run: Path) -> "Rerun":
        return rerun_of(run, state.catalog_dir, state.home, account)

    tables = export_for_argus(state.catalog(), state.home, release_id, rerun, account, to)
    written = "1 table" if len(tables) == 1 else f"{len(tables)} tables"
    print_text(f"{written} for {PROGRAMS[form]} in {to}, with numbers that may not leave: see its README.")


def refused(
    context: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run that gate 3 refused.")],
    to: Annotated[Path, typer.Option(help="A folder outside the home that isn't there yet; made for you alone.")],
) -> None:
    """Write which numbers of a refused hand-over tell of few, for a reviewer to see them subtract."""
    from das_research.access.grants import current_account
    from das_research.disclosure.refused.desk import show_refused
    from das_research.monitors.rerun import own_tables_of, rerun_of

    state, account = state_of(context), current_account()

    def rerun(folder: Path) -> "tuple[Rerun, OwnTables | None]":
        given = folder, state.catalog_dir, state.home, account
        return rerun_of(*given), own_tables_of(*given)

    found = show_refused(state.catalog(), state.home, _run_folder(state, run), rerun, account, to)
    print_text(f"{found.groups} groups that can be told, in {to}: numbers that may not be read side by side.")


def _run_folder(state: State, run: str) -> Path:
    """The folder of a run that was handed over."""
    from das_research.errors import UsageError

    found = [project for project, known in handed_over(state.home) if known == run]
    if not found:
        raise UsageError(f"No project handed over a run '{run}'.", fix="Type das release list.")
    return state.home.project(found[0]) / "runs" / run


def handed_over(home: "Home") -> list[tuple[str, str]]:
    """Project and run of every hand-over, whether gate 3 saw it or not."""
    from das_research.handover import FILE

    projects = home.project("any").parent
    return sorted((path.parts[-4], path.parts[-2]) for path in projects.glob(f"*/runs/*/{FILE}"))


def _verdicts(release: "Release") -> str:
    return f"{len(release.verdicts)} of {release.needed}"


def _state(state: State, release: "Release") -> str:
    """Its state; an approved release of which an edition was made is published."""
    from das_research.publish.editions import list_editions

    if release.state == "approved" and release.id in {edition.release for edition in list_editions(state.home)}:
        return "published"
    return release.state
