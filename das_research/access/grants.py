"""What a grant allows, to whom, and when: decisions in pairs, ``check_x`` (raises) and ``x`` (yes or no).

`check` tells of all of them at once, and of every dataset and column. Every refusal says what to add to which file of
the catalogue, and who decides on that. It names no person of the grant but the one who asks.
"""

import difflib
import getpass
import os
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from das_research.access import clock, refusals
from das_research.access.findings import Finding, dataset_findings, table_findings
from das_research.catalog.models import Catalog, Grant
from das_research.catalog.own_files import seen_by
from das_research.errors import AccessRefused, UsageError


def current_account() -> str:
    """The account that asks: ``DAS_ACCOUNT``, else whoever had root pass a gate (sudo), else that of the system.

    In embedded mode this is a guard rail and no wall: whoever owns the home folder can call himself anything. It is a
    wall only where the host gives every project an account and files of its own.

    Returns
    -------
    str
        The name of the account.
    """
    asked = os.environ.get("SUDO_USER") if os.geteuid() == 0 else None
    return os.environ.get("DAS_ACCOUNT") or asked or getpass.getuser()


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
        The account is none of its people on this day, the grant is not in force, an agreement under it is not in
        force, does not allow the purpose, or names somebody's organisation not among its recipients, or a list of the
        project may not be kept any more.
    """
    today = today or clock.today()
    grant = find_grant(catalog, project)
    check_person(grant, account, today)
    check_in_force(grant, today)
    check_purpose(catalog, grant)
    check_agreements(catalog, grant, today)
    check_recipients(catalog, grant, today)
    check_own_files(grant, today)
    return grant.on(today)


def check_for_host(catalog: Catalog, project: str, today: date) -> Grant:
    """All that `check_grant` asks but for the account: a steward of the host, who is none of the project's people."""
    grant = find_grant(catalog, project)
    check_in_force(grant, today)
    check_purpose(catalog, grant)
    check_agreements(catalog, grant, today)
    check_recipients(catalog, grant, today)
    check_own_files(grant, today)
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
    today, catalog = today or clock.today(), seen_by(catalog, project)
    grant = find_grant(catalog, project)
    found = [
        Finding.of("person", account, refusals.of_person(grant, account, today)),
        Finding.of("dates", grant.id, refusals.of_period(grant, today), f"{grant.begin} to {grant.end}"),
    ]
    for agreement in refusals.agreements_of(catalog, grant):
        use = agreement.uses.get(grant.purpose)
        article = use.article if use else ""
        found.append(Finding.of("purpose", agreement.id, refusals.of_purpose(catalog, grant, agreement), article))
        if use is not None and use.allowed == "if":
            how = grant.meets[agreement.id].en if agreement.id in grant.meets else ""
            found.append(Finding.of("condition", agreement.id, refusals.of_condition(catalog, grant, agreement), how))
        period = f"{agreement.begin} to {agreement.end}"
        refusal = refusals.of_agreement(catalog, grant, agreement, today)
        found.append(Finding.of("agreement", agreement.id, refusal, period))
        refusal = refusals.of_recipients(catalog, grant, agreement, today)
        found.append(Finding.of("recipients", agreement.id, refusal, ", ".join(agreement.recipients)))
    for name, file in grant.own_files.items():
        note = f"of {file.controller.en}, until {file.keep_until}"
        found.append(Finding.of("own file", name, refusals.of_own_file(grant, name, today), note))
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


def check_purpose(catalog: Catalog, grant: Grant) -> None:
    """Refuse a grant whose purpose one of its agreements does not allow, or allows on a condition it does not meet."""
    for agreement in refusals.agreements_of(catalog, grant):
        _raise_first([refusals.of_purpose(catalog, grant, agreement), refusals.of_condition(catalog, grant, agreement)])


def purpose_allowed(catalog: Catalog, grant: Grant) -> bool:
    """Whether all agreements of the grant allow its purpose."""
    return _holds(check_purpose, catalog, grant)


def check_agreements(catalog: Catalog, grant: Grant, today: date) -> None:
    """Refuse a grant that rests on an agreement that has not begun, has ended or was withdrawn."""
    _raise_first(refusals.of_agreement(catalog, grant, it, today) for it in refusals.agreements_of(catalog, grant))


def agreements_in_force(catalog: Catalog, grant: Grant, today: date) -> bool:
    """Whether all agreements of the grant are in force on this day."""
    return _holds(check_agreements, catalog, grant, today)


def check_recipients(catalog: Catalog, grant: Grant, today: date) -> None:
    """Refuse a grant of whose people on this day somebody belongs to no recipient of one of its agreements."""
    found = refusals.agreements_of(catalog, grant)
    _raise_first(refusals.of_recipients(catalog, grant, agreement, today) for agreement in found)


def are_recipients(catalog: Catalog, grant: Grant, today: date) -> bool:
    """Whether everybody of the grant on this day belongs to a recipient of each of its agreements."""
    return _holds(check_recipients, catalog, grant, today)


def check_own_files(grant: Grant, today: date) -> None:
    """Refuse a grant with a list of persons that may not be kept any more: its extract holds that list."""
    _raise_first(refusals.of_own_file(grant, name, today) for name in grant.own_files)


def own_files_kept(grant: Grant, today: date) -> bool:
    """Whether every list of persons of the grant may still be kept on this day."""
    return _holds(check_own_files, grant, today)


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
