"""What the host has on a server of its own: who owns everything, which extracts lie there, and who opened them when.

A researcher's login can run two functions of the schema `HOST` and see none of its tables.
"""

import psycopg
from psycopg import sql

from das_research.errors import AccessRefused

HOST = "das_host"  # the owner, a role without a login; and its schema
OLDEST = 150_000  # PostgreSQL 15: before it everybody may make tables in the schema public

TABLES = """
create table if not exists das_host.projects (
    project text primary key, extract text not null, begins date not null, ends date not null, laid timestamptz not null
);
create table if not exists das_host.people (
    project text not null, login text not null, begins date, ends date
);
create table if not exists das_host.log (
    line bigint generated always as identity primary key,
    moment timestamptz not null default clock_timestamp(),
    act text not null, login text not null default session_user, project text not null, extract text not null
);
revoke all on all tables in schema das_host from public;
revoke all on all sequences in schema das_host from public;
"""

# The views ask may_read once a query. Days are those of UTC: a session can set a time zone of its own.
FUNCTIONS = """
create or replace function das_host.may_read(asked text) returns boolean
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $body$
declare today date := (clock_timestamp() at time zone 'UTC')::date;
begin
    if session_user = 'gate_' || asked or pg_has_role(session_user, 'das_host', 'member') then
        return true;
    end if;
    if not exists (select from das_host.projects where project = asked and today between begins and ends) then
        raise insufficient_privilege using message = 'the grant of this project is not in force';
    end if;
    if not exists (
        select from das_host.people where project = asked and login = session_user
            and (begins is null or begins <= today) and (ends is null or today <= ends)
    ) then
        raise insufficient_privilege using message = 'the grant of this project does not name this login today';
    end if;
    return true;
end $body$;

create or replace function das_host.record_opening(asked text, wanted text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $body$
begin
    if not exists (select from das_host.projects where project = asked and extract = wanted)
        or not das_host.may_read(asked) then
        return false;
    end if;
    insert into das_host.log (act, project, extract) values ('opened', asked, wanted);
    return true;
end $body$;

revoke all on function das_host.may_read(text), das_host.record_opening(text, text) from public;
"""


def prepare_host(cursor: psycopg.Cursor) -> None:
    """Make the host's role, schema, tables and functions, where they are not there yet.

    Raises
    ------
    AccessRefused
        When the server is too old, or the steward may not act as the role that owns everything.
    """
    cursor.execute("select pg_advisory_xact_lock(hashtext('das_host'))")  # one steward at a time
    info = cursor.connection.info
    if info.server_version < OLDEST or info.parameter_status("server_encoding") != "UTF8":
        raise AccessRefused(
            f"No extract can be laid in the database '{info.dbname}'.",
            why="It is of a PostgreSQL before 15, whose default rights are too wide, or does not write texts as UTF-8.",
            fix=f"createdb --encoding UTF8 --template template0 {info.dbname}, on PostgreSQL 15 or newer",
            ask="the host, who keeps the server",
        )
    make_role(cursor, HOST, "nologin")
    if _one(cursor, "select not pg_has_role(current_user, %s, 'usage')", HOST):
        cursor.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(HOST)))
    make_schema(cursor, HOST)
    as_host(cursor)
    cursor.execute(TABLES)
    cursor.execute(FUNCTIONS)
    as_steward(cursor)


def make_role(cursor: psycopg.Cursor, name: str, kind: str) -> bool:
    """Make a role where there is none; whether it was made."""
    if _one(cursor, "select exists (select from pg_roles where rolname = %s)", name):
        return False
    cursor.execute(sql.SQL("create role {} " + kind).format(sql.Identifier(name)))
    return True


def make_schema(cursor: psycopg.Cursor, name: str) -> None:
    """Make a schema of the host's where there is none."""
    cursor.execute(
        sql.SQL("create schema if not exists {} authorization {}").format(sql.Identifier(name), sql.Identifier(HOST))
    )


def as_host(cursor: psycopg.Cursor) -> None:
    """Act as the owner of everything, so that all that is made is the host's and not one steward's."""
    cursor.execute(sql.SQL("set local role {}").format(sql.Identifier(HOST)))


def as_steward(cursor: psycopg.Cursor) -> None:
    """Act as who is connected, who may make roles."""
    cursor.execute("reset role")


def laid_extract(cursor: psycopg.Cursor, project: str) -> str | None:
    """The extract of a project that lies on the server; None where there is none."""
    found = cursor.execute("select extract from das_host.projects where project = %s", (project,)).fetchone()
    return found[0] if found else None


def record(cursor: psycopg.Cursor, act: str, project: str, extract: str) -> None:
    """Write a line in the log that the host keeps on the server."""
    cursor.execute("insert into das_host.log (act, project, extract) values (%s, %s, %s)", (act, project, extract))


def _one(cursor: psycopg.Cursor, question: str, value: str) -> bool:
    found = cursor.execute(question, (value,)).fetchone()
    return bool(found and found[0])
