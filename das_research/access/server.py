"""A project on a PostgreSQL server, as the rest of the house sees it: an address, and a way in.

What needs the packages of the extra ``postgres`` is loaded only when a project does lie on a server.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING

from das_research.access.manifest import Extract
from das_research.access.server_names import Content, session_name, view_schema
from das_research.catalog.models import Catalog, Grant
from das_research.errors import AccessRefused, DasError

if TYPE_CHECKING:
    from das_research.engines.postgresql import ReadingBackend


def address_of(url: str) -> str:
    """What may be kept of the URL of a server: no login, and a password is refused."""
    with _packages():
        from das_research.engines.server_address import read_address
    return read_address(url)[0]


def lay(url: str, catalog: Catalog, grant: Grant, manifest: Extract, content: Content, today: date) -> bool:
    """Lay an extract on a server; see `das_research.access.on_server.lay_on_server`."""
    with _packages():
        from das_research.access.on_server import lay_on_server
    return lay_on_server(url, catalog, grant, manifest, content, today)


def take_away(extract: Extract) -> None:
    """Take an extract from the server that it lies on, if any; see `das_research.access.on_server.close_on_server`."""
    if extract.server:
        with _packages():
            from das_research.access.on_server import close_on_server
        close_on_server(extract.server, extract.project, extract.id)


@contextmanager
def entered(manifest: Extract, login: str | None) -> Iterator[tuple["ReadingBackend", str]]:
    """Connect to a project's views; the connection stays open unless the block fails.

    Parameters
    ----------
    manifest : Extract
        What lies there.
    login : str or None
        With which login; None leaves it to libpq.

    Yields
    ------
    tuple
        The engine, and who the server says is connected.
    """
    with _packages():
        from das_research.engines.postgresql import login_of, open_schema
    engine = open_schema(manifest.server, login, view_schema(manifest.project), session_name(manifest.project))
    try:
        yield engine, login_of(engine)
    except BaseException:
        engine.disconnect()
        raise


def record_opening(engine: "ReadingBackend", manifest: Extract) -> None:
    """Have the server write down who opens which extract.

    Raises
    ------
    AccessRefused
        When another extract lies there, or the server does not let this login read today.
    """
    with _packages():
        from das_research.engines.postgresql import EngineError, call
    answer = None
    with suppress(EngineError):  # why stands below: its own words are the server's
        answer = call(engine, "select das_host.record_opening(%s, %s)", (manifest.project, manifest.id))
    if answer is None:
        raise AccessRefused(
            f"The server does not let this login read the project '{manifest.project}' today.",
            why="There the grant has another term, or other people, than in the catalogue.",
            fix=f"The host types: das project extract {manifest.project} --to {manifest.server}",
        )
    if not answer:
        raise AccessRefused(
            f"The extract {manifest.id} of the project '{manifest.project}' lies on the server no more.",
            why="Another one took its place, or the project was closed there.",
            fix=f"The host types: das project extract {manifest.project} --to {manifest.server}",
        )


@contextmanager
def _packages() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("das_research"):
            raise
        missing = str(error.name)
    else:
        return
    raise DasError(
        "The packages for PostgreSQL are not installed.",
        why=f"A project on a server needs {missing}, which das-research names in an extra of its own.",
        fix='pip install "das-research[postgres]"',
        ask="whoever installed das-research",
    )
