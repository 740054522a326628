"""`das person`: what a person can ask a partner, carried out here."""

from pathlib import Path
from typing import Annotated

import typer

from das_research.commands.context import print_text, state_of
from das_research.errors import DasError


def register(app: typer.Typer) -> None:
    """Add the sub-command to `das`."""
    noun = typer.Typer(no_args_is_help=True, help="Erasure of persons whom a partner names.")
    noun.callback()(lambda: None)  # so that its one command keeps its name
    noun.command("erase")(erase)
    app.add_typer(noun, name="person")


def erase(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="DATASET_OR_DOMAIN", help="Whose rows, by which identifiers; or an own file.")
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The partner's list: one identifier a line, or a CSV.")],
    partner: Annotated[
        str | None, typer.Option(help="Whose deliveries, for a domain of several partners; or project-PROJECT.")
    ] = None,
) -> None:
    """Destroy the rows of these persons and of their cases, in everything that the partner or project delivered."""
    from das_research.access.grants import current_account
    from das_research.catalog.own_files import project_of, seen_by, sent_for
    from das_research.custody.erase import erase as destroy
    from das_research.custody.removal import whose

    state = state_of(context)
    catalog, home = state.catalog(), state.home
    if project := project_of(catalog, what) or sent_for(catalog, partner):
        catalog, home = seen_by(catalog, project), home.own_files(project)
    of, domain = whose(catalog, what, partner)
    done = destroy(catalog, home, of, domain, file, current_account())
    if not done.rows:
        raise DasError(
            f"No row of {of} names anybody on the list; nothing was destroyed.",
            why=f"None of the {done.listed} identifiers of {domain} on it is known.",
            fix="See whether the list is of this domain and is spelt as the partner delivers it.",
            ask=of,
        )
    print_text(f"Of {done.listed} identifiers on the list, {done.found} were found.")
    then = f"das project extract {project}" if project else "das build"
    print_text(
        f"Destroyed of {of}: rows {done.rows}, of deliveries {done.deliveries}; and all that held them: snapshots "
        f"{done.snapshots}, extracts {done.extracts}. Released numbers stay. Take the list away. Now: {then}"
    )
