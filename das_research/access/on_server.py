"""Gate 2 on a PostgreSQL server: an extract laid in a schema of its project, and taken away when the project closes.

Of each project there are two schemas: ``base_<project>`` with the tables, which nobody but the host may enter, and
``project_<project>`` with a view of each, which the project's role may read. All is made in one transaction: whoever
reads sees the extract before it or the one after it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import psycopg
from psycopg import sql

from das_research.access.manifest import Extract
from das_research.access.server_host import (
    as_host,
    as_steward,
    laid_extract,
    make_role,
    make_schema,
    prepare_host,
    record,
)
from das_research.access.server_logins import (
    close_to_everybody,
    drop_role,
    end_sessions,
    members,
    set_logins,
    take_logins,
)
from das_research.access.server_names import Content, base_schema, project_role, view_schema
from das_research.access.server_views import comment, describe_schema, publish, remember, rights
from das_research.access.server_walls import check_walls
from das_research.catalog.models import Catalog, Grant
from das_research.engines.server_address import connect, read_address
from das_research.engines.server_load import create_and_fill
from das_research.errors import AccessRefused

PATIENCE = "60s"  # for readers of the extract that is replaced
LONGEST = 63 - len("project_")  # characters that PostgreSQL keeps of a name


@dataclass(frozen=True)
class Closed:
    """What closing a project took from a server: tables, and logins that may not read it any more."""

    tables: int
    logins: int


def lay_on_server(url: str, catalog: Catalog, grant: Grant, manifest: Extract, content: Content, today: date) -> bool:
    """Lay an extract on a server, in the place of the one before it; the same one stays as it lies.

    The logins follow the grant either way: whose time is over loses the project.

    Parameters
    ----------
    url : str
        The server, with the login of a steward who may make roles and schemas.
    catalog, grant, manifest
        What is laid.
    content : Content
        Its tables, in the engine of the build.
    today : date
        The day of the decision.

    Returns
    -------
    bool
        Whether anything was laid.

    Raises
    ------
    AccessRefused
        When the server does not let the steward do it, or would not hold the project's people to it.
    """
    base, role = base_schema(grant.id), project_role(grant.id)
    with _steward(url, grant.id) as cursor:
        prepare_host(cursor)
        make_role(cursor, role, "nologin")
        new = laid_extract(cursor, grant.id) != manifest.id
        if new:
            end_sessions(cursor, grant.id)
            _drop_schemas(cursor, grant.id)
            make_schema(cursor, base)
            make_schema(cursor, view_schema(grant.id))
            as_host(cursor)
            usage = sql.SQL("grant usage on schema {} to {}")
            cursor.execute(usage.format(sql.Identifier(view_schema(grant.id)), sql.Identifier(role)))
            for name, table in content.tables.items():
                create_and_fill(cursor, base, name, table)
                publish(cursor, grant, name, tuple(table.columns))
            for (name, column), words in content.comments.items():
                comment(cursor, grant, name, column, words)
            describe_schema(cursor, catalog, grant, manifest)
            record(cursor, "laid", grant.id, manifest.id)
            as_steward(cursor)
        close_to_everybody(cursor, role)
        set_logins(cursor, catalog, grant, today)
        as_host(cursor)
        rights(cursor, "grant", "to", role)
        remember(cursor, catalog, grant, manifest)
        as_steward(cursor)
        check_walls(cursor, [role, *sorted(members(cursor, role))], base)
    return new


def close_on_server(url: str, project: str, only: str | None = None) -> Closed:
    """Take a project from a server: its schemas, its role, and the right of its people; running queries are ended.

    Who reads no other project can't log in any more, where the login was made here. The log of the host stays.

    Parameters
    ----------
    url : str
        The server, as `lay_on_server` had it or as a manifest says it.
    project : str
        The project. One that is not there is closed already.
    only : str, optional
        An extract: what lies there stays where it is another one. Default: whatever lies there goes.

    Returns
    -------
    Closed
        How much was taken.

    Raises
    ------
    AccessRefused
        When the server does not let the steward do it. Nothing is taken then.
    """
    with _steward(url, project) as cursor:
        prepare_host(cursor)
        as_host(cursor)
        extract, tables = laid_extract(cursor, project), _count_tables(cursor, project)
        as_steward(cursor)
        if only and extract and extract != only:
            return Closed(0, 0)
        logins = take_logins(cursor, project)
        as_host(cursor)
        _drop_schemas(cursor, project)
        cursor.execute("delete from das_host.people where project = %s", (project,))
        cursor.execute("delete from das_host.projects where project = %s", (project,))
        if extract:
            record(cursor, "closed", project, extract)
        rights(cursor, "revoke", "from", project_role(project))
        as_steward(cursor)
        drop_role(cursor, project_role(project))
    return Closed(tables, logins)


@contextmanager
def _steward(url: str, project: str) -> Iterator[psycopg.Cursor]:
    """One transaction of a steward: whole or not at all. The server's own words can quote a value and stay behind."""
    server, login = read_address(url)
    _check_name(project)
    refused = ""
    with connect(server, login) as connection:
        try:
            with connection.transaction(), connection.cursor() as cursor:
                cursor.execute(sql.SQL("set local lock_timeout = {}").format(sql.Literal(PATIENCE)))
                yield cursor
        except psycopg.Error as error:
            refused = f"{type(error).__name__}, {error.sqlstate}"
    if refused:
        raise AccessRefused(
            f"The server did not do it for the project '{project}', and everything is as it was ({refused}).",
            why="Its own message could quote a value and is not shown. LockNotAvailable: somebody was reading for long;"
            " InsufficientPrivilege: the steward lacks a right.",
            fix="Look in the log of the server, or try again with a login that may create roles and schemas.",
            ask="the host, who keeps the server",
        )


def _check_name(project: str) -> None:
    if len(project) > LONGEST:
        raise AccessRefused(
            f"The project '{project}' has too long a name for a server.",
            why=f"PostgreSQL keeps {LONGEST} characters of it.",
            fix="Give the grant a shorter id.",
        )


def _drop_schemas(cursor: psycopg.Cursor, project: str) -> None:
    for schema in (view_schema(project), base_schema(project)):
        cursor.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))


def _count_tables(cursor: psycopg.Cursor, project: str) -> int:
    found = cursor.execute("select count(*) from pg_tables where schemaname = %s", (base_schema(project),)).fetchone()
    return int(found[0]) if found else 0
