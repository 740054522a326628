"""How long what was delivered may be kept, and the destruction of what is due.

A delivery may be kept until the earliest of three days: so many years after its receipt as its agreement says, the day
after the last agreement over its dataset ends, and the day on which that is withdrawn. Its quarantine goes before, so
many days after receipt. What no agreement names is shown and never destroyed by itself. A project is closed on the day
after the last one of its grant. Its own file goes with it, or before, on the day after its own last one; a list that a
newer one replaced is due at once.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from das_research.access.manifest import list_extracts
from das_research.catalog.models import Catalog
from das_research.catalog.own_files import project_of
from das_research.changes import change, warehouse_lock
from das_research.custody.close import ENDED, close_locked
from das_research.custody.own_files import kept_until
from das_research.custody.withdraw import destroy_deliveries
from das_research.home import Home
from das_research.intake.delivery import QUARANTINED, Delivery, read_deliveries
from das_research.keys.data import data_keys
from das_research.processing_log import of_deliveries

EXPIRED = "the time for which it may be kept is over"
What = Literal["delivery", "quarantine", "project"]


@dataclass(frozen=True)
class Term:
    """Until when something may be kept.

    Parameters
    ----------
    what : {'delivery', 'quarantine', 'project'}
        The rows of a delivery with all copies of them, those of its quarantine, or a project's own.
    id : str
        Of the delivery or the project.
    expires : date, optional
        From that day on it is due; None where no agreement names its dataset, or no grant the project.
    why : str
        What decides the day.
    """

    what: What
    id: str
    expires: date | None
    why: str

    def due(self, today: date) -> bool:
        """Whether it is to be destroyed on a day."""
        return self.expires is not None and self.expires <= today


def terms(catalog: Catalog, home: Home) -> list[Term]:
    """Until when everything that was delivered may be kept, what expires first in front.

    Parameters
    ----------
    catalog : Catalog
        Its agreements.
    home : Home
        The home folder.
    """
    found = []
    for sender in home.senders():
        deliveries = read_deliveries(sender)
        for delivery in deliveries:
            if project := sender.own_files_of:
                found.append(Term("delivery", delivery.id, *kept_until(catalog, delivery, project, deliveries)))
            else:
                found.append(_of_delivery(catalog, delivery))
            if data_keys(home).has(f"quarantine-{delivery.id}"):
                found.append(_of_quarantine(catalog, delivery))
    for project in sorted({it.project for it in list_extracts(home)}):
        grant = catalog.grants.get(project)
        expires, why = (grant.end + timedelta(days=1), ENDED) if grant else (None, "no grant has its name")
        found.append(Term("project", project, expires, why))
    return sorted(found, key=lambda term: (term.expires or date.max, term.id, term.what))


def destroy_due(catalog: Catalog, home: Home, account: str, today: date | None = None) -> list[Term]:
    """Destroy all that is due: a delivery with every snapshot and extract made of it, or its quarantine alone.

    A project whose grant has ended is closed first, so that its hand-overs are sealed.

    Parameters
    ----------
    catalog, home
        As for `terms`.
    account : str
        Who has it done.
    today : date, optional
        Default the current day.

    Returns
    -------
    list of Term
        What was destroyed.
    """
    day = today or datetime.now(UTC).date()
    with warehouse_lock(home):
        due = [term for term in terms(catalog, home) if term.due(day)]
        for term in due:
            if term.what == "project":
                close_locked(catalog, home, term.id, account, day, ENDED)
        for sender in home.senders():
            _destroy(catalog, sender, due, account, day)
    return due


def _destroy(catalog: Catalog, home: Home, due: list[Term], account: str, day: date) -> None:
    """Have the deliveries and quarantines of one sender destroyed that are due."""
    whole = {term.id for term in due if term.what == "delivery"}
    quarantines = {term.id for term in due if term.what == "quarantine"} - whole
    touched = [it for it in read_deliveries(home) if it.id in whole | quarantines]
    with change(home, "custody", "expired", account) as made:
        for id in (it.id for it in touched if it.id in quarantines):
            made.destroy_key(f"quarantine-{id}")
            made.remove(home.deliveries / id / QUARANTINED)
        expired = [it for it in touched if it.id in whole]
        made.facts |= {"deliveries": len(expired), "quarantines": len(touched) - len(expired)}
        made.facts["partners"] = sorted({it.partner for it in touched})
        made.facts["rows"] = sum(it.quarantined + (it.accepted if it.id in whole else 0) for it in touched)
        made.touched("expiry", day.isoformat(), of_deliveries(catalog, touched))
        if expired:
            destroy_deliveries(made, catalog, expired, EXPIRED)


def _of_delivery(catalog: Catalog, delivery: Delivery) -> Term:
    agreements = [it for it in catalog.agreements.values() if delivery.dataset in it.datasets]
    if not agreements:
        return Term("delivery", delivery.id, None, "no agreement names its dataset")
    last = max(agreements, key=lambda it: (it.end, it.id))
    received = _received(delivery)
    days = {
        f"{last.retention_years} years after receipt": _years_after(received, last.retention_years),
        f"agreement {last.id} ended": last.end + timedelta(days=1),
    }
    if last.withdrawn:
        days[f"agreement {last.id} is withdrawn"] = last.withdrawn
    why, day = min(days.items(), key=lambda it: it[1])
    return Term("delivery", delivery.id, day, why)


def _of_quarantine(catalog: Catalog, delivery: Delivery) -> Term:
    agreements = [it for it in catalog.agreements.values() if delivery.dataset in it.datasets]
    kept = [(it.end, it.id, it.quarantine_days) for it in agreements]
    if project := project_of(catalog, delivery.dataset):
        grant = catalog.grants[project]
        kept = [(grant.end, project, grant.own_files[delivery.dataset].quarantine_days)]
    if not kept:
        return Term("quarantine", delivery.id, None, "no agreement names its dataset")
    days = max(kept)[-1]
    return Term(
        "quarantine", delivery.id, _received(delivery) + timedelta(days=days), f"quarantine, {days} days after receipt"
    )


def _received(delivery: Delivery) -> date:
    return datetime.fromisoformat(delivery.received).date()


def _years_after(day: date, years: int) -> date:
    """The same day so many years later; 1 March where that year has no 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
