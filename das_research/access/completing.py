"""Tab in IPython and JupyterLab: it completes tables and their columns, also behind a table that has no name yet."""

import sys
from typing import Any

import ibis.expr.types as ir

from das_research.access.tables import Tables

ATTRIBUTES = frozenset({Tables, ir.Table})  # to look up costs no query, and changes nothing
ITEMS = frozenset({Tables})


def complete_on_tab() -> None:
    """Have the running IPython, if there is one, complete columns behind ``project.tables.zaken.`` and ``["``.

    By itself it looks only into classes that it knows, since looking an attribute up may run anything. A policy that
    a user chose stays: who has all looked up, or nothing, keeps that.
    """
    running = sys.modules.get("IPython")
    shell = running.get_ipython() if running else None
    completer = getattr(shell, "Completer", None)
    if completer is None or not hasattr(completer, "policy_overrides"):
        return
    from IPython.core.guarded_eval import EVALUATION_POLICIES, SelectivePolicy

    policy = EVALUATION_POLICIES.get(completer.evaluation)
    if isinstance(policy, SelectivePolicy):
        known: dict[str, Any] = dict(completer.policy_overrides)
        for name, more in (("allowed_getattr", ATTRIBUTES), ("allowed_getitem", ITEMS)):
            known[name] = {*known.get(name, getattr(policy, name)), *more}
        completer.policy_overrides = known
