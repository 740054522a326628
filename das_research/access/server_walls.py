"""What a login must not have on a server: looked at before anything is published to it."""

from collections.abc import Sequence

import psycopg

from das_research.catalog.models import Grant
from das_research.errors import AccessRefused

POWERS = ("rolsuper", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls")
POWERFUL = """
select exists (
    select from pg_roles where (rolname = 'das_host' or rolname ~ '^pg_') and pg_has_role(%s, oid, 'member')
)
"""

# What a role must not have before an extract is published to it; the column gives the right that is still there.
WALLS = """
select what from (values
    ('CREATE on the database', has_database_privilege(%(role)s, current_database(), 'create')),
    ('TEMPORARY on the database', has_database_privilege(%(role)s, current_database(), 'temporary')),
    ('CREATE on the schema public',
        coalesce(has_schema_privilege(%(role)s, to_regnamespace('public'), 'create'), false)),
    ('USAGE on the tables behind the views', has_schema_privilege(%(role)s, %(base)s, 'usage')),
    ('SELECT on the log of the host', has_table_privilege(%(role)s, 'das_host.log', 'select')),
    ('membership of the host', pg_has_role(%(role)s, 'das_host', 'member'))
) as walls (what, breached) where breached
"""


def check_walls(cursor: psycopg.Cursor, roles: Sequence[str], base: str) -> None:
    """Refuse to publish where a role could do more than read; what was laid is undone then.

    Raises
    ------
    AccessRefused
        Naming every right that is still there, and what the owner of the database must take away.
    """
    for role in roles:
        breached = [what for (what,) in cursor.execute(WALLS, {"role": role, "base": base}).fetchall()]
        if breached:
            database = cursor.connection.info.dbname
            raise AccessRefused(
                f"The login or role '{role}' could do more on this server than read its project.",
                why=f"It still has: {', '.join(breached)}. Nothing was laid.",
                fix=f'let the owner of the database type:\n      revoke all on database "{database}" from public;\n'
                "      revoke all on schema public from public;",
                ask="the host, who keeps the server",
            )


def check_powers(cursor: psycopg.Cursor, grant: Grant, account: str) -> None:
    """Refuse an account that could change the server itself.

    Raises
    ------
    AccessRefused
        Naming the account, which is one of the grant's people.
    """
    powers = " or ".join(POWERS)
    strong = f"select exists (select from pg_roles where rolname = %s and ({powers}))"
    if is_true(cursor, strong, account) or is_true(cursor, POWERFUL, account):
        raise AccessRefused(
            f"The login '{account}' of the project '{grant.id}' has rights of an administrator on this server.",
            why="No wall would hold whoever may change the server, and the grant says nothing of that.",
            fix="Give the person a login of its own for research, and name that in the grant.",
            ask="the host, who keeps the server",
        )


def is_true(cursor: psycopg.Cursor, question: str, *values: str) -> bool:
    """What the server answers to a question of yes or no."""
    return cursor.execute(question, values).fetchone() == (True,)
