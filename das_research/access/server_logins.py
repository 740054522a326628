"""Who may read a project on a server: its role, the logins of the grant's people, and what is taken from everybody."""

from datetime import date

import psycopg
from psycopg import sql

from das_research.access.server_host import make_role
from das_research.access.server_names import gate_login, project_role, session_name
from das_research.access.server_walls import check_powers, is_true
from das_research.catalog.models import Catalog, Grant
from das_research.errors import AccessRefused

SECONDS, IDLE_SECONDS, CONNECTIONS = 600, 900, 5  # of a login, where no grant asks for less
RESERVED = ("das_host", "project_", "gate_", "pg_")  # how roles that are nobody's login begin
NAME_BYTES = 63  # that PostgreSQL keeps of a name
MADE = "select shobj_description(to_regrole(quote_ident(%s)), 'pg_authid') = %s"
MADE_HERE = "made by das-research for the people of grants"

READS_OTHERS = """
select exists (select from pg_auth_members join pg_roles read on read.oid = roleid
    where member = to_regrole(quote_ident(%s)) and read.rolname like 'project\\_%%')
"""
# A steward may end sessions of others only as a member of pg_signal_backend; without it they go on till they ask.
ENDED = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and (usename = %s or application_name = %s)
    and (pg_has_role('pg_signal_backend', 'usage') or pg_has_role(usesysid, 'usage'))
"""


def people_today(grant: Grant, today: date) -> tuple[str, ...]:
    """The accounts whose time in the grant has not ended."""
    return tuple(dict.fromkeys(it.account for it in grant.people if it.end is None or today <= it.end))


def seconds_of(catalog: Catalog, account: str) -> int:
    """The shortest time that a grant naming this account asks for: a login has one limit, whatever it reads."""
    asked = [
        grant.limits.seconds
        for grant in catalog.grants.values()
        if grant.limits.seconds and account in {it.account for it in grant.people}
    ]
    return min([*asked, SECONDS])


def close_to_everybody(cursor: psycopg.Cursor, role: str) -> None:
    """Take from every login what it has on this database by itself, and let those in that are members of a role."""
    database = sql.Identifier(cursor.connection.info.dbname)
    cursor.execute(sql.SQL("revoke all on database {} from public").format(database))
    if is_true(cursor, "select to_regnamespace('public') is not null"):
        cursor.execute("revoke all on schema public from public")
    cursor.execute(sql.SQL("grant connect on database {} to {}").format(database, sql.Identifier(role)))


def set_logins(cursor: psycopg.Cursor, catalog: Catalog, grant: Grant, today: date) -> None:
    """Make the logins of the grant's people members of the project's role, and nobody else.

    Raises
    ------
    AccessRefused
        When an account is that of an administrator of the server, whom no wall would hold.
    """
    role, people = project_role(grant.id), people_today(grant, today)
    for account in people:
        _check_name(grant, account)
        if make_role(cursor, account, "login"):
            cursor.execute(sql.SQL("comment on role {} is {}").format(sql.Identifier(account), sql.Literal(MADE_HERE)))
        elif is_true(cursor, MADE, account, MADE_HERE):
            cursor.execute(sql.SQL("alter role {} login").format(sql.Identifier(account)))
        check_powers(cursor, grant, account)
    make_role(cursor, gate_login(grant.id), "login")
    wanted = {*people, gate_login(grant.id)}
    for member in members(cursor, role) - wanted:
        cursor.execute(sql.SQL("revoke {} from {}").format(sql.Identifier(role), sql.Identifier(member)))
    for member in sorted(wanted):
        cursor.execute(sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(member)))
        _limit(cursor, member, seconds_of(catalog, member))


def members(cursor: psycopg.Cursor, role: str) -> set[str]:
    """The logins that are members of a role; the host's own, who made it, are none of them."""
    rows = cursor.execute(
        "select member.rolname from pg_auth_members join pg_roles member on member.oid = pg_auth_members.member"
        " where roleid = to_regrole(quote_ident(%s)) and not pg_has_role(member.oid, 'das_host', 'member')",
        (role,),
    ).fetchall()
    return {name for (name,) in rows}


def end_sessions(cursor: psycopg.Cursor, project: str) -> None:
    """Disconnect who has the project open: the numbers of another extract would bear the name of the one before."""
    cursor.execute(ENDED, (None, session_name(project)))


def take_logins(cursor: psycopg.Cursor, project: str) -> int:
    """Take a project from the logins that may read it, and end what they are doing; how many people's they were."""
    role = project_role(project)
    people = members(cursor, role) - {gate_login(project)}
    for login in sorted(people):
        cursor.execute(ENDED, (login, session_name(project)))
        cursor.execute(sql.SQL("revoke {} from {}").format(sql.Identifier(role), sql.Identifier(login)))
        if is_true(cursor, MADE, login, MADE_HERE) and not is_true(cursor, READS_OTHERS, login):
            cursor.execute(sql.SQL("alter role {} nologin").format(sql.Identifier(login)))
    drop_role(cursor, gate_login(project))
    return len(people)


def drop_role(cursor: psycopg.Cursor, role: str) -> None:
    """Drop a role, and its right to come in, where it is there."""
    if is_true(cursor, "select to_regrole(quote_ident(%s)) is not null", role):
        database = sql.Identifier(cursor.connection.info.dbname)
        cursor.execute(sql.SQL("revoke connect on database {} from {}").format(database, sql.Identifier(role)))
        cursor.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))


def _limit(cursor: psycopg.Cursor, login: str, seconds: int) -> None:
    """Settings a session starts with. All but the number of connections are guard rails: a session may change them."""
    name, database = sql.Identifier(login), sql.Identifier(cursor.connection.info.dbname)
    cursor.execute(sql.SQL("alter role {} connection limit {}").format(name, sql.Literal(CONNECTIONS)))
    for setting, value in (
        ("default_transaction_read_only", "on"),
        ("statement_timeout", f"{seconds}s"),
        ("idle_in_transaction_session_timeout", f"{IDLE_SECONDS}s"),
    ):
        cursor.execute(
            sql.SQL("alter role {} in database {} set {} = {}").format(
                name, database, sql.Identifier(setting), sql.Literal(value)
            )
        )


def _check_name(grant: Grant, account: str) -> None:
    if account.startswith(RESERVED) or len(account.encode()) > NAME_BYTES:
        raise AccessRefused(
            f"The account '{account}' of the project '{grant.id}' can't be a login on a server.",
            why=f"Its name has more than {NAME_BYTES} bytes, or begins as roles do that are nobody's login.",
            fix=f"Name another account of the person in grants/{grant.id}.yaml.",
        )
