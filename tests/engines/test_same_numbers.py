"""The same snapshot, grant and functions give the same numbers on DuckDB and on PostgreSQL, and so does gate 3."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import ibis
import pyarrow as pa
import pytest
from conftest import RESEARCHER, Twice  # noqa: F401

import das_research as das
from das_research.access.project import Project
from das_research.catalog.key_figures import key_figures
from das_research.disclosure.compare import differences
from das_research.errors import AccessRefused, UsageError
from das_research.hashing import content_hash
from das_research.monitors.rerun import rerun_all
from das_research.result import Result

YEARS = (2020, 2022)
OF_CHAIN: dict[str, Callable[[Project], Result]] = {}
