"""The stored files of a home as their keeper sees them: opened with their data keys, and written anew with them."""

from pathlib import Path

import pyarrow as pa

from das_research import engines
from das_research.home import Home
from das_research.keys.data import data_keys


def key_name(home: Home, path: Path) -> str | None:
    """The data key of a file; None of a file that has none, as those of the register."""
    if path.is_relative_to(home.deliveries):
        return {"accepted": "delivery", "quarantined": "quarantine"}[path.stem] + f"-{path.parent.name}"
    if path.is_relative_to(home.snapshots):
        return f"snapshot-{path.parent.name}"
    return f"vault-{path.stem}" if path.is_relative_to(home.vault) else None


def open_file(home: Home, path: Path) -> pa.Table:
    """A stored Parquet file, opened with its key where it has one."""
    name = key_name(home, path)
    with engines.memory_engine() as engine:
        if name is None:
            return engine.read_parquet(path).to_pyarrow()
        return engines.read_parquet(engine, path, data_keys(home).get(name)).to_pyarrow()


def write_closed(home: Home, path: Path, rows: pa.Table) -> None:
    """A stored Parquet file with other rows, under its key; under a new one where it has none yet."""
    name, keys = key_name(home, path), data_keys(home)
    assert name is not None
    with engines.memory_engine() as engine:
        key = keys.get(name) if keys.has(name) else keys.new(name)
        engine.con.register("rows", rows)
        engines.write_parquet(engine, engine.table("rows"), path, key)
