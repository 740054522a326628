"""A project that is only a database: what `das.tabulate` asks of one."""

from functools import cache
from types import SimpleNamespace

from das_research.catalog import load_catalog
from das_research.tabulation import belongs_to


@cache
def _catalog():
    return load_catalog("data_catalog")


class _Project(SimpleNamespace):
    @property
    def tables(self):
        return self.engine.list_tables()


def plain_project(engine):
    """A project of the Dutch catalogue over an engine, which knows no persons by several links."""
    project = _Project(
        id="proef",
        catalog=_catalog(),
        snapshot="snap-1",
        synthetic=True,
        linkage={},
        engine=engine,
        person_links="none",
        linked=lambda table, query: table,
    )
    belongs_to(engine, project)
    return project
