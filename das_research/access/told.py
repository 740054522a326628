"""What gate 2 tells the audit log: who opened a project, or was refused and by which kind of rule."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from das_research.access import clock
from das_research.access.grants import check
from das_research.access.scope import grant_hash
from das_research.access.sealed import is_closed
from das_research.access.zones import can_enter_warehouse
from das_research.audit import AuditLog
from das_research.audit_facts import Fact, fingerprint, use_of
from das_research.catalog.models import Catalog, Grant
from das_research.errors import AccessRefused, UsageError
from das_research.home import Home
from das_research.result import Result

FINGERPRINT = 12  # digits of a grant's hash, enough to tell two versions of one grant apart


@contextmanager
def refusals_told(
    catalog: Catalog, home: Home, project: str, account: str, today: date | None = None, kind: str = ""
) -> Iterator[None]:
    """Have a refusal within the block told in one line: by whom, of which project, and the kind of its reason.

    Parameters
    ----------
    catalog, project, today
        As for `check_grant`.
    home : Home
        Where the log is. Nothing is told where this process is no gate of it: see `tell`.
    account : str
        Who asks.
    kind : str
        The kind of reason, where it is none of the grant's own.
    """
    try:
        yield
    except (AccessRefused, UsageError):
        if can_enter_warehouse(home):
            reason = kind or kind_of_refusal(catalog, home, project, account, today or clock.today())
            AuditLog(home.audit_log).record("project", "refused", account, reason=reason, **use_of(catalog, project))
        raise


def tell(catalog: Catalog, home: Home, act: str, account: str, project: str, **facts: Fact) -> None:
    """One line on a project that stands in the catalogue: its purpose, partners and the grant as it holds today.

    A process that can't enter the warehouse has no key to seal a line with, and tells nothing: that of a project's own
    account, where the host keeps the accounts apart, and a notebook in a room of remote work.
    """
    if not can_enter_warehouse(home):
        return
    grant = catalog.grants[project].on(clock.today())
    use = use_of(catalog, project) | {"grant": grant_hash(catalog, grant)[:FINGERPRINT]}
    AuditLog(home.audit_log).record("project", act, account, **use, **facts)


def tell_previewed(catalog: Catalog, home: Home, account: str, project: str, snapshot: str) -> int:
    """One line for a preview that counted rows, with a fingerprint of the conditions on them.

    Returns
    -------
    int
        Of how many different conditions of this project the numbers were shown on this snapshot. Four that were chosen
        for it can tell few from none, see ``docs/grants.md``.
    """
    rows = {
        name: [it.model_dump(mode="json") for it in table.rows]
        for name, table in catalog.grants[project].tables.items()
    }
    asked = fingerprint(rows)[:FINGERPRINT]
    tell(catalog, home, "previewed", account, project, snapshot=snapshot, conditions=asked)
    known = (line["facts"] for line in AuditLog(home.audit_log).lines() if line["act"] == "previewed")
    return len({it.get("conditions") for it in known if (it.get("project"), it.get("snapshot")) == (project, snapshot)})


def tell_handed_over(catalog: Catalog, home: Home, account: str, grant: Grant, run: str, result: Result) -> None:
    """One line for a Result that was handed over; what was asked is a fingerprint of its recipe."""
    asked = fingerprint([result.recipe.function, result.recipe.parameters])
    cells = len(result.table)
    tell(catalog, home, "handed over", account, grant.id, run=run, asked=asked, cells=cells, released=False)


def kind_of_refusal(catalog: Catalog, home: Home, project: str, account: str, today: date) -> str:
    """Which rule of the grant refused, in one or two words that name nobody."""
    if project not in catalog.grants:
        return "no such project"
    if is_closed(home, project):
        return "closed"
    return next((it.about for it in check(catalog, project, account, today) if not it.holds), "grant")
