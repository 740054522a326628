"""A project's own file as its keeper has it: a list is taken in under a grant in force, in the place of the last one.

Of a list that a newer one replaces nothing is kept: who is left out of the new one may have asked for that. So the old
list goes, and every extract that holds it; the project extracts again.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from das_research.access import clock
from das_research.access.grants import check_for_host
from das_research.catalog.models import Catalog
from das_research.catalog.own_files import project_of, seen_by
from das_research.changes import change, warehouse_lock
from das_research.custody.withdraw import destroy_deliveries
from das_research.errors import UsageError
from das_research.home import Home
from das_research.intake.delivery import Delivery, read_deliveries
from das_research.intake.gate import deliver
from das_research.processing_log import of_deliveries

REPLACED = "a newer list of the project took its place"
NOT_NAMED = "its grant does not name it any more"


def deliver_own_file(
    catalog: Catalog, home: Home, name: str, path: str | Path, account: str, today: date | None = None
) -> Delivery:
    """Take in a list of persons through gate 1, and destroy the one that it takes the place of.

    Parameters
    ----------
    catalog : Catalog
        A grant of it has the own file.
    home : Home
        The home folder.
    name : str
        The own file.
    path : str or Path
        The list.
    account : str
        The account that delivers.
    today : date, optional
        The day of the decision; default the current day.

    Returns
    -------
    Delivery
        What was stored, apart from what partners delivered.

    Raises
    ------
    UsageError
        When there is no such own file, or the list can't be found.
    AccessRefused
        When its grant is not in force, or the list may not be kept any more: nothing is stored then.
    DeliveryRefused
        When the list isn't what the grant says.
    """
    project = project_of(catalog, name)
    if project is None:
        raise UsageError(f"No grant has an own file '{name}'.", fix="das deliver DATASET FILE, for a partner's file")
    catalog, own = seen_by(catalog, project), home.own_files(project)
    check_for_host(catalog, project, today or clock.today())
    delivery = deliver(catalog, own, name, path, account)
    destroy_replaced(catalog, home, project, account)
    return delivery


def destroy_replaced(catalog: Catalog, home: Home, project: str, account: str) -> None:
    """Destroy the lists of a project that newer ones took the place of, with every extract of the project.

    Taking in a list ends so. Where that was killed half-way, the next list, extract or submission begins so.

    Parameters
    ----------
    catalog : Catalog
        As it is, without own files.
    home : Home
        The home folder.
    project : str
        The project; nothing happens where no grant of that name has own files.
    account : str
        Who acts.
    """
    grant = catalog.grants.get(project)
    if grant is None or not grant.own_files:
        return
    catalog, own = seen_by(catalog, project), home.own_files(project)
    with warehouse_lock(home):
        sent = read_deliveries(own)
        for name in sorted({it.dataset for it in sent}):
            if replaced := older(sent, name):
                with change(own, "custody", "replaced", account) as made:
                    newest = max((it for it in sent if it.dataset == name), key=_moment)
                    made.facts |= {"project": project, "delivery": newest.id, "partners": [newest.partner]}
                    made.facts["rows"] = sum(it.accepted + it.quarantined for it in replaced)
                    for it in replaced:
                        made.touched("erasure", it.id, of_deliveries(catalog, [it]))
                    destroy_deliveries(made, catalog, replaced, REPLACED)


def _moment(delivery: Delivery) -> tuple[str, str]:
    return delivery.received, delivery.id


def older(deliveries: Sequence[Delivery], name: str) -> list[Delivery]:
    """The lists of one own file but the one that was delivered last."""
    return sorted((it for it in deliveries if it.dataset == name), key=_moment)[:-1]


def kept_until(
    catalog: Catalog, delivery: Delivery, project: str, others: Sequence[Delivery]
) -> tuple[date | None, str]:
    """From which day a list is to be destroyed, and why; no day where the catalogue has no such grant.

    Parameters
    ----------
    catalog : Catalog
        Its grants.
    delivery : Delivery
        The list.
    project : str
        Whose it is.
    others : sequence of Delivery
        All lists of the project.
    """
    grant = catalog.grants.get(project)
    if grant is None:
        return None, "no grant has its name"
    received = datetime.fromisoformat(delivery.received).date()
    if delivery.dataset not in grant.own_files:
        return received, NOT_NAMED
    if delivery in older(others, delivery.dataset):
        return received, REPLACED
    last = min(grant.own_files[delivery.dataset].keep_until, grant.end)
    return last + timedelta(days=1), f"own file, kept until {last}"
