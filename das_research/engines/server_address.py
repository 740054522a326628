"""The address of a PostgreSQL server, and a connection to it: never with a password in what is typed, kept or told."""

from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

from das_research.errors import AccessRefused, UsageError

KEPT = ("host", "hostaddr", "port", "dbname", "sslmode", "sslrootcert")
LOCAL = ("localhost", "127.0.0.1", "::1")
WAIT = 15  # seconds for a connection


def read_address(url: str) -> tuple[str, str | None]:
    """What may be kept of the URL that somebody typed, and the login in it.

    Parameters
    ----------
    url : str
        ``postgresql://[login@]host[:port]/database``, perhaps with ``?sslmode=...&sslrootcert=...``.

    Returns
    -------
    tuple
        The address without the login, and the login or None. A server on another machine is asked for an encrypted
        connection, unless the URL says how.

    Raises
    ------
    UsageError
        When it is no such URL, holds a password, or holds what an address needs not.

    Examples
    --------
    >>> read_address("postgresql://steward@db.example.nl/keten")
    ('postgresql://db.example.nl/keten?sslmode=require', 'steward')
    """
    parts = _parts(url)
    login = parts.pop("user", None)
    if "password" in parts:
        raise UsageError(
            "The address of the server holds a password.",
            why="What is typed stays in the history of the shell, and every account can read it from the process list.",
            fix="Leave it out, and put it in ~/.pgpass (or PGPASSFILE, PGPASSWORD, a service). Change it: it was seen.",
        )
    if strange := sorted(set(parts) - set(KEPT)):
        raise UsageError(
            f"The address of the server says {', '.join(strange)}, which has no place in it.",
            fix=f"Keep {', '.join(KEPT)}; all else comes from libpq's own variables and files.",
        )
    missing = [name for name in ("host", "dbname") if not parts.get(name)]
    if missing:
        raise UsageError(
            "The address of the server names no host or no database.",
            why="Who opens the project later must find the same one.",
            fix="Write postgresql://host/database; a socket as postgresql:///database?host=/var/run/postgresql",
        )
    if not _near(parts["host"]):
        parts.setdefault("sslmode", "require")
    return _spelled(parts), login


def connect(server: str, login: str | None, name: str = "das") -> psycopg.Connection:
    """A connection in which every statement is a transaction of its own; the server shows its name to others.

    Raises
    ------
    AccessRefused
        When the server can't be reached or does not know the login. libpq's own words are withheld but for their kind.
    """
    given: dict[str, Any] = _parts(server) | ({"user": login} if login else {})
    reason = ""
    try:
        return psycopg.connect(**given, autocommit=True, connect_timeout=WAIT, application_name=name)
    except psycopg.OperationalError as error:
        reason = error.sqlstate or "no answer, or the login was refused"
    raise AccessRefused(
        f"The server {server} let nobody in{f' as {login}' if login else ''}.",
        why=f"It can't be reached, does not know the login, or got another password than it wants ({reason}).",
        fix="Try: psql with the same address. A password belongs in ~/.pgpass.",
        ask="the host, who keeps the server",
    )


def _parts(url: str) -> dict[str, str]:
    try:
        if not url.startswith(("postgresql://", "postgres://")):
            raise ValueError
        return {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except (ValueError, psycopg.ProgrammingError):
        pass
    raise UsageError(
        "This is no address of a PostgreSQL server.", fix="Write postgresql://host/database, without a password."
    )


def _near(host: str) -> bool:
    return host.startswith(("/", "@")) or host in LOCAL


def _spelled(parts: dict[str, str]) -> str:
    """The same address always spelled alike, since it is part of the id of an extract."""
    more = {name: parts[name] for name in KEPT if name in parts and name not in ("host", "port", "dbname")}
    host, port = parts["host"], parts.get("port")
    if "/" in host or "," in host or "@" in host:
        more = {"host": host} | ({"port": port} if port else {}) | more
        place = ""
    else:
        place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    query = f"?{urlencode(more, safe='/')}" if more else ""
    return f"postgresql://{place}/{quote(parts['dbname'])}{query}"
