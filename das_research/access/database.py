"""The database of a project, opened with the project's own key, and whether it is the file that gate 2 wrote."""

from ibis.backends.duckdb import Backend

from das_research.access.manifest import DATABASE, Extract, extract_folder
from das_research.access.own_key import own_key, refuse_links
from das_research.engines import open_extract
from das_research.engines.keeping import keeps
from das_research.errors import AccessRefused
from das_research.home import Home, file_hash


def open_database(home: Home, manifest: Extract) -> Backend:
    """Open the database of an extract, read-only and locked.

    Raises
    ------
    AccessRefused
        When the database or its key is not there, or is a link.
    DasError
        When the key does not open it.
    """
    path = extract_folder(home, manifest) / DATABASE
    refuse_links(home, path)
    if not path.is_file():
        raise _not_written(manifest, f"{path} is not there.")
    key = own_key(home, manifest.project, manifest.id)
    refuse_links(home, spill := home.project(manifest.project) / "scratch")
    engine = open_extract(path, key, spill)
    keeps(engine)  # an extract is never written again
    return engine


def check_database(home: Home, manifest: Extract) -> None:
    """Refuse a database that is not, byte for byte, the one that gate 2 wrote.

    For gate 3: whoever holds the key of an extract can write another file under it.

    Raises
    ------
    AccessRefused
        When it is another, is a link, or is not there.
    """
    path = extract_folder(home, manifest) / DATABASE
    refuse_links(home, path)
    if not path.is_file() or file_hash(path) != manifest.database:
        raise _not_written(manifest, "Its database is not the file whose hash stands in its manifest.")


def _not_written(manifest: Extract, why: str) -> AccessRefused:
    return AccessRefused(
        f"The extract {manifest.id} of the project '{manifest.project}' is not what gate 2 wrote.",
        why=why,
        fix=f"Type: das project extract {manifest.project}",
        ask="whoever keeps the home folder",
    )
