"""The warehouse: one snapshot a build, of all deliveries linked, in one terminology."""

from das_research.warehouse.build import build
from das_research.warehouse.code import code_version
from das_research.warehouse.snapshot import Snapshot, list_snapshots, read_snapshot

__all__ = ["Snapshot", "build", "code_version", "list_snapshots", "read_snapshot"]
