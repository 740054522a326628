"""Texts of which there are few: the engine writes each as its place in their list, and looks it up there."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache

import ibis.expr.types as ir
import sqlglot
from ibis import udf
from ibis.backends.duckdb import Backend

from das_research.engines.behind import run_later

DEFINED = "_das_defined"  # the names that an engine knows


def few(engine: Backend, texts: Iterable[str]) -> Callable[[str | ir.StringValue], ir.StringValue]:
    """How the engine writes texts of which there are few: each as its place in their list, a byte or two.

    To whoever reads such a text it is one, and it sorts as one; but to keep, sort, join and write it is cheap.

    Parameters
    ----------
    engine : Backend
        Where they will stand.
    texts : iterable of str
        All that there can be.

    Returns
    -------
    callable
        What makes one of these texts, or a column of them, such a text; any other is refused by the engine.

    Examples
    --------
    >>> import ibis
    >>> from das_research.engines import keep, memory_engine
    >>> with memory_engine() as engine:
    ...     dataset = few(engine, ["zaken", "feiten"])
    ...     table = keep(engine, ibis.memtable({"row": [1]}).mutate(dataset=dataset("zaken")))
    ...     table.filter(table.dataset == "zaken").dataset.to_list()
    ['zaken']
    """
    return _cast(engine, texts, "cast")


def one_of_few(engine: Backend, texts: Iterable[str]) -> Callable[[ir.StringValue], ir.StringValue]:
    """How the engine writes texts of which a few are known: as `few`, and as null where they are none of these.

    Examples
    --------
    >>> import ibis
    >>> from das_research.engines import keep, memory_engine
    >>> with memory_engine() as engine:
    ...     known = one_of_few(engine, ["M", "V"])
    ...     table = ibis.memtable({"geslacht": ["V", "x", None]})
    ...     keep(engine, table.select(geslacht=known(table.geslacht))).geslacht.to_list()
    ['V', None, None]
    """
    return _cast(engine, texts, "try_cast")


def looked_up(
    engine: Backend, codes: Mapping[str, str], meanings: Iterable[str] | None = None
) -> Callable[[ir.StringValue], ir.StringValue]:
    """How the engine looks up a text among few, without a join: out of a join rows come in no order.

    Parameters
    ----------
    engine : Backend
        Where they will stand.
    codes : mapping of str to str
        What each text stands for.
    meanings : iterable of str, optional
        All that texts can stand for, here and elsewhere: what is looked up among the same ones is of one kind.

    Returns
    -------
    callable
        What makes a column of texts what they stand for, as `few`; null where a text is not known.

    Examples
    --------
    >>> import ibis
    >>> from das_research.engines import keep, memory_engine
    >>> with memory_engine() as engine:
    ...     unified = looked_up(engine, {"M": "man", "V": "vrouw"})
    ...     table = ibis.memtable({"geslacht": ["V", "x", None]})
    ...     keep(engine, table.select(geslacht=unified(table.geslacht))).geslacht.to_list()
    ['vrouw', None, None]
    """
    known, unified = _listed(engine, codes), _listed(engine, codes.values() if meanings is None else meanings)
    meant = ", ".join(_literal(engine, codes[text]) for text in sorted(codes))
    place = f'enum_code(try_cast(one as "{known}")) + 1'
    found = f'list_extract([{meant}]::"{unified}"[], {place})'
    name = "meaning_" + _short_hash(found)
    _define(engine, name, f'create temp macro "{name}"(one) as {found}')
    return _macro(name)


def _cast(engine: Backend, texts: Iterable[str], how: str) -> Callable:
    listed = _listed(engine, texts)
    name = f"{listed}_{how}"
    _define(engine, name, f'create temp macro "{name}"(one) as {how}(one as "{listed}")')
    return _macro(name)


def _listed(engine: Backend, texts: Iterable[str]) -> str:
    """The name of the type of some texts: of one type alone they stay few where they come together."""
    listed = ", ".join(_literal(engine, text) for text in sorted(set(texts)))
    name = "few_" + _short_hash(listed)
    _define(engine, name, f'create type "{name}" as enum ({listed})')
    return name


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _define(engine: Backend, name: str, statement: str) -> None:
    """Tell the engine once what a name is."""
    told: set[str] = engine.__dict__.setdefault(DEFINED, set())
    if name not in told:
        told.add(name)
        run_later(engine, statement)


def _literal(engine: Backend, text: str) -> str:
    return sqlglot.exp.Literal.string(text).sql(engine.dialect)


@cache
def _macro(name: str) -> Callable:
    def one(text: str) -> str: ...

    return udf.scalar.builtin(one, name=name)
