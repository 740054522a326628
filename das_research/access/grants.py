"""What a grant allows, to whom, and when: decisions in pairs, ``check_x`` (raises) and ``x`` (yes or no).

`check` tells of all of them at once, and of every dataset and column. Every refusal says what to add to which file of
the catalogue, and who decides on that. It names no person of the grant but the one who asks.
"""

import difflib
import getpass
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from das_research.access import clock, refusals
from das_research.access.cover import permission_for
from das_research.access.findings import Finding, asked_datasets, dataset_findings, table_findings
from das_research.catalog.models import Agreement, Catalog, Grant
from das_research.errors import AccessRefused, UsageError

EARLY, LATE = 60, 14  # days before the end at which a warning is given, and again more urgently
ONE_DAY = timedelta(days=1)
CLOSED = "nothing opens any more"
LEFT_OUT = "its datasets are left out of the project"


def current_account() -> str:
    """The account that asks: ``DAS_ACCOUNT``, else that of the operating system.

    In embedded mode this is a guard rail and no wall: whoever owns the home folder can call himself anything. It is a
    wall only where the host gives every project an account and files of its own.

    Returns
    -------
    str
        The name of the account.
    """
    return os.environ.get("DAS_ACCOUNT") or getpass.getuser()


def find_grant(catalog: Catalog, project: str) -> Grant:
    """The grant of a project.

    Raises
    ------
    UsageError
        When no grant has this id; the message lists those that exist.
    """
    if project in catalog.grants:
        return catalog.grants[project]
    close = difflib.get_close_matches(project, catalog.grants, n=1)
    raise UsageError(
        f"There is no project '{project}'.",
        why=f"The catalogue has grants for: {', '.join(sorted(catalog.grants)) or 'no project at all'}.",
        fix=f"Did you mean '{close[0]}'?" if close else f"A new project starts with a file grants/{project}.yaml.",
    )


def check_grant(catalog: Catalog, project: str, account: str, today: date | None = None) -> Grant:
    """Everything that must hold before a person may reach the data of a project.

    Parameters
    ----------
    catalog : Catalog
        The catalogue.
    project : str
        The project, which is the id of its grant.
    account : str
        Who asks.
    today : date, optional
        The day of the decision; default the current day.

    Returns
    -------
    Grant
        The project's grant as it holds on this day, see `Grant.on`.

    Raises
    ------
    UsageError
        No such project.
    AccessRefused
        The account is none of its people on this day, the grant is not in force, or an agreement under it is not in
        force or does not allow the purpose.
    """
    today = today or clock.today()
    grant = find_grant(catalog, project)
    check_person(grant, account, today)
    check_in_force(grant, today)
    check_purpose(catalog, grant)
    check_agreements(catalog, grant, today)
    return grant.on(today)


def check_for_host(catalog: Catalog, project: str, today: date) -> Grant:
    """All that `check_grant` asks but for the account: a steward of the host, who is none of the project's people."""
    grant = find_grant(catalog, project)
    check_in_force(grant, today)
    check_purpose(catalog, grant)
    check_agreements(catalog, grant, today)
    return grant.on(today)


def grant_allows(catalog: Catalog, project: str, account: str, today: date | None = None) -> bool:
    """Whether `check_grant` would let this account pass."""
    return _holds(check_grant, catalog, project, account, today)


def check_mode(grant: Grant) -> None:
    """Refuse an extract to the mode ``remote``: its people never come near the rows."""
    if grant.mode == "remote":
        raise AccessRefused(
            f"The project '{grant.id}' has the mode remote: its people work on a twin, and get no extract.",
            why="Only their notebooks come near the rows, in a room apart: das project submit.",
            fix=f"das project extract {grant.id} --twin\n"
            f"    or, once the approvers agree, put in grants/{grant.id}.yaml:\n      mode: microdata",
            ask="the host, which of the two suits the project",
        )


def check(catalog: Catalog, project: str, account: str, today: date | None = None) -> tuple[Finding, ...]:
    """Everything that a grant rests on, and whether it holds: every refusal at once.

    Parameters
    ----------
    catalog, project, account, today
        As for `check_grant`.

    Returns
    -------
    tuple of Finding
        The person, the dates, the agreements; then the partners' permissions and the organisations of every dataset
        that the grant draws on, and its tables and columns.

    Raises
    ------
    UsageError
        No such project.

    Examples
    --------
    >>> from datetime import date
    >>> from das_research.catalog import load_catalog
    >>> found = check(load_catalog("data_catalog"), "ketenmonitor", "onderzoeker-demo", date(2026, 3, 1))
    >>> found[1].about, found[1].holds, found[1].note
    ('dates', True, '2026-01-01 to 2030-12-31')
    """
    today = today or clock.today()
    grant = find_grant(catalog, project)
    found = [
        Finding.of("person", account, refusals.of_person(grant, account, today)),
        Finding.of("dates", grant.id, refusals.of_period(grant, today), f"{grant.begin} to {grant.end}"),
    ]
    for agreement in _agreements(catalog, grant):
        use = agreement.uses.get(grant.purpose)
        article = use.article if use else ""
        found.append(Finding.of("purpose", agreement.id, refusals.of_purpose(catalog, grant, agreement), article))
        if use is not None and use.allowed == "if":
            how = grant.meets[agreement.id].en if agreement.id in grant.meets else ""
            found.append(Finding.of("condition", agreement.id, refusals.of_condition(catalog, grant, agreement), how))
        period = f"{agreement.begin} to {agreement.end}"
        refusal = refusals.of_agreement(catalog, grant, agreement, today)
        found.append(Finding.of("agreement", agreement.id, refusal, period))
    return (*found, *dataset_findings(catalog, grant, today), *table_findings(catalog, grant, today))


def check_person(grant: Grant, account: str, today: date) -> None:
    """Refuse an account that is none of the grant's people on this day."""
    _raise_first([refusals.of_person(grant, account, today)])


def is_person(grant: Grant, account: str, today: date) -> bool:
    """Whether the account is one of the grant's people on this day."""
    return _holds(check_person, grant, account, today)


def check_in_force(grant: Grant, today: date) -> None:
    """Refuse a grant that has not begun or has ended."""
    _raise_first([refusals.of_period(grant, today)])


def in_force(grant: Grant, today: date) -> bool:
    """Whether the grant is in force on this day; its first and last day both count."""
    return _holds(check_in_force, grant, today)


def state_of(grant: Grant, today: date) -> str:
    """How a grant stands on a day, in a word or two: not begun, open, ends soon, ended."""
    if today < grant.begin:
        return "not begun"
    if today > grant.end:
        return "ended"
    return "ends soon" if (grant.end - today).days <= EARLY else "open"


def check_purpose(catalog: Catalog, grant: Grant) -> None:
    """Refuse a grant whose purpose one of its agreements does not allow, or allows on a condition it does not meet."""
    for agreement in _agreements(catalog, grant):
        _raise_first([refusals.of_purpose(catalog, grant, agreement), refusals.of_condition(catalog, grant, agreement)])


def purpose_allowed(catalog: Catalog, grant: Grant) -> bool:
    """Whether all agreements of the grant allow its purpose."""
    return _holds(check_purpose, catalog, grant)


def check_agreements(catalog: Catalog, grant: Grant, today: date) -> None:
    """Refuse a grant that rests on an agreement that has not begun, has ended or was withdrawn."""
    _raise_first(refusals.of_agreement(catalog, grant, it, today) for it in _agreements(catalog, grant))


def agreements_in_force(catalog: Catalog, grant: Grant, today: date) -> bool:
    """Whether all agreements of the grant are in force on this day."""
    return _holds(check_agreements, catalog, grant, today)


def warnings(catalog: Catalog, project: str, account: str, today: date | None = None) -> list[str]:
    """What ends soon: a sentence each from 60 days before the end, more urgent from 14 days.

    Parameters
    ----------
    catalog, project, account, today
        As for `check_grant`, which must have let them pass.

    Returns
    -------
    list of str
        One sentence for the grant, the account's own time in it, and every agreement and every permission of a partner
        that ends within 60 days.
    """
    today = today or clock.today()
    grant = find_grant(catalog, project)
    now, contact = grant.on(today), refusals.contact
    ends = [(f"The grant of the project '{grant.id}'", grant.end, CLOSED, refusals.roles(grant))]
    own = [person for person in now.people if person.account == account]
    if own and all(person.end for person in own):
        last = max(person.end for person in own if person.end)
        ends.append((f"The time of '{account}' in the project '{grant.id}'", last, CLOSED, refusals.roles(grant)))
    for agreement in _agreements(catalog, grant):
        last = min(agreement.end, agreement.withdrawn - ONE_DAY) if agreement.withdrawn else agreement.end
        ends.append((f"The agreement '{agreement.id}'", last, CLOSED, contact(catalog, agreement.partner)))
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


def _holds(check: Callable[..., Any], *arguments: Any) -> bool:
    try:
        check(*arguments)
    except AccessRefused:
        return False
    return True


def _raise_first(found: Iterable[AccessRefused | None]) -> None:
    for refusal in found:
        if refusal is not None:
            raise refusal


def _agreements(catalog: Catalog, grant: Grant) -> list[Agreement]:
    return [catalog.agreements[agreement] for agreement in grant.agreements]
