"""`das release`: gate 3 and its reviewers."""

from typing import Annotated

import typer

from das_research.commands.context import JsonOption, print_list, print_table, print_text, state_of, yes_or_no

ReleaseArgument = Annotated[str, typer.Argument(metavar="ID", help="A release, from das release list.")]
WhyOption = Annotated[str, typer.Option(help="The reason, for the author.")]


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="What may leave: checked by rule, approved by two people.")
    noun.command("list")(list_)
    noun.command("show")(show)
    noun.command("approve")(approve)
    noun.command("return")(return_)
    noun.command("withdraw")(withdraw)
    app.add_typer(noun, name="release")


def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List every release."""
    from das_research.disclosure.releases import list_releases

    headings = ("release", "state", "monitor", "project", "synthetic", "approvals")
    rows = [
        (it.id, it.state, it.monitor, it.project, yes_or_no(it.synthetic), _approvals(it.reviews))
        for it in list_releases(state_of(context).home)
    ]
    print_list(headings, rows, as_json, empty="Nothing came to gate 3 yet. Type: das monitor run NAME")


def show(context: typer.Context, release_id: ReleaseArgument) -> None:
    """Show a release as its reviewers need it: every decision, and every table as it would leave."""
    from das_research.disclosure.own_tables import is_own
    from das_research.disclosure.releases import read_release
    from das_research.style.tables import to_text

    state = state_of(context)
    release = read_release(state.home, release_id)
    print_text(f"{release.id}: {release.state}, of project {release.project}, snapshot {release.snapshot}")
    print_text(f"Handed over by {release.author} in {state.home.project(release.project) / 'runs' / release.run}")
    decisions = [
        (name, decision["status"], decision["rule"], decision["shown"], decision["hidden"])
        for name, decision in release.decisions.items()
    ]
    print_table(("result", "decision", "rule", "shown", "hidden"), decisions)
    for review in release.reviews:
        print_text(f"{review.act} by {review.account} {'(fictitious) ' if review.fictitious else ''}{review.why}")
    for name, result in release.results.items():
        print_text(f"\n{name}: {to_text(result.view(state.catalog().language))}")
        if is_own(result):
            print_text(f"Its query is the author's own; read it in results/{name}.json of the run before you approve.")


def approve(context: typer.Context, release_id: ReleaseArgument) -> None:
    """Approve a release; the second approval lets it out."""
    from das_research.access.grants import current_account
    from das_research.disclosure.review import approve as say_yes

    release = say_yes(state_of(context).home, release_id, current_account())
    print_text(f"{release.id}: {release.state}.")


def return_(context: typer.Context, release_id: ReleaseArgument, why: WhyOption = "") -> None:
    """Send a release back to its author."""
    from das_research.access.grants import current_account
    from das_research.disclosure.review import return_release

    print_text(f"{return_release(state_of(context).home, release_id, current_account(), why).id}: returned.")


def withdraw(context: typer.Context, release_id: ReleaseArgument, why: WhyOption = "") -> None:
    """Take an approved release back: no edition can be made of it any more."""
    from das_research.access.grants import current_account
    from das_research.disclosure.review import withdraw_release

    print_text(f"{withdraw_release(state_of(context).home, release_id, current_account(), why).id}: withdrawn.")


def _approvals(reviews: tuple) -> int:
    return sum(review.act == "approve" for review in reviews)
