"""What of a grant ends soon, told in time: its own last day, and those of all that it rests on."""

from collections.abc import Iterator
from datetime import date, timedelta

from das_research.access import clock, refusals
from das_research.access.cover import permission_for
from das_research.access.findings import asked_datasets
from das_research.access.grants import find_grant
from das_research.catalog.agreed import contact
from das_research.catalog.models import Catalog, Grant

EARLY, LATE = 60, 14  # days before the end at which a warning is given, and again more urgently
ONE_DAY = timedelta(days=1)
CLOSED = "nothing opens any more"
LEFT_OUT = "its datasets are left out of the project"


def state_of(grant: Grant, today: date) -> str:
    """How a grant stands on a day, in a word or two: not begun, open, ends soon, ended."""
    if today < grant.begin:
        return "not begun"
    if today > grant.end:
        return "ended"
    return "ends soon" if (grant.end - today).days <= EARLY else "open"


def warnings(catalog: Catalog, project: str, account: str, today: date | None = None) -> list[str]:
    """What ends soon: a sentence each from 60 days before the end, more urgent from 14 days.

    Parameters
    ----------
    catalog, project, account, today
        As for `check_grant`, which must have let them pass.

    Returns
    -------
    list of str
        One sentence for the grant, the account's own time in it, and every agreement, own file and permission of a
        partner that ends within 60 days.
    """
    today = today or clock.today()
    grant = find_grant(catalog, project)
    now = grant.on(today)
    ends = [(f"The grant of the project '{grant.id}'", grant.end, CLOSED, refusals.roles(grant))]
    own = [person for person in now.people if person.account == account]
    if own and all(person.end for person in own):
        last = max(person.end for person in own if person.end)
        ends.append((f"The time of '{account}' in the project '{grant.id}'", last, CLOSED, refusals.roles(grant)))
    for agreement in refusals.agreements_of(catalog, grant):
        last = min(agreement.end, agreement.withdrawn - ONE_DAY) if agreement.withdrawn else agreement.end
        ends.append((f"The agreement '{agreement.id}'", last, CLOSED, contact(catalog, agreement.partner)))
    for name, file in grant.own_files.items():
        ends.append((f"The time for which '{name}' may be kept", file.keep_until, CLOSED, file.contact))
    given = [permission_for(catalog, now, dataset) for dataset in asked_datasets(catalog, grant)]
    for permission in dict.fromkeys(it for it in given if it is not None):
        if permission.until:
            what = f"The permission '{permission.reference}' of '{permission.partner}'"
            ends.append((what, permission.until, LEFT_OUT, contact(catalog, permission.partner)))
    return [sentence for end in ends for sentence in _warning(today, *end)]


def _warning(today: date, what: str, end: date, after: str, ask: str) -> Iterator[str]:
    left = (end - today).days
    count = "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days"
    if 0 <= left <= LATE:
        yield f"{what} ends {count}, on {end}: after that day {after}. Ask now: {ask}."
    elif left <= EARLY and left > LATE:
        yield f"{what} ends {count}, on {end}. To renew it, ask: {ask}."
