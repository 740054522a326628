"""Whether the persons and cases of a query are those of the extract: by keys of one's own, one person is many."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ibis.expr.types as ir
from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from das_research.catalog.models import Catalog
from das_research.engines import tables_read
from das_research.errors import UsageError
from das_research.tabulation.checks import CASE, key_column
from das_research.tabulation.cube import UNKNOWN
from das_research.tabulation.labels import codes_of
from das_research.tabulation.queries import Project

# what gives one of the values that it is given, or none
CHOOSES = (exp.Alias, exp.Paren, exp.Cast, exp.Coalesce, exp.Min, exp.Max, exp.First, exp.Last, exp.AnyValue)
LOSES = (exp.Cube, exp.Rollup, exp.GroupingSets)


@dataclass(frozen=True)
class _Origin:
    """A column of a table that a value comes from; without a name it is made in the query, or this one text of it."""

    column: str
    may_be_lost: bool = False
    text: str | None = None


def keys_of(project: Project, table: ir.Table, query: str) -> list[str]:
    """The columns by which persons are counted: the key of persons, and for who has none that of the case.

    Parameters
    ----------
    project : Project
        Its tables say where a key comes from.
    table : Table
        What the query gives.
    query : str
        In the words of the project's engine.

    Returns
    -------
    list of str
        That of the case only where a person who is missing is missing in the extract too: a query can lose one, by a
        join that keeps the rows of one side, and then the case says nothing of who it is.

    Raises
    ------
    UsageError
        When a key is gone or made anew, or it can't be followed where it comes from.
    """
    key = key_column(table, person=project.catalog.chain.person)
    tree = parse_one(query, read=project.engine.dialect)
    can_lose = tree.find(*LOSES) is not None
    scope = _scope(project, tree)
    keys = dict.fromkeys(it for it in (key, CASE) if it in table.columns)
    for name in keys:
        found = list(_origins(scope, name)) if scope else [_Origin("")]
        # by the strict link one person can be several, and by the loose one several are one
        if any(origin.column.casefold() != name for origin in found):
            raise UsageError(
                f"The query makes {name} anew, or it can't be followed where it comes from.",
                why="How many persons are under a number decides whether it may leave. With keys of one's own one "
                "person is as many as one likes.",
                fix=f"Keep {name} as it is in the tables of the project, and give what you make another name.",
            )
        can_lose |= any(origin.may_be_lost for origin in found)
    return [key] if can_lose else list(keys)


def kept_columns(project: Project, query: str, names: Iterable[str]) -> frozenset[str]:
    """The columns that hold what the column of that name holds in a table of the project, and not what a query made.

    What is empty may have been filled with a text that is no code of the column in the catalogue, or is unknown there.

    Parameters
    ----------
    project : Project
        Its tables say where a column comes from.
    query : str
        In the words of the project's engine.
    names : iterable of str
        Of columns that it gives.
    """
    scope = _scope(project, parse_one(query, read=project.engine.dialect))
    found = {name: list(_origins(scope, name)) if scope else [] for name in names}
    return frozenset(name for name, origins in found.items() if _is_kept(project.catalog, name, origins))


def _is_kept(catalog: Catalog, name: str, origins: Iterable[_Origin]) -> bool:
    columns = {it.column.casefold() for it in origins if it.text is None}
    filled = {it.text for it in origins} - {None, UNKNOWN}
    return columns == {name.casefold()} and filled.isdisjoint(codes_of(catalog, name))


def _scope(project: Project, tree: exp.Expr) -> Scope | None:
    """The query with the table of every column named, and every star spelled out."""
    schema: dict[str, object] = {}
    for leaf in tables_read(tree):
        leaf.set("db", None)
        leaf.set("catalog", None)
        schema[leaf.name] = dict.fromkeys(project.engine.table(leaf.name).columns, "unknown")
    try:
        return build_scope(qualify(tree, dialect=project.engine.dialect, schema=schema))
    except SqlglotError:
        return None


def _origins(scope: Scope, name: str, within: tuple[Scope, ...] = ()) -> Iterator[_Origin]:
    """What a column of a query comes from, through all of its parts."""
    query = scope.expression
    if scope in within or not isinstance(query, exp.Query):  # a query of itself, or a function of tables
        yield _Origin("")
    elif scope.union_scopes:
        place = query.named_selects.index(name)
        for part in scope.union_scopes:
            assert isinstance(part.expression, exp.Query)
            yield from _origins(part, part.expression.named_selects[place], (*within, scope))
    elif (made := next((it for it in query.selects if it.alias_or_name == name), None)) is None:
        yield _Origin("")
    else:
        yield from _chosen(scope, made, (*within, scope))


def _chosen(scope: Scope, made: exp.Expr, within: tuple[Scope, ...]) -> Iterator[_Origin]:
    if isinstance(made, exp.Column):
        source = scope.sources.get(made.table)
        lost = made.table in _kept_on_one_side(scope)
        if isinstance(source, exp.Table):
            yield _Origin(made.name, lost)
        elif isinstance(source, Scope):
            for origin in _origins(source, made.name, within):
                yield _Origin(origin.column, origin.may_be_lost or lost)
        else:
            yield _Origin("")
    elif isinstance(made, exp.Filter):  # of an aggregate: where no row is left there is none
        for origin in _chosen(scope, made.this, within):
            yield _Origin(origin.column, may_be_lost=True)
    elif isinstance(made, exp.Order):  # within an aggregate
        yield from _chosen(scope, made.this, within)
    elif isinstance(made, CHOOSES):
        for part in (made.this, *made.expressions):
            yield from _chosen(scope, part, within)
    else:
        yield _Origin("", text=str(made.this) if isinstance(made, exp.Literal) else None)


def _kept_on_one_side(scope: Scope) -> set[str]:
    """The sources of which a join keeps rows of the others without one of theirs."""
    lost: set[str] = set()
    first = scope.expression.args.get("from_")
    seen = {first.this.alias_or_name} if first else set()
    for join in scope.expression.args.get("joins") or ():
        name, side = join.this.alias_or_name, str(join.args.get("side") or "").upper()
        lost |= {name} if side in ("LEFT", "FULL") else set()
        lost |= seen if side in ("RIGHT", "FULL") else set()
        seen.add(name)
    return lost
