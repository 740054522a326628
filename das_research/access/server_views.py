"""What a project on a server shows its people: a view of each table, what it is called, and when it may be read."""

import psycopg
from psycopg import sql

from das_research.access.manifest import Extract
from das_research.access.server_names import base_schema, project_role, view_schema
from das_research.catalog.models import Catalog, Grant
from das_research.style.numbers import SYNTHETIC


def publish(cursor: psycopg.Cursor, grant: Grant, name: str, columns: tuple[str, ...]) -> None:
    """A view of all columns, which asks the host once a query whether its reader may."""
    table, view = sql.Identifier(base_schema(grant.id), name), sql.Identifier(view_schema(grant.id), name)
    cursor.execute(
        sql.SQL("create view {} as select {} from {} where das_host.may_read({})").format(
            view, sql.SQL(", ").join(map(sql.Identifier, columns)), table, sql.Literal(grant.id)
        )
    )
    role = sql.Identifier(project_role(grant.id))
    cursor.execute(sql.SQL("grant select on {} to {}").format(view, role))


def comment(cursor: psycopg.Cursor, grant: Grant, name: str, column: str | None, words: str) -> None:
    """What a view, or a column of it, is called and means."""
    place = sql.Identifier(*(it for it in (view_schema(grant.id), name, column) if it))
    what = sql.SQL("column" if column else "view")
    cursor.execute(sql.SQL("comment on {} {} is {}").format(what, place, sql.Literal(words)))


def describe_schema(cursor: psycopg.Cursor, catalog: Catalog, grant: Grant, manifest: Extract) -> None:
    """What lies in the schema: the project and the extract, and whether it is fictitious."""
    words = [grant.title[catalog.language], manifest.id]
    if manifest.synthetic:
        words.insert(0, SYNTHETIC[catalog.language])
    schema, text = sql.Identifier(view_schema(grant.id)), sql.Literal(". ".join(words))
    cursor.execute(sql.SQL("comment on schema {} is {}").format(schema, text))


def rights(cursor: psycopg.Cursor, give: str, to: str, role: str) -> None:
    """What a project's role has of the host: its two functions. Each act is written ``grant`` or ``revoke``."""
    name = sql.Identifier(role)
    for right in (
        "usage on schema das_host",
        "execute on function das_host.may_read(text)",
        "execute on function das_host.record_opening(text, text)",
    ):
        if cursor.execute("select to_regrole(quote_ident(%s)) is not null", (role,)).fetchone() == (True,):
            cursor.execute(sql.SQL(f"{give} {right} {to} {{}}").format(name))


def remember(cursor: psycopg.Cursor, catalog: Catalog, grant: Grant, manifest: Extract) -> None:
    """What the views ask: who may read, and when, by the grant, and every agreement and permission under it."""
    agreements = [catalog.agreements[agreement] for agreement in grant.agreements]
    begins = max([grant.begin, *(it.begin for it in agreements)])
    permitted = [it.until for it in grant.permissions if it.until]
    ends = min([grant.end, *(it.end for it in agreements), *permitted])
    cursor.execute("delete from das_host.people where project = %s", (grant.id,))
    cursor.executemany(
        "insert into das_host.people values (%s, %s, %s, %s)",
        [(grant.id, it.account, it.begin, it.end) for it in grant.people],
    )
    cursor.execute("delete from das_host.projects where project = %s", (grant.id,))
    cursor.execute(
        "insert into das_host.projects values (%s, %s, %s, %s, now())", (grant.id, manifest.id, begins, ends)
    )
