"""What is laid on a PostgreSQL server, and what a project, its role, schemas and connections are called there."""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis.expr.types as ir


@dataclass(frozen=True)
class Content:
    """The tables of an extract in the engine of a build, and what it says of a table, or of a table and a column."""

    tables: Mapping[str, ir.Table]
    comments: Mapping[tuple[str, str | None], str]


def project_role(project: str) -> str:
    """The role that may read a project; its people's logins are the members."""
    return f"project_{project}"


def gate_login(project: str) -> str:
    """The login with which gate 3 computes a project's Results again: it may read that project and nothing else."""
    return f"gate_{project}"


def view_schema(project: str) -> str:
    """The schema of a project's views, which its people read."""
    return f"project_{project}"


def session_name(project: str) -> str:
    """What a connection of an open project calls itself on the server."""
    return f"das {project}"


def base_schema(project: str) -> str:
    """The schema of the tables behind them, which only the host enters."""
    return f"base_{project}"
