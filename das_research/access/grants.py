"""What a grant allows, to whom, and when: decisions in pairs, ``check_x`` (raises) and ``x`` (yes or no).

Every refusal says what to add to which file of the catalogue, and who decides on that. It names no person of the grant
but the one who asks.
"""

import difflib
import getpass
import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import yaml

from das_research.access import clock
from das_research.catalog.models import Agreement, Catalog, Grant, Grantee
from das_research.errors import AccessRefused, UsageError

EARLY, LATE = 60, 14  # days before the end at which a warning is given, and again more urgently
RENEWAL = timedelta(days=365)


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
        The project's grant.

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
    return grant


def check_for_host(catalog: Catalog, project: str, today: date) -> Grant:
    """All that `check_grant` asks but for the account: a steward of the host, who is none of the project's people."""
    grant = find_grant(catalog, project)
    check_in_force(grant, today)
    check_purpose(catalog, grant)
    check_agreements(catalog, grant, today)
    return grant


def grant_allows(catalog: Catalog, project: str, account: str, today: date | None = None) -> bool:
    """Whether `check_grant` would let this account pass."""
    return _holds(check_grant, catalog, project, account, today)


def check_person(grant: Grant, account: str, today: date) -> None:
    """Refuse an account that is none of the grant's people on this day."""
    lines = [person for person in grant.people if person.account == account]
    if any(_within(person.begin, person.end, today) for person in lines):
        return
    what = f"'{account}' may not work in the project '{grant.id}'."
    if not lines:
        entry = {"account": account, "organisation": "<organisation>", "begin": today, "end": grant.end}
        raise _refused(grant, what, "The grant does not name this account.", {"people": [entry]})
    why, entry = _own_dates(lines, today)
    raise _refused(grant, what, why, {"people": [entry]})


def is_person(grant: Grant, account: str, today: date) -> bool:
    """Whether the account is one of the grant's people on this day."""
    return _holds(check_person, grant, account, today)


def check_in_force(grant: Grant, today: date) -> None:
    """Refuse a grant that has not begun or has ended."""
    what = f"The grant of the project '{grant.id}' is not in force."
    if today < grant.begin:
        raise _refused(grant, what, f"It begins on {grant.begin}; it is {today} now.", {"begin": today})
    if today > grant.end:
        raise _refused(grant, what, f"It ended on {grant.end}; it is {today} now.", {"end": today + RENEWAL})


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
        use = agreement.uses.get(grant.purpose)
        what = f"The project '{grant.id}' may not use the data of the agreement '{agreement.id}'."
        if use is None or use.allowed == "no":
            others = [other for other in grant.agreements if other != agreement.id]
            allowed = [purpose for purpose, other in agreement.uses.items() if other.allowed != "no"]
            change = {"uses": {grant.purpose: {"allowed": "yes", "article": "<the article that allows it>"}}}
            raise AccessRefused(
                what,
                why=f"Its purpose is '{grant.purpose}'; the agreement allows: {', '.join(allowed) or 'nothing'}.",
                fix=_lines(f"grants/{grant.id}.yaml", {"agreements": others})
                + "\n    or, once the partner allows the purpose, "
                + _lines(f"agreements/{agreement.id}.yaml", change),
                ask=_contact(catalog, agreement),
            )
        if use.allowed == "if" and agreement.id not in grant.meets:
            how = {"meets": {agreement.id: {"nl": "<hoe aan de voorwaarde is voldaan>", "en": "<how it is met>"}}}
            condition = f": {use.condition.en.rstrip('.')}" if use.condition else ""
            raise AccessRefused(
                what,
                why=f"It allows the purpose '{grant.purpose}' on a condition{condition}. The grant says nothing of it.",
                fix="once the partner agrees that it is met, " + _lines(f"grants/{grant.id}.yaml", how),
                ask=_contact(catalog, agreement),
            )


def purpose_allowed(catalog: Catalog, grant: Grant) -> bool:
    """Whether all agreements of the grant allow its purpose."""
    return _holds(check_purpose, catalog, grant)


def check_agreements(catalog: Catalog, grant: Grant, today: date) -> None:
    """Refuse a grant that rests on an agreement that has not begun or has ended."""
    for agreement in _agreements(catalog, grant):
        if not _within(agreement.begin, agreement.end, today):
            early = today < agreement.begin
            moment = f"begins on {agreement.begin}" if early else f"ended on {agreement.end}"
            change = {"begin": today} if early else {"end": today + RENEWAL}
            raise AccessRefused(
                f"The project '{grant.id}' may not use the data of the agreement '{agreement.id}'.",
                why=f"The agreement {moment}; it is {today} now.",
                fix="once the partner renews it, " + _lines(f"agreements/{agreement.id}.yaml", change),
                ask=_contact(catalog, agreement),
            )


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
        One sentence for the grant, the account's own time in it, and every agreement that ends within 60 days.
    """
    today = today or clock.today()
    grant = find_grant(catalog, project)
    ends = [(f"The grant of the project '{grant.id}'", grant.end, _roles(grant))]
    own = [person for person in grant.people if person.account == account and _within(person.begin, person.end, today)]
    if own and all(person.end for person in own):
        last = max(person.end for person in own if person.end)
        ends.append((f"The time of '{account}' in the project '{grant.id}'", last, _roles(grant)))
    for agreement in _agreements(catalog, grant):
        ends.append((f"The agreement '{agreement.id}'", agreement.end, _contact(catalog, agreement)))
    return [sentence for what, end, ask in ends for sentence in _warning(what, (end - today).days, end, ask)]


def _warning(what: str, left: int, end: date, ask: str) -> Iterator[str]:
    count = "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days"
    if 0 <= left <= LATE:
        yield f"{what} ends {count}, on {end}: after that day nothing opens any more. Ask now: {ask}."
    elif left <= EARLY and left > LATE:
        yield f"{what} ends {count}, on {end}. To renew it, ask: {ask}."


def _holds(check: Callable[..., Any], *arguments: Any) -> bool:
    try:
        check(*arguments)
    except AccessRefused:
        return False
    return True


def _within(begin: date | None, end: date | None, today: date) -> bool:
    return (begin is None or begin <= today) and (end is None or today <= end)


def _own_dates(lines: list[Grantee], today: date) -> tuple[str, dict[str, Any]]:
    later = [person for person in lines if person.begin and person.begin > today]
    if later:
        person = min(later, key=lambda line: line.begin or today)
        entry: dict[str, Any] = {"begin": today, "end": person.end}
        why = f"Its time in the grant begins on {person.begin}; it is {today} now."
    else:
        person = max(lines, key=lambda line: line.end or today)
        entry = {"begin": person.begin, "end": today + RENEWAL}
        why = f"Its time in the grant ended on {person.end}; it is {today} now."
    dates = {name: day for name, day in entry.items() if day}
    return why, {"account": person.account, "organisation": person.organisation, **dates}


def _agreements(catalog: Catalog, grant: Grant) -> list[Agreement]:
    return [catalog.agreements[agreement] for agreement in grant.agreements]


def _refused(grant: Grant, what: str, why: str, change: dict[str, Any]) -> AccessRefused:
    fix = "once the approvers agree, " + _lines(f"grants/{grant.id}.yaml", change)
    return AccessRefused(what, why=why, fix=fix, ask=_roles(grant))


def _roles(grant: Grant) -> str:
    roles = dict.fromkeys(approver.role for approver in grant.approvers)
    return f"the approvers of the grant ({', '.join(roles)})" if roles else "the host, for approval of the grant"


def _contact(catalog: Catalog, agreement: Agreement) -> str:
    partner = catalog.partners[agreement.partner]
    return f"{partner.title.en}, {partner.contact}"


def _lines(file: str, change: dict[str, Any]) -> str:
    text = yaml.safe_dump(change, sort_keys=False, allow_unicode=True)
    return f"put in {file}:\n" + "\n".join(f"      {line}" for line in text.splitlines())
