"""The key register: which surrogate every key ever seen points to. Segments are only added, never rewritten."""

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.engines import keep
from das_research.hashing import content_hash
from das_research.home import Home, new_file, private_folder

Entity = Literal["cases", "persons"]
ENTITIES: tuple[Entity, ...] = ("cases", "persons")

KEYS = {"domain": "string", "pseudonym": "string", "surrogate": "int64", "delivery": "string"}
ALIASES = {"entity": "string", "old": "int64", "new": "int64", "delivery": "string"}


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
        """Every key with the surrogate it was first given, before aliases."""
        return self._segments(entity, KEYS)

    def aliases(self, entity: Entity) -> ir.Table:
        """Surrogates that were found to be another's, ``old`` to the surrogate that is valid now.

        Chains of aliases are resolved to their end.
        """
        raw = self._segments("aliases", ALIASES)
        if not self._paths("aliases"):
            return raw.select("old", "new")
        table = keep(self.engine, raw.filter(raw.entity == entity).select("old", "new"))
        while True:
            further = table.view()
            longer = table.left_join(further, table.new == further.old)
            longer = keep(
                self.engine, longer.select(table.old, new=ibis.coalesce(further.new, table.new), was=table.new)
            )
            if longer.filter(longer.new != longer.was).count().execute() == 0:
                return table
            table = longer.select("old", "new")

    def current(self, entity: Entity) -> ir.Table:
        """Every key with the surrogate that is valid for it now: columns ``domain``, ``pseudonym``, ``surrogate``."""
        keys, aliases = self.keys(entity), self.aliases(entity)
        joined = keys.left_join(aliases, keys.surrogate == aliases.old)
        return joined.select("domain", "pseudonym", surrogate=ibis.coalesce(aliases.new, keys.surrogate))

    def last(self, entity: Entity) -> int:
        """The highest surrogate ever given; 0 when there is none."""
        return int(self.keys(entity).surrogate.max().fill_null(0).execute())

    def append(self, entity: Entity, keys: ir.Table, aliases: ir.Table) -> None:
        """Add keys and aliases, each as one new segment; nothing is written when there are none.

        A process killed between the two leaves a register from which the next build finds the same surrogates.

        Parameters
        ----------
        entity : {'cases', 'persons'}
            Whose keys.
        keys : Table
            ``domain, pseudonym, surrogate, delivery`` of keys the register does not hold.
        aliases : Table
            ``old, new, delivery``.
        """
        self._write(entity, keys.select(*KEYS).order_by("surrogate", "domain", "pseudonym"))
        self._write("aliases", aliases.mutate(entity=ibis.literal(entity)).select(*ALIASES).order_by("old"))

    def hash(self) -> str:
        """The canonical hash of all that the register holds."""
        parts: dict[str, str] = {entity: content_hash(self.keys(entity)) for entity in ENTITIES}
        parts["aliases"] = content_hash(self._segments("aliases", ALIASES))
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def _paths(self, kind: str) -> list[Path]:
        return sorted(self.folder.glob(f"{kind}-*.parquet"))

    def _segments(self, kind: str, schema: dict[str, str]) -> ir.Table:
        paths = self._paths(kind)
        if not paths:
            return ibis.memtable([], schema=schema)
        return self.engine.read_parquet(paths).select(*schema).cast(schema)

    def _write(self, kind: str, rows: ir.Table) -> None:
        if rows.count().execute() == 0:
            return
        number = int(paths[-1].stem.rpartition("-")[2]) + 1 if (paths := self._paths(kind)) else 1
        with new_file(self.folder / f"{kind}-{number:06d}.parquet") as path:
            self.engine.to_parquet(rows.order_by(*rows.columns), path)


@contextmanager
def open_register(home: Home, engine: Backend) -> Iterator[KeyRegister]:
    """The register of a home, for this process alone: two builds at once would give a surrogate twice."""
    private_folder(home.register)
    with (home.register / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield KeyRegister(home.register, engine)
