"""`das key`: the custodian's keys, and the steward's key of projects; none is ever shown."""

from typing import Annotated

import typer

from das_research.commands.context import JsonOption, State, print_list, print_text, state_of
from das_research.errors import UsageError

HEADINGS = ("domain", "epoch", "normalisation", "made", "deliveries")


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="The keys under which identifiers became pseudonyms.")
    noun.command("list")(list_)
    noun.command("rotate")(rotate)
    noun.command("transport")(transport)
    app.add_typer(noun, name="key")


def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the keys of every identifier domain and the deliveries under each."""
    from das_research.custody.listing import list_keys

    keys = list_keys(state_of(context).home)
    rows = [(it.domain, it.epoch, it.normalisation, it.made, it.deliveries) for it in keys]
    print_list(HEADINGS, rows, as_json, empty="No keys yet: the first delivery makes them.")


def rotate(
    context: typer.Context,
    domain: Annotated[
        str | None, typer.Argument(metavar="DOMAIN", help="An identifier domain, from das key list.")
    ] = None,
    projects: Annotated[
        bool, typer.Option("--projects", help="The key of projects: closes all of them, and their pseudonyms end.")
    ] = False,
) -> None:
    """Hash all that is stored of a domain once more, under a new key; or complete that."""
    from das_research.access.grants import current_account
    from das_research.custody.rotate import rotate as hash_anew

    state = state_of(context)
    if (domain is None) != projects:
        raise UsageError(
            "It is not clear which key is to be rotated.",
            fix="das key rotate DOMAIN\n    or, of all projects: das key rotate --projects",
        )
    if domain is None:
        _rotate_projects(state)
        return
    done = hash_anew(state.catalog(), state.home, domain, current_account())
    print_text(f"{done.domain}: epoch {done.epoch}; {done.deliveries} deliveries were hashed anew. Now: das build")


def _rotate_projects(state: State) -> None:
    from das_research.access.grants import current_account
    from das_research.custody.rotate_projects import rotate_projects

    done = rotate_projects(state.catalog(), state.home, current_account())
    print_text(
        f"Closed: {', '.join(done.projects) or 'no project'}; {done.extracts} extracts and the key are destroyed."
    )
    if done.projects:
        print_text(f"Make them again with new pseudonyms: das project extract {done.projects[0]}")


def transport(
    context: typer.Context,
    partner: Annotated[
        str, typer.Argument(metavar="PARTNER", help="A partner of the catalogue, or project-PROJECT for its own file.")
    ],
) -> None:
    """Print the address to which a partner encrypts its files; the key to it is made once and stays here."""
    from das_research.catalog.own_files import seen_by, sent_for
    from das_research.keys.transport import recipient

    state = state_of(context)
    catalog = seen_by(state.catalog(), sent_for(state.catalog(), partner) or "")
    print_text(recipient(catalog, state.home, partner))
