"""The key register: which surrogate every key ever seen points to, and on what evidence keys were taken together.

Segments are only added, never rewritten.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines import keep, waited, write_segment
from das_research.home import Home, files_hash, locked

Entity = Literal["cases", "persons"]
ENTITIES: tuple[Entity, ...] = ("cases", "persons")

EPOCHS = "epochs.json"
KEYS = {"domain": "string", "pseudonym": "string", "surrogate": "int64", "delivery": "string"}
ALIASES = {"entity": "string", "old": "int64", "new": "int64", "delivery": "string", "kind": "string"}
LINKS = {
    "entity": "string",
    "left_domain": "string",
    "left_pseudonym": "string",
    "right_domain": "string",
    "right_pseudonym": "string",
    "kind": "string",
    "probability": "float64",
    "delivery": "string",
    "other": "string",
}
NUMBERS = {
    "node": ("domain", "pseudonym"),
    "left": ("left_domain", "left_pseudonym"),
    "right": ("right_domain", "right_pseudonym"),
}


@dataclass(frozen=True)
class KeyRegister:
    """The register of one home folder, read and extended in one engine.

    Parameters
    ----------
    folder : Path
        Where the segments lie.
    engine : Backend
        Where they are read.
    """

    folder: Path
    engine: Backend

    def keys(self, entity: Entity) -> ir.Table:
        """Every key with the surrogates it was given, before aliases; one that a split moved stands here again."""
        return self._segments(entity, KEYS).drop("segment")

    def aliases(self, entity: Entity) -> ir.Table:
        """Surrogates that were found to be another's, ``old`` to the surrogate that is valid now.

        Chains of aliases are resolved to their end. Splits are no aliases: they are written down, and their keys have a
        new surrogate of their own.
        """
        raw = self._segments("aliases", ALIASES)
        merges = raw.filter(raw.entity == entity, raw.kind == "merge").select("old", "new")
        if not self._paths("aliases"):
            return merges
        table = keep(self.engine, merges)
        while True:
            further = table.view()
            longer = table.left_join(further, table.new == further.old)
            longer = keep(
                self.engine, longer.select(table.old, new=ibis.coalesce(further.new, table.new), was=table.new)
            )
            if longer.filter(longer.new != longer.was).count().execute() == 0:
                return table
            table = longer.select("old", "new")

    def known(self, entity: Entity) -> ir.Table:
        """Every key once: ``domain, pseudonym, surrogate`` (valid now), ``given`` (before aliases) and ``segment``."""
        keys = self._segments(entity, KEYS).select("domain", "pseudonym", "segment", given="surrogate")
        if len(self._paths(entity)) > 1:  # a later segment may have moved a key
            keys = keys.group_by("domain", "pseudonym").agg(
                given=keys.given.argmax(keys.segment), segment=keys.segment.max()
            )
        if not self._paths("aliases"):
            return keys.mutate(surrogate=keys.given)
        aliases = self.aliases(entity)
        joined = keys.left_join(aliases, keys.given == aliases.old)
        return joined.select(*keys.columns, surrogate=ibis.coalesce(aliases.new, keys.given))

    def current(self, entity: Entity) -> ir.Table:
        """Every key with the surrogate that is valid for it now: columns ``domain``, ``pseudonym``, ``surrogate``."""
        return self.known(entity).select("domain", "pseudonym", "surrogate")

    def last(self, entity: Entity) -> int:
        """The highest surrogate ever given; 0 when there is none."""
        return int(self.keys(entity).surrogate.max().execute()) if self._paths(entity) else 0

    def links(self, entity: Entity) -> ir.Table:
        """Every link ever found: two keys, its kind, probability, and the deliveries that it rests on."""
        links = self._segments("links", LINKS)
        return links.filter(links.entity == entity).drop("entity", "segment")

    def append(
        self,
        entity: Entity,
        keys: ir.Table | None = None,
        aliases: ir.Table | None = None,
        links: ir.Table | None = None,
    ) -> None:
        """Add keys, aliases and links, each as one new segment; none of them may be without rows.

        A process killed between two of them leaves a register from which the next build finds the same surrogates:
        links come first, and what follows from them is found again.

        Parameters
        ----------
        entity : {'cases', 'persons'}
            Whose keys.
        keys : Table, optional
            ``domain, pseudonym, surrogate, delivery`` of keys the register does not hold, or that a split moved.
        aliases : Table, optional
            ``old, new, delivery, kind``.
        links : Table, optional
            The columns of `links`, and of its nodes `left` and `right`.
        """
        of_entity = ibis.literal(entity)
        if links is not None:
            self._write("links", links.mutate(entity=of_entity), LINKS)
        if keys is not None:
            self._write(entity, keys, KEYS)
        if aliases is not None:
            self._write("aliases", aliases.mutate(entity=of_entity), ALIASES)

    def hash(self) -> str:
        """The hash of all that the register holds: of the files of its segments, which never change."""
        waited(self.engine)
        return files_hash(self.folder, (path for kind in (*ENTITIES, "aliases", "links") for path in self._paths(kind)))

    def _paths(self, kind: str) -> list[Path]:
        return sorted(self.folder.glob(f"{kind}-*.parquet"))

    def _segments(self, kind: str, schema: dict[str, str]) -> ir.Table:
        """All segments of a kind under each other, with the number of each."""
        found = [ibis.memtable([], schema=schema | {"segment": "int64"})]
        for path in self._paths(kind):
            rows = self.engine.read_parquet(path).select(*schema).cast(schema)
            found.append(rows.mutate(segment=ibis.literal(_number(path), "int64")))
        return ibis.union(*found)

    def _write(self, kind: str, rows: ir.Table, schema: dict[str, str]) -> None:
        """A new segment in the order of its content, of which numbers of nodes tell that of keys."""
        numbers = [name for name in NUMBERS if name in rows.columns]
        told = {"entity", *(name for number in numbers for name in NUMBERS[number])}  # of a segment one entity
        order = (*numbers, *(name for name in schema if name not in told))
        write_segment(self.engine, rows.order_by(*order).select(*schema).cast(schema), lambda: self._next(kind))

    def _next(self, kind: str) -> Path:
        number = _number(paths[-1]) + 1 if (paths := self._paths(kind)) else 1
        return self.folder / f"{kind}-{number:06d}.parquet"


def live(links: ir.Table, gone: Collection[str]) -> ir.Table:
    """The links whose deliveries still count."""
    return links.filter(~_rests_on(links, gone))


def dead(links: ir.Table, gone: Collection[str]) -> ir.Table:
    """The links that rest on a delivery which no longer counts."""
    return links.filter(_rests_on(links, gone))


def _rests_on(links: ir.Table, gone: Collection[str]) -> ir.BooleanValue:
    names = sorted(gone) or [""]
    return links.delivery.isin(names) | links.other.isin(names).fill_null(False)


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def register_epochs(home: Home) -> dict[str, int]:
    """Under which key of its domain the pseudonyms in the register are: identifier domain to epoch."""
    path = home.register / EPOCHS
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def epochs_text(epochs: Mapping[str, int]) -> str:
    """What the file of `register_epochs` says."""
    return json.dumps(dict(sorted(epochs.items()))) + "\n"


@contextmanager
def open_register(home: Home, engine: Backend) -> Iterator[KeyRegister]:
    """The register of a home, for this process alone: two builds at once would give a surrogate twice."""
    with locked(home.register / ".lock"):
        yield KeyRegister(home.register, engine)
